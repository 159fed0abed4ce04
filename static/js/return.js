// The return: each section saves itself, and every answer says how it stands to last quarter's.
import { watch } from "./saving.js";
import { Section } from "./sections.js";

const form = document.getElementById("return");

class Part extends Section {
  chosen() {
    for (const answer of this.part.querySelectorAll("[data-answer]")) stand(answer);
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
for (const part of document.querySelectorAll("[data-section]")) new Part(part);
watch({
  half: () => [...form.querySelectorAll("[type=file]")].some((file) => file.files.length),
  holds: (sent) => sent === form,
});

// Beside the form where there is room; folded above it where there is not.
const wide = matchMedia("(min-width: 900px)");
for (const fold of document.querySelectorAll("details[data-wide]")) fold.open = wide.matches;
