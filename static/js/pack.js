// The pack, with a word on what is being done while it takes time. Without this file the link
// downloads it all the same.
const PATIENCE = 2000; // ms after which something is said

for (const link of document.querySelectorAll("[data-pack]")) {
  link.addEventListener("click", take);
}

async function take(event) {
  event.preventDefault();
  const link = event.currentTarget;
  const says = document.querySelector("[data-pack-says]");
  if (says.dataset.busy) return;
  says.dataset.busy = "1";
  const began = Date.now();
  // Spoken once; the seconds that tick are for the eye.
  const words = document.createElement("span");
  const seconds = document.createElement("span");
  seconds.setAttribute("aria-hidden", "true");
  const tick = setInterval(() => {
    if (Date.now() - began < PATIENCE) return;
    if (!words.textContent) words.textContent = `Putting ${link.dataset.pack} together.`;
    seconds.textContent = ` ${Math.round((Date.now() - began) / 1000)} seconds so far.`;
  }, 500);
  says.replaceChildren(words, seconds);
  try {
    const answer = await fetch(link.href, { redirect: "manual" });
    if (answer.status !== 200) {
      location.reload(); // where the reason is told, or the way to sign in
      return;
    }
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"));
    const file = document.createElement("a");
    file.href = URL.createObjectURL(await answer.blob());
    file.download = name[1];
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 60000);
    says.textContent = "The pack is downloaded.";
  } catch {
    says.textContent = "No connection: the pack was not downloaded. Try again.";
  } finally {
    clearInterval(tick);
    delete says.dataset.busy;
  }
}
