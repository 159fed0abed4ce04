// Commands stand at the start of a line or a sentence: a stroke and a letter, carried out at once;
// a stroke, a number and a space. A question mark alone in an empty box is one too.

// Take the command that was just typed out of the box, and return its word; "" when there is none.
//   known(word)  whether it is one of this page's
export function stroke(area, known) {
  const before = area.value.slice(0, area.selectionStart);
  const [typed, word] =
    area.value === "?" ? ["?", "?"] : (/(?<=^|\n|[.?!] ?)\/(?:([a-z?])|([0-9]{1,2}) )$/.exec(before) ?? []).filter(Boolean);
  if (!word || !known(word)) return "";
  area.setRangeText("", before.length - typed.length, before.length, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  return word;
}
