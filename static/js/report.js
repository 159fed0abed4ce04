// The report: each box saves itself, its numbers run on at once, the paper beside it follows, and
// paragraphs are split, joined and moved without leaving the page or the keyboard.
import { post } from "./quick.js";
import { hold, time, watch } from "./saving.js";
import { Section } from "./sections.js";
import { stroke } from "./strokes.js";

const form = document.querySelector("[data-report]");
const boxes = form.querySelector("[data-boxes]");
const paper = form.querySelector("[data-paper]");
const told = form.querySelector("[data-told]");
const OVERTAKEN = "Somebody else changed this meanwhile: open the page again to see it.";
const CALM = 600; // ms after a save until the paper is fetched
const FIELDS = ":is(textarea, input):not([data-unsaved] *)";

const textOf = (paragraph) => paragraph?.querySelector("textarea");
const find = (key) => boxes.querySelector(`[data-paragraph="${key}"]`);
const paragraphs = () => [...boxes.querySelectorAll("[data-paragraph]")];
const beside = (paragraph, step) => paragraphs()[paragraphs().indexOf(paragraph) + step];
const state = (field) => (field.type === "checkbox" ? field.checked : field.value);
const say = (sentence) => (told.textContent = sentence);

class Box extends Section {
  // The bar answers for the whole page; a box speaks up when something is in the way.
  show(kind, sentence) {
    super.show(kind, sentence);
    this.chip.hidden = kind === "saved" || kind === "typing";
  }

  keep(words, said) {
    super.keep(words, said);
    printSoon();
  }

  chosen() {
    number();
  }
}

// Numbers as the paper will have them: an empty paragraph has none.
function number() {
  let last = 0;
  for (const paragraph of paragraphs()) {
    const counts = paragraph.querySelector("[type=checkbox]").checked && textOf(paragraph).value.trim();
    paragraph.querySelector(".para__number").textContent = counts ? (last += 1) : "";
  }
}

let printing = 0;
function printSoon() {
  clearTimeout(printing);
  printing = setTimeout(print, CALM);
}

async function print() {
  let answer;
  try {
    answer = await fetch(form.dataset.report, { redirect: "manual" });
  } catch {
    return; // the bar says that there is no connection
  }
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  paper.replaceChildren(...page.querySelector(".paper").childNodes);
  point();
}

// Mark on the paper the paragraph the cursor is in, and bring it into sight there alone.
function point() {
  paper.querySelector(".paper__here")?.classList.remove("paper__here");
  const here = document.activeElement.closest?.("[data-paragraph]");
  const place = Number(here?.querySelector(".para__number").textContent);
  if (!place) return;
  const items = [...paper.querySelectorAll(".report__paragraphs")].flatMap((list) => [...list.children]);
  const item = items[place - 1];
  if (!item) return;
  item.classList.add("paper__here");
  const frame = paper.closest("aside");
  const gap = item.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  if (gap < 60 || gap > frame.clientHeight - 120) frame.scrollTop += gap - 120;
}

let live = []; // the boxes that are on the page

function begin() {
  live = [...boxes.querySelectorAll("[data-section]")].map((part) => new Box(part));
  for (const button of boxes.querySelectorAll("[data-scripted]")) button.hidden = false;
  number();
}

