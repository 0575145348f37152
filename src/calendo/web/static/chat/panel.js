// The conversation with the assistant: beside the page where there is room, else a sheet over its lower part.

import { Api, CallError } from "../booker/api.js";
import { h, icon } from "../booker/dom.js";
import { loadTable, speaker } from "../booker/texts.js";
import { formatLocale } from "../booker/when.js";
import { isZone, ownZone } from "../booker/zones.js";
import { Memory } from "./memory.js";

const LANGUAGES = ["de", "fr", "es", "pt", "ja"];
// A language model may take its time.
const PATIENCE_MS = 30_000;
const MOST_LETTERS = 10_000;
const ROOM_FOR_BOTH = "(min-width: 64rem)";

/** Make the panel of an element once its words and its style are there. */
export async function makePanel(element) {
  const style = h("link", { rel: "stylesheet", href: new URL("./chat.css", import.meta.url).href });
  const styled = new Promise((resolve) => ["load", "error"].forEach((name) => style.addEventListener(name, resolve)));
  document.head.append(style);
  const [table] = await Promise.all([loadTable(document.documentElement.lang, LANGUAGES, "chat/"), styled]);
  return new Panel(element, speaker(table));
}

class Panel {
  constructor(element, t) {
    Object.assign(this, { t, opener: element.button, page: element.getAttribute("page"), event: element.getAttribute("event") });
    this.api = new Api(new URL("../../../", import.meta.url).href, PATIENCE_MS);
    this.memory = new Memory(this.page);
    const locale = new Intl.Locale(formatLocale(document.documentElement.lang));
    this.locale = locale.region ? `${locale.language}-${locale.region}` : locale.language;
    this.#build();
    element.append(this.dialog);
    this.#retell();
    addEventListener("online", () => this.failed?.offline && this.#again());
  }

  toggle() {
    if (this.dialog.open) this.#close();
    else this.#open();
  }

  #build() {
    const { t } = this;
    this.log = h("div", { class: "chat-log", role: "log", "aria-label": t("Conversation"), tabindex: 0 });
    this.typing = h("p", { class: "chat-typing", role: "status" });
    this.trouble = h("div", { class: "chat-trouble", role: "alert" });
    this.field = h("textarea", { rows: 1, maxlength: MOST_LETTERS, "aria-label": t("Your message"), placeholder: t("When would suit you?"), enterkeyhint: "send" });
    this.sender = h("button", { class: "main", "aria-label": t("Send") }, icon("next"));
    const form = h("form", { class: "chat-form form", onsubmit: (event) => this.#submit(event) }, this.field, this.sender);
    this.anew = h("button", { type: "button", class: "chat-anew", onclick: () => this.#anew() }, t("Start over"));
    const close = h("button", { type: "button", class: "round", "aria-label": t("Close"), onclick: () => this.#close() }, icon("close"));
    const title = h("h2", { id: "chat-title" }, t("Find a time"));
    this.dialog = h("dialog", { class: "chat", "aria-labelledby": "chat-title" }, h("div", { class: "chat-bar" }, title, this.anew, close), this.log, this.typing, this.trouble, form);
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("close", () => this.#closed());
    // A click beside the sheet is one on the dialog itself.
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.#close());
  }

  // --- Open and closed ---

  #open() {
    if (matchMedia(ROOM_FOR_BOTH).matches) this.dialog.show();
    else this.dialog.showModal();
    this.opener.setAttribute("aria-expanded", "true");
    this.log.scrollTop = this.log.scrollHeight;
    this.field.focus();
  }

  #close() {
    this.dialog.close();
  }

  #closed() {
    this.opener.setAttribute("aria-expanded", "false");
    // Whoever chose a time is led to the booker instead.
    if (!this.isChosen) this.opener.focus();
    this.isChosen = false;
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.#close();
    } else if (event.key === "Enter" && !event.shiftKey && event.target === this.field) {
      event.preventDefault();
      this.#submit(event);
    }
  }

  // --- Saying ---

  #submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text || this.isBusy) return;
    this.field.value = "";
    this.#say(text);
  }

  #say(text) {
    if (this.isBusy) return;
    const entry = { mine: true, text };
    this.memory.add(entry);
    this.#show(entry);
    this.#send(text);
  }

  async #send(text) {
    this.#fail(null);
    this.#busy(true);
    try {
      let answer = await this.#ask(text);
      const isHere = answer.action?.event_types.find((one) => one.slug === this.event);
      // Whoever writes on the page of an event type means that one, until they speak of another.
      if (isHere && !this.memory.settled) {
        this.memory.settled = true;
        this.memory.session = answer.session_id;
        answer = await this.#ask(isHere.name);
      }
      this.memory.answered(answer);
      this.#busy(false);
      this.#show(this.memory.entries.at(-1));
    } catch (error) {
      this.#busy(false);
      if (!(error instanceof CallError)) throw error;
      this.#fail(error, text);
    }
  }

