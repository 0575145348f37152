// Who books: name, e-mail address, the host's questions, notes.

import { h } from "./dom.js";

const INPUTS = { text: "text", phone: "tel", email: "email", number: "number" };
const COMPLETIONS = { phone: "tel", email: "email" };
const LONGEST = 5000;
const ANSWER = "answers.";

export class Form {
  /**
   * `questions` are asked, `label` is the button's, `ontype(draft)` hears of what is typed, and
   * `onsend(values)` gets what was filled in.
   */
  constructor({ t, questions, label, ontype, onsend }) {
    Object.assign(this, { t, questions, label, ontype, onsend });
    this.alert = h("p", { class: "problem", role: "alert", hidden: true });
    this.fields = [];
    this.send = h("button", { type: "submit", class: "main" });
    this.element = h("form", { class: "form", novalidate: true });
    this.element.addEventListener("submit", (event) => this.#submit(event));
    this.element.addEventListener("input", (event) => this.#changed(event));
  }

  /** Ask, with what a draft has filled in; it takes up what is typed. */
  show(draft) {
    const { t } = this;
    this.draft = draft;
    this.fields = this.questions.map((question) => new Field(t, { ...question, given: this.#drafted(question.id) }));
    this.busy(false);
    this.tell(null);
    this.element.replaceChildren(...this.fields.map((field) => field.element), this.alert, h("div", { class: "actions" }, this.send));
  }

  /** While a booking is under way a second one cannot be sent. */
  busy(on) {
    this.isBusy = on;
    this.send.textContent = on ? this.t("One moment…") : this.label;
    this.send.setAttribute("aria-disabled", String(on));
  }

  /** Say what is wrong with all of it. */
  tell(message) {
    this.alert.textContent = message ?? "";
    this.alert.hidden = !message;
  }

  /** Say what the server found wrong; its message begins with the field's name. */
  refuse(message) {
    const field = this.fields.find((one) => message.startsWith(`${one.question.id}:`));
    if (!field) {
      this.tell(message);
      return;
    }
    field.tell(field.misfit());
    field.focus();
  }

  #drafted(id) {
    return id.startsWith(ANSWER) ? (this.draft.answers[id.slice(ANSWER.length)] ?? []) : [this.draft[id]];
  }

  #changed() {
    for (const field of this.fields) {
      const { id } = field.question;
      if (id.startsWith(ANSWER)) this.draft.answers[id.slice(ANSWER.length)] = field.given();
      else this.draft[id] = field.given()[0] ?? "";
      if (field.isWrong) field.tell(field.problem());
    }
    this.ontype(this.draft);
  }

  #submit(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.#changed();
    for (const field of this.fields) field.tell(field.problem());
    const wrong = this.fields.filter((field) => field.isWrong);
    this.tell(wrong.length ? this.t("Please look at what is marked above.") : null);
    if (wrong.length) {
      wrong[0].focus();
      return;
    }
    const values = { answers: {} };
    for (const field of this.fields) {
      const { id } = field.question;
      const value = field.value();
      if (value === undefined) continue;
      if (id.startsWith(ANSWER)) values.answers[id.slice(ANSWER.length)] = value;
      else values[id] = value;
    }
    this.onsend(values);
  }
}

// One question and its controls.
class Field {
  constructor(t, question) {
    Object.assign(this, { t, question, isWrong: false });
    this.error = h("p", { class: "error", id: `${question.id}-error`, hidden: true });
    this.isGroup = question.options.length > 0 && ["radio", "checkbox"].includes(question.type);
    this.element = this.isGroup ? this.#group() : this.#single();
  }

  /** The texts that are filled in or chosen. */
  given() {
    if (this.isGroup || this.question.type === "checkbox") {
      return this.controls.filter((control) => control.checked).map((control) => control.value);
    }
    const value = this.controls[0].value.trim();
    return value ? [value] : [];
  }

  /** What the API wants to have; undefined where nothing is answered. */
  value() {
    const given = this.given();
    if (this.question.type === "checkbox") return this.isGroup ? given : given.length > 0;
    return given[0];
  }

  problem() {
    const { t, question } = this;
    const { validity } = this.controls[0];
    if (validity.badInput) return this.misfit();
    if (question.required && this.given().length === 0) {
      return this.isGroup ? t("Please choose one.") : t("Please fill this in.");
    }
    return validity.typeMismatch ? this.misfit() : null;
  }

  /** Say that something else was expected. */
  misfit() {
    const { t } = this;
    const expected = {
      email: t("This does not look like an e-mail address."),
      phone: t("This does not look like a phone number."),
      number: t("Please give a number."),
    };
    return expected[this.question.type] ?? t("Please look at this again.");
  }

  tell(message) {
    this.isWrong = Boolean(message);
    this.error.textContent = message ?? "";
    this.error.hidden = !message;
    for (const control of this.controls) {
      control.setAttribute("aria-invalid", String(this.isWrong));
      if (message) control.setAttribute("aria-describedby", this.error.id);
      else control.removeAttribute("aria-describedby");
    }
  }

  focus() {
    this.controls[0].focus();
  }

  #label() {
    const { label, required } = this.question;
    return [label, !required && h("span", { class: "quiet" }, " ", this.t("(optional)"))];
  }

  #group() {
    const { id, type, options, given, required } = this.question;
    this.controls = options.map((value) => {
      const control = h("input", { type, name: id, value, required: required && type === "radio" });
      control.checked = given.includes(value);
      return control;
    });
    return h(
      "fieldset",
      {},
      h("legend", {}, this.#label()),
      this.controls.map((control) => h("label", { class: "option" }, control, h("span", {}, control.value))),
      this.error,
    );
  }

  #single() {
    const { id, type, required, given, completion } = this.question;
    const shared = { id, name: id, required, "aria-required": required ? "true" : null, autocomplete: completion ?? COMPLETIONS[type] };
    if (type === "checkbox") {
      const control = h("input", { ...shared, type, value: "yes" });
      control.checked = given.length > 0 && !["", "false", "0", "no"].includes(given[0]);
      this.controls = [control];
      return h("div", {}, h("label", { class: "option" }, control, h("span", {}, this.#label())), this.error);
    }
    const control = this.#control(type, shared);
    control.value = given[0] ?? "";
    this.controls = [control];
    return h("div", {}, h("label", { for: id }, this.#label()), control, this.error);
  }

  #control(type, shared) {
    if (type === "textarea") return h("textarea", { ...shared, rows: 3, maxlength: LONGEST });
    if (type === "select") {
      const options = this.question.options.map((value) => h("option", { value }, value));
      return h("select", shared, h("option", { value: "" }, this.t("Choose")), options);
    }
    const step = type === "number" ? "any" : null;
    return h("input", { ...shared, type: INPUTS[type], step, maxlength: this.question.longest ?? LONGEST });
  }
}
