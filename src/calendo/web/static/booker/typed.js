// What was typed into the form, for as long as the tab is open: a reload loses nothing.

const TEXTS = ["name", "email", "notes"];

export class Typed {
  /** Each event type of each page has a form of its own. */
  constructor(page, event) {
    this.key = `calendo.typed.${page}/${event}`;
  }

  /** Fill in what a draft leaves empty. */
  fill(draft) {
    const kept = this.#kept();
    for (const name of TEXTS) draft[name] ||= String(kept?.[name] ?? "");
    for (const [id, given] of Object.entries(kept?.answers ?? {})) {
      if (Array.isArray(given) && !draft.answers[id]?.some(Boolean)) draft.answers[id] = given;
    }
    return draft;
  }

  keep({ name, email, notes, answers }) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ name, email, notes, answers }));
    } catch {
      // Where nothing may be stored it lasts as long as the page.
    }
  }

  forget() {
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // Nothing is stored then.
    }
  }

  #kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      return null;
    }
  }
}
