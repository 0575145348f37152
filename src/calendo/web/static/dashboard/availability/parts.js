// Parts of a page that links and forms with data-swaps fetch anew; without scripts those load the page.

async function swap(url, names, focus) {
  const parts = names.split(" ").map((name) => document.getElementById(name));
  for (const part of parts) part.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) throw new Error(response.status);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of parts) {
      part.replaceChildren(...fresh.getElementById(part.id).childNodes);
      part.removeAttribute("aria-busy");
      part.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
      if (focus) part.querySelector(focus)?.focus();
    }
    history.replaceState(null, "", url);
  } catch {
    // The whole page says what is wrong.
    location.assign(url);
  }
}

function addressOf(form) {
  const url = new URL(form.action);
  url.search = new URLSearchParams(new FormData(form));
  return url;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swaps]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const [name, value] = (link.dataset.sets ?? "").split("=");
  if (name) document.getElementById(name).value = value;
  swap(link.href, link.dataset.swaps, `[rel="${link.rel}"]`);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-swaps]");
  if (form?.checkValidity()) swap(addressOf(form), form.dataset.swaps);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-swaps]");
  if (!form) return;
  event.preventDefault();
  swap(addressOf(form), form.dataset.swaps);
});

for (const unscripted of document.querySelectorAll("[data-unscripted]")) unscripted.hidden = true;
