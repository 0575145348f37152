// The conversation: a day, a time, who books it, and what came of it.

import { About } from "./about.js";
import { readAddress, writeAddress } from "./address.js";
import { CallError, patiently } from "./api.js";
import { Calendar } from "./calendar.js";
import { Done } from "./done.js";
import { h, icon } from "./dom.js";
import { Form } from "./form.js";
import { Months } from "./months.js";
import { Times } from "./times.js";
import { countsToTwelve, dateText, firstOf, localDate, monthOf, weekStart } from "./when.js";
import { ZonePicker, isZone, ownZone } from "./zones.js";

const WIDE_PX = 576;
const ATTEMPTS = 5;
const CLOCK_KEY = "calendo.clock";

export class Booker {
  /**
   * `task` is what is to be done, `host` and `eventType` are what the API says of them, and
   * `emit(name, detail)` tells the page around it.
   */
  constructor({ task, t, locale, host, eventType, prefill, zone, heading, ownsAddress, emit }) {
    Object.assign(this, { task, t, locale, host, eventType, heading, ownsAddress, emit });
    this.months = new Months((range) => task.starts(range));
    this.fixedZone = zone && isZone(zone) ? zone : null;
    const { draft } = readAddress(prefill);
    this.draft = task.typed?.fill(draft) ?? draft;
    this.twelve = this.#rememberedClock() ?? countsToTwelve(locale);
    this.#read(prefill);
    this.#build();
  }

  /** Begin, and stop listening when `signal` says so. */
  start(signal) {
    if (this.ownsAddress) addEventListener("popstate", () => this.#revisit(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#refresh(), { signal });
    const size = new ResizeObserver(() => this.#resize());
    size.observe(this.element);
    signal.addEventListener("abort", () => {
      size.disconnect();
      this.loading?.abort();
    });
    this.isWide = this.element.clientWidth >= WIDE_PX;
    if (this.time) this.form.show(this.draft);
    this.#load({ jump: !this.wasAsked });
  }

  get clock() {
    return { zone: this.zone, twelve: this.twelve };
  }

  get today() {
    return localDate(Date.now(), this.zone);
  }

  get step() {
    if (this.booking) return "done";
    if (this.time) return "form";
    return this.date ? "time" : "day";
  }

  #build() {
    const { t, locale, task } = this;
    this.about = new About(this);
    this.calendar = new Calendar({
      t,
      locale,
      start: weekStart(locale),
      onmonth: (month, focus) => this.#go({ month, date: null }, { focus }),
      ondate: (date) => this.#chooseDate(date),
    });
    this.times = new Times({
      t,
      locale,
      ontime: (time) => this.#chooseTime(time),
      onback: () => this.#back(),
      onclock: (twelve) => this.#setClock(twelve),
    });
    this.form = new Form({
      t,
      questions: task.questions,
      label: task.label,
      ontype: (draft) => task.typed?.keep(draft),
      onsend: (values) => this.#send(values),
    });
    this.done = new Done({ ...this, onagain: () => this.#again() });
    this.zones = new ZonePicker({ t, locale, onzone: (zone) => this.#setZone(zone) });
    this.trouble = h("p", { class: "notice", role: "status" });
    this.message = h("p", { class: "notice", role: "status" });
    this.empty = h("div", { class: "empty", role: "status" });
    this.formTitle = h("h2", { tabindex: "-1" }, task.title);
    const back = h(
      "button",
      { type: "button", class: "round", "aria-label": t("Back to the times"), onclick: () => this.#back() },
      icon("previous"),
    );
    this.element = h(
      "div",
      { class: "booker" },
      this.about.element,
      h("div", { class: "notices" }, this.trouble, this.message),
      h("div", { class: "month-pane" }, this.calendar.element, this.empty, this.zones.element),
      this.times.element,
      h("div", { class: "form-pane" }, h("div", { class: "bar" }, back, this.formTitle), this.form.element),
      this.done.element,
    );
  }

  #show({ focus = null } = {}) {
    const days = this.months.find(this.month, this.zone) ?? this.days;
    const softDate = this.isWide && !this.date && days ? ([...days.keys()].sort()[0] ?? null) : null;
    const date = this.date ?? softDate;
    this.element.dataset.step = this.step;
    this.about.show({ time: this.booking ? null : this.time, clock: this.clock });
    this.calendar.show({
      month: this.month,
      today: this.today,
      free: days && new Set(days.keys()),
      chosen: date,
      focus,
    });
    this.times.show({ date, starts: days && (days.get(date) ?? []), clock: this.clock });
    this.zones.show({ zone: this.zone, clock: this.clock });
    if (this.booking) this.done.show({ booking: this.booking, host: this.host, eventType: this.eventType, clock: this.clock });
  }

  // --- What is looked at ---

  #read(search) {
    const asked = readAddress(search);
    this.zone = asked.zone && isZone(asked.zone) ? asked.zone : (this.fixedZone ?? ownZone());
    this.isOwnZone = this.zone === (this.fixedZone ?? ownZone());
    this.time = asked.time;
    this.date = asked.time ? localDate(asked.time, this.zone) : asked.date;
    const former = this.task.former && localDate(this.task.former, this.zone);
    this.wasAsked = Boolean(this.date ?? asked.month);
    const month = this.date || !asked.month ? monthOf(this.date ?? former ?? this.today) : asked.month;
    this.month = month > monthOf(this.today) ? month : monthOf(this.today);
  }

  #write({ replace = false } = {}) {
    if (!this.ownsAddress) return;
    const { date, time } = this;
    const month = this.booking ? null : this.month;
    const search = writeAddress(location.search, { month, date, time, zone: this.isOwnZone ? null : this.zone });
    if (search === location.search) return;
    history[replace ? "replaceState" : "pushState"](null, "", `${location.pathname}${search}`);
  }

  // The address changed under us: back or forward.
  #revisit() {
    this.booking = null;
    this.#read(location.search);
    if (this.time) this.form.show(this.draft);
    this.#load();
  }

  #go(where, { focus = null } = {}) {
    this.say(null);
    Object.assign(this, where);
    this.#write();
    this.#load({ focus });
  }

  #chooseDate(date) {
    this.say(null);
    this.date = date;
    this.#write();
    this.#show();
    this.times.focus();
    this.emit("date", { date });
  }

