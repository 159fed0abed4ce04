// The minute screen: commands are typed at the start of a line. box.js saves the words, items.js
// opens one item after another, quick.js sends the short forms beside them.
import { begin, cursor, go, known, merge, notes, places, reading, step } from "./items.js";
import { halfTyped, send } from "./quick.js";
import { join, time, watch } from "./saving.js";
import { stroke } from "./strokes.js";

// What the server made of a short form is spoken, and stands beside it.
const spoken = document.querySelector("[data-told]");
const say = (sentence) => (spoken.textContent = sentence);

const find = (selector) => document.querySelector(selector);

// Open what the first of these stands in, and put the cursor there.
function into(...selectors) {
  const field = selectors.map(find).find(Boolean);
  for (let fold = field?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  field?.focus();
  if (field?.tagName === "INPUT") field.select();
}

const first = ":is(input, select, textarea):not([type=hidden])";
const wrong = ":is(.govuk-input--error, .govuk-select--error, .govuk-textarea--error)";
const commands = {
  d: () => into(`[data-quick=decision] ${wrong}`, `[data-quick=decision] ${first}`),
  a: () => into(`[data-quick=action] ${wrong}`, `[data-quick=action] ${first}`),
  r: () => find("[data-quick=recommendation] button")?.click(),
  o: () => into(`[data-quick=review] ${wrong}`, `[data-quick=review] ${first}`),
  p: () => into("[data-quick=attendance] button[name=all]", "[data-quick=attendance] select"),
  t: () => into("[data-quick=taken-now] button", "[data-quick=order] select"),
  s: () => into("[data-fold=restricted] textarea"),
  w: () => into("[data-fold=working] textarea"),
  f: () => into("#find"),
  n: () => step(1),
  b: () => step(-1),
  g: () => into("[data-start]"),
  e: () => into("[data-end]"),
  "?": () => into("[data-keys] summary"),
};

// What a command is for may still be on its way. The cursor stays where it is until it has come;
// whoever types on meanwhile has gone on, and is told.
function carryOut(word) {
  const coming = "orptsw".includes(word) && reading("pt".includes(word));
  if (!coming) return commands[word]();
  const area = notes();
  const typed = area.value;
  return coming.then(() => {
    if (notes() === area && area.value === typed) commands[word]();
    else missed(`/${word} was not carried out: you had typed on before it could be.`);
  });
}

function missed(sentence) {
  const place = document.createElement("p");
  place.className = "soft";
  place.textContent = sentence;
  notes().before(place);
  notes().addEventListener("input", () => place.remove(), { once: true });
  say(sentence);
}

function command(area) {
  const word = stroke(area, (word) => word in commands || known(word));
  if (!word) return;
  if (word in commands) carryOut(word);
  else go(word);
}

// The owner's box takes the beginning of a name, and shows whom it found.
function complete(field) {
  const typed = field.value.trim().toLowerCase();
  const options = [...(field.list?.options ?? [])];
  if (!typed || options.some((option) => option.value.toLowerCase() === typed)) return;
  const words = typed.split(/\s+/);
  const found = options.filter((option) => {
    const name = `${option.value} ${option.textContent}`.toLowerCase().split(/[\s,]+/);
    return words.every((word) => name.some((part) => part.startsWith(word)));
  });
  // A body goes before a person whose name begins like it.
  const bodies = found.filter((option) => option.hasAttribute("data-body"));
  const chosen = bodies.length ? bodies : found;
  if (chosen.length === 1) field.value = chosen[0].value;
}

// Copy what is selected in the working notes, or the paragraph the cursor is in, to the notes.
function copyAcross(from) {
  const { value, selectionStart: start, selectionEnd: end } = from;
  let passage = value.slice(start, end);
  if (!passage) {
    const begins = value.lastIndexOf("\n\n", start - 1) + 1;
    const ends = value.indexOf("\n\n", start);
    passage = value.slice(begins, ends < 0 ? undefined : ends);
  }
  if (!passage.trim()) return;
  notes().value = join(notes().value, passage.trim());
  notes().dispatchEvent(new Event("input"));
  say("Copied to the notes");
}

// What is asked with an answer stays out of the way until there is one.
function fold(place) {
  for (const form of place.querySelectorAll("[data-quick=review]")) {
    const more = form.querySelector("[data-more]");
    more.hidden = !form.querySelector("select").value && !more.querySelector(wrong);
  }
}

if (find("[data-main]")) {
  begin({ say, arrived: fold });
  fold(document);
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-main]") && event.inputType === "insertText") {
      command(event.target);
    }
  });
  document.addEventListener("keydown", (event) => {
    const working = event.target.closest("[data-fold=working] textarea");
    if (working && event.key === "Enter" && event.ctrlKey) copyAcross(working);
    if (event.key !== "Escape" || event.target.matches("[data-main]")) return;
    if (event.target.closest("[data-quick], [data-find], [data-keys], [data-box]")) notes().focus();
  });
  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-copy]")?.closest("[data-fold]");
    if (fold) copyAcross(fold.querySelector("textarea"));
  });
  document.addEventListener("change", (event) => {
    if (event.target.list?.id === "owners") complete(event.target);
    if (event.target.tagName === "SELECT") fold(document);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-find]") && go(event.target.elements.find.value)) {
      event.preventDefault();
      event.target.elements.find.value = "";
      return;
    }
    const form = event.target.closest("[data-quick]");
    if (!form || !form.closest("[data-live]") || event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter, { say, back: () => notes().focus(), merge });
  });
  // The address ends in #item-…; the browser goes there, and takes the focus off whatever has
  // it, when the page is complete. The cursor comes after that.
  const start = () => {
    if (find(".govuk-error-summary")) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    cursor();
  };
  if (document.readyState === "complete") start();
  else addEventListener("load", () => setTimeout(start));
}
watch({ half: () => halfTyped(places()) });
const clock = document.querySelector("[data-clock]");
if (clock) setInterval(() => (clock.textContent = time()), 5000);
