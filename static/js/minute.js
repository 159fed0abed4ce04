// The minute screen: each box saves itself, and commands are typed at the start of a line.
import { Saver, join, time, underline, watch } from "./saving.js";

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

const half = () =>
  [...document.querySelectorAll("[data-quick] :is(input[type=text], textarea)")].some(
    (field) => field.value !== field.defaultValue,
  );

// Commands at the start of a line, carried out by the space after them.
const commands = {
  d: () => document.querySelector("[data-quick=decision] :is(textarea, input[type=text])")?.focus(),
  a: () => document.querySelector("[data-quick=action] input[type=text]")?.focus(),
  r: () => document.querySelector("[data-recommendation] button")?.click(),
  p: () => document.querySelector("[data-attendance]")?.click(),
  n: () => document.querySelector("[data-after]")?.click(),
  b: () => document.querySelector("[data-before]")?.click(),
};

function command(area) {
  const before = area.value.slice(0, area.selectionStart);
  const found = /(?:^|\n)\/([danbpr])[ \n]$/.exec(before);
  if (!found) return;
  const start = before.length - 3;
  area.setRangeText("", start, before.length, "end");
  area.dispatchEvent(new Event("input"));
  commands[found[1]]();
}

for (const form of document.querySelectorAll("[data-box]")) new Box(form);
const main = document.querySelector("[data-main]");
if (main) {
  main.addEventListener("input", (event) => event.isTrusted && command(main));
  for (const quick of document.querySelectorAll("[data-quick]")) {
    quick.addEventListener("keydown", (event) => {
      if (event.key === "Escape") main.focus();
    });
  }
  // The address ends in #item-…; the browser goes there, and takes the focus off whatever has
  // it, when the page is complete. The cursor comes after that.
  const start = () => {
    if (document.querySelector(".govuk-error-summary")) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    main.focus({ preventScroll: true });
    main.setSelectionRange(main.value.length, main.value.length);
    document.querySelector(".item--current").scrollIntoView({ block: "start" });
  };
  if (document.readyState === "complete") start();
  else addEventListener("load", () => setTimeout(start));
}
watch({ half });
const clock = document.querySelector("[data-clock]");
if (clock) setInterval(() => (clock.textContent = time()), 5000);
