// The return: each section saves itself, and every answer says how it stands to last quarter's.
import { Saver, join, underline, watch } from "./saving.js";

const form = document.getElementById("return");
const FIELDS = "textarea, input:not([type=hidden]), select";

class Section extends Saver {
  constructor(part) {
    const chip = part.querySelector("[data-chip]");
    super({ address: part.dataset.section, chip, name: part.dataset.name });
    this.part = part;
    this.stored = this.words;
    part.addEventListener("input", () => this.typed());
  }

  get fields() {
    return [...this.part.querySelectorAll(FIELDS)].filter(
      (field) =>
        field.name && !field.closest("[data-unsaved]") &&
        (!["radio", "checkbox"].includes(field.type) || field.checked),
    );
  }

  get words() {
    return new URLSearchParams(this.fields.map(({ name, value }) => [name, value])).toString();
  }

  get twoTexts() {
    return `‖ Two texts, both kept ${this.confirmed}`;
  }

  show(kind, sentence) {
    this.chip.hidden = false;
    super.show(kind, sentence);
  }

  body(words) {
    const hidden = [...this.part.querySelectorAll("input[type=hidden]")];
    return [...new URLSearchParams(words), ...hidden.map(({ name, value }) => [name, value])];
  }

  // The hidden fields that the next save is compared by.
  take(fields) {
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  }

  keep(words, said) {
    this.take(said.fields);
    this.endConflict();
  }

  isOwn(lost, words, said) {
    const stored = new URLSearchParams(words);
    for (const { name, value } of said.differences) {
      stored.delete(name);
      for (const one of [value].flat()) if (one) stored.append(name, one);
    }
    const own = new URLSearchParams(lost);
    for (const [name, value] of [...own]) if (!value) own.delete(name);
    for (const [name, value] of [...stored]) if (!value) stored.delete(name);
    own.sort();
    stored.sort();
    if (own.toString() !== stored.toString()) return false;
    this.take(said.fields);
    return true;
  }

  stale(words, said) {
    this.confirmed = said.kept_at;
    this.conflict = said;
    if (!this.panel) {
      this.panel = document.getElementById("conflict").content.cloneNode(true).firstElementChild;
      this.part.querySelector(".part__head").after(this.panel);
      for (const button of this.panel.querySelectorAll("[data-keep]")) {
        button.addEventListener("click", () => this.choose(button.dataset.keep));
      }
    }
    this.panel.querySelector("[data-by]").textContent = `${said.by} (${said.saved_at})`;
    const rows = said.differences.map(({ label, yours, theirs }) => {
      const row = document.getElementById("difference").content.cloneNode(true).firstElementChild;
      row.querySelector("[data-label]").textContent = label;
      underline(row.querySelector("[data-yours]"), yours, theirs);
      underline(row.querySelector("[data-theirs]"), theirs, yours);
      return row;
    });
    this.panel.querySelector("[data-differences]").replaceChildren(...rows);
    this.stored = words; // kept beside: it need not be sent again until more is typed
    this.show("conflict");
    if (this.dirty) this.typed();
  }

  choose(which) {
    const { differences, fields } = this.conflict;
    this.take(fields);
    for (const { name, text, value } of differences) {
      const field = form.elements[name];
      if (text && which === "both") field.value = join(field.value, value);
      else if (which === "theirs") this.put(name, value);
    }
    this.endConflict();
    this.stored = null;
    this.show("typing");
    for (const answer of this.part.querySelectorAll("[data-answer]")) stand(answer);
    this.save();
  }

  put(name, value) {
    const values = [value].flat().map(String);
    for (const field of this.part.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
  }

  endConflict() {
    this.conflict = null;
    this.panel?.remove();
    this.panel = null;
  }
}

// How an answer stands, as the server says it too (priorities/forms/returns.py).
function stand(answer) {
  const words = answer.querySelector("textarea, input").value.trim();
  const before = answer.dataset.before?.replaceAll("\r\n", "\n").trim() ?? "";
  const unchanged = Boolean(before) && words === before;
  const label = answer.querySelector("[data-state]");
  label.textContent = unchanged
    ? "No change"
    : words
      ? before ? "Edited" : "Written"
      : "needed" in answer.dataset ? "To answer" : "";
  label.classList.toggle("answer__waits", label.textContent === "To answer");
  const back = answer.querySelector("[data-put-back]");
  if (back) back.hidden = unchanged;
  answer.classList.toggle("answer--edited", !unchanged);
  count();
}

function count() {
  const counts = {};
  for (const state of document.querySelectorAll("[data-needed] [data-state]")) {
    const name = state.textContent.toLowerCase();
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const total = document.querySelector("[data-counts]");
  if (!total) return;
  total.textContent = ["no change", "edited", "written", "to answer"]
    .filter((name) => counts[name])
    .map((name) => `${counts[name]} ${name}`)
    .join(", ");
  const left = [...document.querySelectorAll("[data-left-for]")];
  for (const line of left) {
    line.hidden = document.getElementById(line.dataset.leftFor).value.trim() !== "";
  }
  if (left.length) left[0].parentElement.hidden = left.every((line) => line.hidden);
}

for (const answer of document.querySelectorAll("[data-answer]")) {
  answer.addEventListener("input", () => stand(answer));
  answer.querySelector(".answer__edit")?.addEventListener("toggle", (event) => {
    if (event.target.open) answer.querySelector("textarea, input").focus();
  });
  answer.querySelector("[data-put-back]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const box = answer.querySelector("textarea, input");
    box.value = answer.dataset.before;
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
for (const part of document.querySelectorAll("[data-section]")) new Section(part);
watch({ holds: (sent) => sent === form });

// Beside the form where there is room; folded above it where there is not.
const wide = matchMedia("(min-width: 900px)");
for (const fold of document.querySelectorAll("details[data-wide]")) fold.open = wide.matches;
