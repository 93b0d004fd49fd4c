// What one model has found in a text: in the text, as a table, and on its way to be labelled.

import { ask } from "../api.js";
import { count, element, held } from "../elements.js";
import { entityTable, marked } from "../entities.js";
import { toServer } from "../labelling/offsets.js";

export class Reading {
  #found;

  #tools;

  #body = element("div", { class: "read-text", dir: "auto" });

  #table = element("div");

  #marks = new Map();

  constructor(model, found, tools) {
    this.model = model;
    this.#found = found;
    this.#tools = tools;
    this.shown = found.entities;
    this.element = element("article", { class: "card reading", "aria-label": model.name },
      element("h2", {}, model.name),
      this.#body,
      this.#table,
      element("p", { class: "small" }, `${count(found.numWords)} words, ${count(found.unknown.length)} of them unknown to the model.`),
      tools.labels && this.#sending());
    this.#fill();
    this.#body.addEventListener("click", (event) => {
      const sentence = event.target.closest("[data-sentence]");
      if (sentence && getSelection().isCollapsed) tools.onSentence(Number(sentence.dataset.sentence));
    });
  }

  get unknown() {
    return this.#found.unknown;
  }

  get text() {
    return this.#found.text;
  }

  get numSentences() {
    return this.#found.sentences.length;
  }

  filter(threshold) {
    this.shown = this.#found.entities.filter(({ score }) => score >= threshold);
  }

  /** `framed`: entities that another model lacks. */
  show(framed = new Set()) {
    const shown = new Set(this.shown);
    for (const [entity, mark] of this.#marks) {
      mark.classList.toggle("left-out", !shown.has(entity));
      mark.classList.toggle("framed", framed.has(entity));
      if (framed.has(entity)) mark.setAttribute("aria-description", "the other model does not find it so"); else mark.removeAttribute("aria-description");
    }
    this.#table.replaceChildren(entityTable(this.#found.text, this.shown, this.#tools.colours, { attributes: (entity) => (framed.has(entity) ? { class: "framed" } : {}) }));
  }

  #fill() {
    const { text, entities, sentences, unknown } = this.#found;
    const onMark = (entity, mark) => this.#marks.set(entity, mark);
    const parts = [];
    let done = 0;
    sentences.forEach(({ start, end }, place) => {
      parts.push(text.slice(done, start), element("span", { class: "sentence", "data-sentence": String(place + 1) },
        ...marked(text, entities, { colours: this.#tools.colours, unknown, from: start, to: end, onMark })));
      done = end;
    });
    parts.push(text.slice(done));
    this.#body.replaceChildren(...parts);
  }

  /** Shows which sentence is explained. */
  choose(number) {
    this.#body.querySelector(".sentence.chosen")?.classList.remove("chosen");
    this.#body.querySelector(`[data-sentence="${number}"]`)?.classList.add("chosen");
  }

  #sending() {
    const told = element("span", { role: "status" });
    const box = element("div", { class: "tools sending" });
    box.append(element("button", { type: "button", onclick: () => held(box, () => this.#send(told)) }, "Send to labelling"), told);
    return box;
  }

  async #send(told) {
    const { text, offsets } = this.#found;
    const known = new Set(this.#tools.labels.map(({ name }) => name));
    const suggestions = this.shown.filter(({ label }) => known.has(label)).map((entity) => toServer(offsets, entity));
    const { ids } = await ask("POST", `${this.#tools.address}/documents`, { documents: [{ text, suggestions }] });
    const left = this.shown.length - suggestions.length;
    told.replaceChildren(
      `It is a document now, with ${count(suggestions.length)} suggestions${left ? ` (${count(left)} have labels that this project lacks)` : ""}. `,
      element("a", { href: `${this.#tools.address.replace("/api", "")}/label/${ids[0]}` }, "Label it"));
  }
}
