// Draws a text and what is marked in it. Only the blocks that a change concerns are drawn anew, and only those in view are
// laid out, so that a long text answers as a short one does. Offsets are UTF-16.

import { element } from "../elements.js";
import { blocksOf } from "./blocks.js";
import { keyOf } from "./changes.js";

const LINE_HEIGHT = 36; // that a block is taken to have a line before it is laid out
const LETTERS_A_LINE = 75;
const MARKS = ["pending", "caret"];
export const hasHighlights = "highlights" in CSS && typeof Highlight === "function";

/** What is shown of a span or suggestion: its key says both where it is and what it is. */
export const shownKey = (item) => `${item.isSuggestion ? "?" : ""}${keyOf(item)}`;

/** The view of a text in an element; `colourOf(label)` gives the colour's number. */
export class TextView {
  #blocks = [];
  #items = [];
  #longest = 0;
  #active = null;
  #marked = new Map();

  constructor(root, colourOf) {
    this.root = root;
    this.colourOf = colourOf;
    root.classList.toggle("has-highlights", hasHighlights);
  }

  /** Shows another text. */
  show(text, words, items) {
    this.text = text;
    this.#active = null;
    this.#marked.clear();
    this.#take(items);
    this.#blocks = blocksOf(text, words);
    for (const [index, block] of this.#blocks.entries()) {
      block.element = element("p", { class: block.goesOn ? "block goes-on" : "block", dir: block.direction });
      block.element.dataset.block = index;
      const lines = Math.max(1, Math.ceil((block.end - block.start) / LETTERS_A_LINE));
      block.element.style.containIntrinsicBlockSize = `auto ${lines * LINE_HEIGHT}px`;
      this.#draw(block);
    }
    this.root.replaceChildren(...this.#blocks.map((block) => block.element));
    this.#showMarks();
  }

  /** Shows other spans and suggestions, in order of their starts. */
  set(items) {
    const before = new Map(this.#items.map((item) => [shownKey(item), item]));
    const changed = [];
    for (const item of items) if (!before.delete(shownKey(item))) changed.push(item);
    changed.push(...before.values());
    this.#take(items);
    const concerned = new Set();
    for (const item of changed) {
      for (let index = this.#blockAt(item.start); index < this.#blocks.length && this.#blocks[index].start < item.end; index += 1) concerned.add(index);
    }
    for (const index of concerned) this.#draw(this.#blocks[index]);
    if (concerned.size) this.#showMarks();
  }

  get items() { return this.#items; }

  /** Shows which span or suggestion is meant; null for none. */
  activate(item) {
    for (const index of [this.#active, item]) {
      if (index) for (const shown of this.elementsOf(index)) shown.classList.toggle("active", index === item);
    }
    this.#active = item;
  }

  /** The elements that show a span or suggestion. */
  elementsOf(item) {
    const key = shownKey(item);
    const found = [];
    for (let index = this.#blockAt(item.start); index < this.#blocks.length && this.#blocks[index].start < item.end; index += 1) {
      for (const mark of this.#blocks[index].element.getElementsByTagName("mark")) if (mark.dataset.key === key) found.push(mark);
    }
    return found;
  }

  /** The span or suggestion that an element shows; of several the shortest. */
  itemOf(node) {
    const mark = node instanceof Element ? node.closest("mark") : node?.parentElement?.closest("mark");
    return mark && this.root.contains(mark) ? this.#items.find((item) => shownKey(item) === mark.dataset.key) ?? null : null;
  }

  /** The span or suggestion that has an offset in it; of several the shortest. */
  itemAt(offset) {
    const found = this.#within(offset, offset + 1);
    return found.sort((one, other) => (one.end - one.start) - (other.end - other.start))[0] ?? null;
  }

  /** Marks a stretch as `pending` or `caret`; null for none. */
  mark(name, part) {
    if (part) this.#marked.set(name, part); else this.#marked.delete(name);
    this.#showMark(name);
  }

  /** A stretch as a range of the page; null where the text is not shown. */
  rangeOf({ start, end }) {
    const from = this.#placeOf(start, false);
    const to = this.#placeOf(end, true);
    if (!from || !to) return null;
    const range = document.createRange();
    range.setStart(...from);
    range.setEnd(...to);
    return range;
  }

  /** The stretch that a range of the page has of the text. */
  partOf(range) {
    const start = this.offsetOf(range.startContainer, range.startOffset);
    const end = this.offsetOf(range.endContainer, range.endOffset);
    return start === null || end === null ? null : { start: Math.min(start, end), end: Math.max(start, end) };
  }

  /** The offset of a place in the page; null where it is not in the text. */
  offsetOf(node, inside) {
    if (node === this.root) {
      const block = this.#blocks[Math.min(inside, this.#blocks.length - 1)];
      return block ? (inside < this.#blocks.length ? block.start : block.end) : null;
    }
    const shown = (node instanceof Element ? node : node.parentElement)?.closest(".block");
    if (!shown || shown.parentElement !== this.root) return null;
    const block = this.#blocks[Number(shown.dataset.block)];
    const range = document.createRange();
    range.setStart(shown, 0);
    range.setEnd(node, inside);
    return block.start + range.toString().length;
  }

  /** The offset at a point of the window; null where there is none. */
  offsetAt(x, y) {
    const place = document.caretPositionFromPoint
      ? document.caretPositionFromPoint(x, y)
      : document.caretRangeFromPoint?.(x, y);
    if (!place) return null;
    return place.offsetNode ? this.offsetOf(place.offsetNode, place.offset) : this.offsetOf(place.startContainer, place.startOffset);
  }

  /** The block that an offset is in: its edges, its direction, its element. */
  blockOf(offset) { return this.#blocks[this.#blockAt(offset)]; }

  /** Brings a stretch into view. */
  reveal(part) {
    const block = this.blockOf(part.start);
    if (!block) return;
    const box = () => this.rangeOf(part)?.getBoundingClientRect() ?? block.element.getBoundingClientRect();
    if (!block.element.checkVisibility?.({ contentVisibilityAuto: true })) block.element.scrollIntoView({ block: "center" });
    const { top, bottom } = box();
    const room = { top: 150, bottom: innerHeight - 150 };
    if (top < room.top || bottom > room.bottom) scrollBy({ top: (top + bottom) / 2 - innerHeight / 2 });
  }

  #take(items) {
    this.#items = items;
    this.#longest = items.reduce((most, item) => Math.max(most, item.end - item.start), 0);
  }

  /** The items that touch a stretch. */
  #within(start, end) {
    const found = [];
    for (let index = this.#firstFrom(start - this.#longest); index < this.#items.length && this.#items[index].start < end; index += 1) {
      if (this.#items[index].end > start) found.push(this.#items[index]);
    }
    return found;
  }

  #firstFrom(offset) {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#items[middle].start < offset) low = middle + 1; else high = middle;
    }
    return low;
  }

  /** The place of the last block that begins at an offset or before. */
  #blockAt(offset) {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#blocks[middle].start <= offset) low = middle; else high = middle - 1;
    }
    return low;
  }

  #draw(block) {
    const items = this.#within(block.start, block.end);
    const cuts = new Set([block.start, block.end]);
    for (const { start, end } of items) {
      cuts.add(Math.max(start, block.start));
      cuts.add(Math.min(end, block.end));
    }
    const places = [...cuts].sort((one, other) => one - other);
    const children = places.slice(0, -1).map((start, index) => this.#segment(start, places[index + 1], items));
    block.element.replaceChildren(...(children.length ? children : [document.createElement("br")]));
  }

  /** A stretch that nothing begins or ends in, with what lies over it around it, the longest outside. */
  #segment(start, end, items) {
    const over = items.filter((item) => item.start <= start && item.end >= end)
      .sort((one, other) => (one.end - one.start) - (other.end - other.start));
    return over.reduce((inner, item) => this.#markOf(item, start, end, inner), document.createTextNode(this.text.slice(start, end)));
  }

  #markOf(item, start, end, inner) {
    const mark = document.createElement("mark");
    mark.className = `${item.isSuggestion ? "suggestion" : "span"} colour-${this.colourOf(item.label)}`;
    if (item.start < start) mark.classList.add("begun");
    if (item.end > end) mark.classList.add("open"); else mark.dataset.label = item.isSuggestion ? `${item.label}?` : item.label;
    if (this.#active && shownKey(this.#active) === shownKey(item)) mark.classList.add("active");
    mark.dataset.key = shownKey(item);
    mark.append(inner);
    return mark;
  }

  /** Node and offset of a place in the text; where two texts meet, the end of the first or the beginning of the second. */
  #placeOf(offset, isEnd) {
    let index = this.#blockAt(offset);
    if (isEnd && index > 0 && this.#blocks[index].start === offset) index -= 1;
    const block = this.#blocks[index];
    if (!block) return null;
    let left = Math.min(offset, block.end) - block.start;
    const walker = document.createTreeWalker(block.element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left < node.length || (isEnd && left === node.length)) return [node, left];
      left -= node.length;
    }
    return [block.element, block.element.childNodes.length];
  }

  #showMarks() { for (const name of MARKS) this.#showMark(name); }

  #showMark(name) {
    if (!hasHighlights) return;
    const part = this.#marked.get(name);
    const range = part && this.rangeOf(part);
    if (range) CSS.highlights.set(`tagloom-${name}`, new Highlight(range)); else CSS.highlights.delete(`tagloom-${name}`);
  }
}
