/* <smedx-recommendations>: platforms that suit a business, on any website (docs/developers.md).
   Everything it shows is set as text, never as markup. */
(() => {
const SCRIPT = document.currentScript?.src;
const STORE = "smedx-events";

const TEXTS = {
  vi: {
    title: "Nền tảng hợp với bạn",
    loading: "Đang tìm nền tảng hợp với bạn…",
    loaded: "{n} nền tảng hợp với bạn",
    empty: "Bạn đang dùng hoặc đã bỏ qua mọi nền tảng phù hợp.",
    offline: "Bạn đang ngoại tuyến. Danh sách sẽ hiện khi có mạng.",
    later: "Hiện chưa lấy được gợi ý. Hãy thử lại sau giây lát.",
    refused: "Không hiển thị được gợi ý trên trang này.",
    wrong: "Thông tin về doanh nghiệp chưa đúng.",
    retry: "Thử lại",
    why: "Vì sao",
    visit: "Xem trang web",
    save: "Hữu ích",
    dismiss: "Không hợp",
    adopt: "Tôi đang dùng",
    saved: "Cảm ơn bạn. Đã ghi nhận {name} hữu ích.",
    dismissed: "Đã bỏ {name} khỏi danh sách của bạn.",
    adopted: "Đã ghi nhận: bạn dùng {name}.",
    explore: "đưa ra để tìm hiểu xem có hợp với những nơi giống bạn không",
    few: "Trong 100 nơi giống bạn có xem qua, chưa đến 1 nơi chọn dùng",
    chance: "Trong 100 nơi giống bạn có xem qua, khoảng {n} nơi chọn dùng",
    fair: "Không ai có thể trả tiền để được xếp cao hơn.",
  },
  en: {
    title: "Platforms that suit you",
    loading: "Looking for platforms that suit you…",
    loaded: "{n} platforms suit you",
    empty: "You use or set aside everything that fits.",
    offline: "You are offline. The list comes when you are online.",
    later: "There is no answer at the moment. Try again soon.",
    refused: "Suggestions cannot be shown on this page.",
    wrong: "What is told of the business is not right.",
    retry: "Try again",
    why: "Why",
    visit: "Visit website",
    save: "Useful",
    dismiss: "Not for us",
    adopt: "We use it",
    saved: "Thank you. {name} is noted as useful.",
    dismissed: "{name} is no longer on your list.",
    adopted: "Noted: you use {name}.",
    explore: "shown to learn whether it suits businesses like yours",
    few: "Of 100 businesses like yours that look at it, fewer than 1 chooses it",
    chance: "Of 100 businesses like yours that look at it, about {n} choose it",
    fair: "Nobody can pay to be ranked higher.",
  },
};

// On light and on dark; a page may set each as --smedx-NAME.
const COLOURS = [
  ["ink", "#1c2422", "#ecebe5"], ["muted", "#56615c", "#aab4af"], ["paper", "#fff", "#1b2220"],
  ["line", "#dcd8cd", "#37423e"], ["brand", "#0b5c4b", "#83d8c0"],
  ["on-brand", "#fff", "#06241c"], ["focus", "#1d4ed8", "#ffd54a"],
];
const colours = (pick) => COLOURS.map(([name, ...both]) =>
  `--${name}: var(--smedx-${name}, ${pick(...both)});`).join("");

const CSS = `
  :host { ${colours((light) => light)} display: block; container-type: inline-size;
    font: var(--smedx-font, 1rem/1.55 system-ui, "Segoe UI", "Noto Sans", sans-serif);
    color: var(--ink); overflow-wrap: break-word; }
  @supports (color: light-dark(#000, #fff)) {
    :host { ${colours((light, dark) => `light-dark(${light}, ${dark})`)} } }
  @media (prefers-contrast: more) { :host { --muted: var(--ink); --line: var(--ink); } }
  :host([hidden]) { display: none; }
  * { box-sizing: border-box; }
  section { padding: 1rem; border: 1px solid var(--line); border-radius: .75rem;
    background: var(--paper); }
  #title { margin: 0 0 .5rem; font-size: 1.3em; line-height: 1.3; }
  .name { margin: 0; font-size: 1.1em; }
  p { margin: .35rem 0; }
  .fine, .tag { color: var(--muted); font-size: .9em; }
  .tag { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; }
  .chance { font-weight: 600; }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    white-space: nowrap; }
  ol, ul { margin: 0; padding: 0; list-style: none; }
  ul { padding-left: 1.2rem; list-style: disc; }
  ol > li { padding: 1rem 0; border-top: 1px solid var(--line); }
  .actions { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
  .actions > * { flex: 1 1 40%; min-height: 2.75rem; padding: .5rem .25rem; font: inherit;
    font-weight: 600; font-size: .95em; text-align: center; text-decoration: none; cursor: pointer;
    color: var(--brand); background: transparent; border: 2px solid var(--brand);
    border-radius: .5rem; }
  .actions > a, [aria-pressed=true] { color: var(--on-brand) !important;
    background: var(--brand) !important; }
  :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
  @container (min-width: 30rem) { section { padding: 1.25rem; }
    .actions > * { flex: 0 1 auto; padding: .5rem .9rem; } }`;

const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
};

const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0")).join("");

/** Events on their way. They are kept until they are stored: each has an id, and counts once. */
class Outbox {
  constructor(api, headers) {
    this.api = api;
    this.headers = headers;
    this.tries = 0;
    this.kept = [];
  }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(STORE));
      if (Array.isArray(kept) && !this.unstored) this.kept = kept.filter((each) => each?.event);
    } catch { /* Without storage they are kept as long as the page. */ }
    return this.kept;
  }

  write(kept) {
    this.kept = kept.slice(-100);
    try {
      localStorage.setItem(STORE, JSON.stringify(this.kept));
      this.unstored = false;
    } catch {
      this.unstored = true;
    }
  }

  add(event) {
    this.write([...this.read(), { api: this.api, event }]);
    this.flush();
  }

  async flush() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    let pause = 0, next;
    // One at a time, as a wrong one must not hold up the others; more may be added meanwhile.
    while (!pause && (next = this.read().find((each) => each.api === this.api))) {
      const { id } = next.event;
      pause = await this.send(next.event);
      if (!pause) this.write(this.read().filter((each) => each.event.id !== id));
    }
    this.busy = false;
    this.tries = pause ? this.tries + 1 : 0;
    if (pause && pause < Infinity) this.timer = setTimeout(() => this.flush(), pause * 1000);
  }

  /** Return the seconds until it is to be sent again; 0 if never. */
  async send(event) {
    const later = Math.min(2 ** this.tries, 60);
    try {
      const body = JSON.stringify({ events: [event] });
      const sent = { method: "POST", headers: this.headers, body, keepalive: true };
      const { ok, status, headers } = await fetch(`${this.api}/v1/events`, sent);
      if (status === 401 || status === 403) return Infinity; // until another key
      const again = status === 408 || status === 429 || status >= 500;
      return ok || !again ? 0 : Math.max(later, Number(headers.get("Retry-After")) || 0);
    } catch {
      return later;
    }
  }
}

