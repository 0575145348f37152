// <week-hours>: above each typed day a track on which its hours are painted, or moved by keys.
import { say } from "../elements.js";
import { DAY, clock, merge, readHours, writeHours } from "./hours.js";

const SNAP = 30;
const STEP = 15;
const SHORTEST = 15;

class WeekHours extends HTMLElement {
  connectedCallback() {
    this.halfDays = "halfDays" in this.dataset;
    this.days = [...this.querySelectorAll(".week-day")].map((row) => this.#makeDay(row));
    this.days[0].row.before(this.#scale());
    for (const hidden of this.querySelectorAll("[data-scripted], .copy-days")) hidden.hidden = false;
    this.#render();
    this.#guard();
  }

  #makeDay(row) {
    const input = row.querySelector("input");
    const track = document.createElement("div");
    track.className = "track";
    track.title = this.dataset.track;
    input.after(track);
    const day = { row, input, track, name: row.dataset.name, number: row.dataset.day };
    day.windows = readHours(input.value) ?? [];
    track.addEventListener("pointerdown", (event) => this.#press(event, day));
    track.addEventListener("keydown", (event) => this.#key(event, day));
    input.addEventListener("input", () => this.#typed(day));
    input.addEventListener("change", () => this.#settle(day));
    row.querySelector(".copy-to button").addEventListener("click", () => this.#copy(day));
    return day;
  }

  #scale() {
    const scale = document.createElement("div");
    scale.className = "scale";
    scale.setAttribute("aria-hidden", "true");
    const hours = document.createElement("div");
    for (const hour of [0, 6, 12, 18, 24]) {
      const label = document.createElement("span");
      label.textContent = clock(hour * 60, this.halfDays);
      hours.append(label);
    }
    scale.append(hours);
    return scale;
  }

  // Typing

  #typed(day) {
    const windows = readHours(day.input.value);
    day.track.classList.toggle("unread", !windows);
    if (windows) {
      day.windows = windows;
      this.#complain(day, false);
      this.#render();
    }
  }

  #settle(day) {
    const windows = readHours(day.input.value);
    this.#complain(day, !windows);
    if (windows) day.input.value = writeHours(windows, this.halfDays);
  }

  #complain(day, isWrong) {
    let error = day.row.querySelector(".error");
    day.input.toggleAttribute("aria-invalid", isWrong);
    if (isWrong) day.input.setAttribute("aria-invalid", "true");
    if (!isWrong) return error?.remove();
    error ??= day.row.appendChild(Object.assign(document.createElement("p"), { className: "error" }));
    error.id = `${day.input.id}-error`;
    error.textContent = this.dataset.unreadable;
    say(this.dataset.unreadable);
    day.input.setAttribute("aria-describedby", `${error.id} week-hint`);
    return error;
  }

  // Painting

  #press(event, day) {
    if (event.button || !event.isPrimary) return;
    const bar = event.target.closest(".bar");
    const at = this.#minuteAt(event, day);
    const grip = event.target.closest(".grip")?.dataset.grip;
    const before = this.days.map(({ windows }) => windows.map((window) => [...window]));
    const index = bar ? Number(bar.dataset.index) : null;
    event.preventDefault();
    day.track.setPointerCapture(event.pointerId);
    let drawn = null;
    const gesture = new AbortController();
    const move = (moved) => {
      this.days.forEach((each, place) => (each.windows = before[place].map((window) => [...window])));
      const to = this.#minuteAt(moved, day);
      if (bar) drawn = this.#reshape(day.windows[index], grip, at, to);
      else drawn = this.#paint(day, at, to, moved.clientY);
      this.#render();
    };
    const release = (released) => {
      gesture.abort();
      if (released.type === "pointercancel") {
        this.days.forEach((each, place) => (each.windows = before[place]));
        this.#render();
      } else if (drawn) this.#keep(day, drawn);
      else if (bar) bar.focus();
    };
    const during = { signal: gesture.signal };
    day.track.addEventListener("pointermove", move, during);
    for (const end of ["pointerup", "pointercancel"]) day.track.addEventListener(end, release, during);
  }

  #minuteAt({ clientX }, { track }) {
    const { left, right, width } = track.getBoundingClientRect();
    const along = getComputedStyle(track).direction === "rtl" ? right - clientX : clientX - left;
    return Math.max(0, Math.round(((along / width) * DAY) / SNAP) * SNAP);
  }

