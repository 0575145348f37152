// What the booker is there for: to book a time, or to move a booking to another one.

import { Typed } from "./typed.js";

const LONGEST = { name: 200, email: 254 };

const asked = (id, label, more) => ({ id, label, required: true, options: [], longest: LONGEST[id], ...more });

/** Book a time: `send` gives the booking. */
export class Booking {
  constructor({ api, t, page, eventType }) {
    Object.assign(this, { api, t, page, eventType, typed: new Typed(page, eventType.slug) });
  }

  get title() {
    return this.t("Your details");
  }

  get label() {
    return this.eventType.requires_confirmation ? this.t("Ask for this time") : this.t("Book this time");
  }

  get questions() {
    const { t } = this;
    return [
      asked("name", t("Your name"), { type: "text", completion: "name" }),
      asked("email", t("Your e-mail address"), { type: "email", completion: "email" }),
      ...this.eventType.questions.map((question) => ({ ...question, id: `answers.${question.id}` })),
      asked("notes", t("Anything else?"), { type: "textarea", required: false }),
    ];
  }

  starts(range) {
    return this.api.starts(["availability", this.page, this.eventType.slug], range);
  }

  /** A repeated call with the same key books once only. */
  async send(values, { start, zone, language, key }) {
    const body = { ...values, start_time: start, timezone: zone, locale: language };
    return (await this.api.post(["book", this.page, this.eventType.slug], body, key)).booking;
  }
}

/** Move the booking that a token is for; then it is shown at `leadsTo`. */
export class Moving {
  constructor({ api, t, host, booking }) {
    Object.assign(this, { api, t, host, token: booking.token, former: booking.start_time });
  }

  get title() {
    return this.t("Move your booking?");
  }

  get label() {
    return this.t("Move it");
  }

  get questions() {
    const label = this.t("What shall {host} know?", { host: this.host.display_name });
    return [asked("reason", label, { type: "textarea", required: false })];
  }

  get leadsTo() {
    return `${this.api.server}manage/${this.token}`;
  }

  starts(range) {
    return this.api.starts(["manage", this.token, "availability"], range);
  }

  /** Moving twice to the same time is moving once. */
  async send({ reason }, { start }) {
    return (await this.api.post(["manage", this.token, "reschedule"], { start_time: start, reason })).booking;
  }
}
