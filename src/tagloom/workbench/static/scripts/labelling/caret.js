// A caret for who has no mouse: it stands on a word, or a character, and is widened with Shift.

/** In a view; it tells `moved(part)` where it is. */
export class Caret {
  #anchor = null;
  #focus = null;
  #goal = null;

  constructor(view, moved) {
    this.view = view;
    this.moved = moved;
    this.words = null;
    this.isShown = false;
  }

  /** Begins with another text. */
  begin(words) {
    this.words = words;
    this.#focus = this.#anchor = words.length ? words.part(0) : null;
    this.hide();
  }

  /** The stretch that it stands on; null where the text has no words. */
  get part() {
    if (!this.#focus) return null;
    return { start: Math.min(this.#anchor.start, this.#focus.start), end: Math.max(this.#anchor.end, this.#focus.end) };
  }

  get isWide() { return this.#anchor !== this.#focus; }

  show() {
    if (!this.#focus) return;
    this.isShown = true;
    this.view.mark("caret", this.part);
  }

  hide() {
    this.isShown = false;
    this.view.mark("caret", null);
  }

  /** Stands on a stretch, without being shown. */
  place(part) {
    if (!part) return;
    this.#anchor = this.#focus = part;
    this.#goal = null;
    if (this.isShown) this.show();
  }

  /** Stands on the word at an offset. */
  placeAt(offset) {
    const index = offset === null || !this.words?.length ? -1 : Math.min(this.words.endingAfter(offset), this.words.length - 1);
    if (index >= 0) this.place(this.words.part(index));
  }

  /** No longer widened. */
  narrow() { this.#anchor = this.#focus; this.show(); }

  /** Moves, or widens, as a key says; the first press only shows where it is. */
  press(step, { extends: isExtending = false } = {}) {
    if (!this.#focus) return;
    if (this.isShown || isExtending) {
      const next = this.#next(step);
      if (!next) return;
      if (step !== "up" && step !== "down") this.#goal = null;
      this.#focus = next;
      if (!isExtending) this.#anchor = next;
    }
    this.show();
    this.view.reveal(this.#focus);
    this.moved(this.part);
  }

  #next(step) {
    const { words } = this;
    const isRightToLeft = () => getComputedStyle(this.view.blockOf(this.#focus.start).element).direction === "rtl";
    switch (step) {
      case "left": return this.#word(isRightToLeft());
      case "right": return this.#word(!isRightToLeft());
      case "character-left": return this.#character(isRightToLeft());
      case "character-right": return this.#character(!isRightToLeft());
      case "up": return this.#line(-1);
      case "down": return this.#line(1);
      case "page-up": return this.#page(-1);
      case "page-down": return this.#page(1);
      case "line-start": return this.#inBlock((block) => words.endingAfter(block.start));
      case "line-end": return this.#inBlock((block) => words.startingBefore(block.end));
      case "text-start": return words.part(0);
      default: return words.part(words.length - 1);
    }
  }

  #word(isForward) {
    const { words } = this;
    const index = isForward ? words.endingAfter(this.#focus.end) : words.startingBefore(this.#focus.start);
    const isNext = index >= 0 && index < words.length;
    return isNext ? words.part(index) : null;
  }

  /** The next character; from a word, its first or last one. */
  #character(isForward) {
    const inside = isForward ? this.words.character(this.#focus.start, true) : this.words.character(this.#focus.end, false);
    const isWord = inside && inside.end - inside.start < this.#focus.end - this.#focus.start;
    if (isWord) {
      if (this.#anchor === this.#focus) this.#anchor = inside;
      return inside;
    }
    return this.words.character(isForward ? this.#focus.end : this.#focus.start, isForward);
  }

  #inBlock(place) {
    const index = place(this.view.blockOf(this.#focus.start));
    return index >= 0 && index < this.words.length ? this.words.part(index) : null;
  }

  /** The word above or below. */
  #line(direction) {
    this.view.reveal(this.#focus);
    const boxes = [...(this.view.rangeOf(this.#focus)?.getClientRects() ?? [])];
    const box = direction < 0 ? boxes[0] : boxes.at(-1);
    if (!box) return null;
    this.#goal ??= (box.left + box.right) / 2;
    for (let step = 1; step <= 8; step += 1) {
      const y = (box.top + box.bottom) / 2 + direction * step * box.height;
      const offset = this.view.offsetAt(this.#goal, y);
      const word = offset === null ? null : this.#nearest(offset);
      if (word && (direction < 0 ? word.start < this.#focus.start : word.start > this.#focus.start) && this.#isOtherLine(word, box)) return word;
    }
    return this.#beyond(direction);
  }

  #isOtherLine(word, box) {
    const first = this.view.rangeOf(word)?.getClientRects()[0];
    return !first || Math.abs(first.top - box.top) > box.height / 2;
  }

  /** The nearest word of the next block that has one. */
  #beyond(direction) {
    const block = this.view.blockOf(this.#focus.start);
    const index = direction < 0 ? this.words.startingBefore(block.start) : this.words.endingAfter(block.end);
    return index >= 0 && index < this.words.length ? this.words.part(index) : null;
  }

  #page(direction) {
    const goal = this.#goal;
    let found = null;
    const before = this.#focus;
    for (let line = 0; line < 12; line += 1) {
      const next = this.#line(direction);
      if (!next) break;
      found = this.#focus = next;
    }
    this.#focus = before;
    this.#goal = goal;
    return found;
  }

  #nearest(offset) {
    const { words } = this;
    const index = words.at(offset);
    if (index >= 0) return words.part(index);
    const after = Math.min(words.endingAfter(offset), words.length - 1);
    return words.part(after);
  }
}
