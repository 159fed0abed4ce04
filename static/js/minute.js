// The minute screen. Each box saves itself after the last key and says what the server has
// confirmed, no more. Nothing is kept in the browser's storage: words that are not saved yet
// live in this page alone, and it says so.

const QUIET = 900; // ms after the last key
const LONGEST = 5000; // ms of typing without a pause
const RETRY = 5000; // ms between tries while something is in the way
const PATIENCE = 10000; // ms for one answer
const WORDS_COMPARED = 1500;

const spoken = document.querySelector("[data-spoken]");
const pageChip = document.querySelector("[data-page-chip]");
const login = "/accounts/login/";
const boxes = [];

const time = () =>
  new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "Europe/London" }).format(
    new Date(),
  );
const join = (...texts) => texts.filter((text) => text.trim()).join("\n\n");

// A new token after signing in again; "ok", "signin", "forbidden" or "offline".
async function freshToken() {
  let answer;
  try {
    answer = await fetch(location.pathname, {
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return "offline";
  }
  if (answer.type === "opaqueredirect") return "signin";
  if (!answer.ok) return answer.status < 500 ? "forbidden" : "offline";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return "forbidden";
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    field.value = token.value;
  }
  return "ok";
}

class Box {
  constructor(form) {
    this.form = form;
    this.area = form.elements.text;
    this.version = form.elements.version;
    this.chip = form.querySelector("[data-chip]");
    this.label = form.querySelector("[data-label]");
    this.name = this.label.textContent;
    this.stored = this.area.value;
    this.confirmed = /\d\d:\d\d/.exec(this.chip.textContent)?.[0] ?? "";
    this.kind = "saved";
    this.conflict = null;
    this.sent = null; // sent, with the answer still to come or lost
    this.flying = null;
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

  get dirty() {
    return this.words !== this.stored;
  }

  typed() {
    if (!this.dirty) {
      if (!this.conflict && this.kind === "typing") this.show("saved");
      return;
    }
    if (this.kind === "saved" || this.kind === "refused" || this.kind === "conflict") {
      this.show("typing");
    }
    if (this.kind === "unsaved" || this.kind === "signin" || this.kind === "forbidden") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), QUIET);
    this.deadline ??= setTimeout(() => this.save(), LONGEST);
  }

  save() {
    clearTimeout(this.timer);
    clearTimeout(this.deadline);
    this.deadline = undefined;
    if (this.flying) return this.flying;
    if (!this.dirty) return Promise.resolve();
    this.flying = this.post().finally(() => {
      this.flying = null;
      if (this.kind === "unsaved" || this.kind === "signin") {
        this.timer = setTimeout(() => this.retry(), RETRY);
      } else if (this.dirty && (this.kind === "typing" || this.again)) {
        this.again = false;
        this.timer = setTimeout(() => this.save(), this.kind === "typing" ? QUIET : 0);
      }
    });
    return this.flying;
  }

  async retry() {
    if (!this.dirty) return this.show("saved");
    if (this.kind === "signin") {
      const token = await freshToken();
      if (token !== "ok") {
        if (token !== "offline") this.show(token);
        this.timer = setTimeout(() => this.retry(), RETRY);
        return undefined;
      }
    }
    return this.save();
  }

  async post(second = false) {
    const text = this.words;
    const body = new URLSearchParams({
      csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value,
      part: this.form.elements.part.value,
      version: this.version.value,
      text,
    });
    let answer;
    let said;
    try {
      answer = await fetch(this.form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type === "opaqueredirect") return this.show("signin");
      if (answer.status === 403 && !second) {
        const token = await freshToken();
        if (token === "ok") return await this.post(true);
        return this.show(token === "offline" ? "unsaved" : token);
      }
      if ([200, 409, 422].includes(answer.status)) said = await answer.json();
    } catch {
      this.lost = text;
      return this.show("unsaved");
    }
    if (answer.status === 200) return this.accepted(text, said);
    if (answer.status === 409) return this.refusedAsStale(text, said);
    if (answer.status === 422) return this.show("refused", said.error);
    if (answer.status < 500) return this.show("forbidden");
    this.lost = text;
    return this.show("unsaved");
  }

  accepted(text, said) {
    this.lost = undefined;
    this.version.value = said.version;
    if (this.conflict) this.endConflict(text);
    this.stored = text;
    this.confirmed = said.saved_at || time();
    this.show(this.dirty ? "typing" : "saved");
  }

  refusedAsStale(text, said) {
    if (this.lost !== undefined && said.theirs === this.lost) {
      // Our own words, whose answer never came.
      this.lost = undefined;
      this.version.value = said.version;
      this.stored = said.theirs;
      this.again = true;
      return;
    }
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

  show(kind, sentence = "") {
    const changed = kind !== this.kind;
    this.kind = kind;
    const since = this.confirmed ? ` since ${this.confirmed}` : "";
    const words = {
      saved: this.confirmed ? `✓ Saved ${this.confirmed}` : "Nothing to save",
      typing: "Typing, not yet saved",
      unsaved: `Not saved${since}, no connection: keep this page open`,
      signin: "your words are still here",
      forbidden: "Not saved: you may no longer write in these minutes. Copy your words from here",
      refused: `Not saved: ${sentence}`,
      conflict: this.conflict?.kept_at
        ? `‖ Two texts, both kept ${this.confirmed}`
        : "‖ Two texts; yours is in this page only until you choose",
    }[kind];
    this.chip.className = `chip save${
      { typing: " save--typing", saved: "", conflict: " chip--attention" }[kind] ??
      (kind === "signin" ? " save--signin" : " save--unsaved")
    }`;
    this.chip.replaceChildren();
    if (kind === "signin") {
      const link = document.createElement("a");
      link.href = login;
      link.target = "_blank";
      link.textContent = "Sign in again (opens a new tab)";
      this.chip.append(link, ", ");
    }
    this.chip.append(words);
    tell(changed && kind !== "typing" ? `${this.name}: ${this.chip.textContent}` : "");
  }
}

// The bar answers for the page; a change of kind is spoken, each save is not.
function tell(sentence) {
  const worst = ["forbidden", "signin", "refused", "unsaved", "conflict", "typing"].find((kind) =>
    boxes.some((box) => box.kind === kind),
  );
  const last = boxes.map((box) => box.confirmed ?? "").sort().at(-1);
  pageChip.hidden = false;
  pageChip.className = `chip save${
    worst === undefined ? "" : worst === "typing" ? " save--typing" : " save--unsaved"
  }`;
  pageChip.textContent = {
    undefined: last ? `✓ All saved ${last}` : "Nothing to save",
    typing: "Typing, not yet saved",
    conflict: "‖ This item has two texts",
    unsaved: "Not saved: keep this page open",
    refused: "Not saved",
    signin: "Not saved: sign in again",
    forbidden: "Not saved",
  }[worst];
  const settled = worst === undefined && spoken.textContent && spoken.dataset.trouble;
  if (sentence && worst !== undefined) {
    spoken.textContent = sentence;
    spoken.dataset.trouble = "1";
  } else if (settled) {
    spoken.textContent = "Everything is saved";
    delete spoken.dataset.trouble;
  }
}

// Write `text` into `place`, underlining the words that `other` does not have in that order.
function underline(place, text, other) {
  const mine = text.match(/\s+|\S+/g) ?? [];
  const theirs = other.match(/\S+/g) ?? [];
  const words = mine.filter((word) => word.trim());
  place.replaceChildren();
  if (words.length > WORDS_COMPARED || theirs.length > WORDS_COMPARED) {
    place.textContent = text;
    return;
  }
  const common = longestCommon(words, theirs);
  let position = 0;
  for (const piece of mine) {
    if (!piece.trim()) {
      place.append(...piece.split("\n").flatMap((gap, n) => (n ? [document.createElement("br"), gap] : [gap])));
      continue;
    }
    if (common.has(position)) {
      place.append(piece);
    } else {
      const mark = document.createElement("ins");
      mark.textContent = piece;
      place.append(mark);
    }
    position += 1;
  }
}

// The positions in `a` of a longest common subsequence of two lists of words.
function longestCommon(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i][j] =
        a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const found = new Set();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      found.add(i);
      i += 1;
      j += 1;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return found;
}

