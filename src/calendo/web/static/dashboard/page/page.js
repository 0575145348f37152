// The booking page's settings: how it looks while they are filled in, and a picture at one click.

import { followForm } from "../drafts.js";

const SIDE = 512;

/** <look-preview>: the page in its colours, anew after each change of the form. */
class LookPreview extends HTMLElement {
  connectedCallback() {
    this.form = document.querySelector(".page-form");
    followForm(this.form, () => this.#ask());
  }

  async #ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    const body = new URLSearchParams(new FormData(this.form));
    const answer = await fetch("/app/page/preview", { method: "POST", body, signal }).catch(() => null);
    const html = answer?.ok && !answer.redirected ? await answer.text() : null;
    if (html === null || signal.aborted) return;
    this.innerHTML = html;
    const looks = this.querySelector(".looks");
    for (const [name, color] of Object.entries(looks.dataset)) looks.style.setProperty(`--look-${name}`, color);
  }
}

/** <picture-field>: what is chosen is made small enough and sent at once. */
class PictureField extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const input = this.querySelector("input");
    this.classList.add("quick");
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      const small = await shrunk(file);
      if (small) {
        const chosen = new DataTransfer();
        chosen.items.add(small);
        input.files = chosen.files;
      }
      form.submit();
    });
  }
}

// Telephones take pictures of many megabytes, of which a small square is shown. What cannot be
// read here is sent as it is: the server says what is wrong with it.
async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file);
    const side = Math.min(picture.width, picture.height);
    const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    const [x, y] = [(picture.width - side) / 2, (picture.height - side) / 2];
    canvas.getContext("2d").drawImage(picture, x, y, side, side, 0, 0, SIDE, SIDE);
    const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    return new File([content], "picture.png", { type: content.type });
  } catch {
    return null;
  }
}

customElements.define("look-preview", LookPreview);
customElements.define("picture-field", PictureField);
