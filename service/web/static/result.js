// The result page without reloads: what is said to a platform is sent, and the list takes its new
// shape where the reader is. Without this script the same forms load the page again.

const place = () => document.querySelector("#main");

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  const answer = await fetch(form.action, { method: "POST", body, redirect: "follow" });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Puts the answer in place and leaves the reader where they were: at the same card, or at the one
// that took its place.
function show(answer, form) {
  const card = form.closest(".card");
  const number = card ? [...document.querySelectorAll(".card")].indexOf(card) : -1;
  const open = document.querySelector(".rest")?.open;
  place().replaceWith(document.adoptNode(answer.querySelector("#main")));
    if (open && document.querySelector(".rest")) document.querySelector(".rest").open = true;
  document.querySelector(".status")?.classList.add("toast");
  const same = card && document.getElementById(card.id);
  const heading = (same ?? document.querySelectorAll(".card")[number])?.querySelector("h3");
  heading?.focus({ preventScroll: Boolean(same) });
}

function say(text) {
  document.querySelector(".status")?.remove();
  const told = Object.assign(document.createElement("p"), { className: "status toast", textContent: text });
  told.setAttribute("role", "status");
  place().prepend(told);
}

async function listen(event) {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches(".actions") || form.dataset.sending) return;
  event.preventDefault();
  form.dataset.sending = "yes";
  try {
    show(await send(form, button), form);
  } catch (error) {
    delete form.dataset.sending;
    if (error instanceof TypeError) return say(document.querySelector("#list").dataset.offline); // no connection
    // The service says no: the browser's own way shows what is the matter.
    const told = { type: "hidden", name: button.name, value: button.value };
    form.append(Object.assign(document.createElement("input"), told));
    form.submit();
  }
}

// Opening "tell me more" is told once, as a view; it need not arrive.
function tellMore(event) {
  const more = event.target;
  if (!more.matches?.(".more") || !more.open || more.dataset.told) return;
  more.dataset.told = "yes";
  const form = more.querySelector("form");
  const body = new URLSearchParams(new FormData(form));
  body.set("kind", "view");
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
}

document.addEventListener("submit", listen);
document.addEventListener("toggle", tellMore, true);
