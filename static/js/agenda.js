// Items of an agenda can be dragged to their place. The buttons beside them do the same without.
const rows = [...document.querySelectorAll("[data-agenda] tbody tr")];
let dragged = null;

function clear() {
  rows.forEach((row) => row.classList.remove("agenda__row--before", "agenda__row--after"));
}

rows.forEach((row, place) => {
  row.draggable = true;
  row.addEventListener("dragstart", (event) => {
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  row.addEventListener("dragend", () => {
    dragged = null;
    clear();
  });
  row.addEventListener("dragover", (event) => {
    if (!dragged || dragged === row) return;
    event.preventDefault();
    clear();
    const later = rows.indexOf(dragged) < place;
    row.classList.add(later ? "agenda__row--after" : "agenda__row--before");
  });
  row.addEventListener("drop", (event) => {
    if (!dragged || dragged === row) return;
    event.preventDefault();
    const form = dragged.querySelector("[data-place]");
    form.elements.namedItem("place").value = place + 1;
    form.submit();
  });
});
