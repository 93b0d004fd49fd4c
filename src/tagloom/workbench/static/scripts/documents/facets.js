// What documents can be narrowed down by, with how many there would be.

import { count, element } from "../elements.js";
import { everything, isChosen } from "./choice.js";
import { STATES, some } from "./words.js";

const WORDS = {
  label: (value) => `label ${value}`,
  search: (value) => `“${value}”`,
  filter: (value) => value,
  certainty_below: (value) => `less sure than ${value}`,
};

/** In a page; it calls `change(choice)` when another choice is made, `opensImport(number)` to show what an import is. */
export class Facets {
  #labels;
  #change;
  #opensImport;
  #choice = null;
  #people = [];
  #imports = [];

  constructor({ labels, change, opensImport }) {
    this.#labels = labels;
    this.#change = change;
    this.#opensImport = opensImport;
  }

  /** Shows a choice with its counts. */
  show(choice, counts) {
    this.#choice = choice;
    this.#people = counts.people;
    this.#fill("states", Object.entries(STATES).map(([value, name]) => this.#many("state", value, name, counts.states[value] ?? 0)));
    this.#fill("labels", this.#labels.map((label) => this.#single("label", label.name, element("span", { class: `label colour-${label.colour}` }, label.name), counts.labels[label.name] ?? 0)));
    this.#fill("people", counts.people.map((person) => this.#single("by", String(person.id), person.name, person.count)));
    this.#showImports();
    document.getElementById("told").textContent = some(counts.total, "document");
    this.#showChips();
  }

  /** Knows these imports, of which some bring documents. */
  knowImports(imports) {
    this.#imports = imports;
    if (this.#choice) this.#showImports();
  }

  #showImports() {
    this.#fill("imports", this.#imports.filter((one) => one.state === "done").map((one) => {
      const item = this.#single("import", String(one.id), one.name, one.num_documents);
      item.append(element("button", { type: "button", class: "plain details", "aria-label": `What came in with ${one.name}`, title: "What came in with it", onclick: () => this.#opensImport(one.id) }, "…"));
      return item;
    }));
    this.#showChips();
  }

  #fill(name, items) {
    const list = document.getElementById(name);
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.value : null;
    list.replaceChildren(...items);
    list.parentElement.hidden = items.length === 0;
    if (focused !== null) list.querySelector(`[data-value="${CSS.escape(focused)}"]`)?.focus();
  }

  #many(name, value, shown, number) {
    const isOn = this.#choice[name].includes(value);
    const others = this.#choice[name].filter((each) => each !== value);
    return this.#item(value, shown, number, isOn, { [name]: isOn ? others : [...others, value] });
  }

  #single(name, value, shown, number) {
    const isOn = this.#choice[name] === value;
    return this.#item(value, shown, number, isOn, { [name]: isOn ? "" : value });
  }

  #item(value, shown, number, isOn, changed) {
    const button = element("button", { type: "button", class: "plain facet", "data-value": value, "aria-pressed": String(isOn), onclick: () => this.#change({ ...this.#choice, ...changed }) },
      element("span", { class: "facet-name" }, shown), element("span", { class: "count" }, count(number)));
    return element("li", {}, button);
  }

  #showChips() {
    const choice = this.#choice;
    const chips = [
      ...choice.state.map((value) => [STATES[value] ?? value, { state: choice.state.filter((each) => each !== value) }]),
      choice.document.length > 0 && [some(choice.document.length, "document"), { document: [] }],
      choice.by && [`changed by ${this.#people.find((person) => String(person.id) === choice.by)?.name ?? choice.by}`, { by: "" }],
      choice.import && [`import ${this.#imports.find((one) => String(one.id) === choice.import)?.name ?? choice.import}`, { import: "" }],
      ...Object.entries(WORDS).map(([name, words]) => choice[name] && [words(choice[name]), { [name]: "" }]),
    ].filter(Boolean);
    document.getElementById("chosen-filters").replaceChildren(
      ...chips.map(([text, changed]) => element("li", {}, element("button", { type: "button", class: "chip", "aria-label": `Without ${text}`, onclick: () => this.#change({ ...choice, ...changed }) }, text, element("span", { "aria-hidden": "true" }, " ×")))),
      isChosen(choice) && chips.length > 1 ? element("li", {}, element("button", { type: "button", class: "plain", onclick: () => this.#change(everything(choice)) }, "All documents")) : "");
  }
}
