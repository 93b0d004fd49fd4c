// Entities that a model has found, shown in their text and as lists. All offsets here are UTF-16: convert before.

import { element } from "./elements.js";

/** A score as people read it; what is not quite all or nothing does not look so. */
export function share(score) {
  if (score > 0 && score < 0.0005) return "<0.1 %";
  if (score >= 0.9995 && score < 1) return ">99.9 %";
  return `${(100 * score).toFixed(1)} %`;
}

/** Colours by label: those of the project, then the next ones of the palette. */
export class Colours {
  #known;

  constructor(labels) {
    this.#known = new Map(labels.map(({ name, colour }) => [name, colour]));
  }

  of(label) {
    if (!this.#known.has(label)) this.#known.set(label, this.#known.size % 12);
    return this.#known.get(label);
  }
}

/**
 * A stretch of a text with its entities marked and its unknown words underlined; entities do not overlap.
 * `onMark(entity, mark)` is told of each mark.
 */
export function marked(text, entities, { colours, unknown = [], from = 0, to = text.length, onMark = () => {} }) {
  const parts = [];
  let done = from;
  for (const entity of within(entities, from, to)) {
    parts.push(...underlined(text, unknown, done, entity.start));
    const mark = element("mark", { class: `entity colour-${colours.of(entity.label)}`, title: `${entity.label} ${share(entity.score)}` },
      ...underlined(text, unknown, entity.start, entity.end), element("span", { class: "tag" }, entity.label));
    onMark(entity, mark);
    parts.push(mark);
    done = entity.end;
  }
  return [...parts, ...underlined(text, unknown, done, to)];
}

function underlined(text, unknown, from, to) {
  const parts = [];
  for (const word of within(unknown, from, to)) {
    parts.push(text.slice(from, word.start), element("u", { class: "unknown", title: "not among the words that the model has learned" }, text.slice(word.start, word.end)));
    from = word.end;
  }
  return [...parts, text.slice(from, to)].filter((part) => part !== "");
}

/** Those of some stretches, which are in order, that lie in a part; found by halves, since there may be thousands. */
export function within(stretches, from, to) {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle].start < from) low = middle + 1; else high = middle;
  }
  const first = low;
  while (low < stretches.length && stretches[low].end <= to) low += 1;
  return stretches.slice(first, low);
}

/** A table of entities with their scores. */
export function entityTable(text, entities, colours, { most = 500, attributes = () => ({}) } = {}) {
  if (entities.length === 0) return element("p", { class: "quiet" }, "No entity.");
  const row = (entity) => element("tr", attributes(entity),
    element("td", { class: "text", dir: "auto" }, text.slice(entity.start, entity.end)),
    element("td", { class: "text" }, element("span", { class: `label colour-${colours.of(entity.label)}` }, entity.label)),
    element("td", {}, share(entity.score)));
  return element("div", { class: "scroll entity-table", tabindex: "0", role: "group", "aria-label": "Entities" },
    element("table", {},
      element("thead", {}, element("tr", {}, element("th", { scope: "col", class: "text" }, "entity"), element("th", { scope: "col", class: "text" }, "label"), element("th", { scope: "col" }, "score"))),
      element("tbody", {}, entities.slice(0, most).map(row))),
    entities.length > most && element("p", { class: "small" }, `The first ${most} of ${entities.length.toLocaleString("en")}.`));
}
