// <color-field>: a colour that is typed, and beside it one that is picked. Each follows the other.

const FULL = /^#[0-9a-f]{6}$/i;
const SHORT = /^#[0-9a-f]{3}$/i;

class ColorField extends HTMLElement {
  connectedCallback() {
    if (this.picker) return;
    const typed = this.querySelector("input");
    this.picker = Object.assign(document.createElement("input"), { type: "color" });
    this.picker.setAttribute("aria-label", this.dataset.label);
    const follow = () => {
      const text = typed.value.trim();
      if (FULL.test(text)) this.picker.value = text;
      if (SHORT.test(text)) this.picker.value = text.replace(/[0-9a-f]/gi, "$&$&");
    };
    follow();
    typed.addEventListener("input", follow);
    this.picker.addEventListener("input", (event) => {
      event.stopPropagation();
      typed.value = this.picker.value;
      typed.dispatchEvent(new Event("input", { bubbles: true }));
    });
    this.append(this.picker);
  }
}

customElements.define("color-field", ColorField);
