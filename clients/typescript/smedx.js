// Written by `make clients` from the OpenAPI document: change nothing here.

const BUSY = [429, 503];
const FIRST_PAUSE = 500;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class SmedxError extends Error {
  constructor(message, problem = null, retryAfter = null) {
    super(message);
    this.name = "SmedxError";
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

export class Smedx {
  #url;
  #headers;
  #timeout;
  #retries;

  constructor(url, { key, timeout = 60000, retries = 3 } = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#headers = key ? { Authorization: `Bearer ${key}` } : {};
    this.#timeout = timeout;
    this.#retries = retries;
  }

  async #call(method, path, { body, query = {}, accepts = [200], repeatable = false }) {
    const told = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
    const search = told.length ? `?${new URLSearchParams(told)}` : "";
    const headers = body ? { ...this.#headers, "Content-Type": "application/json" } : this.#headers;
    for (let attempt = 0; ; attempt += 1) {
      const last = !repeatable || attempt >= this.#retries;
      let pause = FIRST_PAUSE * 2 ** attempt;
      try {
        const signal = AbortSignal.timeout(this.#timeout);
        const sent = { method, headers, body: body && JSON.stringify(body), signal };
        const response = await fetch(this.#url + path + search, sent);
        const { status } = response;
        if (accepts.includes(status)) return status === 204 ? null : await response.json();
        const after = Number(response.headers.get("Retry-After")) || null;
        if (last || !BUSY.includes(status)) {
          const problem = await response.json().catch(() => ({ status, title: response.statusText }));
          throw new SmedxError(`${problem.title}: ${problem.detail ?? ""}`, problem, after);
        }
        pause = Math.max(pause, (after ?? 0) * 1000);
      } catch (error) {
        if (error instanceof SmedxError) throw error;
        if (last) throw new SmedxError(`${method} ${path}: ${error.message}`);
      }
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  makePlan(body) {
    return this.#call("POST", `/v1/plans`, { body, repeatable: true });
  }

  recommend(body) {
    return this.#call("POST", `/v1/recommendations`, { body, repeatable: true });
  }

  recommendBatch(body) {
    return this.#call("POST", `/v1/recommendations/batch`, { body, repeatable: true });
  }

  deleteList(recommendationId) {
    return this.#call("DELETE", `/v1/recommendations/${encodeURIComponent(recommendationId)}`, { accepts: [204], repeatable: true });
  }

  recordEvents(body) {
    return this.#call("POST", `/v1/events`, { body, repeatable: true });
  }

  createProfile(body) {
    return this.#call("POST", `/v1/profiles`, { body, accepts: [201] });
  }

  getProfile(profileId) {
    return this.#call("GET", `/v1/profiles/${encodeURIComponent(profileId)}`, { repeatable: true });
  }

  replaceProfile(profileId, body) {
    return this.#call("PUT", `/v1/profiles/${encodeURIComponent(profileId)}`, { body, repeatable: true });
  }

  deleteProfile(profileId) {
    return this.#call("DELETE", `/v1/profiles/${encodeURIComponent(profileId)}`, { accepts: [204], repeatable: true });
  }

  exportProfile(profileId) {
    return this.#call("GET", `/v1/profiles/${encodeURIComponent(profileId)}/export`, { repeatable: true });
  }

  getConsent(profileId) {
    return this.#call("GET", `/v1/profiles/${encodeURIComponent(profileId)}/consent`, { repeatable: true });
  }

  setConsent(profileId, body) {
    return this.#call("PUT", `/v1/profiles/${encodeURIComponent(profileId)}/consent`, { body, repeatable: true });
  }

  listPlatforms(query) {
    return this.#call("GET", `/v1/platforms`, { query, repeatable: true });
  }

  getPlatform(platformId, query) {
    return this.#call("GET", `/v1/platforms/${encodeURIComponent(platformId)}`, { query, repeatable: true });
  }

  similarPlatforms(platformId, query) {
    return this.#call("GET", `/v1/platforms/${encodeURIComponent(platformId)}/similar`, { query, repeatable: true });
  }

  getQuestionnaire(query) {
    return this.#call("GET", `/v1/questionnaire`, { query, repeatable: true });
  }

  live() {
    return this.#call("GET", `/health/live`, { repeatable: true });
  }

  ready() {
    return this.#call("GET", `/health/ready`, { accepts: [200, 503], repeatable: true });
  }
}