  #paint(day, from, to, y) {
    const [start, end] = from <= to ? [from, to] : [to, from];
    const drawn = [Math.min(start, DAY - SNAP), Math.min(Math.max(end, start + SNAP), start + DAY - SNAP)];
    const rows = this.days.map(({ row }) => row.getBoundingClientRect());
    const own = this.days.indexOf(day);
    const under = rows.findIndex(({ bottom }) => y <= bottom);
    const [first, last] = [own, under < 0 ? rows.length - 1 : under].toSorted((one, other) => one - other);
    for (const each of this.days.slice(first, last + 1)) each.windows.push([...drawn]);
    return drawn;
  }

  #reshape(window, grip, from, to) {
    const [start, end] = window;
    const by = to - from;
    if (grip === "start") window[0] = Math.min(Math.max(0, start + by), end);
    else if (grip === "end") window[1] = Math.min(Math.max(start, end + by), start + DAY - SNAP);
    else {
      window[0] = Math.min(Math.max(0, start + by), DAY - SNAP);
      window[1] = window[0] + end - start;
    }
    return window;
  }

  #keep(day, drawn) {
    for (const each of this.days) {
      const kept = merge(each.windows.filter(([start, end]) => end - start >= SHORTEST));
      // What was joined must not run into its own beginning.
      each.windows = kept.map(([start, end]) => [start, Math.min(end, start ? start + DAY - STEP : DAY)]);
      this.#write(each);
    }
    this.#render();
    const place = day.windows.findIndex(([start, end]) => start <= drawn[0] && drawn[0] < end);
    this.#focus(day, place);
  }

  // Keys

  #key(event, day) {
    const index = Number(event.target.dataset.index);
    const window = day.windows[index];
    const step = this.#step(event);
    if (event.key === "Delete" || event.key === "Backspace") this.#remove(day, index);
    else if (step && !this.#moveBy(day, index, step)) this.#focus(day, index);
    else if (step) {
      this.#write(day);
      this.#render();
      this.#focus(day, index);
    } else return;
    if (window) event.preventDefault();
  }

  #step({ key, shiftKey, target }) {
    const onward = getComputedStyle(target).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (key === "ArrowUp" || key === "ArrowDown") return [key === "ArrowUp" ? -STEP : STEP, 0];
    if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
    const by = key === onward ? STEP : -STEP;
    return [shiftKey ? 0 : by, by];
  }

  // A window keeps its neighbours at a distance, so that it stays the one that has the focus.
  #moveBy(day, index, [startBy, endBy]) {
    const [start, end] = [day.windows[index][0] + startBy, day.windows[index][1] + endBy];
    const earliest = index ? day.windows[index - 1][1] + STEP : 0;
    const latest = day.windows[index + 1]?.[0] ?? start + DAY;
    if (start < earliest || end >= latest || start >= DAY || end - start < SHORTEST) return false;
    day.windows[index] = [start, end];
    return true;
  }

  #remove(day, index) {
    const [[start, end]] = day.windows.splice(index, 1);
    this.#write(day);
    this.#render();
    say(this.dataset.removed.replace("{window}", this.#told(day, start, end)));
    if (day.windows.length) this.#focus(day, Math.min(index, day.windows.length - 1));
    else day.input.focus();
  }

  #copy(day) {
    const menu = day.row.querySelector(".copy-days");
    const chosen = [...menu.querySelectorAll("input:checked")].map(({ value }) => value);
    for (const other of this.days.filter(({ number }) => chosen.includes(number))) {
      other.windows = day.windows.map((window) => [...window]);
      this.#write(other);
    }
    this.#render();
    menu.open = false;
    menu.querySelector("summary").focus();
    say(this.dataset.copied);
  }

  // Showing

  #write(day) {
    const text = writeHours(day.windows, this.halfDays);
    if (text === writeHours(readHours(day.input.value) ?? [[-1, 0]], this.halfDays)) return;
    day.input.value = text;
    day.track.classList.remove("unread");
    this.#complain(day, false);
    this.isChanged = true;
  }

  #render() {
    this.days.forEach((day, place) => {
      const bars = day.windows.map((window, index) => this.#bar(day, window, index));
      // What a night leaves of the day after.
      const eve = this.days[(place + this.days.length - 1) % this.days.length];
      const tails = eve.windows.filter(([, end]) => end > DAY).map(([, end]) => span("tail", 0, end - DAY));
      day.track.replaceChildren(...tails, ...bars);
    });
  }

  #bar(day, [start, end], index) {
    const bar = span("bar", start, Math.min(end, DAY));
    bar.classList.toggle("overnight", end > DAY);
    bar.dataset.index = index;
    bar.tabIndex = 0;
    bar.setAttribute("role", "slider");
    bar.setAttribute("aria-label", day.name);
    bar.setAttribute("aria-valuemin", 0);
    bar.setAttribute("aria-valuemax", DAY);
    bar.setAttribute("aria-valuenow", start);
    bar.setAttribute("aria-valuetext", this.#told(day, start, end));
    const text = document.createElement("span");
    text.textContent = `${clock(start, this.halfDays)} – ${clock(end, this.halfDays)}`;
    bar.append(text, ...["start", "end"].map(grip));
    return bar;
  }

  #told(day, start, end) {
    const said = { day: day.name, start: clock(start, this.halfDays), end: clock(end, this.halfDays) };
    return this.dataset.window.replace(/\{(\w+)\}/g, (_, name) => said[name]);
  }

  #focus(day, index) {
    day.track.querySelector(`.bar[data-index="${index}"]`)?.focus();
  }

  // What was changed and not saved is not left by accident.
  #guard() {
    const form = this.closest("form");
    form.addEventListener("input", ({ target }) => (this.isChanged ||= Boolean(target.name)));
    form.addEventListener("submit", () => (this.isChanged = false));
    addEventListener("beforeunload", (event) => {
      if (this.isChanged && this.isConnected) event.preventDefault();
    });
  }
}

function span(kind, start, end) {
  const element = document.createElement("div");
  element.className = kind;
  element.style.insetInlineStart = `${(start / DAY) * 100}%`;
  element.style.inlineSize = `${((end - start) / DAY) * 100}%`;
  return element;
}

function grip(side) {
  const element = document.createElement("i");
  element.className = `grip ${side}`;
  element.dataset.grip = side;
  return element;
}

customElements.define("week-hours", WeekHours);
