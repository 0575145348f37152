// The times of a day, and by which clock they are written.

import { h, icon } from "./dom.js";
import { dateText, labels } from "./when.js";

export class Times {
  /** `ontime(start)`, `onback()` and `onclock(twelve)` are told what was chosen. */
  constructor({ t, locale, ontime, onback, onclock }) {
    Object.assign(this, { t, locale, ontime });
    this.title = h("h2", { tabindex: "-1" });
    this.clocks = [true, false].map((twelve) =>
      h("button", { type: "button", onclick: () => onclock(twelve) }, twelve ? t("12 h") : t("24 h")),
    );
    this.choice = h("div", { class: "clocks", role: "group", "aria-label": t("Clock") }, this.clocks);
    this.list = h("ul", { class: "starts" });
    this.none = h("p", { class: "quiet" }, t("Nothing is free on this day."));
    this.element = h(
      "div",
      { class: "times-pane" },
      h(
        "div",
        { class: "bar" },
        h("button", { type: "button", class: "round back", "aria-label": t("Back to the month"), onclick: onback }, icon("previous")),
        this.title,
        this.choice,
      ),
      this.none,
      this.list,
    );
  }

  /** Show a date's starts; a date that is null is not chosen yet, starts that are null not known. */
  show({ date, starts, clock }) {
    this.choice.hidden = !date;
    this.none.hidden = !date || starts?.length !== 0;
    this.title.textContent = date ? dateText(this.locale, date, { weekday: "short", day: "numeric", month: "short" }) : "";
    this.title.setAttribute("aria-label", date ? dateText(this.locale, date) : this.t("Times"));
    this.clocks.forEach((button, index) => button.setAttribute("aria-pressed", String(clock.twelve === (index === 0))));
    const known = starts ?? [];
    const written = labels(this.locale, known, clock);
    this.list.replaceChildren(
      ...known.map((start, index) =>
        h("li", {}, h("button", { type: "button", class: "start", "data-start": start, onclick: () => this.ontime(start) }, written[index])),
      ),
    );
  }

  focus() {
    this.title.focus();
  }
}
