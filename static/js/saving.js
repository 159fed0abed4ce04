// Words that save themselves. What the page says of saving is what the server has confirmed, no
// more. Nothing is kept in the browser's storage: words that are not saved yet live in this page
// alone, and it says so.

const QUIET = 900; // ms after the last key
const LONGEST = 5000; // ms of typing without a pause
const RETRY = 5000; // ms between tries while something is in the way
const PATIENCE = 10000; // ms for one answer
const LEAVING = 4000; // ms that a link waits for what is unsaved
const WORDS_COMPARED = 1500;
const CUT = ["forbidden", "signin", "unsaved"]; // nothing can be sent from the page

const spoken = document.querySelector("[data-spoken]");
const pageChip = document.querySelector("[data-page-chip]");
const login = "/accounts/login/";
const savers = [];
let held = false; // the whole page is on its way
let heldBack = false; // a form was sent by the reader and kept here

export const time = () =>
  new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "Europe/London" }).format(
    new Date(),
  );
export const join = (...texts) => texts.filter((text) => text.trim()).join("\n\n");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

// A new token after signing in again; "ok", "signin", "forbidden" or "offline".
export async function freshToken() {
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
  const fresh = page.querySelector("[name=csrfmiddlewaretoken]");
  if (!fresh) return "forbidden";
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    field.value = fresh.value;
  }
  return "ok";
}

// One thing that is saved as a whole. A page's own kind says
//   words              what stands in the page now, as a string
//   body(words)        the fields to send with it
//   keep(words, said)  the server has stored these words (200); said.saved_at is "14:07"
//   isOwn(lost, said)  whether what the server holds are our own words, sent with `lost`
//   stale(words, said) somebody else saved first (409)
//   twoTexts           what the chip says while two texts stand beside each other
export class Saver {
  constructor({ address, chip, name }) {
    this.address = address;
    this.chip = chip;
    this.name = name;
    this.confirmed = /\d\d:\d\d/.exec(chip.textContent)?.[0] ?? "";
    this.kind = "saved";
    this.conflict = null;
    this.flying = null;
    savers.push(this);
  }

  get dirty() {
    return this.words !== this.stored;
  }

