// What mouse and finger do in the text. A mouse drags or double-clicks; a finger taps words, one after the other.

const NEAR = 6; // pixels around a word that count as on it

/**
 * Watches a view. It calls `selected(part, point)` for a stretch that a mouse has chosen, `tapped(part)` for one that a
 * finger has, `chosen(item, point)` for a click on a span or suggestion, `clicked(offset)` for one on text, `removed(item)`
 * for the other button, and `hovered(item)`; `part` is null where nothing was hit.
 */
export class Pointer {
  #isDown = false;
  #tapped = null;

  constructor(view, events) {
    this.view = view;
    this.events = events;
    this.words = null;
    const { root } = view;
    root.addEventListener("mousedown", (event) => { this.#isDown = event.button === 0; });
    root.addEventListener("dragstart", (event) => event.preventDefault());
    document.addEventListener("mouseup", (event) => this.#release(event));
    document.addEventListener("selectionchange", () => this.#preview());
    root.addEventListener("click", (event) => this.#click(event));
    root.addEventListener("contextmenu", (event) => this.#remove(event));
    root.addEventListener("mouseover", (event) => { if (!this.#isDown) events.hovered(view.itemOf(event.target)); });
    this.isTouch = false;
    root.addEventListener("pointerdown", (event) => { this.isTouch = event.pointerType === "touch"; });
  }

  /** Forgets what was tapped. */
  clear() { this.#tapped = null; }

  /** What the browser itself has selected of the text; null where that is nothing. */
  selection(isExact) {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const { root } = this.view;
    if (!range.intersectsNode(root)) return null;
    const part = this.view.partOf(clamped(range, root));
    return part && (isExact ? this.words.trimmed(part) : this.words.snapped(part));
  }

  #preview() {
    if (!this.words) return;
    if (this.#isDown && !this.isTouch) this.view.mark("pending", this.selection(false));
    else if (this.isTouch) this.#takeHeld(this.selection(false));
  }

  /** What a long press has selected counts as tapped. */
  #takeHeld(part) {
    if (!part) return;
    this.#tapped = part;
    this.events.tapped(part);
  }

  #release(event) {
    if (!this.#isDown) return;
    this.#isDown = false;
    if (this.isTouch || event.detail > 2) return;
    const part = this.selection(event.shiftKey);
    this.view.mark("pending", null);
    if (!part) return;
    this.#hasSelected = true;
    getSelection().removeAllRanges();
    this.events.selected(part, { x: event.clientX, y: event.clientY });
  }

  #hasSelected = false;

  #click(event) {
    const wasSelecting = this.#hasSelected;
    this.#hasSelected = false;
    if (wasSelecting || event.detail > 2) return;
    const item = this.view.itemOf(event.target);
    if (item && event.detail > 1) return;
    const point = { x: event.clientX, y: event.clientY };
    if (item) this.events.chosen(item, point);
    else if (this.isTouch) this.#tap(point);
    else this.events.clicked(this.view.offsetAt(point.x, point.y));
  }

  /** A word; with one that was tapped before, all from one to the other. */
  #tap(point) {
    const word = this.#wordAt(point);
    const before = this.#tapped;
    const isSame = word && before && word.start >= before.start && word.end <= before.end;
    this.#tapped = !word || isSame ? null : before
      ? { start: Math.min(before.start, word.start), end: Math.max(before.end, word.end) }
      : word;
    this.events.tapped(this.#tapped);
  }

  #wordAt({ x, y }) {
    const offset = this.view.offsetAt(x, y);
    const index = offset === null ? -1 : this.words.at(offset);
    if (index < 0) return null;
    const word = this.words.part(index);
    const isOn = [...this.view.rangeOf(word).getClientRects()].some((box) => x >= box.left - NEAR && x <= box.right + NEAR && y >= box.top - NEAR && y <= box.bottom + NEAR);
    return isOn ? word : null;
  }

  #remove(event) {
    const item = this.view.itemOf(event.target);
    if (!item || this.isTouch) return;
    event.preventDefault();
    this.events.removed(item);
  }
}

/** The part of a range that lies in an element. */
function clamped(range, root) {
  const inside = range.cloneRange();
  if (!root.contains(range.startContainer)) inside.setStart(root, 0);
  if (!root.contains(range.endContainer)) inside.setEnd(root, root.childNodes.length);
  return inside;
}
