// Offsets of a text in code points, as the server counts, and in UTF-16, as strings of JavaScript do. Nothing else converts.

/** Of one text. */
export class Offsets {
  #pairs = []; // where, in UTF-16, each character begins that takes two units

  constructor(text) {
    for (let index = 0; index < text.length; index += 1) {
      if (text.codePointAt(index) > 0xffff) {
        this.#pairs.push(index);
        index += 1;
      }
    }
  }

  /** Code points to UTF-16. */
  toUnits(points) {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pairs[middle] - middle < points) low = middle + 1; else high = middle;
    }
    return points + low;
  }

  /** UTF-16 to code points; within a character that takes two units, to its beginning. */
  toPoints(units) {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pairs[middle] < units) low = middle + 1; else high = middle;
    }
    return units - low;
  }
}

/** A stretch as the server has it, with what else it says, in UTF-16. */
export const fromServer = (offsets, part) => ({ ...part, start: offsets.toUnits(part.start), end: offsets.toUnits(part.end) });

/** A stretch as the server is told it. */
export const toServer = (offsets, part) => ({ ...part, start: offsets.toPoints(part.start), end: offsets.toPoints(part.end) });
