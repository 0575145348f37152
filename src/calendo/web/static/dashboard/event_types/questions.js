// The questions of an event type: added, removed and moved without sending the form.

import { say } from "../elements.js";

const editor = document.querySelector("#questions");
const list = editor?.querySelector("sorted-list");
const blank = editor?.querySelector("template");

const ACTS = {
  add() {
    const numbers = list.rows.map((row) => Number(row.dataset.row));
    const number = Math.max(-1, ...numbers) + 1;
    list.insertAdjacentHTML("beforeend", blank.innerHTML.replaceAll("questions.0.", `questions.${number}.`));
    const row = list.lastElementChild;
    row.dataset.row = number;
    row.querySelector("[name=questions]").value = number;
    for (const button of row.querySelectorAll("[name=act]")) button.value = button.value.replace(/\.0$/, `.${number}`);
    list.show();
    row.querySelector("input:not([type=hidden])").focus();
  },
  remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("input:not([type=hidden])") ?? editor.querySelector("[value=add]")).focus();
    say(editor.dataset.removed);
  },
  up: (row, button) => step(row, -1, button),
  down: (row, button) => step(row, 1, button),
};

function step(row, by, button) {
  list.move(row, list.rows.indexOf(row) + by);
  button.focus();
}

editor?.addEventListener("click", (event) => {
  const button = event.target.closest("[name=act]");
  if (!button) return;
  event.preventDefault();
  const [verb, number] = button.value.split(".");
  ACTS[verb](list.rows.find((row) => row.dataset.row === number), button);
  editor.dispatchEvent(new Event("input", { bubbles: true }));
});

editor?.addEventListener("sorted", () => editor.dispatchEvent(new Event("input", { bubbles: true })));
