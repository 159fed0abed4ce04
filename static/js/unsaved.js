// Asks before a page with unsaved words is left. Forms work without it.
const form = document.querySelector("[data-warn-unsaved]");
let unsaved = false;

form?.addEventListener("input", () => { unsaved = true; });
form?.addEventListener("submit", () => { unsaved = false; });
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
