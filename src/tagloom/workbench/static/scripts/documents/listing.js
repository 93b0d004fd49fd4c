// The table of documents, a page at a time, and which of them are chosen.

import { ask } from "../api.js";
import { element, moment } from "../elements.js";
import { parameters } from "./choice.js";
import { excerptOf } from "./excerpt.js";
import { STATES, STATE_CLASSES } from "./words.js";

const LIMIT = 50;
const MOST_FIELDS = 3;

/** In a page; it calls `chosen()` when other documents are chosen. */
export class Listing {
  #address;
  #pages;
  #colourOf;
  #chosen;
  #befores = [null]; // what each page so far was asked with
  #next = null;
  #asking = null;
  #body = document.querySelector("#documents tbody");
  #whole = document.getElementById("choose-page");
  #previous = document.getElementById("previous");
  #following = document.getElementById("next");
  #number = document.getElementById("page-number");

  constructor({ address, pages, colourOf, chosen }) {
    this.#address = address;
    this.#pages = pages;
    this.#colourOf = colourOf;
    this.#chosen = chosen;
    this.ids = new Set();
    this.choice = null;
    this.#previous.addEventListener("click", () => this.#turn(() => this.#befores.pop()));
    this.#following.addEventListener("click", () => this.#turn(() => this.#befores.push(this.#next)));
    this.#whole.addEventListener("change", () => this.#choosePage(this.#whole.checked));
    this.#body.addEventListener("change", (event) => this.#chooseOne(event.target));
  }

  /** Shows the first page of a choice. */
  show(choice) {
    this.choice = choice;
    this.#befores = [null];
    return this.refresh();
  }

  /** Shows the same page as it is now. */
  async refresh() {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const said = parameters(this.choice);
    said.set("limit", LIMIT);
    const after = this.#befores.at(-1);
    if (after !== null) said.set("after", after);
    const page = await ask("GET", `${this.#address}/documents?${said}`, undefined, { signal: this.#asking.signal });
    this.#next = page.next;
    this.#body.replaceChildren(...page.documents.map((one) => this.#row(one)));
    const table = this.#body.parentElement;
    table.classList.toggle("without-certainty", page.documents.every((one) => one.certainty === null));
    table.classList.toggle("without-changes", page.documents.every((one) => one.changed_at === null));
    this.#previous.disabled = this.#befores.length < 2;
    this.#following.disabled = page.next === null;
    this.#number.textContent = this.#befores.length > 1 || page.next ? `Page ${this.#befores.length}` : "";
    this.#showChosen();
    return page.documents.length;
  }

  /** Chooses these documents, or none. */
  choose(ids) {
    this.ids = new Set(ids);
    this.#showChosen();
    this.#chosen();
  }

  #row(one) {
    const said = parameters(this.choice, ["document"]);
    const link = `${this.#pages}/label/${one.id}${said.size ? `?${said}` : ""}`;
    const fields = Object.entries(one.metadata).slice(0, MOST_FIELDS);
    const isNamed = one.name && !/^\d+$/.test(one.name);
    const about = [isNamed && one.name, ...fields.map(([name, value]) => `${name}: ${value}`)].filter(Boolean);
    return element("tr", {},
      element("td", { class: "choose" }, element("input", { type: "checkbox", value: String(one.id), "aria-label": `Choose document ${one.name || one.id}` })),
      element("td", { class: "text" },
        element("a", { class: "excerpt", href: link, dir: "auto" }, ...excerptOf(one.excerpt, one.length, this.#colourOf)),
        about.length > 0 && element("p", { class: "small about" }, about.join(" · "))),
      element("td", { class: "text" }, element("span", { class: `state ${STATE_CLASSES[one.state]}` }, STATES[one.state])),
      element("td", { "data-name": "labels" }, one.num_spans ? String(one.num_spans) : ""),
      element("td", { "data-name": "sure" }, one.certainty === null ? "" : one.certainty.toFixed(2)),
      element("td", { class: "text changed" }, one.changed_by ?? "", one.changed_at !== null && element("span", { class: "small" }, moment(one.changed_at))));
  }

  async #turn(step) {
    step();
    await this.refresh();
    document.getElementById("documents").scrollIntoView({ block: "nearest" });
  }

  #boxes() {
    return [...this.#body.querySelectorAll("input[type=checkbox]")];
  }

  #chooseOne(box) {
    if (box.checked) this.ids.add(Number(box.value)); else this.ids.delete(Number(box.value));
    this.#showChosen();
    this.#chosen();
  }

  #choosePage(isOn) {
    for (const box of this.#boxes()) if (isOn) this.ids.add(Number(box.value)); else this.ids.delete(Number(box.value));
    this.#showChosen();
    this.#chosen();
  }

  #showChosen() {
    const boxes = this.#boxes();
    for (const box of boxes) {
      box.checked = this.ids.has(Number(box.value));
      box.closest("tr").classList.toggle("is-chosen", box.checked);
    }
    const number = boxes.filter((box) => box.checked).length;
    this.#whole.checked = number > 0 && number === boxes.length;
    this.#whole.indeterminate = number > 0 && number < boxes.length;
  }
}
