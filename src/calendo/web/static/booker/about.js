// Who is met and what for: the host, the event type, and the time once it is chosen.

import { h, icon } from "./dom.js";
import { dateText, lengthText, localDate, timeText } from "./when.js";

const PLACES = { google_meet: "video", zoom: "video", phone: "phone", custom: "place" };

/** Name a kind of place, such as "phone". */
export function placeName(t, kind) {
  return { google_meet: "Google Meet", zoom: "Zoom", phone: t("Phone call"), custom: t("As agreed") }[kind];
}

/** The first letters of the first and the last name. */
function initials(name) {
  const words = name.trim().split(/\s+/);
  const first = (word) => [...(word ?? "")][0] ?? "";
  return (first(words[0]) + (words.length > 1 ? first(words.at(-1)) : "")).toUpperCase();
}

export class About {
  constructor({ t, locale, host, eventType, task, heading, ownsAddress }) {
    const { location_type: place, duration_minutes: minutes, requires_confirmation: byHand } = eventType;
    Object.assign(this, { t, locale, former: task.former });
    this.now = h("p", { class: "former" });
    this.chosen = h("p", { class: "chosen", hidden: true });
    this.element = h(
      "div",
      { class: "about" },
      host.avatar_url
        ? h("img", { class: "initials", src: host.avatar_url, alt: "", width: 48, height: 48 })
        : h("span", { class: "initials", "aria-hidden": "true" }, initials(host.display_name)),
      h("p", { class: "host-name" }, ownsAddress ? h("a", { href: `/${host.slug}` }, host.display_name) : host.display_name),
      h(heading, { class: "event-name" }, eventType.name),
      h(
        "ul",
        { class: "facts" },
        h("li", {}, icon("clock"), lengthText(locale, minutes)),
        place && h("li", {}, icon(PLACES[place]), placeName(t, place)),
        byHand ? h("li", {}, icon("hand"), t("Confirmed by hand")) : null,
      ),
      eventType.description && h("p", { class: "description" }, eventType.description),
      task.former && h("div", {}, this.now, h("a", { href: task.leadsTo }, t("Keep it"))),
      this.chosen,
    );
  }

  show({ time, clock }) {
    this.chosen.hidden = !time;
    if (time) this.chosen.replaceChildren(icon("calendar"), this.#when(time, clock, "strong"));
    if (this.former) {
      const label = h("span", { class: "quiet" }, this.t("Your time until now"));
      this.now.replaceChildren(label, h("br"), h(time ? "s" : "span", {}, this.#when(this.former, clock, "span")));
    }
  }

  #when(time, clock, tag) {
    const date = dateText(this.locale, localDate(time, clock.zone));
    return h("span", {}, h(tag, {}, date), h("br"), timeText(this.locale, time, { ...clock, offset: true }));
  }
}
