// The time zone: which one it is, and a search for another.

import { h, icon } from "./dom.js";
import { offsetText, timeText } from "./when.js";

const MOST_SHOWN = 60;

/** The browser's zone, or UTC where it does not know its own. */
export function ownZone() {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return isZone(timeZone) ? timeZone : "UTC";
}

export function isZone(name) {
  try {
    // An offset such as "+01:00" is something else than a zone.
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

// Zones keep the names they were given first; people there have others by now.
const PRESENT = {
  Calcutta: "Kolkata",
  Katmandu: "Kathmandu",
  Rangoon: "Yangon",
  Saigon: "Ho Chi Minh City",
  Kiev: "Kyiv",
  Godthab: "Nuuk",
  Faeroe: "Faroe",
  Truk: "Chuuk",
  Ponape: "Pohnpei",
  Enderbury: "Kanton",
  Coral_Harbour: "Atikokan",
};

/** The place in a zone's name, such as "New York". */
export function city(zone) {
  const name = zone.split("/").at(-1);
  return PRESENT[name] ?? name.replaceAll("_", " ");
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function nameOf(locale, zone) {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "longGeneric" }).formatToParts(new Date());
  return parts.find((part) => part.type === "timeZoneName").value;
}

export class ZonePicker {
  /** `onzone(zone)` is told which one was chosen. */
  constructor({ t, locale, onzone }) {
    Object.assign(this, { t, locale, onzone });
    this.label = h("span", {});
    this.button = h(
      "button",
      { type: "button", class: "zone-button", "aria-haspopup": "dialog", "aria-expanded": "false" },
      icon("globe"),
      this.label,
      icon("down"),
    );
    this.input = h("input", {
      type: "text",
      role: "combobox",
      "aria-label": t("Search for a city or a time zone"),
      placeholder: t("Search for a city or a time zone"),
      "aria-expanded": "true",
      "aria-controls": "zones",
      "aria-autocomplete": "list",
      autocomplete: "off",
    });
    this.list = h("ul", { role: "listbox", id: "zones", "aria-label": t("Time zones") });
    this.none = h("p", { class: "quiet", role: "status" });
    this.panel = h("div", { class: "zone-panel", role: "dialog", "aria-label": t("Time zone"), hidden: true }, this.input, this.list, this.none);
    this.element = h("div", { class: "zone" }, this.button, this.panel);
    this.button.addEventListener("click", () => (this.panel.hidden ? this.#open() : this.#close()));
    this.input.addEventListener("input", () => this.#search());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#choose(event.target.closest("[role=option]")));
    this.element.addEventListener("focusout", (event) => {
      if (!this.panel.hidden && !this.element.contains(event.relatedTarget)) this.#close({ focus: false });
    });
  }

  show({ zone, clock }) {
    this.zone = zone;
    this.clock = clock;
    this.label.textContent = `${city(zone)} (${offsetText(this.locale, zone)})`;
    this.button.setAttribute("aria-label", `${this.t("Time zone")}: ${this.label.textContent}`);
  }

  #open() {
    // Naming all zones takes a moment, so it waits until somebody asks.
    this.all ??= [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", this.zone])].map((zone) => {
      const offset = offsetText(this.locale, zone);
      const name = nameOf(this.locale, zone);
      return { zone, offset, name, words: plain(`${zone.replaceAll("_", " ")} ${zone} ${city(zone)} ${name} ${offset}`) };
    });
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.input.value = "";
    this.#search();
    this.input.focus();
  }

  #close({ focus = true } = {}) {
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (focus) this.button.focus();
  }

  #search() {
    const words = plain(this.input.value).split(/\s+/).filter(Boolean);
    const found = this.all.filter((one) => words.every((word) => one.words.includes(word)));
    // Nothing typed: the present one first. Else cities of that name come before countries.
    const first = words.length ? ({ zone }) => plain(city(zone)).startsWith(words[0]) : ({ zone }) => zone === this.zone;
    found.sort((one, other) => first(other) - first(one));
    this.list.replaceChildren(
      ...found.slice(0, MOST_SHOWN).map(({ zone, name, offset }, index) =>
        h(
          "li",
          { role: "option", id: `zone-${index}`, "data-zone": zone, "aria-selected": String(zone === this.zone) },
          h("span", {}, city(zone), h("small", {}, name)),
          h("span", { class: "quiet" }, `${timeText(this.locale, Date.now(), { ...this.clock, zone })} ${offset}`),
        ),
      ),
    );
    this.none.textContent = found.length ? "" : this.t("No time zone is called that.");
    this.#mark(found.length ? 0 : -1);
  }

  #mark(index) {
    this.marked = index;
    const options = [...this.list.children];
    options.forEach((option, place) => option.classList.toggle("marked", place === index));
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }
  }

  #key(event) {
    const count = this.list.children.length;
    if (event.key === "Escape") {
      // A pop-up around the booker stays open.
      event.stopPropagation();
      event.preventDefault();
      this.#close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#choose(this.list.children[this.marked]);
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && count) {
      event.preventDefault();
      this.#mark((this.marked + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    }
  }

  #choose(option) {
    if (!option) return;
    this.#close();
    this.onzone(option.dataset.zone);
  }
}
