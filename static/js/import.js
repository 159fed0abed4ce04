// What is copied from a page or from Word brings its headings and lists along; a text box would
// drop them. They are sent beside the words, unless the words are changed afterwards.
const box = document.querySelector("[data-pasted]");
const page = document.querySelector("[name=page]");
let pasting = false;

box.addEventListener("paste", (event) => {
  const html = event.clipboardData.getData("text/html");
  page.value = box.value.trim() ? "" : html;
  pasting = true;
});
box.addEventListener("input", () => {
  if (!pasting) page.value = "";
  pasting = false;
});
