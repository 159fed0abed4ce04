// Short forms beside the notes, sent without leaving the page: the cursor goes back to the notes
// at once, and what came of it takes the form's place. A refusal keeps what was typed and says
// so, without taking the cursor.
import { freshToken } from "./saving.js";

const PATIENCE = 10000; // ms for one answer
const typed = "input:not([type=hidden]), select, textarea";

// The fields of a form that are not as the server sent them.
const changed = (form) =>
  [...form.querySelectorAll(typed)].filter((field) =>
    field.type === "checkbox"
      ? field.checked !== field.defaultChecked
      : field.tagName === "SELECT"
        ? [...field.options].some((option) => option.selected !== option.defaultSelected) &&
          field.selectedIndex !== 0
        : field.value !== field.defaultValue,
  );

export const busy = (place) =>
  [place, ...place.querySelectorAll("form")].some((form) => form.matches("form") && changed(form).length);

export const halfTyped = (places) =>
  places.some((place) =>
    [...place.querySelectorAll("[data-quick]")].some((form) => changed(form).length),
  );

// Send one form; resolves to whether it was taken.
//   say(sentence)  speaks it
//   back()         puts the cursor where it belongs meanwhile
//   merge(page, own) puts the answer's parts into this page
export async function send(form, submitter, { say, back, merge }) {
  const live = form.closest("[data-live]");
  const body = new URLSearchParams(new FormData(form, submitter));
  back();
  note(form, "Sending");
  live.inert = true;
  let answer = await post(form, body);
  if (answer.status === 403 && (await freshToken()) === "ok") {
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    answer = await post(form, body);
  }
  live.inert = false;
  if (!answer.page?.querySelector(`[data-live=${live.dataset.live}]`)) {
    note(form, answer.why);
    say(`Not recorded. ${answer.why}`);
    return false;
  }
  const taken = answer.status < 400;
  const told = answer.page.querySelector(taken ? ".note" : ".govuk-error-message, .note");
  const sentence = told?.textContent.replace("Error:", "").trim();
  merge(answer.page, live);
  say(`${taken ? "" : "Not recorded. "}${sentence ?? (taken ? "Recorded" : "")}`);
  return taken;
}

// Send a form's words and get a page: {status, page, why}; without a page, `why` says what to do.
export async function post(form, body) {
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST",
      body,
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { why: "There is no connection. Your words are still here: send them again." };
  }
  if (new URL(answer.url).pathname.startsWith("/accounts/")) {
    return { why: "Sign in again in another tab, then send it again: your words are still here." };
  }
  if (answer.ok || answer.status === 422 || answer.status === 409) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { status: answer.status, page, why: "The page has changed: open it again." };
  }
  return { status: answer.status, why: "The server did not take it. Your words are still here." };
}

function note(form, sentence) {
  const place = form.querySelector("[data-sent]") ?? form.appendChild(document.createElement("p"));
  place.dataset.sent = "";
  place.className = "quick__sent";
  place.textContent = sentence;
}