// Send the boxes with an act; put what comes back in their place. What is typed meanwhile is
// carried over.
//   more     further fields to send
//   refused  puts the page as it was
async function send(name, { more = [], refused = () => {} } = {}) {
  const fields = [...boxes.querySelectorAll(FIELDS)];
  const sent = new Map(fields.map((field) => [field, state(field)]));
  const body = fields.filter((field) => sent.get(field) !== false).map((field) => [field.name, field.value]);
  const token = form.elements.csrfmiddlewaretoken.value;
  const { status, page, why } = await post(
    form,
    new URLSearchParams([["csrfmiddlewaretoken", token], ...body, ...more, ["act", name]]),
  );
  if (!page?.querySelector("[data-boxes]") || status >= 400) {
    refused();
    say(`Nothing was changed. ${page ? OVERTAKEN : why}`);
    // A save shows both texts, where there are two.
    if (page && live.some(({ dirty }) => dirty)) form.requestSubmit(form.querySelector("[value=save]"));
    return false;
  }
  const since = fields.filter((field) => state(field) !== sent.get(field));
  for (const place of ["[data-boxes]", "[data-needs]", "[data-paper]"]) {
    form.querySelector(place).replaceChildren(...page.querySelector(place).childNodes);
  }
  begin();
  for (const box of live) {
    box.confirmed = time();
    box.show("saved");
  }
  for (const old of since) {
    const field = form.elements[old.name];
    if (!field) continue;
    if (old.type === "checkbox") field.checked = old.checked;
    else field.value = old.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  say(page.querySelector("main .note")?.textContent.trim() ?? "");
  return true;
}

// One act after the other, each on the page as the one before left it.
let last = Promise.resolve();
function queue(act) {
  const done = last.then(() => hold(act));
  last = done.catch(() => {});
  return done;
}

function put(area, at = 0) {
  for (let fold = area?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  area?.focus();
  if (area?.setSelectionRange) area.setSelectionRange(at, at);
  area?.scrollIntoView({ block: "nearest" });
  point();
}

const keyOf = (paragraph) => paragraph.dataset.paragraph;

function move(paragraph, way, button) {
  const key = keyOf(paragraph);
  const { selectionStart: at } = textOf(paragraph);
  return queue(async () => {
    await send(`${way}:${key}`);
    if (button) put(boxes.querySelector(`[value="${button.value}"]`));
    else put(textOf(find(key)), at);
  });
}

// Whatever is typed before the new paragraph has come goes into a box that stands for it.
function open(name, paragraph, { more, words = "", refused }) {
  const stand = document.createElement("textarea");
  stand.className = "govuk-textarea para__new";
  stand.setAttribute("aria-label", "New paragraph");
  stand.value = words;
  paragraph.after(stand);
  put(stand);
  const key = keyOf(paragraph);
  return queue(async () => {
    const taken = await send(`${name}:${key}`, { more, refused: () => refused?.(stand.value) });
    const { value, selectionStart: at } = stand;
    stand.remove();
    if (!taken) return put(textOf(find(key)));
    const fresh = textOf(beside(find(key), 1));
    if (value !== words) {
      fresh.value = value;
      fresh.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return put(fresh, at);
  });
}

const add = (paragraph) => open("add", paragraph, {
  refused: (typed) => typed && say(`Nothing was changed. You had typed: ${typed}`),
});

// Where the cursor stands; at the end of the words a new paragraph begins.
function split(paragraph) {
  const area = textOf(paragraph);
  const { value, selectionStart: at } = area;
  const above = value.slice(0, at).trimEnd();
  const below = value.slice(at).trimStart();
  if (!below) return add(paragraph);
  if (!above) return say("Put the cursor where the paragraph is to be split.");
  area.value = above;
  return open("split", paragraph, {
    more: [["below-text", below]],
    words: below,
    refused: (typed) => (area.value = value.slice(0, value.length - below.length) + typed),
  });
}

function join(paragraph) {
  const above = beside(paragraph, -1);
  if (!above || above.parentElement !== paragraph.parentElement) {
    return say("There is no paragraph above in this part to join it to.");
  }
  const key = keyOf(above);
  const end = textOf(above).value.trim().length;
  const both = [textOf(above), textOf(paragraph)];
  for (const area of both) area.readOnly = true; // they become one
  return queue(async () => {
    await send(`join:${keyOf(paragraph)}`);
    for (const area of both) area.readOnly = false;
    put(textOf(find(key)), end);
  });
}

function remove(paragraph) {
  const near = beside(paragraph, 1) ?? beside(paragraph, -1);
  const key = near && keyOf(near);
  return queue(async () => {
    await send(`remove:${keyOf(paragraph)}`);
    if (key) put(textOf(find(key)));
  });
}

const keys = form.querySelector("[data-keys]");
const commands = {
  u: (paragraph) => move(paragraph, "up"),
  d: (paragraph) => move(paragraph, "down"),
  n: add,
  s: split,
  j: join,
  "?": () => {
    keys.open = true;
    keys.querySelector("summary").focus({ preventScroll: true });
    // The browser holds its place while the list unfolds above it; only then is there a way up.
    requestAnimationFrame(() => requestAnimationFrame(() => keys.scrollIntoView()));
  },
};
const buttons = { up: move, down: move, add, "split-here": split, join, remove };

new Box(form.querySelector("[data-header]"));
begin();
form.addEventListener("input", (event) => {
  number();
  const paragraph = event.target.closest("[data-paragraph]");
  if (event.inputType !== "insertText" || event.target !== textOf(paragraph)) return;
  const word = stroke(event.target, (typed) => typed in commands);
  if (word) commands[word](paragraph);
});
form.addEventListener("keydown", (event) => {
  const paragraph = event.target.closest("[data-paragraph]");
  if (event.key === "Enter" && event.ctrlKey && event.target === textOf(paragraph)) {
    event.preventDefault();
    split(paragraph);
  }
  if (event.key === "Escape" && event.target.closest("[data-keys]")) {
    keys.open = false;
    put(textOf(find(from)));
  }
});
let from = ""; // the paragraph the cursor was in
form.addEventListener("focusin", (event) => {
  const paragraph = event.target.closest("[data-paragraph]");
  if (!paragraph) return;
  from = keyOf(paragraph);
  point();
});
form.addEventListener("submit", (event) => {
  const { submitter } = event;
  const [act] = submitter?.value.split(":") ?? [];
  const paragraph = submitter?.closest("[data-paragraph]");
  if (!paragraph || !(act in buttons)) return;
  event.preventDefault();
  if (act === "up" || act === "down") move(paragraph, act, submitter);
  else buttons[act](paragraph);
});
watch({ holds: (sent) => sent === form });
