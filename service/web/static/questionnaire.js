// A step survives a bad connection: what is typed is kept on this phone until the service has it,
// and a page that could not be sent is sent again. Without this script the browser sends the form.

const RETRY_MS = 5_000;
const PATIENCE_MS = 20_000;

const form = document.querySelector("form[data-keep]");
const key = location.pathname.replace(/^\/\w+/, "");  // the same in both languages
let sending = false;

function keep() {
  sessionStorage.setItem(key, JSON.stringify([...new FormData(form)]));
}

function restore() {
  const kept = sessionStorage.getItem(key);
  if (!kept) return;
  const told = JSON.parse(kept);
  for (const field of form.elements) {
    if (!field.name || field.type === "submit" || field.type === "hidden") continue;
    const values = told.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = values.includes(field.value);
    } else {
      field.value = values[0] ?? "";
    }
  }
}

function wait(body) {
  const note = document.querySelector("#waiting") ?? document.createElement("p");
  note.id = "waiting";
  note.className = "status";
  note.setAttribute("role", "status");
  if (!note.isConnected) form.querySelector(".buttons").before(note);
  note.textContent = form.dataset.waiting;
  setTimeout(() => send(body), RETRY_MS);
}

async function send(body) {
  if (sending) return;
  sending = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "text/uri-list" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.headers.get("Content-Type")?.startsWith("text/uri-list")) {
      const next = new URL(await answer.text(), location.href);
      sessionStorage.removeItem(key);
      if (next.pathname === location.pathname) location.replace(next);
      else location.assign(next);
      return;
    }
    if (answer.status !== 503) {
      submitAsBrowsersDo(body);
      return;
    }
  } catch {
    // No connection: below.
  } finally {
    sending = false;
  }
  wait(body);
}

function submitAsBrowsersDo(body) {
  const going = document.createElement("input");
  going.type = "hidden";
  going.name = "go";
  going.value = body.get("go");
  form.append(going);
  form.submit();
}

restore();
form.addEventListener("input", keep);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  keep();
  const body = new URLSearchParams(new FormData(form));
  body.set("go", event.submitter?.value ?? "next");
  send(body);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
