// Calls the public API, and tries again where that can help.

const PATIENCE_MS = 15_000;
const SLOW_MS = 4_000;
const LONGEST_PAUSE_S = 30;

/** A call that did not succeed. `passing` says that it may succeed later. */
export class CallError extends Error {
  constructor(kind, { status = 0, code = null, message = "", seconds = null } = {}) {
    super(message || kind);
    this.kind = kind;
    this.status = status;
    this.code = code;
    this.seconds = seconds;
  }

  get passing() {
    return this.kind === "unreachable" || this.kind === "busy";
  }
}

export class Api {
  /** `server` is the address of the server that answers, with a slash at its end. */
  constructor(server, patience = PATIENCE_MS) {
    Object.assign(this, { server, patience });
  }

  page = (page) => this.#call(["booking-pages", page]);
  eventType = (page, event) => this.#call(["booking-pages", page, event]);

  /** List the starts from one date to another, by the date in `zone`. */
  async starts(path, { first, last, zone, signal }) {
    const query = new URLSearchParams({ start: first, end: last, timezone: zone });
    const found = await this.#call(path, { query, signal });
    return new Map(Object.entries(found.starts));
  }

  /** Send JSON; a `key` makes repetitions of a call one. */
  post(path, body, key = null) {
    const headers = { "Content-Type": "application/json", ...(key && { "Idempotency-Key": key }) };
    return this.#call(path, { init: { method: "POST", headers, body: JSON.stringify(body) } });
  }

  async #call(path, { query = "", init = {}, signal } = {}) {
    const url = new URL(`api/${path.map(encodeURIComponent).join("/")}`, this.server);
    url.search = query;
    const ends = [AbortSignal.timeout(this.patience), ...(signal ? [signal] : [])];
    let response;
    let body;
    try {
      response = await fetch(url, { credentials: "omit", ...init, signal: AbortSignal.any(ends) });
      body = await response.json();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new CallError("unreachable");
    }
    if (response.ok) return body;
    const { status } = response;
    const seconds = Number.parseInt(response.headers.get("Retry-After"), 10) || null;
    const told = { status, code: body.code, message: typeof body.error === "string" ? body.error : "", seconds };
    const kinds = { 429: "busy", 503: "busy" };
    throw new CallError(kinds[status] ?? (status >= 500 ? "unreachable" : "refused"), told);
  }
}

/**
 * Try until it succeeds or cannot succeed.
 *
 * `tell(trouble, seconds)` hears what is the matter: "slow", "offline", "unreachable", "busy", or null
 * when it is over. `attempts` bounds how often it is tried.
 */
export async function patiently(work, { tell, signal, attempts = Infinity }) {
  let pause = 1;
  for (let attempt = 1; ; attempt += 1) {
    const slow = setTimeout(() => tell("slow"), SLOW_MS);
    try {
      const result = await work();
      tell(null);
      return result;
    } catch (error) {
      if (signal?.aborted || !(error instanceof CallError) || !error.passing || attempt >= attempts) throw error;
      const seconds = error.seconds ?? pause;
      tell(error.kind === "unreachable" && !navigator.onLine ? "offline" : error.kind, seconds);
      await waited(seconds, signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_S);
    } finally {
      clearTimeout(slow);
    }
  }
}

// Over at once when the network comes back.
function waited(seconds, signal) {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const end = (settle) => () => {
      clearTimeout(timer);
      ended.abort();
      settle(signal?.reason);
    };
    const timer = setTimeout(end(resolve), seconds * 1000);
    addEventListener("online", end(resolve), { signal: ended.signal });
    signal?.addEventListener("abort", end(reject), { signal: ended.signal });
  });
}
