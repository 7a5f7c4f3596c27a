// Answers while typing. Without this script the form is sent by its button, and the answers are a page of their own.

const WAIT_MS = 250;
const form = document.querySelector("[data-typing]");
const input = form?.querySelector("input[name=what]");
const answers = document.querySelector("#answers");
const count = document.querySelector("#answers-count");

let timer;
let asking;
let asked = input?.value.trim();

// One question at a time: a newer one takes the place of an older one, wherever that is.
async function ask() {
  const what = input.value.trim();
  if (what === asked) return;
  asked = what;
  asking?.abort();
  asking = new AbortController();
  const signal = asking.signal;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.typing, { method: "POST", body, signal, headers: { accept: "text/html" } });
    if (!answer.ok) {
      asked = undefined;
      // Whoever was signed out is told so by the page itself.
      if (answer.status === 401) location.reload();
      return;
    }
    const text = await answer.text();
    if (signal.aborted) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const said = page.querySelector("[data-count]");
    answers.replaceChildren(...page.body.childNodes);
    count.textContent = said?.textContent ?? "";
    said?.remove();
  } catch {
    // Given up for a newer question, or the network is away: the button still works.
    if (!signal.aborted) asked = undefined;
  }
}

function links() {
  return [...answers.querySelectorAll("a[href]")];
}

// Down from the field to the answers, up and down among them, escape back to the field; enter follows a link, as everywhere.
function move(event) {
  const all = links();
  const at = all.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && all.length > 0 && at < all.length - 1) {
    all[at + 1].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    (at === 0 ? input : all[at - 1]).focus();
  } else if (event.key === "Escape" && at >= 0) {
    input.focus();
  } else if (event.key === "Escape" && document.activeElement === input && input.value !== "") {
    input.value = "";
    ask();
  } else {
    return;
  }
  event.preventDefault();
}

if (form && input && answers && count) {
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    // What is not written out yet, as in languages that are typed in steps, is not asked for.
    if (!event.isComposing) timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  for (const place of [form, answers]) place.addEventListener("keydown", move);
}
