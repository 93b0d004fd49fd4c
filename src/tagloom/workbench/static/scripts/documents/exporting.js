// Documents out of the project: which, in what format, and what that would lose, told before.

import { ask } from "../api.js";
import { count, element } from "../elements.js";
import { isChosen, parameters } from "./choice.js";
import { some } from "./words.js";

const PAUSE = 200;
const MOST_BY_NUMBER = 1000;

/** The dialog, for choices of a listing. */
export class ExportDialog {
  #address;
  #formats;
  #choice = null;
  #ids = [];
  #counts = null;
  #timer = null;
  #asking = null;
  #dialog = document.getElementById("export-dialog");
  #form = document.getElementById("export-form");
  #which = document.getElementById("export-which");
  #link = document.getElementById("download");
  #lost = document.getElementById("lost");

  constructor({ address, formats }) {
    this.#address = address;
    this.#formats = new Map(formats.map((format) => [format.name, format]));
    this.#form.addEventListener("change", () => this.#show());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#link.addEventListener("click", (event) => { if (this.#link.getAttribute("aria-disabled")) event.preventDefault(); });
  }

  /** Opens it for a choice of documents, of which some may be chosen by number. */
  async open(choice, ids = []) {
    this.#choice = choice;
    this.#ids = ids;
    this.#counts = await ask("GET", `${this.#address}/document-counts`);
    const all = Object.values(this.#counts.states).reduce((sum, each) => sum + each, 0);
    const byNumber = ids.length > 0 && ids.length <= MOST_BY_NUMBER;
    const ways = [
      ["submitted", `Submitted: ${count(this.#counts.states.submitted ?? 0)}`],
      ["all", `All: ${count(all)}`],
      isChosen(choice) && ["fitting", "Those that the list shows"],
      byNumber && ["chosen", `The chosen ones: ${count(ids.length)}`],
    ].filter(Boolean);
    const first = byNumber ? "chosen" : isChosen(choice) ? "fitting" : "submitted";
    this.#which.replaceChildren(...ways.map(([value, text]) => element("label", { class: "check" },
      element("input", { type: "radio", name: "which", value, checked: value === first }), text)));
    this.#show();
    this.#dialog.showModal();
  }

  #show() {
    const format = this.#formats.get(this.#form.elements.format.value);
    for (const part of this.#form.querySelectorAll("[data-for]")) {
      const kind = part.dataset.for;
      part.hidden = kind === "tagged" ? !format.is_tagged : kind !== format.name;
    }
    this.#link.href = `${this.#address}/export?${this.#said()}`;
    this.#lost.replaceChildren(element("p", { class: "quiet" }, "Looking what would be lost…"));
    this.#form.querySelector(".problem").hidden = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#try(), PAUSE);
  }

  #said() {
    const which = this.#form.elements.which.value;
    const said = which === "fitting" ? parameters(this.#choice, ["order"]) : new URLSearchParams();
    if (which === "submitted") said.set("state", "submitted");
    if (which === "chosen") for (const number of this.#ids) said.append("document", number);
    for (const name of ["format", "scheme", "align"]) if (this.#form.elements[name].value) said.set(name, this.#form.elements[name].value);
    for (const name of ["remarks", "guarded", "suggestions"]) said.set(name, String(this.#form.elements[name].checked));
    return said;
  }

  async #try() {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const problem = this.#form.querySelector(".problem");
    try {
      const found = await ask("GET", `${this.#address}/export/trial?${this.#said()}`, undefined, { signal: this.#asking.signal });
      this.#lost.replaceChildren(element("p", {}, `${some(found.num_documents, "document")}. ${found.lost.length ? "" : "Nothing is lost."}`),
        found.lost.length ? element("ul", {}, ...found.lost.map((each) => element("li", {}, element("strong", {}, `${count(each.count)} ${each.kind}`), ` ${each.meaning}`))) : "");
      this.#link.removeAttribute("aria-disabled");
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#lost.replaceChildren();
      this.#link.setAttribute("aria-disabled", "true");
      problem.textContent = error.message;
      problem.hidden = false;
    }
  }
}
