// <arriving-part data-waits>: looks again while something is on its way, and shows what came of it.

const FIRST_MS = 700;
const LONGEST_MS = 10_000;

class ArrivingPart extends HTMLElement {
  connectedCallback() {
    this.wait = FIRST_MS;
    this.#later();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  #later() {
    if (!("waits" in this.dataset)) return;
    this.timer = setTimeout(() => this.#look(), this.wait);
    this.wait = Math.min(this.wait * 1.5, LONGEST_MS);
  }

  async #look() {
    try {
      // Nobody looks at what is in the background, and a focus within must not be lost.
      if (!document.hidden && !this.contains(document.activeElement)) await this.#fetch();
    } catch {
      // The next look may find the server again.
    }
    this.#later();
  }

  async #fetch() {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById(this.id);
    if (!fresh || this.contains(document.activeElement)) return;
    this.toggleAttribute("data-waits", "waits" in fresh.dataset);
    if (fresh.innerHTML !== this.innerHTML) this.replaceChildren(...fresh.childNodes);
  }
}

customElements.define("arriving-part", ArrivingPart);
