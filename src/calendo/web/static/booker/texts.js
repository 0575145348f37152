// The words. English is written in the code; other languages come as a table from the English text.

/** Make the function that says a text in a language: `t("Trying again in {n} seconds.", { n: 3 })`. */
export function speaker(table = {}) {
  return (text, values = {}) =>
    (table[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Load the table of a language, the booker's or that of a `folder`; without one the texts stay English. */
export async function loadTable(language, languages, folder = "") {
  const wanted = language.toLowerCase().split("-")[0];
  if (!languages.includes(wanted)) return {};
  try {
    return await (await fetch(new URL(`../texts/${folder}${wanted}.json`, import.meta.url))).json();
  } catch {
    return {};
  }
}
