// Hours as people type them, read and written as the server does; see typed.py there.
// Windows are [start, end] in minutes after midnight; an end past 1440 is on the next day.

export const DAY = 1440;
const CLOCK = "(\\d{1,2})(?:[:.h](\\d{2}))?h?\\s*(?:([ap])\\.?m\\.?)?";
const WINDOW = new RegExp(`^\\s*${CLOCK}\\s*(?:[-–—~〜]|to)\\s*${CLOCK}\\s*$`, "i");

/** Read windows, in order and merged; null where the text is none. */
export function readHours(text) {
  const parts = text.normalize("NFKC").split(/[,;、\n]/).filter((part) => part.trim());
  const windows = parts.map(readWindow);
  if (windows.includes(null)) return null;
  const merged = merge(windows);
  return merged.some(([start, end]) => end - start > DAY - (start > 0)) ? null : merged;
}

export function writeHours(windows, halfDays) {
  return merge(windows)
    .map(([start, end]) => `${clock(start, halfDays)} – ${clock(end, halfDays)}`)
    .join(", ");
}

export function clock(minute, halfDays) {
  const within = minute === DAY && !halfDays ? DAY : minute % DAY;
  const hours = Math.floor(within / 60);
  const minutes = `:${String(within % 60).padStart(2, "0")}`;
  if (!halfDays) return `${String(hours).padStart(2, "0")}${minutes}`;
  return `${((hours + 11) % 12) + 1}${within % 60 ? minutes : ""} ${hours >= 12 ? "PM" : "AM"}`;
}

export function merge(windows) {
  const merged = [];
  for (const [start, end] of windows.toSorted((one, other) => one[0] - other[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

function readWindow(text) {
  const found = WINDOW.exec(text);
  if (!found) return null;
  const [first, last] = [found.slice(1, 4), found.slice(4, 7)];
  let [start, end] = [readMinute(...first), readMinute(...last)];
  if (start === null || end === null) return null;
  if (last[2] && !first[2]) {
    const same = Number(first[0]) <= 12 ? readMinute(first[0], first[1], last[2]) : start;
    if (same === null) return null;
    if (same < end) start = same;
  } else if (![...first.slice(1), ...last.slice(1)].some(Boolean) && 0 < end && end < start && start < DAY / 2) {
    end += DAY / 2;
  }
  if (start === DAY || (start === end && start)) return null;
  return [start, end > start ? end : end + DAY];
}

function readMinute(hour, minute, half) {
  let hours = Number(hour);
  const minutes = Number(minute ?? 0);
  if (half) {
    if (hours < 1 || hours > 12) return null;
    hours = (hours % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  }
  return minutes > 59 || hours * 60 + minutes > DAY ? null : hours * 60 + minutes;
}
