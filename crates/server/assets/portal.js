// Everything works without this script; it only makes some things quicker.
"use strict";

// Files dropped anywhere on the form are as if they had been chosen.
for (const form of document.querySelectorAll("[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const over = (event, is) => { event.preventDefault(); form.classList.toggle("over", is); };
  form.addEventListener("dragover", (event) => over(event, true));
  form.addEventListener("dragleave", (event) => over(event, false));
  form.addEventListener("drop", (event) => {
    over(event, false);
    if (event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files;
  });
}

// A page that waits for something asks again every second, and becomes what the answer is.
async function poll() {
  const waiting = document.querySelector("[data-poll]");
  if (!waiting) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.redirected || !answer.ok) return location.replace(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-poll]");
    if (!now) return location.reload();
    waiting.replaceChildren(...now.childNodes);
  } catch {
    // The next time may do.
  }
  setTimeout(poll, 1000);
}
setTimeout(poll, 1000);
