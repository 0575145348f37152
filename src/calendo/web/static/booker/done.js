// The booking that was made: what it is, ways into the invitee's calendar, and links to move and cancel it.

import { h, icon, safeLink } from "./dom.js";
import { dateText, lengthText, localDate, timeText } from "./when.js";

export class Done {
  constructor({ t, locale, heading, onagain }) {
    Object.assign(this, { t, locale, heading, onagain });
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
    const place = link ? h("a", { href: link, rel: "noreferrer" }, booking.location) : booking.location;
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
    const file = URL.createObjectURL(new Blob([calendarFile(booking, host)], { type: "text/calendar" }));
    const outside = { target: "_blank", rel: "noreferrer" };
    return h(
      "div",
      { class: "calendars" },
      h("p", { class: "quiet" }, t("Add to your calendar")),
      h("a", { class: "button", href: googleLink(booking, host), ...outside }, "Google"),
      h("a", { class: "button", href: outlookLink(booking, host), ...outside }, "Outlook"),
      h("a", { class: "button", href: file, download: "booking.ics" }, t("Calendar file (.ics)")),
    );
  }

  #onward(booking) {
    const { t } = this;
    return h(
      "div",
      { class: "onward" },
      h("p", {}, h("a", { href: booking.manage_url }, t("Move or cancel it")), h("br"), h("span", { class: "quiet" }, t("Keep this link; it is yours alone."))),
      h("button", { type: "button", onclick: this.onagain }, t("Book another time")),
    );
  }
}

/** Read the API's "2026-03-10 14:00:00", which is UTC. */
export const instant = (text) => `${text.replace(" ", "T")}Z`;

const compact = (text) => instant(text).replace(/[-:]/g, "");
const subject = (booking, host) => `${booking.event_name} (${host.display_name})`;

export function googleLink(booking, host) {
  const query = new URLSearchParams({
    action: "TEMPLATE",
    text: subject(booking, host),
    dates: `${compact(booking.start_time)}/${compact(booking.end_time)}`,
    location: booking.location ?? "",
    details: booking.manage_url,
  });
  return `https://calendar.google.com/calendar/render?${query}`;
}

export function outlookLink(booking, host) {
  const query = new URLSearchParams({
    path: "/calendar/action/compose",
    rru: "addevent",
    subject: subject(booking, host),
    startdt: instant(booking.start_time),
    enddt: instant(booking.end_time),
    location: booking.location ?? "",
    body: booking.manage_url,
  });
  return `https://outlook.live.com/calendar/0/deeplink/compose?${query}`;
}

/** Write an iCalendar file (RFC 5545) with the booking in it. */
export function calendarFile(booking, host) {
  const text = (value) => value.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Calendo//Booking page//EN",
    "BEGIN:VEVENT",
    `UID:${booking.uid}`,
    `DTSTAMP:${compact(new Date().toISOString().slice(0, 19))}`,
    `DTSTART:${compact(booking.start_time)}`,
    `DTEND:${compact(booking.end_time)}`,
    `SUMMARY:${text(subject(booking, host))}`,
    booking.location && `LOCATION:${text(booking.location)}`,
    `DESCRIPTION:${text(booking.manage_url)}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.filter(Boolean).map(folded).join("\r\n") + "\r\n";
}

// A line holds 75 bytes; the rest follows on lines that begin with a blank.
function folded(line) {
  const encoder = new TextEncoder();
  const parts = [""];
  for (const char of line) {
    const last = parts.at(-1) + char;
    if (encoder.encode(last).length > 74) parts.push(char);
    else parts[parts.length - 1] = last;
  }
  return parts.join("\r\n ");
}
