// <calendo-booker page="jane-smith" event="30-minute-call">: the booker as an element of any page.

import { Api, CallError, patiently } from "./api.js";
import { Booker } from "./booker.js";
import { h, icon } from "./dom.js";
import { Booking, Moving } from "./tasks.js";
import { loadTable, speaker } from "./texts.js";
import { formatLocale } from "./when.js";

const LANGUAGES = ["de", "fr", "es", "pt", "ja"];
const STYLES = ["../tokens.css", "../controls.css", "./booker.css"];

export class CalendoBooker extends HTMLElement {
  static observedAttributes = ["page", "event"];

  connectedCallback() {
    this.shadow ??= this.attachShadow({ mode: "open" });
    this.#begin();
  }

  disconnectedCallback() {
    this.ended?.abort();
  }

  attributeChangedCallback(_name, before, after) {
    if (this.ended && before !== after) this.#begin();
  }

  /** Open the pop-up, where the element is a button. */
  open() {
    this.dialog?.showModal();
    this.begin?.();
  }

  /** Close the pop-up. */
  close() {
    this.dialog?.close();
  }

  /** Show the form for a time, given as ISO 8601 in UTC. */
  choose(time) {
    this.booker?.choose(time);
  }

  // The server it came from: three folders up from this file.
  get #server() {
    return new URL("../../../", import.meta.url).href;
  }

  get #isStandalone() {
    return this.hasAttribute("standalone");
  }

  async #begin() {
    this.ended?.abort();
    this.ended = new AbortController();
    const { signal } = this.ended;
    const given = this.#given();
    const language = given.language ?? this.lang ?? "";
    this.language = language || this.closest("[lang]")?.lang || navigator.language;
    this.t = speaker(given.texts ?? (await loadTable(this.language, LANGUAGES)));
    if (signal.aborted) return;
    this.shown = h("div", { class: "stage" });
    const kind = this.getAttribute("as") ?? "inline";
    const content = kind === "inline" ? [this.shown] : this.#popup(kind);
    this.#style(content);
    this.begin = () => {
      this.begin = null;
      this.#fill(given, signal);
    };
    if (kind === "inline") this.begin();
  }

  // Until the styles are there nothing is shown, and the first times are asked for already.
  async #style(content) {
    const links = STYLES.map((name) => h("link", { rel: "stylesheet", href: new URL(name, import.meta.url).href }));
    const settled = (link) => new Promise((resolve) => ["load", "error"].forEach((name) => link.addEventListener(name, resolve)));
    for (const element of content) element.hidden = true;
    this.shadow.replaceChildren(...links, ...content);
    await Promise.all(links.map(settled));
    for (const element of content) element.hidden = false;
  }

  // What the page around it knows already, so that nothing has to be fetched.
  #given() {
    const block = this.querySelector('script[type="application/json"]');
    return block ? JSON.parse(block.textContent) : {};
  }

  async #fill({ host, event_type: eventType, booking }, signal) {
    const api = new Api(this.#server);
    const [page, event] = [this.getAttribute("page") ?? "", this.getAttribute("event") ?? ""];
    const waiting = h("p", { class: "waiting", role: "status" }, this.t("One moment…"));
    if (!eventType) this.shown.replaceChildren(waiting);
    const tell = (trouble) => {
      waiting.textContent = trouble && trouble !== "slow" ? this.t("The server cannot be reached. Trying again…") : this.t("One moment…");
    };
    const locale = formatLocale(this.language);
    try {
      const known = eventType ? [host, eventType] : patiently(() => Promise.all([api.page(page), api.eventType(page, event)]), { tell, signal });
      const [knownHost, knownType] = await known;
      this.#tint(knownHost.colors);
      const { t } = this;
      const booker = new Booker({
        task: booking ? new Moving({ api, t, host, booking }) : new Booking({ api, t, page, eventType: knownType }),
        t,
        locale,
        host: knownHost,
        eventType: knownType,
        prefill: this.#isStandalone ? location.search : (this.getAttribute("prefill") ?? ""),
        zone: this.getAttribute("timezone"),
        heading: this.#isStandalone ? "h1" : "h2",
        ownsAddress: this.#isStandalone,
        emit: (name, detail) => this.#emit(name, detail),
      });
      this.booker = booker;
      this.shown.replaceChildren(booker.element);
      booker.start(signal);
      this.#emit("ready", { page, event });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CallError)) throw error;
      waiting.textContent = this.t("This can no longer be booked.");
      this.#emit("error", { code: error.code, message: error.message });
    }
  }

  // The page's own colours, below any that the page around it sets.
  #tint(colors) {
    for (const [name, value] of Object.entries(colors ?? {})) {
      if (CSS.supports("color", value)) this.style.setProperty(`--brand-${name}`, value);
    }
  }

  #popup(kind) {
    const text = this.textContent.trim() || this.t("Book a time");
    const opener = h("button", { type: "button", class: `main opener ${kind}`, part: "button", "aria-haspopup": "dialog", onclick: () => this.open() }, icon("calendar"), text);
    const close = h("button", { type: "button", class: "round close", "aria-label": this.t("Close"), onclick: () => this.close() }, icon("close"));
    this.dialog = h("dialog", { class: "popup", "aria-label": text, onclose: () => this.#emit("closed", {}) }, close, this.shown);
    // A click beside the content is one on the dialog itself.
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.close());
    return [opener, this.dialog];
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`calendo:${name}`, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("calendo-booker")) customElements.define("calendo-booker", CalendoBooker);
