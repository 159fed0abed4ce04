// What others do meanwhile. The number of the last act on record comes with each page and each
// answer; when it has grown, the page is read once more, and what is new in it is said. Whoever
// only listens sends nothing: then the number is asked for, while the page is in sight.
const QUIET = 15000; // ms without an answer
const PATIENCE = 10000; // ms for one answer

const list = document.querySelector("[data-items]");
const place = document.querySelector("[data-news-says]");
let newest = 0;
let last = null;
let timer;
let read = () => {};

// The line of an item, also while it is open.
export const lineOf = (row) =>
  (row.querySelector("[data-line]")?.content ?? row).querySelector(".item__line");

// What a page says of the whole meeting.
function told(page) {
  const rows = [...page.querySelectorAll("[data-items] > .item")];
  const items = rows.map((row) => {
    const link = lineOf(row).querySelector("[data-item]");
    const words = `Item ${link.dataset.item}, ${link.textContent}`;
    return { key: row.id, turn: Number(row.dataset.turn), words, made: row.dataset.made };
  });
  const taken = [...items].sort((a, b) => a.turn - b.turn).map(({ key }) => key);
  const said = (name) => page.querySelector(`[data-live=${name}]`);
  return {
    items: new Map(items.map((item) => [item.key, item])),
    taken,
    state: said("state")?.textContent,
    attended: said("attendance")?.dataset.attended,
    quorum: said("attendance")?.querySelector("summary").textContent.trim(),
  };
}

// [sentence, address or nothing]. What `own` was sent for is no news.
function changes(before, after, own, open) {
  const found = [];
  const kept = (keys, other) => keys.filter((key) => other.has(key)).join();
  for (const { key, words } of after.items.values()) {
    if (!before.items.has(key)) found.push([`Added: ${words}.`, `?item=${key.replace("item-", "")}#${key}`]);
  }
  for (const { key, words } of before.items.values()) {
    if (!after.items.has(key)) found.push([`Taken off the agenda: ${words}.`]);
  }
  if (own !== "order" && kept(before.taken, after.items) !== kept(after.taken, before.items)) {
    found.push(["The order of the items has changed."]);
  }
  for (const { key, words, made } of after.items.values()) {
    const known = before.items.get(key);
    if (!known || made === known.made || (own && key === open)) continue;
    found.push([`${words}: ${made || "what was recorded is gone"}.`]);
  }
  if (!["attendance", "order"].includes(own) && before.attended !== after.attended) {
    found.push([`Attendance has changed. ${after.quorum}.`]);
  }
  if (before.state !== after.state) found.push([`${after.state}.`]);
  return found;
}

// A page has come. `own` is the name of the part that was sent for it, or "".
export function tell(page, own = "") {
  newest = Math.max(newest, Number(page.querySelector("[data-items]").dataset.news));
  const now = told(page);
  for (const [sentence, address] of changes(last, now, own, page.querySelector(".item--current")?.id)) {
    const line = document.createElement("span");
    line.textContent = sentence;
    if (address) {
      const link = document.createElement("a");
      link.href = address;
      link.textContent = "Open it";
      line.append(" ", link);
    }
    place.append(line);
  }
  last = now;
}

// Whoever goes on to another item has read what was said.
export const seen = () => place.replaceChildren();

// An answer of the server names the last act.
export function hear(number) {
  clearTimeout(timer);
  timer = setTimeout(ask, QUIET);
  if (number > newest) read();
}

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(list.dataset.ask, {
      headers: { Quiet: "1" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return hear((await answer.json()).news);
    if (answer.status < 500) return; // the session has ended: a save will tell
  } catch {
    // No connection: it is asked again.
  }
  hear(newest);
}

// To be called once.
//   reading()  reads the page once more
export function begin(reading) {
  read = reading;
  last = told(document);
  hear((newest = Number(list.dataset.news)));
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
}
