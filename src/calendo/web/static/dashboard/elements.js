// What pages of the dashboard can do beyond links and forms. Without scripts they do without it.

/** <copy-text>: a text with a button that copies it. */
class CopyText extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector(".copied");
    this.button = this.querySelector("button");
    this.word = this.button.querySelector("span");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.#copy());
  }

  async #copy() {
    const before = this.word.textContent;
    if (!(await copied(this.text))) return;
    this.word.textContent = this.button.dataset.done;
    say(this.button.dataset.done);
    clearTimeout(this.back);
    if (before !== this.button.dataset.done) this.before = before;
    this.back = setTimeout(() => (this.word.textContent = this.before), 2000);
  }
}

async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    // Over plain http there is no clipboard; what is selected can be copied all the same.
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
}

/** Have a screen reader say something that the page shows by other means. */
export function say(text) {
  let status = document.querySelector("#said");
  if (!status) {
    status = Object.assign(document.createElement("p"), { id: "said", className: "sr-only" });
    status.setAttribute("role", "status");
    document.body.append(status);
  }
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 50);
}

/** <password-field>: shows what is typed for as long as somebody wants to see it. */
class PasswordField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.dataset.show;
    button.setAttribute("aria-label", this.dataset.label);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.textContent = shown ? this.dataset.hide : this.dataset.show;
      button.setAttribute("aria-pressed", String(shown));
    });
    this.append(button);
    // Whoever types it in the open does not want it remembered as a text.
    input.form?.addEventListener("submit", () => (input.type = "password"));
  }
}

/** <browser-zone for="timezone">: chooses the zone of the browser in a field that nobody has chosen in. */
class BrowserZone extends HTMLElement {
  connectedCallback() {
    const field = document.getElementById(this.getAttribute("for"));
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    if (!field || !timeZone) return;
    const before = field.value;
    field.value = timeZone;
    // A browser may know a zone by a name that the list does not have.
    if (!field.value) field.value = before;
  }
}

customElements.define("copy-text", CopyText);
customElements.define("password-field", PasswordField);
customElements.define("browser-zone", BrowserZone);

// Of tabs that have no room side by side, the one that is shown comes into sight.
for (const bar of document.querySelectorAll(".tabs")) {
  const here = bar.querySelector("[aria-current]");
  if (!here) continue;
  const [whole, part] = [bar.getBoundingClientRect(), here.getBoundingClientRect()];
  bar.scrollLeft += part.left + part.width / 2 - (whole.left + whole.width / 2);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens).showModal();
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target.closest("[data-closes]") || isBeside(dialog, event))) dialog.close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// What is beside a dialog, its backdrop, counts as the dialog itself.
function isBeside(dialog, { target, clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
