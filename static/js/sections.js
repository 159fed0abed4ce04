// A part of a form that saves itself as a whole: all that is typed in it, and the hidden fields by
// which the server knows whether somebody else saved first. Two texts stand beside each other
// until one is chosen.
//   data-section  where it is sent; data-name, how it is called
//   [data-chip]   says how it is saved; [data-both], where two texts are shown
//   data-unsaved  around what is not sent with it
//   data-differs  it opened with words that are not stored
import { Saver, choices, join, joining, underline } from "./saving.js";

const FIELDS = "textarea, input:not([type=hidden]), select";
const TICKED = ["radio", "checkbox"];

// What the server put into a field. Whoever is quick has typed before this script runs.
function sent(field) {
  if (!field.options) return field.defaultValue;
  const options = [...field.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

export class Section extends Saver {
  constructor(part) {
    const chip = part.querySelector("[data-chip]");
    super({ address: part.dataset.section, chip, name: part.dataset.name });
    this.part = part;
    this.form = part.closest("form");
    this.stored = "differs" in part.dataset ? null : this.read("defaultChecked", sent);
    part.addEventListener("input", () => this.typed());
    if (this.dirty) this.typed();
  }

  read(ticked, value) {
    const fields = [...this.part.querySelectorAll(FIELDS)].filter(
      (field) =>
        field.name && !field.closest("[data-unsaved]") &&
        (!TICKED.includes(field.type) || field[ticked]),
    );
    return new URLSearchParams(fields.map((field) => [field.name, value(field)])).toString();
  }

  get words() {
    return this.read("checked", ({ value }) => value);
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
    for (const [name, value] of Object.entries(fields)) this.form.elements[name].value = value;
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
      this.part.querySelector("[data-both]").append(this.panel);
      choices(this.panel, (which) => this.choose(which));
    }
    const begun = new Map(this.areas.map((area) => [area.dataset.joined, area]));
    this.panel.querySelector("[data-by]").textContent = `${said.by} (${said.saved_at})`;
    const rows = said.differences.map(({ name, label, text, yours, theirs }) => {
      const row = document.getElementById("difference").content.cloneNode(true).firstElementChild;
      for (const place of row.querySelectorAll("[data-label]")) place.textContent = label;
      const area = row.querySelector("[data-joined]");
      area.dataset.joined = name;
      if (text) area.defaultValue = join(yours, theirs);
      const before = begun.get(name);
      if (before && before.value !== before.defaultValue) area.value = before.value;
      underline(row.querySelector("[data-yours]"), yours, theirs);
      underline(row.querySelector("[data-theirs]"), theirs, yours);
      return row;
    });
    this.panel.querySelector("[data-differences]").replaceChildren(...rows);
    joining(this.panel, begun.size > 0);
    this.stored = words; // kept beside: it need not be sent again until more is typed
    this.show("conflict");
    if (this.dirty) this.typed();
  }

  get areas() {
    return [...this.panel.querySelectorAll("[data-joined]")];
  }

  choose(which) {
    const { differences, fields } = this.conflict;
    this.take(fields);
    for (const { name, text, value } of differences) {
      const field = this.form.elements[name];
      const area = this.areas.find((each) => each.dataset.joined === name);
      if (text && which === "hand") field.value = area.value;
      else if (text && which === "both") field.value = join(field.value, value);
      else if (which === "theirs") this.put(name, value);
    }
    this.endConflict();
    this.stored = null;
    this.show("typing");
    this.chosen();
    this.save();
  }

  // The boxes hold other words now than were typed.
  chosen() {}

  put(name, value) {
    const values = [value].flat().map(String);
    const day = ["day", "month", "year"].map((box) => this.form.elements[`${name}_${box}`]);
    if (day[0]) day.forEach((box, place) => (box.value = values[place] ?? ""));
    for (const field of this.part.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (TICKED.includes(field.type)) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
  }

  endConflict() {
    this.conflict = null;
    this.panel?.remove();
    this.panel = null;
  }
}
