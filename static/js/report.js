// The report: each box saves itself, its numbers run on at once, and the paper beside it follows.
import { watch } from "./saving.js";
import { Section } from "./sections.js";

const form = document.querySelector("[data-report]");
const paper = form.querySelector("[data-paper]");
const CALM = 600; // ms after a save until the paper is fetched

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
  for (const box of form.querySelectorAll("[data-paragraph]")) {
    const counts = box.querySelector("[type=checkbox]").checked && box.querySelector("textarea").value.trim();
    box.querySelector(".para__number").textContent = counts ? (last += 1) : "";
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
}

for (const part of form.querySelectorAll("[data-section]")) new Box(part);
form.addEventListener("input", number);
watch({ holds: (sent) => sent === form });
