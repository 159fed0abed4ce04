// Saves the report a few seconds after the last key, and says truly whether it is saved.
// Without this file the Save button does the same.
const form = document.querySelector("[data-report]");
const chip = form?.querySelector("[data-state]");
const version = form?.elements.namedItem("version");
const WAIT = 3000;

let timer = 0;
let dirty = false;
let sending = false;
let stopped = false;

function say(words, kind) {
  chip.hidden = false;
  chip.className = `chip save${kind ? ` save--${kind}` : ""}`;
  if (chip.textContent !== words) chip.textContent = words;
}

async function save() {
  if (sending || stopped || !dirty) return;
  sending = true;
  dirty = false;
  const body = new FormData(form);
  body.set("act", "save");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
    const type = answer.headers.get("Content-Type") ?? "";
    const facts = type.startsWith("application/json") ? await answer.json() : {};
    if (answer.ok && facts.saved) {
      version.value = facts.version;
      if (!dirty) say(`Saved ${facts.saved}`, "");
    } else {
      dirty = true;
      // A person must look before anything is sent again.
      stopped = answer.status === 409;
      say(facts.message ?? "Not saved: sign in again in another tab, then press Save", "unsaved");
    }
  } catch {
    dirty = true;
    say("Not saved, no connection: keep this page open", "unsaved");
  } finally {
    sending = false;
    if (dirty && !stopped) plan();
  }
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(save, WAIT);
}

form?.addEventListener("input", (event) => {
  // A reason goes with its own button, not with a save.
  if (event.target.name?.startsWith("reason-")) return;
  dirty = true;
  if (stopped) return;
  say("Typing, not yet saved", "typing");
  plan();
});

form?.addEventListener("submit", (event) => {
  // While a save is under way its answer brings the version that this page needs.
  if (sending) {
    event.preventDefault();
    const { submitter } = event;
    const again = setInterval(() => {
      if (sending) return;
      clearInterval(again);
      form.requestSubmit(submitter);
    }, 50);
    return;
  }
  clearTimeout(timer);
  dirty = false;
});

window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
