// A month as a grid: one day is in the tab order, and the arrow keys move from day to day.

import { h, icon } from "./dom.js";
import { addDays, addMonths, dateText, firstOf, lastOf, monthOf, weekday } from "./when.js";

const WEEK = 7;

export class Calendar {
  /** `onmonth(month, focus)` and `ondate(date)` are told what was chosen; `focus` is the day the keys went to. */
  constructor({ t, locale, start, onmonth, ondate }) {
    Object.assign(this, { t, locale, start, onmonth, ondate });
    this.title = h("h2", { id: "month", "aria-live": "polite" });
    this.back = h("button", { type: "button", class: "round", "aria-label": t("Previous month") }, icon("previous"));
    this.ahead = h("button", { type: "button", class: "round", "aria-label": t("Next month") }, icon("next"));
    this.back.addEventListener("click", () => this.#turn(-1));
    this.ahead.addEventListener("click", () => this.#turn(1));
    this.body = h("tbody");
    this.grid = h(
      "table",
      { role: "grid", class: "grid", "aria-labelledby": "month" },
      h("thead", {}, h("tr", { role: "row" }, this.#weekdays())),
      this.body,
    );
    this.grid.addEventListener("keydown", (event) => this.#key(event));
    this.element = h("div", { class: "calendar" }, h("div", { class: "bar" }, this.title, this.back, this.ahead), this.grid);
  }

  /** Show a month; `free` is the set of its dates with times, null while that is not known. */
  show({ month, today, free, chosen, focus = null }) {
    const hadFocus = this.body.contains(this.grid.getRootNode().activeElement);
    const kept = focus ?? (this.active && monthOf(this.active) === month ? this.active : null);
    Object.assign(this, { month, today, free, chosen });
    const firstFree = free && [...free].sort()[0];
    this.active = kept ?? [chosen, firstFree, today].find((date) => date && monthOf(date) === month) ?? firstOf(month);
    this.title.textContent = dateText(this.locale, firstOf(month), { month: "long", year: "numeric" });
    this.#enable(this.back, month > monthOf(today));
    this.grid.setAttribute("aria-busy", String(free === null));
    this.body.replaceChildren(...this.#weeks());
    if (hadFocus || focus) this.focus();
  }

  focus() {
    this.body.querySelector('[tabindex="0"]')?.focus();
  }

  // A button that is disabled would lose the focus of whoever has just pressed it.
  #enable(button, on) {
    button.setAttribute("aria-disabled", String(!on));
  }

  #turn(by) {
    if (by < 0 && this.month <= monthOf(this.today)) return;
    this.onmonth(addMonths(this.month, by), null);
  }

  #weekdays() {
    // The fourth of January is in the week that begins the year, wherever weeks begin.
    return Array.from({ length: WEEK }, (_, index) => {
      const date = addDays("2024-01-01", index + this.start - 1);
      const name = (width) => dateText(this.locale, date, { weekday: width });
      return h("th", { scope: "col", role: "columnheader", abbr: name("long") }, name("short"));
    });
  }

  #weeks() {
    const last = lastOf(this.month);
    const lead = (weekday(firstOf(this.month)) - this.start + WEEK) % WEEK;
    let date = addDays(firstOf(this.month), -lead);
    const weeks = [];
    while (date <= last) {
      const days = Array.from({ length: WEEK }, (_, index) => addDays(date, index));
      weeks.push(h("tr", { role: "row" }, days.map((day) => this.#cell(day))));
      date = addDays(date, WEEK);
    }
    return weeks;
  }

  #cell(date) {
    if (monthOf(date) !== this.month) return h("td", { role: "gridcell" });
    const isFree = this.free?.has(date) ?? false;
    const isChosen = date === this.chosen;
    const free = isFree ? this.t("times free") : this.t("no times free");
    const day = h(
      "button",
      {
        type: "button",
        class: "day",
        tabindex: date === this.active ? 0 : -1,
        "data-date": date,
        "aria-label": `${dateText(this.locale, date)}, ${free}`,
        "aria-disabled": isFree ? null : "true",
        "aria-current": date === this.today ? "date" : null,
        onclick: () => isFree && this.ondate(date),
      },
      new Intl.NumberFormat(this.locale).format(Number(date.slice(8))),
    );
    return h("td", { role: "gridcell", "aria-selected": String(isChosen) }, day);
  }

  #key(event) {
    const sign = getComputedStyle(this.grid).direction === "rtl" ? -1 : 1;
    // A day that was clicked has the focus without being the one in the tab order.
    const from = event.target.dataset.date ?? this.active;
    const place = (weekday(from) - this.start + WEEK) % WEEK;
    const moves = {
      ArrowLeft: -sign,
      ArrowRight: sign,
      ArrowUp: -WEEK,
      ArrowDown: WEEK,
      Home: -place,
      End: WEEK - 1 - place,
    };
    const months = { PageUp: -1, PageDown: 1 }[event.key];
    if (!(event.key in moves) && !months) return;
    event.preventDefault();
    this.active = from;
    this.#move(months ? this.#sameDay(months * (event.shiftKey ? 12 : 1)) : addDays(this.active, moves[event.key]));
  }

  #sameDay(months) {
    const month = addMonths(this.month, months);
    const date = `${month}${this.active.slice(7)}`;
    return date > lastOf(month) ? lastOf(month) : date;
  }

  #move(date) {
    const to = date < firstOf(monthOf(this.today)) ? firstOf(monthOf(this.today)) : date;
    if (monthOf(to) !== this.month) {
      this.onmonth(monthOf(to), to);
      return;
    }
    this.body.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    this.active = to;
    this.body.querySelector(`[data-date="${to}"]`).setAttribute("tabindex", "0");
    this.focus();
  }
}