const unsaved = () => boxes.some((box) => box.dirty || box.flying);
const half = () =>
  [...document.querySelectorAll("[data-quick] :is(input[type=text], textarea)")].some(
    (field) => field.value !== field.defaultValue,
  );

// Save what is unsaved before leaving, then go on; what cannot be saved stays to be warned about.
async function settle() {
  await Promise.race([
    (async () => {
      for (let turn = 0; turn < 3 && unsaved(); turn += 1) {
        await Promise.all(boxes.map((box) => box.save()));
      }
    })(),
    new Promise((done) => setTimeout(done, 4000)),
  ]);
}

let submitting = false;
addEventListener("beforeunload", (event) => {
  if (unsaved() || (half() && !submitting)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const plain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || link.target || link.getAttribute("href").startsWith("#") || !plain) return;
  if (!unsaved()) return;
  event.preventDefault();
  settle().then(() => location.assign(link.href));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-box]")) return;
  submitting = true;
  if (!unsaved()) return;
  event.preventDefault();
  settle().then(() => {
    if (unsaved()) submitting = false;
    else form.submit();
  });
});

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

for (const form of document.querySelectorAll("[data-box]")) boxes.push(new Box(form));
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
addEventListener("focus", () => {
  for (const box of boxes) if (box.kind === "signin" && !box.flying) box.retry();
});
addEventListener("online", () => {
  for (const box of boxes) if (box.kind === "unsaved") box.save();
});
tell("");
const clock = document.querySelector("[data-clock]");
if (clock) setInterval(() => (clock.textContent = time()), 5000);
