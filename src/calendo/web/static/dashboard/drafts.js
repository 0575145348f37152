// Previews of forms: they follow what is typed, a moment after it was.

const PAUSE_MS = 300;

/** Call `follow` after each change of a form, and at once if there were changes before this script. */
export function followForm(form, follow) {
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(follow, PAUSE_MS);
  };
  form.addEventListener("input", soon);
  if ([...form.elements].some(isChanged)) soon();
}

// On a slow line people type before scripts are there; and browsers fill in what was typed before a reload.
function isChanged(field) {
  if (field instanceof HTMLSelectElement) {
    const written = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.value !== written?.value;
  }
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.value !== field.defaultValue;
}