class SmedxRecommendations extends HTMLElement {
  static observedAttributes = ["api", "key", "locale", "profile", "profile-id", "consent",
    "n", "heading"];

  constructor() {
    super();
    const sheet = new CSSStyleSheet(); // a style element would need `unsafe-inline`
    sheet.replaceSync(CSS);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.online = () => (this.failed ? this.load() : this.outbox?.flush());
    this.leaving = () => this.outbox?.flush();
  }

  connectedCallback() {
    addEventListener("online", this.online);
    addEventListener("pagehide", this.leaving);
    this.attributeChangedCallback();
  }

  disconnectedCallback() {
    removeEventListener("online", this.online);
    removeEventListener("pagehide", this.leaving);
    this.abort?.abort();
  }

  attributeChangedCallback() {
    if (this.due || !this.isConnected) return;
    this.due = true; // several attributes change together
    queueMicrotask(() => {
      this.due = false;
      if (this.isConnected) this.load();
    });
  }

  get locale() {
    const around = this.closest("[lang]");
    const told = this.getAttribute("locale") || around?.lang || "vi";
    return told.toLowerCase().startsWith("en") ? "en" : "vi";
  }

  say(name, values = {}) {
    return TEXTS[this.locale][name].replace(/\{(\w+)\}/g, (_, place) => values[place]);
  }

  async load() {
    this.abort?.abort();
    const abort = (this.abort = new AbortController());
    this.failed = false;
    const api = (this.getAttribute("api") || new URL(SCRIPT).origin).replace(/\/+$/, "");
    const key = this.getAttribute("key");
    const headers = { "Content-Type": "application/json" };
    if (key) headers.Authorization = `Bearer ${key}`;
    this.outbox = new Outbox(api, headers);
    this.outbox.flush();
    this.frame();
    try {
      const answer = await this.ask(api, headers, abort.signal);
      if (!abort.signal.aborted) this.show(answer);
    } catch (error) {
      if (!abort.signal.aborted) this.fail(error);
    }
  }

  async ask(api, headers, signal) {
    const id = this.getAttribute("profile-id");
    const about = id ? { profile_id: id } : { profile: JSON.parse(this.getAttribute("profile")) };
    const agreed = this.getAttribute("consent");
    if (agreed !== null && !id) about.consent = agreed.match(/\S+/g) || [];
    const n = Number(this.getAttribute("n")) || 5;
    const body = JSON.stringify({ ...about, n, locale: this.locale });
    const sent = { method: "POST", headers, body, signal };
    const answer = await fetch(`${api}/v1/recommendations`, sent);
    if (answer.ok) return answer.json();
    throw Object.assign(new Error(await answer.text()), { status: answer.status });
  }

