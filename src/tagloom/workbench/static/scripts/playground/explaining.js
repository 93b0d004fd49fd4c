// Why a model reads a sentence as it does: the best ways to read it, and the lattice that they are paths through.

import { ask } from "../api.js";
import { element, held } from "../elements.js";
import { share } from "../entities.js";
import { Trellis } from "./trellis.js";

const byId = (id) => document.getElementById(id);

const PLACES = { O: "is outside", B: "begins an entity", I: "goes on", E: "ends it", S: "is a whole one" };

/** What the letters of tags say. */
function letters(tags) {
  const known = new Set(tags.map((tag) => tag[0]));
  return `${Object.entries(PLACES).filter(([letter]) => known.has(letter)).map(([letter, told]) => `${letter} ${told}`).join(", ")}.`;
}

export class Explaining {
  #readings = [];

  #side = 0;

  #sentence = 1;

  #turn = 0;

  /** `onSentence(number)` is told which sentence is shown. */
  constructor(address, colours, onSentence) {
    this.address = address;
    this.colours = colours;
    this.onSentence = onSentence;
    this.place = byId("why");
    byId("sentence-before").addEventListener("click", () => this.go(this.#sentence - 1));
    byId("sentence-after").addEventListener("click", () => this.go(this.#sentence + 1));
  }

  begin(readings) {
    this.#readings = readings;
    this.#side = 0;
    this.place.hidden = readings[0].numSentences === 0;
    this.#showModels();
    if (!this.place.hidden) this.go(1);
  }

  #showModels() {
    const box = byId("why-models");
    box.hidden = this.#readings.length < 2;
    box.replaceChildren(...this.#readings.map(({ model }, side) => element("button", {
      type: "button", role: "tab", "aria-selected": String(side === this.#side),
      onclick: () => { this.#side = side; this.#showModels(); this.go(this.#sentence); },
    }, model.name)));
  }

  go(number) {
    const reading = this.#readings[this.#side];
    this.#sentence = Math.min(Math.max(1, number), reading.numSentences);
    byId("sentence-told").textContent = `Sentence ${this.#sentence} of ${reading.numSentences}`;
    byId("sentence-before").disabled = this.#sentence === 1;
    byId("sentence-after").disabled = this.#sentence === reading.numSentences;
    this.onSentence(this.#sentence);
    this.#turn += 1;
    const turn = this.#turn;
    held(this.place, async () => {
      byId("explanation").classList.add("waiting");
      try {
        const found = await ask("POST", this.address, { model: reading.model.id, text: reading.text, sentence: this.#sentence });
        if (turn === this.#turn) this.#show(found);
      } catch (error) {
        if (turn === this.#turn) byId("explanation").replaceChildren();
        throw error;
      } finally {
        byId("explanation").classList.remove("waiting");
      }
    });
  }

  #show(found) {
    const trellis = new Trellis(found, this.colours);
    const rows = found.paths.map((path, rank) => this.#path(found, path, rank, trellis));
    byId("explanation").replaceChildren(
      element("h3", {}, "The best ways to read it"),
      element("p", { class: "small" }, "Each with its share of all ways. Choose one to see it in the lattice below."),
      element("ol", { class: "paths" }, rows),
      element("h3", {}, "The lattice"),
      element("p", { class: "small" }, "How probable each tag is at each word, in per cent; the line is the way that is chosen, the dotted one the best. ", letters(found.tags),
        found.telling_tags.length < found.tags.length && ` Of ${found.tags.length} tags those that tell most.`),
      trellis.element);
    trellis.choose(0);
  }

  #path(found, path, rank, trellis) {
    const known = new Set(found.paths[0].chunks.map(({ start, end, label }) => `${start} ${end} ${label}`));
    const chunk = ({ start, end, label, score }) => element("span", { class: `chunk ${known.has(`${start} ${end} ${label}`) ? "" : "other"}` },
      element("span", { dir: "auto" }, found.words.slice(start, end).join(" ")), " ",
      element("span", { class: `label colour-${this.colours.of(label)}`, title: `found in ${share(score)} of all ways` }, label));
    const button = element("button", { type: "button", class: "path", "aria-pressed": String(rank === 0) },
      element("span", { class: "figure" }, share(path.probability)),
      element("span", { class: "chunks" }, path.chunks.length > 0 ? path.chunks.map(chunk) : element("span", { class: "quiet" }, "no entity")));
    button.addEventListener("click", () => {
      for (const other of button.closest("ol").querySelectorAll(".path")) other.setAttribute("aria-pressed", String(other === button));
      trellis.choose(rank);
    });
    return element("li", {}, button);
  }
}
