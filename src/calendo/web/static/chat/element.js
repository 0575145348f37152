// <calendo-chat page="jane-smith" event="call" label="...">: a quiet button. What it opens is fetched when it is pressed.

class CalendoChat extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.button = document.createElement("button");
    Object.assign(this.button, { type: "button", className: "chat-opener", textContent: this.getAttribute("label") });
    this.button.setAttribute("aria-haspopup", "dialog");
    this.button.setAttribute("aria-expanded", "false");
    this.button.addEventListener("click", () => this.#open());
    this.append(this.button);
  }

  // Where the rest cannot be fetched, the button can be pressed again.
  async #open() {
    if (this.panel) {
      this.panel.toggle();
      return;
    }
    this.opening ??= this.#load();
    try {
      await this.opening;
    } catch {
      this.opening = null;
    }
  }

  async #load() {
    this.button.setAttribute("aria-busy", "true");
    try {
      // A module that could not be fetched stays so under its address in some browsers.
      const { makePanel } = await import(`./panel.js${this.tries ? `?again=${this.tries}` : ""}`);
      this.panel = await makePanel(this);
      this.panel.toggle();
    } catch (error) {
      this.tries = (this.tries ?? 0) + 1;
      throw error;
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }
}

customElements.define("calendo-chat", CalendoChat);
