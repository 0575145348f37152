// The months that were asked for: one call each, kept for a minute.

import { addDays, addMonths, firstOf, lastOf, monthOf } from "./when.js";

const FRESH_MS = 60_000;
const RANGE_DAYS = 92;
/** So many ranges of three months are searched for the next free day. */
const RANGES = 4;

export class Months {
  /** `starts(range)` lists the starts from one date to another. */
  constructor(starts) {
    Object.assign(this, { starts, kept: new Map() });
  }

  /** The starts of a month by date if they are known and fresh, else null. */
  find(month, zone) {
    const known = this.kept.get(`${zone} ${month}`);
    return known && Date.now() - known.at < FRESH_MS ? known.days : null;
  }

  /** The starts of a month by date, from the server. */
  async load(month, { zone, today, signal }) {
    const first = firstOf(month) < today && monthOf(today) === month ? today : firstOf(month);
    const days = await this.starts({ first, last: lastOf(month), zone, signal });
    this.kept.set(`${zone} ${month}`, { days, at: Date.now() });
    return days;
  }

  /** The first date with times after a month, or null if there is none within a year. */
  async nextFree(month, { zone, signal }) {
    let first = firstOf(addMonths(month, 1));
    for (let range = 0; range < RANGES; range += 1) {
      const last = addDays(first, RANGE_DAYS - 1);
      const days = await this.starts({ first, last, zone, signal });
      if (days.size) return [...days.keys()].sort()[0];
      first = addDays(last, 1);
    }
    return null;
  }

  forget() {
    this.kept.clear();
  }
}
