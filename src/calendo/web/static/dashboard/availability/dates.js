// <dates-calendar>: the first and the last of some dates are chosen in a month, by mouse or by keys.
import { say } from "../elements.js";

class DatesCalendar extends HTMLElement {
  connectedCallback() {
    this.first = document.getElementById("first");
    this.last = document.getElementById("last");
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("swapped", () => this.#show());
    for (const field of [this.first, this.last]) field.addEventListener("change", () => this.#show());
    this.#show();
  }

  get #dates() {
    return [...this.querySelectorAll("a.date")];
  }

  #click(event) {
    const link = event.target.closest("a.date");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { date } = link.dataset;
    // The second of two is the last, unless it comes before the first.
    const goesOn = (this.isOpen || event.shiftKey) && this.first.value && date >= this.first.value;
    if (!goesOn) this.first.value = date;
    this.last.value = date;
    this.isOpen = !goesOn;
    this.#show();
    this.#reach(link);
    say(goesOn ? `${this.first.value} – ${date}` : date);
  }

  #key(event) {
    const link = event.target.closest("a.date");
    const dates = this.#dates;
    const onward = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const steps = { ArrowLeft: -onward, ArrowRight: onward, ArrowUp: -7, ArrowDown: 7 };
    if (!link || !(event.key in steps)) return;
    event.preventDefault();
    const to = dates[dates.indexOf(link) + steps[event.key]];
    if (to) this.#reach(to);
  }

  #reach(link) {
    for (const date of this.#dates) date.tabIndex = date === link ? 0 : -1;
    link.focus();
  }

  #show() {
    const last = this.last.value || this.first.value;
    for (const date of this.#dates) {
      date.classList.toggle("chosen", this.first.value <= date.dataset.date && date.dataset.date <= last);
    }
    const reached = this.querySelector("a.date.chosen") ?? this.#dates[0];
    for (const date of this.#dates) date.tabIndex = date === reached ? 0 : -1;
  }
}

customElements.define("dates-calendar", DatesCalendar);