  /** Draw what is there in every state; what changes is told in `live`. */
  frame() {
    this.level = Number(this.getAttribute("heading")) || 2;
    this.head = make(`h${this.level}`, { id: "title", tabindex: "-1" }, this.say("title"));
    this.live = make("p", { role: "status" }, this.say("loading"));
    this.content = make("div", {});
    const told = { lang: this.locale, "aria-labelledby": "title", "aria-busy": "true" };
    this.section = make("section", told, this.head, this.live, this.content);
    this.shadowRoot.replaceChildren(this.section);
  }

  tell(text, hidden = false) {
    this.live.className = hidden ? "hidden" : "";
    this.live.textContent = text;
  }

  show(answer) {
    this.section.setAttribute("aria-busy", "false");
    this.list = make("ol", { role: "list" });
    this.list.append(...answer.items.map((item) => this.card(answer, item)));
    this.tellCount(answer.items.length > 0);
    const notes = [answer.model.note, answer.probability_means, this.say("fair")];
    const fine = notes.filter(Boolean).map((note) => note.replace(/\.?$/, "."));
    this.content.replaceChildren(this.list, make("p", { class: "fine" }, fine.join(" ")));
    this.emit("loaded", { recommendation_id: answer.recommendation_id });
  }

  tellCount(hidden) {
    const n = this.list.childElementCount;
    this.tell(n ? this.say("loaded", { n }) : this.say("empty"), hidden);
  }

  card(answer, item) {
    const { platform, probability } = item;
    const n = Math.round(probability * 100);
    const chance = this.say(probability < 0.01 ? "few" : "chance", { n });
    const name = make(`h${this.level + 1}`, { class: "name", tabindex: "-1" },
      `${item.rank}. ${platform.name}`);
    const card = make("li", {}, name,
      make("p", { class: "fine" }, `${platform.category_name} · ${platform.provider}`),
      make("p", {}, `${platform.summary}.`),
      item.slot === "explore"
        ? make("p", {}, make("span", { class: "tag" }, this.say("explore"))) : null,
      make("ul", { "aria-label": this.say("why") },
        ...item.reasons.map((reason) => make("li", {}, reason.text))),
      probability === null ? null : make("p", { class: "chance" }, `${chance}.`));
    const send = (kind) => {
      const told = { kind, platform_id: platform.id, recommendation_id: answer.recommendation_id };
      this.outbox.add({ id: newId(), ...told, at: new Date().toISOString() });
      this.emit("feedback", told);
    };
    const act = (element, then) => {
      element.append(make("span", { class: "hidden" }, `: ${platform.name}`));
      element.addEventListener("click", then);
      return element;
    };
    const button = (kind, then) => act(make("button", { type: "button" }, this.say(kind)), then);
    const away = { href: platform.website, target: "_blank", rel: "noopener" };
    const visit = act(make("a", away, this.say("visit")), () => send("click"));
    const save = button("save", () => {
      if (save.getAttribute("aria-pressed") === "true") return;
      save.setAttribute("aria-pressed", "true");
      send("save");
      this.tell(this.say("saved", platform));
    });
    save.setAttribute("aria-pressed", "false");
    const leave = (kind, told) => button(kind, () => {
      send(kind);
      const next = card.nextElementSibling || card.previousElementSibling;
      card.remove();
      this.tell(this.say(told, platform));
      (next ? next.firstElementChild : this.head).focus();
      if (!next) this.tellCount(false);
    });
    card.append(make("div", { class: "actions" },
      platform.website && visit, save, leave("dismiss", "dismissed"), leave("adopt", "adopted")));
    return card;
  }

  fail(error) {
    const { status } = error;
    const wrong = error instanceof SyntaxError || (status >= 400 && status < 500 && status !== 429);
    const reason = status === 401 || status === 403 ? "refused" : wrong ? "wrong"
      : navigator.onLine ? "later" : "offline";
    // Browsers hide why another origin does not answer.
    console.error(`smedx-recommendations: ${status || error}`, error.message,
      status || wrong ? "" : "Is this page's origin one of the key's?");
    this.failed = true;
    this.section.setAttribute("aria-busy", "false");
    this.tell(this.say(reason));
    const retry = make("button", { type: "button" }, this.say("retry"));
    retry.addEventListener("click", () => {
      this.load();
      this.head.focus();
    });
    this.content.replaceChildren(make("div", { class: "actions" }, retry));
    this.emit("failed", { status: status || 0, reason });
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`smedx-${name}`, { bubbles: true, composed: true, detail }));
  }
}

const NAME = "smedx-recommendations";
if (!customElements.get(NAME)) customElements.define(NAME, SmedxRecommendations);
})();
