// Dates, months and times. Dates are "2026-03-10", months "2026-03", instants ISO 8601 in UTC.

const NOON = "T12:00:00Z";

/** Say which date it is in a zone at an instant (ISO text or milliseconds). */
export function localDate(instant, zone) {
  const parts = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(new Date(instant));
  const part = (type) => parts.find((one) => one.type === type).value;
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

export const monthOf = (date) => date.slice(0, 7);
export const firstOf = (month) => `${month}-01`;

/** Move a date by whole days. Days are counted in UTC, where each has 24 hours. */
export function addDays(date, days) {
  const moved = new Date(`${date}${NOON}`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

export function addMonths(month, months) {
  const moved = new Date(`${firstOf(month)}${NOON}`);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  return moved.toISOString().slice(0, 7);
}

export const lastOf = (month) => addDays(firstOf(addMonths(month, 1)), -1);

/** The day of the week: 1 = Monday ... 7 = Sunday, as `Intl.Locale` has it. */
export const weekday = (date) => new Date(`${date}${NOON}`).getUTCDay() || 7;

const SUNDAY_FIRST = /^(AG|AS|AU|BD|BR|BS|BT|BW|BZ|CA|CO|DM|DO|ET|GT|GU|HK|HN|ID|IL|IN|JM|JP|KE|KH|KR|LA|MH|MM|MO|MT|MX|MZ|NI|NP|PA|PE|PH|PK|PR|PT|PY|SA|SG|SV|TH|TT|TW|UM|US|VE|VI|WS|YE|ZA|ZW)$/;
const SATURDAY_FIRST = /^(AE|AF|BH|DJ|DZ|EG|IQ|IR|JO|KW|LY|OM|QA|SD|SY)$/;

/** The weekday a week begins with, where the locale has it. */
export function weekStart(locale) {
  const known = new Intl.Locale(locale);
  // Not every browser has the method yet, and some have the older property.
  const info = known.getWeekInfo?.() ?? known.weekInfo;
  if (info) return info.firstDay;
  const region = known.maximize().region ?? "";
  if (SUNDAY_FIRST.test(region)) return 7;
  return SATURDAY_FIRST.test(region) ? 6 : 1;
}

/** The locale to format with: the page's language, with the region of the person's browser where they agree. */
export function formatLocale(language, preferred = navigator.languages) {
  const base = (tag) => tag.split("-")[0].toLowerCase();
  return (preferred ?? []).find((tag) => base(tag) === base(language)) ?? language;
}

/** Whether clocks of a locale count to twelve. */
export function countsToTwelve(locale) {
  const cycle = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hourCycle;
  return cycle === "h12" || cycle === "h11";
}

/** Write a date, such as "Tuesday, March 10, 2026". */
export function dateText(locale, date, options = { weekday: "long", day: "numeric", month: "long", year: "numeric" }) {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(`${date}${NOON}`));
}

/** Write the time of an instant; with `offset` its distance from UTC stands beside it. */
export function timeText(locale, instant, { zone, twelve, offset = false }) {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    hour: twelve ? "numeric" : "2-digit",
    minute: "2-digit",
    hourCycle: twelve ? "h12" : "h23",
    timeZoneName: offset ? "shortOffset" : undefined,
  }).format(new Date(instant));
}

/** Label the starts of a day. Where two would read the same, as on the day clocks go back, all carry their offset. */
export function labels(locale, starts, clock) {
  const plain = starts.map((start) => timeText(locale, start, clock));
  if (new Set(plain).size === plain.length) return plain;
  return starts.map((start) => timeText(locale, start, { ...clock, offset: true }));
}

/** Write a zone's distance from UTC at an instant, such as "GMT+5:30". */
export function offsetText(locale, zone, instant = Date.now()) {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(
    new Date(instant),
  );
  return parts.find((part) => part.type === "timeZoneName").value;
}

/** Write a length, such as "30 min" or "1 hr 30 min". */
export function lengthText(locale, minutes) {
  const unit = (value, name) => new Intl.NumberFormat(locale, { style: "unit", unit: name }).format(value);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours && unit(hours, "hour"), rest && unit(rest, "minute")].filter(Boolean).join(" ");
}
