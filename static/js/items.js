// The items of a meeting. One is open; another is opened without leaving the page, and its notes
// can be typed at once. The rest of it is read from the server meanwhile. An item that was left
// keeps its boxes, which go on saving, and has all that was typed when it is opened again.
import { Box } from "./box.js";
import { hear, lineOf, begin as listen, seen, tell } from "./news.js";
import { busy } from "./quick.js";

const PATIENCE = 10000; // ms for one answer
const SAVING = 1000; // ms that reading waits for what the item before has still to save
const TROUBLE = {
  conflict: "‖ Two texts here",
  unsaved: "Not saved",
  refused: "Not saved",
  signin: "Not saved",
  forbidden: "Not saved",
};

const list = document.querySelector("[data-items]");
const items = new Map(); // by the id of the row
const empties = {}; // the short forms, as they are when nothing is typed in them
let turns = 0; // what is asked and sent, counted
let current = null;
let told = { say: () => {}, arrived: () => {} };

class Item {
  constructor(row) {
    this.row = row;
    this.key = row.id.replace("item-", "");
    this.boxes = [];
    this.newest = 0; // the turn in which a form of it was last answered
    this.line = lineOf(row);
    // In a template an address leads nowhere.
    if (this.line.ownerDocument !== document) document.adoptNode(this.line);
    items.set(row.id, this);
  }

  get link() {
    return this.line.querySelector("[data-item]");
  }

  // Where its parts are, whether it is open or was left.
  get place() {
    return current === this ? this.row : this.left;
  }

  get notes() {
    return this.row.querySelector("[data-main]");
  }

  take(place) {
    for (const form of place.querySelectorAll("[data-box]")) {
      this.boxes.push(new Box(form, { changed: () => this.mark(), hear }));
    }
    for (const button of place.querySelectorAll("[data-copy]")) button.hidden = false;
  }

