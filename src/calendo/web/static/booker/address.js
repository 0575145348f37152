// What the address says: the month, day and time that are looked at, and what fields begin with.

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const ANSWER = "answers.";
const OWN = ["month", "date", "time", "timezone"];

/** Read a query string; what makes no sense in it is as good as absent. */
export function readAddress(search) {
  const given = new URLSearchParams(search);
  const fitting = (name, pattern) => (pattern.test(given.get(name) ?? "") ? given.get(name) : null);
  const instant = Date.parse(given.get("time") ?? "");
  const answers = {};
  for (const [name, value] of given) {
    if (name.startsWith(ANSWER)) (answers[name.slice(ANSWER.length)] ??= []).push(value);
  }
  return {
    month: fitting("month", MONTH),
    date: fitting("date", DATE),
    time: Number.isNaN(instant) ? null : new Date(instant).toISOString().replace(".000Z", "Z"),
    zone: given.get("timezone"),
    draft: {
      name: given.get("name") ?? "",
      email: given.get("email") ?? "",
      notes: given.get("notes") ?? "",
      reason: "",
      answers,
    },
  };
}

/** Write what is looked at into a query string; everything else in it stays. */
export function writeAddress(search, { month, date, time, zone }) {
  const query = new URLSearchParams(search);
  for (const name of OWN) query.delete(name);
  const shown = { month: date ? null : month, date: time ? null : date, time, timezone: zone };
  for (const [name, value] of Object.entries(shown)) if (value) query.set(name, value);
  const text = query.toString().replaceAll("%3A", ":").replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}
