// One box of the minute screen, which saves itself, and what it does when two people write in it.
import { Saver, choices, join, joining, underline } from "./saving.js";

export class Box extends Saver {
  //   changed()  is told whenever what the chip says may have changed
  //   hear(n)    is told the number of the last act on record, which comes with each answer
  constructor(form, { changed, hear }) {
    const label = form.querySelector("[data-label]");
    super({
      address: form.action,
      chip: form.querySelector("[data-chip]"),
      name: label.textContent,
    });
    this.changed = changed;
    this.hear = hear;
    this.form = form;
    this.label = label;
    this.area = form.elements.text;
    this.version = form.elements.version;
    this.stored = this.area.defaultValue; // whoever is quick has typed before this script runs
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.area.addEventListener("input", () => this.typed());
    if (this.dirty) this.typed();
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
    this.hear(said.news);
  }

  isOwn(lost, text, said) {
    if (said.theirs !== lost) return false;
    this.version.value = said.version;
    return true;
  }

  stale(text, said) {
    this.hear(said.news);
    this.confirmed = said.kept_at;
    if (!this.conflict) {
      const typed = this.area.value;
      const grown = typed.startsWith(text);
      this.conflict = { ...said, yours: grown ? text : typed };
      this.area.value = grown ? typed.slice(text.length).trimStart() : "";
      this.label.textContent = "Carry on here";
      this.panel = document.getElementById("conflict").content.cloneNode(true).firstElementChild;
      this.form.before(this.panel);
      choices(this.panel, (which) => this.choose(which));
      // Without a history a text that is not chosen would be gone.
      for (const button of this.panel.querySelectorAll("[data-keep]")) {
        if (!said.kept_at && ["mine", "theirs"].includes(button.dataset.keep)) button.hidden = true;
      }
      this.joined.defaultValue = join(this.conflict.yours, said.theirs);
    } else {
      joining(this.panel, said.version !== this.conflict.version);
      Object.assign(this.conflict, said, { yours: this.conflict.yours });
    }
    this.compare();
    if (said.kept_at) this.stored = text;
    this.show("conflict");
    if (said.kept_at && this.dirty) this.typed();
  }

  show(kind, sentence) {
    const onLink = this.chip.contains(document.activeElement);
    super.show(kind, sentence);
    if (onLink && !this.chip.contains(document.activeElement)) this.area.focus();
    this.changed();
  }

  // The server's text of this moment, from another copy of the form. What is typed below an older
  // one goes below it; what is typed into one stays, and saving it shows both.
  refresh(fresh) {
    const version = fresh.elements.version.value;
    if (this.conflict || this.flying || Number(version) <= Number(this.version.value)) return;
    const { value: typed, selectionStart: at } = this.area;
    const text = fresh.elements.text.value;
    if (!typed.startsWith(this.stored)) return;
    const below = typed.slice(this.stored.length);
    this.area.value = join(text, below.trimStart());
    const place = this.area.value.length - (typed.length - at);
    this.area.setSelectionRange(place, place);
    this.stored = text;
    this.version.value = version;
    if (this.dirty) return;
    this.confirmed = /\d\d:\d\d/.exec(fresh.querySelector("[data-chip]").textContent)?.[0] ?? "";
    this.show("saved");
  }

  get joined() {
    return this.panel.querySelector("[data-joined]");
  }

  compare() {
    const { yours, theirs, by, saved_at: at } = this.conflict;
    this.panel.querySelector("[data-by]").textContent = at ? `${by}, saved ${at}` : by;
    underline(this.panel.querySelector("[data-yours]"), yours, theirs);
    underline(this.panel.querySelector("[data-theirs]"), theirs, yours);
  }

  choose(which) {
    const { yours, theirs, version } = this.conflict;
    const hand = this.joined.value;
    const chosen = { both: join(yours, theirs), mine: yours, theirs, hand }[which];
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