  // Whether two texts are being joined by hand.
  get joining() {
    const areas = [...(this.panel?.querySelectorAll("[data-joined]") ?? [])];
    return areas.some((area) => area.value !== area.defaultValue);
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
    if (held) return Promise.resolve();
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
      const fresh = await freshToken();
      if (fresh !== "ok") {
        if (fresh !== "offline") this.show(fresh);
        this.timer = setTimeout(() => this.retry(), RETRY);
        return undefined;
      }
    }
    return this.save();
  }

  async post(second = false) {
    const words = this.words;
    let answer;
    let said;
    try {
      answer = await fetch(this.address, {
        method: "POST",
        body: new URLSearchParams([...this.body(words), ["csrfmiddlewaretoken", token()]]),
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type === "opaqueredirect") return this.show("signin");
      if (answer.status === 403 && !second) {
        const fresh = await freshToken();
        if (fresh === "ok") return await this.post(true);
        return this.show(fresh === "offline" ? "unsaved" : fresh);
      }
      if ([200, 409, 422].includes(answer.status)) said = await answer.json();
    } catch {
      this.lost = words;
      return this.show("unsaved");
    }
    if (answer.status === 200) return this.accepted(words, said);
    if (answer.status === 409) return this.refusedAsStale(words, said);
    if (answer.status === 422) return this.show("refused", said.error);
    if (answer.status < 500) return this.show("forbidden");
    this.lost = words;
    return this.show("unsaved");
  }

  accepted(words, said) {
    this.lost = undefined;
    this.keep(words, said);
    this.stored = words;
    this.confirmed = said.saved_at || time();
    this.show(this.dirty ? "typing" : "saved");
  }

  refusedAsStale(words, said) {
    if (this.lost === undefined || !this.isOwn(this.lost, words, said)) {
      return this.stale(words, said);
    }
    // Our own words, whose answer never came.
    this.stored = this.lost;
    this.lost = undefined;
    this.again = true;
    return undefined;
  }

  show(kind, sentence = "") {
    const changed = kind !== this.kind;
    this.kind = kind;
    if (kind === "signin" && !changed) return; // whoever is on the link stays there
    const since = this.confirmed ? ` since ${this.confirmed}` : "";
    const words = {
      saved: this.confirmed ? `✓ Saved ${this.confirmed}` : "Nothing to save",
      typing: "Typing, not yet saved",
      unsaved: `Not saved${since}, no connection: keep this page open`,
      signin: "your words are still here",
      forbidden: "Not saved: you may no longer write here. Copy your words from here",
      refused: `Not saved: ${sentence}`,
      conflict: this.twoTexts,
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
    savers.some((saver) => saver.kind === kind),
  );
  const last = savers.map((saver) => saver.confirmed ?? "").sort().at(-1);
  pageChip.hidden = false;
  pageChip.className = `chip save${
    worst === undefined ? "" : worst === "typing" ? " save--typing" : " save--unsaved"
  }`;
  heldBack &&= CUT.includes(worst);
  pageChip.textContent = heldBack ? "Not sent: press again once your words are saved" : {
    undefined: last ? `✓ All saved ${last}` : "Nothing to save",
    typing: "Typing, not yet saved",
    conflict: "‖ Two texts here",
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

// The panel that shows two texts: `choose` is told which of them is kept. Joining them by hand
// begins with both, and goes on while the other person writes: then it says that they did.
export function choices(panel, choose) {
  for (const button of panel.querySelectorAll("[data-keep]")) {
    button.addEventListener("click", () => choose(button.dataset.keep));
  }
  panel.querySelector("[data-by-hand]").addEventListener("click", () => {
    panel.dataset.joining = "1";
    joining(panel);
    panel.querySelector("[data-hand]:not([hidden]) [data-joined]")?.focus();
  });
}

// Show the boxes in which both texts are joined, once that was asked for.
export function joining(panel, changed = false) {
  if (!panel.dataset.joining) return;
  panel.querySelector("[data-by-hand]").hidden = true;
  panel.querySelector("[data-keep=hand]").hidden = false;
  panel.querySelector("[data-keep=both]").className = "govuk-button govuk-button--secondary";
  for (const place of panel.querySelectorAll("[data-hand]")) {
    place.hidden = !place.querySelector("[data-joined]").defaultValue;
  }
  if (changed) {
    panel.querySelector("[data-newer]").textContent =
      "They have written again since you began: look at their words above before you save.";
  }
}

// Write `text` into `place`, underlining the words that `other` does not have in that order.
export function underline(place, text, other) {
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

// Let `act` send the whole page and put what comes back in the place of boxes: meanwhile none is
// sent by itself, and those that are gone afterwards are forgotten.
export async function hold(act) {
  while (savers.some((saver) => saver.flying)) await Promise.all(savers.map(({ flying }) => flying));
  held = true;
  try {
    return await act();
  } finally {
    held = false;
    for (const saver of savers.splice(0)) {
      if (!saver.chip.isConnected) {
        clearTimeout(saver.timer);
        clearTimeout(saver.deadline);
        continue;
      }
      savers.push(saver);
      if (saver.dirty) saver.typed();
    }
    tell("");
  }
}

const unsaved = () => savers.some((saver) => saver.dirty || saver.flying);

// Save what is unsaved before leaving, then go on; what cannot be saved stays to be warned about.
async function settle() {
  await Promise.race([
    (async () => {
      for (let turn = 0; turn < 3 && unsaved(); turn += 1) {
        await Promise.all(savers.map((saver) => saver.save()));
      }
    })(),
    new Promise((done) => setTimeout(done, LEAVING)),
  ]);
}

// To be called once every Saver of the page is made.
//   half()       whether something that does not save itself is typed and not yet sent
//   holds(form)  whether this form sends everything that is unsaved with it
export function watch({ half = () => false, holds = () => false } = {}) {
  let sending = false;
  addEventListener("beforeunload", (event) => {
    const joining = savers.some((saver) => saver.joining);
    if (!sending && (unsaved() || joining || half())) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || link.target || link.getAttribute("href").startsWith("#") || !plain) return;
    if (!unsaved()) return;
    event.preventDefault();
    settle().then(() => location.assign(link.href));
  });
  // A form waits for what is on its way to be saved; without a connection it is not sent at all,
  // because the page that a browser then shows would be in the place of the words.
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || sending) return;
    if (!unsaved()) {
      sending = true;
      return;
    }
    event.preventDefault();
    settle().then(() => {
      if (savers.some(({ kind }) => CUT.includes(kind))) {
        heldBack = true;
        return tell("The form was not sent: press again once your words are saved");
      }
      if (unsaved() && !holds(form)) return undefined;
      sending = true;
      form.requestSubmit(submitter);
      return undefined;
    });
  });
  addEventListener("pageshow", () => (sending = false));
  addEventListener("focus", () => {
    for (const saver of savers) if (saver.kind === "signin" && !saver.flying) saver.retry();
  });
  addEventListener("online", () => {
    for (const saver of savers) if (saver.kind === "unsaved") saver.save();
  });
  tell("");
}
