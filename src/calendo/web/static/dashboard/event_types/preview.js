// <type-preview>: the booker as invitees will see it, while the event type's form is filled in.

import { CallError } from "../../booker/api.js";
import { Booker } from "../../booker/booker.js";
import { writeAddress } from "../../booker/address.js";
import { h } from "../../booker/dom.js";
import { Booking } from "../../booker/tasks.js";
import { speaker } from "../../booker/texts.js";
import { formatLocale } from "../../booker/when.js";
import { followForm } from "../drafts.js";

const ADDRESS = "/app/event-types/preview";
const STYLES = ["../../tokens.css", "../../controls.css", "../../booker/booker.css"];

class TypePreview extends HTMLElement {
  connectedCallback() {
    const { host, event_type: eventType, texts } = JSON.parse(this.querySelector("script").textContent);
    Object.assign(this, { host, texts });
    this.form = this.closest(".with-preview").querySelector("form");
    this.stage = h("div", { class: "stage" });
    const links = STYLES.map((name) => h("link", { rel: "stylesheet", href: new URL(name, import.meta.url).href }));
    this.attachShadow({ mode: "open" }).append(...links, this.stage);
    for (const [name, color] of Object.entries(host.colors)) this.style.setProperty(`--brand-${name}`, color);
    this.#show(eventType);
    followForm(this.form, () => this.#ask());
    this.form.addEventListener("focusin", ({ target }) => target.closest("#questions") && this.#turnToQuestions());
  }

  async #ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const answer = await this.#post(ADDRESS, signal);
      if (!signal.aborted) this.#show(answer);
    } catch (error) {
      if (!signal.aborted && !(error instanceof CallError)) throw error;
    }
  }

  async #post(address, signal) {
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(this.form)), signal });
    } catch {
      throw new CallError("unreachable");
    }
    if (!answer.ok || !answer.headers.get("content-type").startsWith("application/json")) {
      throw new CallError(answer.status >= 500 ? "busy" : "refused");
    }
    return answer.json();
  }

  // It looks at the same day or time as before, as far as there is one.
  #show(eventType, { time = this.booker?.time } = {}) {
    const { month, date, zone, draft } = this.booker ?? {};
    this.ended?.abort();
    this.ended = new AbortController();
    const refuse = () => {
      throw new CallError("refused", { message: this.dataset.refusal });
    };
    const api = { starts: (_path, range) => this.#starts(range), post: refuse };
    const t = speaker(this.texts);
    this.eventType = eventType;
    this.booker = new Booker({
      task: new Booking({ api, t, page: this.host.slug, eventType }),
      t,
      locale: formatLocale(document.documentElement.lang),
      host: this.host,
      eventType,
      prefill: this.booker ? writeAddress("", { month, date, time, zone }) : "",
      zone: null,
      heading: "h3",
      ownsAddress: false,
      emit: () => {},
    });
    // What was tried out in it stays as well.
    if (draft) this.booker.draft = draft;
    this.stage.replaceChildren(this.booker.element);
    this.booker.start(this.ended.signal);
  }

  async #starts({ first, last, zone, signal }) {
    const query = new URLSearchParams({ start: first, end: last, timezone: zone });
    const { starts } = await this.#post(`${ADDRESS}/starts?${query}`, signal);
    const days = new Map(Object.entries(starts));
    this.first = days.values().next().value?.[0] ?? this.first;
    return days;
  }

  #turnToQuestions() {
    if (this.booker.time || !this.first) return;
    this.#show(this.eventType, { time: this.first });
  }
}

customElements.define("type-preview", TypePreview);
