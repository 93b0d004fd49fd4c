// The lattice of a sentence as a table, words down and tags across, with two of its paths drawn over it.

import { element } from "../elements.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_SHADE = 62; // per cent, under which text of the page's colour is read well
const LINE_AT = 0.8; // of a cell's width: figures are before it

export class Trellis {
  #found;

  #rows = [];

  #lines = document.createElementNS(SVG, "svg");

  #chosen = 0;

  constructor(found, colours) {
    this.#found = found;
    this.columns = found.telling_tags.map((tag) => found.tags.indexOf(tag));
    this.#lines.setAttribute("aria-hidden", "true");
    const table = element("table", { class: "trellis" },
      element("thead", {}, ...heads(found.telling_tags, colours)),
      element("tbody", {}, found.words.map((word, place) => this.#row(word, found.marginals[place]))));
    this.box = element("div", { class: "trellis-box" }, table, this.#lines);
    this.element = element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "The lattice" }, this.box);
    new ResizeObserver(() => this.#draw()).observe(table);
  }

  #row(word, marginals) {
    const cells = this.columns.map((tag) => cell(marginals[tag]));
    this.#rows.push(cells);
    return element("tr", {}, element("th", { scope: "row", class: "text", dir: "auto" }, word), cells);
  }

  /** Draws one of the paths over the best. */
  choose(rank) {
    this.#chosen = rank;
    const tags = this.#found.paths[rank].tags.map((tag) => this.#found.tags.indexOf(tag));
    this.#rows.forEach((cells, place) => cells.forEach((each, column) => each.classList.toggle("on-path", this.columns[column] === tags[place])));
    this.#draw();
  }

  #draw() {
    const { width, height } = this.box.getBoundingClientRect();
    if (width === 0) return;
    this.#lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const ranks = this.#chosen === 0 ? [0] : [0, this.#chosen];
    this.#lines.replaceChildren(...ranks.flatMap((rank) => this.#line(rank)));
  }

  #line(rank) {
    const { left, top } = this.box.getBoundingClientRect();
    const tags = this.#found.paths[rank].tags.map((tag) => this.columns.indexOf(this.#found.tags.indexOf(tag)));
    const knots = [];
    let isDown = false;
    const steps = tags.map((column, place) => {
      if (column < 0) { isDown = false; return ""; }
      const box = this.#rows[place][column].getBoundingClientRect();
      const x = (box.left + LINE_AT * box.width - left).toFixed(1);
      const y = (box.top + box.height / 2 - top).toFixed(1);
      const step = `${isDown ? "L" : "M"}${x} ${y}`;
      isDown = true;
      if (rank === this.#chosen) knots.push(drawn("circle", { cx: x, cy: y, r: "4", class: "knot" }));
      return step;
    });
    return [drawn("path", { d: steps.join(""), class: rank === this.#chosen ? "line" : "line best" }), ...knots];
  }
}

function drawn(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Two rows: the labels, each over its tags, and what the tags say of a word's place in an entity. */
function heads(tags, colours) {
  const parts = tags.map((tag) => [tag.slice(0, 1), tag.slice(2)]);
  const labels = [];
  for (const [, label] of parts) {
    if (label && labels.at(-1)?.label === label) labels.at(-1).width += 1; else labels.push({ label, width: 1 });
  }
  return [
    element("tr", {}, element("td", {}), labels.map(({ label, width }) => (label
      ? element("th", { scope: "colgroup", colspan: String(width) }, element("span", { class: `label colour-${colours.of(label)}` }, label))
      : element("td", {})))),
    element("tr", {}, element("th", { scope: "col", class: "text" }, "word"),
      parts.map(([place], column) => element("th", { scope: "col", class: "of-tag", title: tags[column], "aria-label": tags[column] }, place))),
  ];
}

function cell(probability) {
  const shown = element("td", { title: `${(100 * probability).toFixed(2)} %` }, probability >= 0.005 ? String(Math.round(100 * probability)) : "");
  shown.style.backgroundColor = `color-mix(in srgb, var(--right-cell) ${(MOST_SHADE * probability).toFixed(1)}%, transparent)`;
  return shown;
}
