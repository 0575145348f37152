// The booking that was made: what it is, ways into the invitee's calendar, and links to move and cancel it.

import { placeName } from "./about.js";
import { h, icon, safeLink } from "./dom.js";
import { dateText, lengthText, localDate, timeText } from "./when.js";

export class Done {
  constructor({ t, locale, heading, ownsAddress, onagain }) {
    // A page of somebody else's stays where it is.
    const target = ownsAddress ? null : "_blank";
    Object.assign(this, { t, locale, heading, target, onagain });
    this.element = h("div", { class: "done-pane" });
  }

  show({ booking, host, eventType, clock }) {
    const { t } = this;
    const isPending = booking.status === "pending";
    this.title = h(this.heading, { class: "done-title", tabindex: "-1" }, isPending ? t("Requested") : t("It is booked"));
    this.element.replaceChildren(
      ...[
        h("div", { class: "seal" }, icon(isPending ? "clock" : "check")),
        this.title,
        h(
          "p",
          { class: "quiet" },
          isPending
            ? t("{host} still has to confirm this time. It is held for you meanwhile.", { host: host.display_name })
            : t("{host} is looking forward to meeting you.", { host: host.display_name }),
        ),
        this.#facts(booking, eventType, clock),
        !isPending && this.#calendars(booking, host),
        this.#onward(booking),
      ].filter(Boolean),
    );
  }

  focus() {
    this.title.focus();
  }

  #facts(booking, eventType, clock) {
    const { t, locale } = this;
    const start = instant(booking.start_time);
    const when = [
      dateText(locale, localDate(start, clock.zone)),
      h("br"),
      `${timeText(locale, start, { ...clock, offset: true })} · ${lengthText(locale, eventType.duration_minutes)}`,
    ];
    const link = safeLink(booking.location);
    const place = link
      ? h("a", { href: link, target: this.target, rel: "noreferrer" }, booking.location)
      : booking.location || placeName(t, booking.location_type);
    const rows = [
      [t("What"), booking.event_name],
      [t("When"), when],
      [t("Where"), place],
      [t("For"), `${booking.invitee_name}, ${booking.invitee_email}`],
    ];
    return h("dl", {}, rows.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  }

  #calendars(booking, host) {
    const { t } = this;
    const outside = { target: "_blank", rel: "noreferrer" };
    return h(
      "div",
      { class: "calendars" },
      h("p", { class: "quiet" }, t("Add to your calendar")),
      h("a", { class: "button", href: googleLink(booking, host), ...outside }, "Google"),
      h("a", { class: "button", href: outlookLink(booking, host), ...outside }, "Outlook"),
      h("a", { class: "button", href: fileLink(booking), download: true }, t("Calendar file (.ics)")),
    );
  }

  #onward(booking) {
    const { t } = this;
    return h(
      "div",
      { class: "onward" },
      h("p", {}, h("a", { href: booking.manage_url, target: this.target }, t("Move or cancel it")), h("br"), h("span", { class: "quiet" }, t("Keep this link; it is yours alone."))),
      h("button", { type: "button", onclick: this.onagain }, t("Book another time")),
    );
  }
}

/** Read the API's "2026-03-10 14:00:00", which is UTC. */
const instant = (text) => `${text.replace(" ", "T")}Z`;

// Outlook shows a plus sign as one, so a blank has to be %20.
const address = (page, query) => `${page}?${String(new URLSearchParams(query)).replaceAll("+", "%20")}`;

const compact = (text) => instant(text).replace(/[-:]/g, "");
const subject = (booking, host) => `${booking.event_name} (${host.display_name})`;

const fileLink = (booking) => booking.manage_url.replace(/\/manage\/([^/]+)$/, "/api/manage/$1/calendar.ics");

function googleLink(booking, host) {
  return address("https://calendar.google.com/calendar/render", {
    action: "TEMPLATE",
    text: subject(booking, host),
    dates: `${compact(booking.start_time)}/${compact(booking.end_time)}`,
    location: booking.location ?? "",
    details: booking.manage_url,
  });
}

function outlookLink(booking, host) {
  return address("https://outlook.live.com/calendar/0/deeplink/compose", {
    path: "/calendar/action/compose",
    rru: "addevent",
    subject: subject(booking, host),
    startdt: instant(booking.start_time),
    enddt: instant(booking.end_time),
    location: booking.location ?? "",
    body: booking.manage_url,
  });
}
