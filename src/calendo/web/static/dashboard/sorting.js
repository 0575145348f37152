// <sorted-list data-moved="...">: rows in an order of one's own, dragged by their grips or moved by the arrow keys.
//
// Rows are its children with data-row, and each has a button .grip. After a row was moved and let go
// it says so by an event "sorted".

import { say } from "./elements.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

class SortedList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("pointerdown", (event) => this.#grab(event));
    this.show();
  }

  /** Show the grips; of rows that were added as well. */
  show() {
    for (const grip of this.querySelectorAll(".grip")) grip.hidden = false;
  }

  get rows() {
    return [...this.querySelectorAll("[data-row]")];
  }

  /** Put a row at a place, counted from 0. */
  move(row, place) {
    const others = this.rows.filter((other) => other !== row);
    const to = Math.min(Math.max(place, 0), others.length);
    if (this.rows[to] === row) return false;
    if (to === others.length) others.at(-1).after(row);
    else others[to].before(row);
    return true;
  }

  #key(event) {
    const grip = event.target.closest(".grip");
    if (!grip || !(event.key in STEPS)) return;
    event.preventDefault();
    const row = grip.closest("[data-row]");
    if (!this.move(row, this.rows.indexOf(row) + STEPS[event.key])) return;
    // Being moved in the page a button loses the focus.
    grip.focus();
    this.#tell(row);
  }

  #grab(event) {
    const grip = event.target.closest(".grip");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    grip.focus();
    const row = grip.closest("[data-row]");
    const before = this.rows.indexOf(row);
    const ended = new AbortController();
    const { signal } = ended;
    row.classList.add("dragged");
    const drag = ({ clientY }) => {
      const others = this.rows.filter((other) => other !== row);
      this.move(row, others.filter((other) => middle(other) < clientY).length);
    };
    const drop = () => {
      ended.abort();
      row.classList.remove("dragged");
      grip.focus();
      if (this.rows.indexOf(row) !== before) this.#tell(row);
    };
    addEventListener("pointermove", drag, { signal });
    addEventListener("pointerup", drop, { signal });
    addEventListener("pointercancel", drop, { signal });
  }

  #tell(row) {
    const place = this.rows.indexOf(row) + 1;
    say(this.dataset.moved.replace("{place}", place).replace("{all}", this.rows.length));
    this.dispatchEvent(new CustomEvent("sorted", { bubbles: true }));
  }
}

function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

customElements.define("sorted-list", SortedList);