  /** Go to a time that was chosen elsewhere; if it is not free, that is said. */
  choose(time) {
    this.booking = null;
    this.month = monthOf(localDate(time, this.zone));
    this.#chooseTime(time);
    this.#load();
  }

  #chooseTime(time) {
    this.say(null);
    this.date = localDate(time, this.zone);
    // Whoever goes back from here comes to the day, also where it was shown unasked.
    this.#write();
    this.time = time;
    this.#write();
    this.form.show(this.draft);
    this.#show();
    this.formTitle.focus();
    this.emit("time", { start_time: time });
  }

  #back() {
    const { step, date } = this;
    this.time = null;
    if (step === "time") this.date = null;
    this.#write();
    this.#load();
    if (step === "form") this.times.focus();
    else this.#show({ focus: date });
  }

  #setZone(zone) {
    this.zone = zone;
    this.isOwnZone = zone === (this.fixedZone ?? ownZone());
    // The same day may have no times on another clock; the month stays.
    this.date = null;
    this.time = null;
    this.#write({ replace: true });
    this.#load();
  }

  #setClock(twelve) {
    this.twelve = twelve;
    try {
      if (this.ownsAddress) localStorage.setItem(CLOCK_KEY, twelve ? "12" : "24");
    } catch {
      // Where nothing may be stored the choice lasts as long as the page.
    }
    this.#show();
  }

  #rememberedClock() {
    try {
      const kept = this.ownsAddress ? localStorage.getItem(CLOCK_KEY) : null;
      return kept && kept === "12";
    } catch {
      return null;
    }
  }

  #resize() {
    const isWide = this.element.clientWidth >= WIDE_PX;
    if (isWide === this.isWide) return;
    this.isWide = isWide;
    this.#show();
  }

  #again() {
    Object.assign(this, { booking: null, time: null, date: null });
    this.months.forget();
    this.#write({ replace: true });
    this.#load();
    this.calendar.focus();
  }

  // --- The month's times ---

  #refresh() {
    if (!this.booking && !this.months.find(this.month, this.zone)) this.#load({ quiet: true });
  }

  async #load({ jump = false, quiet = false, focus = null } = {}) {
    this.loading?.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    const { month, zone } = this;
    this.#offerNext(undefined);
    if (!quiet) this.days = null;
    this.#show({ focus });
    try {
      const patience = { tell: (...trouble) => this.#tell(...trouble), signal };
      this.days =
        this.months.find(month, zone) ??
        (await patiently(() => this.months.load(month, { zone, today: this.today, signal }), patience));
      if (this.time && !this.form.isBusy && !this.days.get(this.date)?.includes(this.time)) this.#lost();
      // The keys may have gone on meanwhile.
      this.#show();
      if (this.days.size) return;
      const next = await patiently(() => this.months.nextFree(month, { zone, signal }), patience);
      if (jump && next) this.#jump(next);
      else this.#offerNext(next);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
  }

  // An address that asks for no month begins where there is something to choose.
  #jump(date) {
    this.month = monthOf(date);
    this.say(this.t("The next free day is {date}.", { date: dateText(this.locale, date) }));
    this.#write({ replace: true });
    this.#load();
  }

  #offerNext(date) {
    const { t, locale } = this;
    if (date === undefined) {
      this.empty.replaceChildren();
      return;
    }
    const month = dateText(locale, firstOf(this.month), { month: "long", year: "numeric" });
    const nothing = h("p", {}, t("Nothing is free in {month}.", { month }));
    if (date === null) {
      this.empty.replaceChildren(nothing, h("p", { class: "quiet" }, t("Nor is there anything within a year from then.")));
      return;
    }
    const day = dateText(locale, date, { weekday: "long", day: "numeric", month: "long" });
    const go = () => this.#go({ month: monthOf(date), date: null }, { focus: date });
    this.empty.replaceChildren(nothing, h("button", { type: "button", class: "main", onclick: go }, t("Next free day: {date}", { date: day })));
  }

  #failed(error) {
    if (!(error instanceof CallError)) throw error;
    if (error.message.startsWith("timezone:") && this.zone !== "UTC") {
      // The browser knows a zone that the server does not.
      this.#setZone("UTC");
      return;
    }
    this.say(error.status === 404 ? this.t("This can no longer be booked.") : error.message);
    this.emit("error", { code: error.code, message: error.message });
  }

  // --- Booking ---

  async #send(values) {
    const wish = { start: this.time, zone: this.zone, language: this.#tag() };
    const text = JSON.stringify([values, wish]);
    // The same wish keeps its key, however often it has to be sent.
    if (this.sent?.text !== text) this.sent = { text, key: newKey() };
    this.form.busy(true);
    this.form.tell(null);
    try {
      const work = () => this.task.send(values, { ...wish, key: this.sent.key });
      this.booking = await patiently(work, { tell: (...trouble) => this.#tell(...trouble), attempts: ATTEMPTS });
    } catch (error) {
      this.#tell(null);
      this.#refused(error);
      return;
    } finally {
      this.form.busy(false);
    }
    this.#booked();
  }

  #booked() {
    if (this.task.leadsTo) {
      // Whoever goes back from there shall not find a form that was sent.
      location.replace(this.task.leadsTo);
      return;
    }
    this.task.typed.forget();
    this.say(null);
    this.months.forget();
    Object.assign(this, { days: null, time: null, date: null, draft: { ...this.draft, notes: "", answers: {} } });
    this.#write({ replace: true });
    this.#show();
    this.done.focus();
    // Its link is the invitee's alone.
    const { manage_url: _link, ...shared } = this.booking;
    this.emit(shared.status === "pending" ? "requested" : "booked", { booking: shared });
  }

  #refused(error) {
    if (!(error instanceof CallError)) throw error;
    const { t } = this;
    const known = {
      too_many_bookings: t("You have as many bookings here as one person can have. Please cancel one first."),
      too_late: t("It is too late for that here. Please get in touch with {host}.", { host: this.host.display_name }),
      booking_state: t("This booking can no longer be moved."),
      not_found: t("This can no longer be booked."),
    };
    this.emit("error", { code: error.code, message: error.message });
    if (error.code === "slot_unavailable") {
      this.months.forget();
      this.#lost();
      this.#load();
      this.times.focus();
    } else if (error.code in known) {
      this.form.tell(known[error.code]);
    } else if (error.kind === "refused") {
      this.form.refuse(error.message);
    } else {
      this.form.tell(t("That did not get through. Nothing you typed is lost; please try again."));
    }
  }

  // The time that was chosen is not on offer, or no longer.
  #lost() {
    this.time = null;
    this.#write({ replace: true });
    this.say(this.t("Sorry, this time has just been taken. Please choose another one; what you typed is kept."));
  }

  #tag() {
    const { language, region } = new Intl.Locale(this.locale);
    return region ? `${language}-${region}` : language;
  }

  // --- What is said on the way ---

  say(text) {
    this.message.textContent = text ?? "";
  }

  #tell(trouble, seconds) {
    const { t } = this;
    const told = {
      slow: t("This takes longer than usual…"),
      offline: t("You seem to be offline. This goes on by itself once you are back."),
      unreachable: t("The server cannot be reached. Trying again in {n} s…", { n: seconds }),
      busy: t("Many people are here at once. Trying again in {n} s…", { n: seconds }),
    };
    this.trouble.textContent = trouble ? told[trouble] : "";
  }
}

// Like crypto.randomUUID, which browsers keep from pages that came over http.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