  // Opened for the first time: its notes as they were when the page was read.
  begin() {
    const known = this.row.querySelector("[data-notes]");
    this.left = document.importNode(document.getElementById("blank-item").content, true);
    this.left.querySelector(".item__number").textContent = this.link.dataset.item;
    this.left.querySelector("[data-title]").textContent = this.link.textContent;
    for (const place of this.left.querySelectorAll("[data-empty]")) {
      const empty = empties[place.dataset.empty];
      if (empty) place.replaceWith(empty.cloneNode(true));
    }
    for (const form of this.left.querySelectorAll("form")) {
      const address = form.getAttribute("action").replace(/\/minute\/\d+\//, `/minute/${this.key}/`);
      form.setAttribute("action", address);
    }
    const form = this.left.querySelector("[data-box]");
    form.elements.version.value = known.dataset.version;
    form.elements.text.defaultValue = known.content.textContent;
    if (known.dataset.saved) {
      form.querySelector("[data-chip]").textContent = `Saved ${known.dataset.saved}`;
    }
    this.take(this.left);
  }

  open() {
    if (!this.left) this.begin();
    current = this;
    this.row.replaceChildren(this.left);
    this.row.classList.add("item--current");
    if (this.ahead) mergeItem(this, this.ahead);
    this.ahead = null;
  }

  // Resolves when what was typed in it is saved, or cannot be.
  close() {
    const saved = Promise.all(this.boxes.map((box) => box.save()));
    this.left = document.createDocumentFragment();
    this.left.append(...this.row.childNodes);
    this.row.append(this.line);
    this.row.classList.remove("item--current");
    current = null;
    this.mark();
    if (this.gone) saved.then(() => this.drop());
    return saved;
  }

  // It was taken off the agenda. Words that are not saved keep it here.
  drop() {
    this.gone = true;
    this.line.querySelector(".item__note").textContent = "Taken off the agenda";
    if (current === this || this.boxes.some((box) => box.kind !== "saved")) return;
    this.row.remove();
    items.delete(this.row.id);
  }

  // A box of an item that was left says on its line what is wrong.
  mark() {
    if (current === this) return;
    const kind = Object.keys(TROUBLE).find((each) => this.boxes.some((box) => box.kind === each));
    this.line.querySelector("[data-trouble]")?.remove();
    if (!kind) return;
    const chip = document.createElement("span");
    chip.className = "chip save save--unsaved";
    chip.dataset.trouble = "";
    chip.textContent = TROUBLE[kind];
    this.line.lastElementChild.append(" ", chip);
  }

  // The page of this item as the server has it now, or why there is none.
  async fetch() {
    let answer;
    let text;
    try {
      answer = await fetch(this.link.search, { signal: AbortSignal.timeout(PATIENCE) });
      text = await answer.text();
    } catch {
      return { why: "there is no connection" };
    }
    if (new URL(answer.url).pathname.startsWith("/accounts/")) {
      return { why: "sign in again in another tab" };
    }
    if (!answer.ok) return { why: "the server gave no answer" };
    const page = new DOMParser().parseFromString(text, "text/html");
    const whole = page.querySelector(`#${this.row.id}.item--current`);
    return whole ? { page } : { why: "it has changed", other: page.querySelector("[data-items]") && page };
  }

  // What was sent meanwhile has brought a newer page: this one is read once more.
  read() {
    const asked = (turns += 1);
    this.reading = this.fetch().then(({ page, why, other }) => {
      if (asked < this.newest || (page && sending())) return this.read();
      this.reading = null;
      if (other) arrange(other);
      if (!page) return this.wait(why);
      merge(page);
      return lookAhead();
    });
    return this.reading;
  }

  // The rest did not come. What is typed is kept and saved all the same.
  wait(why) {
    const place = this.place?.querySelector("[data-arriving]");
    if (!place) return;
    const again = document.createElement("a");
    again.href = this.link.href;
    again.textContent = "Read it again";
    place.replaceChildren(`The rest of this item could not be read: ${why}. `, again);
    told.say(place.textContent);
  }
}

// A short form is on its way: its own answer comes before any other page.
const sending = () => document.querySelector("[data-live][inert]");

// Put the parts of a page that was read just now where they belong. What somebody types in stays
// as it is.
//   own  the part from which a form was sent, which is always the fresh one
export function merge(page, own = null) {
  const item = items.get(page.querySelector(".item--current")?.id);
  if (!item) return;
  if (own) item.newest = turns += 1;
  arrange(page, own);
  const ofPage = mergeItem(item, page, own);
  if (item === current) {
    const marks = [...page.querySelectorAll(".marking")];
    renew(document, ofPage, own);
    document.querySelectorAll(".marking").forEach((place, n) => {
      if (marks[n]) place.replaceWith(marks[n]);
    });
  } else if (ofPage.some((part) => part.dataset.live === own?.dataset.live)) {
    current.read();
  }
  for (const row of page.querySelectorAll(".item")) keepUp(row);
}

// Let the list have the items that the page has. The open one stays where it is, and whoever types
// in it notices nothing.
function arrange(page, own = null) {
  tell(page, own?.dataset.live);
  const rows = [...page.querySelectorAll("[data-items] > .item")];
  const named = new Set(rows.map((row) => row.id));
  for (const [id, item] of [...items]) if (!named.has(id)) item.drop();
  for (const row of rows) {
    if (items.has(row.id) || row.matches(".item--current")) continue;
    list.append(row.cloneNode(true));
    new Item(list.lastElementChild);
  }
  const order = rows.map(({ id }) => items.get(id)?.row).filter(Boolean);
  const open = order.indexOf(current.row);
  const now = [...list.children].filter((row) => order.includes(row));
  if (open >= 0 && order.some((row, n) => row !== now[n])) {
    order.slice(0, open).forEach((row) => current.row.before(row));
    list.append(...order.slice(open + 1));
  }
  count();
}

function count() {
  document.querySelector("[data-position]").textContent = [...list.children].indexOf(current.row) + 1;
  document.querySelector("[data-count]").textContent = list.children.length;
}

// The same for what belongs to the item alone. Returns the parts that belong to the page: who is
// here is never taken from what was read beforehand.
function mergeItem(item, page, own = null) {
  const fresh = page.querySelector(".item--current");
  const parts = [...page.querySelectorAll("[data-live]")];
  const ofPage = parts.filter((part) => !fresh.contains(part));
  const ofItem = parts.filter((part) => fresh.contains(part));
  for (const place of item.place.querySelectorAll("[data-empty]")) {
    place.replaceWith(fresh.querySelector(`[data-quick=${place.dataset.empty}]`));
  }
  renew(item.place, ofItem, own);
  const more = fresh.querySelector("[data-once]");
  const none = item.place.querySelector("[data-once]:empty");
  if (none) {
    none.replaceWith(more);
    item.take(more);
  }
  for (const form of fresh.querySelectorAll("[data-box]")) {
    const part = form.elements.part.value;
    item.boxes.find((box) => box.form.elements.part.value === part)?.refresh(form);
  }
  return ofPage;
}

// The next item is read beforehand, so that all of it is there when it is opened; it is read again
// then, because somebody may have written in it.
async function lookAhead() {
  const item = neighbour(1);
  if (!item || item.left) return;
  const { page } = await item.fetch();
  if (page && !item.left) item.ahead = page;
}

function renew(place, parts, own) {
  for (const part of parts) {
    const old = place.querySelector(`[data-live=${part.dataset.live}]`);
    if (!old || old === part) continue;
    if (old !== own && (busy(old) || old.contains(document.activeElement))) continue;
    const open = [...old.querySelectorAll("details")].map((fold) => fold.open);
    old.replaceWith(part);
    if (old !== own) {
      [...part.querySelectorAll("details")].forEach((fold, n) => (fold.open = open[n] ?? fold.open));
    }
    told.arrived(part);
  }
}

// What the line of an item says, and the words of one that was never opened here.
function keepUp(row) {
  const item = items.get(row.id);
  if (!item) return;
  item.row.dataset.turn = row.dataset.turn;
  const line = document.importNode(lineOf(row), true);
  if (item !== current) item.line.replaceWith(line);
  item.line = line;
  item.mark();
  const known = row.querySelector("[data-notes]");
  if (known && item !== current && !item.left) {
    item.row.querySelector("[data-notes]").replaceWith(known);
  }
}

export function cursor() {
  current.notes.focus({ preventScroll: true });
  current.notes.setSelectionRange(current.notes.value.length, current.notes.value.length);
  current.row.scrollIntoView({ block: "start" });
}

// Open an item, and put the cursor into its notes at once.
function open(item, push = true) {
  if (item !== current) {
    const saved = current.close();
    item.open();
    seen();
    count();
    document.querySelector("[data-find] [name=item]").value = item.key;
    if (push) history.pushState(null, "", item.link.href);
    told.say(`Item ${item.link.dataset.item}: ${item.link.textContent}`);
    const soon = new Promise((done) => setTimeout(done, SAVING));
    item.reading = Promise.race([saved, soon]).then(() => item.read());
  } else if (item.place.querySelector("[data-arriving]")) {
    item.read();
  }
  cursor();
}

// The item so many steps on, in the order in which they are taken.
function neighbour(steps) {
  const order = [...items.values()].sort((a, b) => a.row.dataset.turn - b.row.dataset.turn);
  return order[order.indexOf(current) + steps];
}

export function step(steps) {
  const item = neighbour(steps);
  if (item) open(item);
}

// The item with this number, or this number and title.
export const known = (words) =>
  [...items.values()].find(({ link }) =>
    [link.dataset.item, `${link.dataset.item}. ${link.textContent}`].includes(words.trim()),
  );

// Open that item; whether there is one.
export function go(words) {
  const item = known(words);
  if (item) open(item);
  return Boolean(item);
}

// While the open item is being read: a promise of its being read. `whole`: also when all of the
// item is there, and only the page's own parts are still those of the item before.
export const reading = (whole) =>
  (whole || current.place.querySelector("[data-arriving]")) && current.reading;
export const notes = () => current.notes;
export const places = () => [document, ...[...items.values()].map((item) => item.left)].filter(Boolean);

// To be called once, before the page is watched.
//   say(sentence)  speaks it
//   arrived(part)  is told of each fresh part of the page
export function begin(telling) {
  told = telling;
  listen(() => current.reading || sending() || current.read());
  for (const row of list.children) new Item(row);
  current = items.get(list.querySelector(".item--current").id);
  current.take(current.row);
  for (const name of ["decision", "action"]) {
    const form = current.row.querySelector(`[data-quick=${name}]`);
    if (!form.querySelector(".govuk-error-message")) empties[name] = form.cloneNode(true);
  }
  current.row.querySelector("[data-line]").remove();
  history.replaceState(null, "", `${current.link.search}${location.hash}`);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain || link.pathname !== location.pathname) return;
    const item = items.get(`item-${new URLSearchParams(link.search).get("item")}`);
    if (!item) return;
    event.preventDefault();
    open(item);
  });
  addEventListener("popstate", () => {
    const item = items.get(`item-${new URLSearchParams(location.search).get("item")}`);
    if (item && item !== current) open(item, false);
  });
  lookAhead();
  addEventListener("online", () => {
    if (current.place.querySelector("[data-arriving]")) current.read();
  });
}
