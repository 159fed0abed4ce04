// The minute screen: each box saves itself, and commands are typed at the start of a line.
import { halfTyped, send } from "./quick.js";
import { Saver, join, time, underline, watch } from "./saving.js";
import { stroke } from "./strokes.js";

class Box extends Saver {
  constructor(form) {
    const label = form.querySelector("[data-label]");
    super({
      address: form.action,
      chip: form.querySelector("[data-chip]"),
      name: label.textContent,
    });
    this.form = form;
    this.label = label;
    this.area = form.elements.text;
    this.version = form.elements.version;
    this.stored = this.area.value;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.area.addEventListener("input", () => this.typed());
  }

  // What the box stands for: in a conflict, my text above and what was typed since below it.
  get words() {
    return this.conflict ? join(this.conflict.yours, this.area.value) : this.area.value;
  }

  get twoTexts() {
    return this.conflict?.kept_at
      ? `‖ Two texts, both kept ${this.confirmed}`
      : "‖ Two texts; yours is in this page only until you choose";
  }

  body(text) {
    return [
      ["part", this.form.elements.part.value],
      ["version", this.version.value],
      ["text", text],
    ];
  }

  keep(text, said) {
    this.version.value = said.version;
    if (this.conflict) this.endConflict(text);
  }

  isOwn(lost, text, said) {
    if (said.theirs !== lost) return false;
    this.version.value = said.version;
    return true;
  }

  stale(text, said) {
    this.confirmed = said.kept_at;
    if (!this.conflict) {
      const typed = this.area.value;
      const grown = typed.startsWith(text);
      this.conflict = { ...said, yours: grown ? text : typed };
      this.area.value = grown ? typed.slice(text.length).trimStart() : "";
      this.label.textContent = "Carry on here";
      this.panel = document.getElementById("conflict").content.cloneNode(true).firstElementChild;
      this.form.before(this.panel);
      for (const button of this.panel.querySelectorAll("[data-keep]")) {
        // Without a history a text that is not chosen would be gone.
        if (!said.kept_at && button.dataset.keep !== "both") button.hidden = true;
        button.addEventListener("click", () => this.choose(button.dataset.keep));
      }
    } else {
      Object.assign(this.conflict, said, { yours: this.conflict.yours });
    }
    this.compare();
    if (said.kept_at) this.stored = text;
    this.show("conflict");
    if (said.kept_at && this.dirty) this.typed();
  }

  compare() {
    const { yours, theirs, by, saved_at: at } = this.conflict;
    this.panel.querySelector("[data-by]").textContent = at ? `${by}, saved ${at}` : by;
    underline(this.panel.querySelector("[data-yours]"), yours, theirs);
    underline(this.panel.querySelector("[data-theirs]"), theirs, yours);
  }

  choose(which) {
    const { yours, theirs, version } = this.conflict;
    const chosen = { both: join(yours, theirs), mine: yours, theirs }[which];
    const text = join(chosen, this.area.value);
    this.version.value = version;
    this.endConflict(text);
    this.stored = which === "theirs" && text === theirs ? theirs : null;
    this.show("typing");
    this.area.focus();
    if (this.dirty) this.save();
    else this.show("saved");
  }

  endConflict(text) {
    const since = this.conflict && this.words !== text && this.words.startsWith(text);
    this.area.value = since ? this.words : text;
    this.conflict = null;
    this.panel.remove();
    this.label.textContent = this.name;
  }
}

// What the server made of a short form is spoken, and stands beside it.
const spoken = document.querySelector("[data-told]");
const say = (sentence) => (spoken.textContent = sentence);

const main = document.querySelector("[data-main]");
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
  n: () => find("[data-after]")?.click(),
  b: () => find("[data-before]")?.click(),
  g: () => into("[data-start]"),
  e: () => into("[data-end]"),
  "?": () => into("[data-keys] summary"),
};

function command(area) {
  const item = (word) => find(`[data-item="${word}"]`);
  const word = stroke(area, (word) => word in commands || item(word));
  if (!word) return;
  if (word in commands) commands[word]();
  else item(word).click();
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
  main.value = join(main.value, passage.trim());
  main.dispatchEvent(new Event("input"));
  say("Copied to the notes");
}

// What is asked with an answer stays out of the way until there is one.
function fold(place) {
  for (const form of place.querySelectorAll("[data-quick=review]")) {
    const more = form.querySelector("[data-more]");
    more.hidden = !form.querySelector("select").value && !more.querySelector(wrong);
  }
}

for (const form of document.querySelectorAll("[data-box]")) new Box(form);
fold(document);
if (main) {
  main.addEventListener("input", (event) => event.inputType === "insertText" && command(main));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.target === main) return;
    if (event.target.closest("[data-quick], [data-find], [data-keys], [data-box]")) main.focus();
  });
  document.addEventListener("change", (event) => {
    if (event.target.list?.id === "owners") complete(event.target);
    if (event.target.tagName === "SELECT") fold(document);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-quick]");
    if (!form || !form.closest("[data-live]") || event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter, { say, back: () => main.focus(), arrived: fold });
  });
  const working = find("[data-fold=working]");
  if (working) {
    const area = working.querySelector("textarea");
    const button = working.querySelector("[data-copy]");
    button.hidden = false;
    button.addEventListener("click", () => copyAcross(area));
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) copyAcross(area);
    });
  }
  // The address ends in #item-…; the browser goes there, and takes the focus off whatever has
  // it, when the page is complete. The cursor comes after that.
  const start = () => {
    if (find(".govuk-error-summary")) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    main.focus({ preventScroll: true });
    main.setSelectionRange(main.value.length, main.value.length);
    find(".item--current").scrollIntoView({ block: "start" });
  };
  if (document.readyState === "complete") start();
  else addEventListener("load", () => setTimeout(start));
}
watch({ half: halfTyped });
const clock = document.querySelector("[data-clock]");
if (clock) setInterval(() => (clock.textContent = time()), 5000);
