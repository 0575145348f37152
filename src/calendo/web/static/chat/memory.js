// What was said, for as long as the tab is open: a reload and a way to another page of the host keep it.

const MOST_KEPT = 60;

export class Memory {
  /** Conversations are those with one host's page. */
  constructor(page) {
    this.key = `calendo.chat.${page}`;
    this.#begin();
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key));
      if (Array.isArray(kept?.entries)) Object.assign(this, { session: kept.session, entries: kept.entries, settled: kept.settled });
    } catch {
      // What cannot be read is as good as nothing.
    }
  }

  /** Keep what a person wrote, `{ mine: true, text }`, or an answer, `{ text, action }`. */
  add(entry) {
    this.entries = [...this.entries, entry].slice(-MOST_KEPT);
    this.#keep();
  }

  /** Keep an answer of the API. */
  answered({ session_id: session, message, action }) {
    this.session = session;
    this.settled ||= Boolean(action?.event_slug);
    this.add({ text: message, action });
  }

  #keep() {
    try {
      const { session, entries, settled } = this;
      sessionStorage.setItem(this.key, JSON.stringify({ session, entries, settled }));
    } catch {
      // Where nothing may be stored it lasts as long as the page.
    }
  }

  /** Begin anew. */
  forget() {
    this.#begin();
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // Nothing is stored then.
    }
  }

  // `settled` says that an event type was spoken of.
  #begin() {
    Object.assign(this, { session: null, entries: [], settled: false });
  }
}
