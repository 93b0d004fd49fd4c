// Sections of facts, tables, notes and charts, as pages/blocks.py tells them.

import { draw } from "./charts.js";
import { element } from "./elements.js";

/** Shows sections; `link(document)` is the address of a document that an example names. */
export function showSections(place, sections, link) {
  place.replaceChildren(...sections.map((section) => element("section", {},
    element("h2", {}, section.title),
    grid(section.blocks, section.columns, link))));
}

/** One block as an element. */
export function shown(block, link) {
  return SHOWN[block.block](block, link);
}

const SHOWN = { facts, table, note, chart, columns: ({ blocks, columns }, link) => grid(blocks, columns, link) };

function grid(blocks, columns, link) {
  return element("div", { class: `blocks columns-${columns}` }, blocks.map((block) => shown(block, link)));
}

function facts({ facts: all, notes }) {
  return element("dl", { class: "facts" }, all.map(([name, figure]) => element("div", {},
    element("dt", {}, name),
    element("dd", {}, figure),
    notes[name] && element("dd", { class: "small" }, notes[name]))));
}

function table({ columns, rows, texts, title, note: said, num_totals: numTotals }) {
  const isText = new Set(texts);
  const kind = (place) => (isText.has(place) ? { class: "text", dir: "auto" } : {});
  const row = (cells) => element("tr", {}, cells.map((cell, place) => element("td", kind(place), inCell(cell))));
  const numPlain = rows.length - numTotals;
  return element("div", { class: "table" },
    title && element("h3", {}, title),
    element("div", { class: numPlain > 30 ? "scroll tall" : "scroll", tabindex: "0", role: "group", "aria-label": title || columns[0] || "Figures" },
      element("table", {},
        element("thead", {}, element("tr", {}, columns.map((name, place) => element("th", { scope: "col", ...kind(place) }, name)))),
        element("tbody", {}, rows.slice(0, numPlain).map(row)),
        numTotals > 0 && element("tfoot", {}, rows.slice(numPlain).map(row)))),
    said && element("p", { class: "small" }, said));
}

function inCell(cell) {
  if (typeof cell === "string") return cell;
  const bar = element("span");
  bar.style.width = `${100 * cell.share}%`;
  return element("div", { class: "share" },
    element("span", { class: "track" }, bar),
    element("span", { class: "figure" }, `${(100 * cell.share).toFixed(1)} %`));
}

function note({ severity, title, count, text, examples }, link) {
  return element("article", { class: `note ${severity}` },
    element("h3", {}, element("span", { class: "severity" }, severity), ` ${title} `, element("span", { class: "count" }, count)),
    element("p", {}, text),
    examples.length > 0 && element("ul", {}, examples.map((pieces) => element("li", {}, pieces.map((piece) => (
      piece.document ? element("a", { href: link(piece.document) }, piece.text) : piece.text))))));
}

function chart({ title, figure, height, note: said, width }) {
  const place = element("div", { class: "chart", role: "img", "aria-label": title });
  place.style.height = `${height}px`;
  place.style.minWidth = `${width}px`;
  const made = element("figure", {},
    element("figcaption", {}, title),
    element("div", { class: "scroll", ...(width > 0 && { tabindex: "0", role: "group", "aria-label": title }) }, place),
    said && element("p", { class: "small" }, said));
  whenInSight(place, () => draw(place, figure));
  return made;
}

const waiting = new Map();
const inSight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    inSight.unobserve(target);
    waiting.get(target)?.();
    waiting.delete(target);
  }
}, { rootMargin: "300px" });

function whenInSight(place, work) {
  waiting.set(place, work);
  inSight.observe(place);
}
