// A list of some four hundred time zones is long; with a few letters it is short.

/** <zone-search>: a field above a list of zones that leaves those in it which have the words. */
class ZoneSearch extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("select");
    this.groups = [...this.list.children].map((group) => ({
      group,
      options: [...group.children].map((option) => ({ option, text: plain(`${option.text} ${option.value} ${group.label}`) })),
    }));
    this.field = Object.assign(document.createElement("input"), { type: "search", className: "zone-words", autocomplete: "off" });
    this.field.placeholder = this.dataset.label;
    this.field.setAttribute("aria-label", this.dataset.label);
    this.field.setAttribute("aria-controls", this.list.id);
    this.none = Object.assign(document.createElement("p"), { className: "hint zone-none" });
    this.none.setAttribute("role", "status");
    this.field.addEventListener("input", () => this.#filter());
    this.field.addEventListener("keydown", (event) => {
      // Enter belongs to the search, and not to the form.
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "ArrowDown" || event.key === "Enter") this.list.focus();
    });
    this.list.before(this.field);
    this.list.after(this.none);
    this.chosen = this.list.value;
    this.list.addEventListener("change", () => (this.chosen = this.list.value));
  }

  #filter() {
    const words = plain(this.field.value).split(" ").filter(Boolean);
    const found = this.groups
      .map(({ group, options }) => {
        group.replaceChildren(...options.filter(({ text }) => words.every((word) => text.includes(word))).map(({ option }) => option));
        return group;
      })
      .filter((group) => group.children.length);
    this.none.textContent = found.length ? "" : this.dataset.none;
    // Where nothing is found the list stays, so that there is always a zone.
    if (!found.length) return this.#show(this.groups.map(({ group, options }) => (group.replaceChildren(...options.map(({ option }) => option)), group)), this.chosen);
    // The first one found is chosen; without words it is the one from before.
    this.#show(found, words.length ? undefined : this.chosen);
  }

  #show(groups, value) {
    this.list.replaceChildren(...groups);
    if (value === undefined) this.list.selectedIndex = 0;
    else this.list.value = value;
  }
}

// "Sao Paulo" finds São Paulo, and "new york" America/New_York.
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("_", " ").toLowerCase();
}

customElements.define("zone-search", ZoneSearch);
