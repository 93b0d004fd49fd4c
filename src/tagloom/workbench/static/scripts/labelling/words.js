// Where the words of a text are, and how a stretch is widened to them. All offsets here are UTF-16.

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The words of a text: `bounds` as the server gives them, of each the gap before it and its length in code points. */
export class Words {
  constructor(text, bounds, offsets) {
    this.text = text;
    this.starts = new Uint32Array(bounds.length / 2);
    this.ends = new Uint32Array(bounds.length / 2);
    let place = 0;
    for (let index = 0; index < this.starts.length; index += 1) {
      place += bounds[2 * index];
      this.starts[index] = offsets.toUnits(place);
      place += bounds[2 * index + 1];
      this.ends[index] = offsets.toUnits(place);
    }
  }

  get length() { return this.starts.length; }

  /** The word at a place in their order. */
  part(index) { return { start: this.starts[index], end: this.ends[index] }; }

  /** The first word that ends after an offset; `length` where there is none. */
  endingAfter(offset) { return firstAbove(this.ends, offset); }

  /** The last word that begins before an offset; -1 where there is none. */
  startingBefore(offset) { return firstAbove(this.starts, offset - 1) - 1; }

  /** The word that has an offset in it, or that ends there; -1 where there is none. */
  at(offset) {
    const index = this.endingAfter(offset);
    if (index < this.length && this.starts[index] <= offset) return index;
    return index > 0 && this.ends[index - 1] === offset ? index - 1 : -1;
  }

  /** A stretch widened to whole words; null where it touches none. */
  snapped({ start, end }) {
    const first = this.endingAfter(start);
    const last = this.startingBefore(end);
    return first <= last && last >= 0 ? { start: this.starts[first], end: this.ends[last] } : null;
  }

  /** A stretch without the blanks at its ends, and with whole characters; null where nothing is left. */
  trimmed({ start, end }) {
    const part = this.text.slice(start, end);
    if (!part.trim()) return null;
    const from = start + part.length - part.trimStart().length;
    const to = end - (part.length - part.trimEnd().length);
    return { start: this.#characterAt(from).start, end: this.#characterAt(to - 1).end };
  }

  /** The character beside an offset, as people count characters: before it, or after it; null at the text's end. */
  character(offset, isAfter) {
    if (isAfter) return offset < this.text.length ? this.#characterAt(offset) : null;
    return offset > 0 ? this.#characterAt(offset - 1) : null;
  }

  #characterAt(offset) {
    const from = offset > 0 ? Math.max(this.text.lastIndexOf("\n", offset - 1) + 1, offset - 200) : 0;
    const { index, segment } = graphemes.segment(this.text.slice(from, offset + 200)).containing(offset - from);
    return { start: from + index, end: from + index + segment.length };
  }
}

function firstAbove(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > value) high = middle; else low = middle + 1;
  }
  return low;
}