  #ask(message) {
    const session = this.memory.session ? { session_id: this.memory.session } : {};
    return this.api.post(["ai", "chat"], { booking_page_slug: this.page, message, timezone: this.#zone(), locale: this.locale, ...session });
  }

  // The booker's clock, where the address has one.
  #zone() {
    const asked = new URLSearchParams(location.search).get("timezone");
    return asked && isZone(asked) ? asked : ownZone();
  }

  #anew() {
    if (this.isBusy) return;
    this.memory.forget();
    this.#fail(null);
    this.#retell();
    this.field.focus();
  }

  // --- What went wrong ---

  #fail(error, text) {
    clearTimeout(this.patience);
    this.failed = error && { text, offline: error.kind === "unreachable" && !navigator.onLine };
    if (!error) {
      this.trouble.replaceChildren();
      return;
    }
    const again = h("button", { type: "button", onclick: () => again.ariaDisabled !== "true" && this.#again() }, this.t("Try again"));
    this.trouble.replaceChildren(h("p", {}, this.#what(error)), error.status === 404 ? "" : again);
    if (error.seconds) {
      again.setAttribute("aria-disabled", "true");
      this.patience = setTimeout(() => again.removeAttribute("aria-disabled"), error.seconds * 1000);
    }
  }

  #what({ kind, status, seconds }) {
    const { t } = this;
    if (this.failed.offline) return t("You seem to be offline. Your message is sent once you are back.");
    if (status === 404) return t("This can no longer be booked.");
    if (kind === "busy" && seconds) return t("That was a lot at once. Please try again in {n} s.", { n: seconds });
    if (kind === "refused") return t("Sorry, that was not understood. Please try other words.");
    return t("The assistant cannot be reached just now. Please try again in a moment.");
  }

  #again() {
    const { text } = this.failed;
    this.field.focus();
    this.#send(text);
  }

  // --- Showing ---

  #retell() {
    this.log.replaceChildren(this.#greeting());
    for (const entry of this.memory.entries) this.#show(entry);
    this.anew.hidden = !this.memory.entries.length;
  }

  #greeting() {
    const { t } = this;
    const ideas = [t("The next free time"), t("Next week in the morning"), t("Tuesday or Thursday after 3 pm")];
    const hello = h("p", {}, t("Write when it would suit you, as you would to a person. You get free times to choose from; nothing is booked before you say so."));
    return h("div", { class: "chat-answer" }, hello, this.#buttons(ideas.map((idea) => h("button", { type: "button", onclick: () => this.#pick(idea) }, idea))));
  }

  #show({ mine, text, action }) {
    const { t } = this;
    const who = h("span", { class: "chat-who" }, mine ? t("You:") : t("Assistant:"), " ");
    const words = h("p", { dir: "auto" }, who, text);
    const shown = h("div", { class: mine ? "chat-mine" : "chat-answer" }, words, action && this.#buttons(this.#offers(action)));
    this.log.append(shown);
    this.anew.hidden = false;
    // The beginning of a long answer is what is read first.
    this.log.scrollTop = Math.min(shown.offsetTop - this.log.offsetTop - 12, this.log.scrollHeight);
  }

  #buttons(buttons) {
    return buttons.length ? h("div", { class: "chat-offers" }, buttons) : null;
  }

  #offers({ event_slug: event, slots, event_types: types }) {
    return [
      ...slots.map((slot) => h("a", { class: "button", href: this.#address(event, slot), onclick: (click) => this.#choose(click, event, slot) }, slot.label)),
      ...types.map(({ name }) => h("button", { type: "button", onclick: () => this.#pick(name) }, name)),
    ];
  }

  #pick(text) {
    this.field.focus();
    this.#say(text);
  }

  #address(event, slot) {
    const kept = new URLSearchParams(location.search);
    const query = new URLSearchParams({ time: slot.start_time });
    for (const name of ["timezone", "lang"]) if (kept.get(name)) query.set(name, kept.get(name));
    return `/${this.page}/${event}?${query.toString().replaceAll("%3A", ":").replaceAll("%2F", "/")}`;
  }

  // On its own page the booker goes there by itself, and what was typed into it stays.
  #choose(click, event, slot) {
    const booker = document.querySelector("calendo-booker");
    const elsewhere = click.ctrlKey || click.metaKey || click.shiftKey;
    if (event !== this.event || elsewhere || !booker?.choose) return;
    click.preventDefault();
    if (this.dialog.matches(":modal")) {
      // Its event comes later than the booker's focus.
      this.isChosen = true;
      this.#close();
    }
    booker.choose(slot.start_time);
  }

  #busy(is) {
    this.isBusy = is;
    this.sender.setAttribute("aria-disabled", String(is));
    this.typing.replaceChildren(...(is ? [h("span", { class: "chat-dots", "aria-hidden": "true" }), this.t("Looking for times…")] : []));
  }
}
