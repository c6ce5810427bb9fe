// A form survives a bad connection: it is sent until the service has it, and what is typed into a
// step is kept on this phone meanwhile. Without this script the browser sends the form.

const RETRY_MS = 5_000;
const PATIENCE_MS = 20_000;
const KEPT_MS = 24 * 3_600_000;  // as long as a volunteer's address works
const DOWN = [502, 503, 504];

const form = document.querySelector("form[data-waiting]");
const key = location.pathname.replace(/^\/\w+/, "");  // the same in both languages
const keeps = "keep" in form.dataset;
let pressed = "";  // the last button of a step
let again = false;  // whether it was pressed while the form was on its way
let sending = false;
let timer = 0;

function forget(isGone) {
  for (const each of Object.keys(localStorage)) if (isGone(each)) localStorage.removeItem(each);
}

function isOld(each) {
  if (!each.startsWith("/")) return false;
  const { at } = JSON.parse(localStorage.getItem(each));
  return !(Date.now() - at < KEPT_MS);
}

function keep() {
  if (!keeps) return;
  localStorage.setItem(key, JSON.stringify({ at: Date.now(), told: [...new FormData(form)] }));
}

function restore() {
  const kept = keeps && localStorage.getItem(key);
  if (!kept) return;
  const { told } = JSON.parse(kept);
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

// The form as it is now: it may have been changed since it was sent.
function told() {
  const body = new URLSearchParams(new FormData(form));
  if (pressed) body.set("go", pressed);
  return body.toString();
}

function say(text) {
  const note = document.querySelector("#waiting") ?? document.createElement("p");
  note.id = "waiting";
  note.className = "status";
  note.setAttribute("role", "status");
  if (!note.isConnected) (form.querySelector(".buttons") ?? form).before(note);
  note.textContent = text;
}

function sendLater() {
  clearTimeout(timer);
  timer = setTimeout(send, RETRY_MS);
}

async function post(body) {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { Accept: "text/uri-list" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const tells = answer.headers.get("Content-Type")?.startsWith("text/uri-list");
    return { status: answer.status, place: tells ? await answer.text() : "" };
  } catch {
    return { status: 0, place: "" };  // no connection
  }
}

async function send() {
  clearTimeout(timer);
  timer = 0;
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  again = false;
  const body = told();
  const { status, place } = await post(body);
  if (!status || DOWN.includes(status)) {
    sending = false;
    say(status ? form.dataset.down : form.dataset.waiting);
    sendLater();
  } else if (body !== told()) {
    sending = false;
    if (again) send();
    else sendLater();
  } else if (place) {
    go(new URL(place, location.href));
  } else {
    submitAsBrowsersDo();
  }
}

function go(next) {
  const stays = next.pathname === location.pathname;
  const { forget: owned } = form.dataset;  // once it is handed over
  forget((each) => each === key || (owned && !stays && each.includes(owned)));
  if (stays) location.replace(next);
  else location.assign(next);
}

function submitAsBrowsersDo() {
  if (pressed) {
    const going = Object.assign(document.createElement("input"), { type: "hidden", name: "go" });
    going.value = pressed;
    form.append(going);
  }
  form.submit();
}

forget(isOld);
restore();
form.addEventListener("input", () => {
  keep();
  if (timer) sendLater();  // not while somebody is typing
});
form.addEventListener("submit", (event) => {
  keep();
  event.preventDefault();
  pressed = event.submitter?.name ? event.submitter.value : pressed || (keeps ? "next" : "");
  send();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
