// What somebody does to the text that lies there: chooses labels, labels, takes away, accepts, rejects.

import { element } from "../elements.js";
import { keyOf } from "./changes.js";
import { keep, recall } from "./kept.js";

const STORED = "tagloom.occurrences";
const percent = (share) => `${Math.round(100 * share)} %`;
const short = (text) => { const line = text.replace(/\s+/g, " "); return line.length > 60 ? `${line.slice(0, 58)}…` : line; };

/** Of one desk and its view; `say(text)` tells what was done. */
export class Hand {
  label = null; // that is chosen, and stays so
  active = null; // the span or suggestion that is meant
  pending = null; // a stretch that was tapped
  isLeaving = false; // whether Tab leaves the text
  #last = null; // the label that was picked in the menu last

  constructor({ desk, view, caret, menu, say, canLabel, labelChosen, cleared }) {
    Object.assign(this, { desk, view, caret, menu, say, canLabel, labelChosen, cleared });
    this.how = { wholeWords: true, sameCase: true, ...recall(STORED, {}) };
  }

  textOf(part) { return this.desk.text.slice(part.start, part.end); }

  /** A label's key was pressed, or it was clicked: what is meant gets it, else what is selected next. */
  choose(name) {
    const part = this.#meant();
    const isGiven = part !== null && this.#give(part, name);
    this.#take(!isGiven && part === null && this.label === name ? null : name);
  }

  /** A stretch was selected: it gets the label that is chosen, or somebody chooses one. */
  select(part, box) {
    if (!this.#may()) return;
    this.activate(null);
    if (this.label) this.#give(part, this.label);
    else this.openMenu(part, box);
  }

  /** Words were tapped; null for none. */
  tap(part) {
    this.activate(null);
    this.pending = part;
    this.view.mark("pending", part);
    this.labelChosen(this.label, part !== null);
  }

  /** A span or suggestion is meant; null for none. */
  activate(item) {
    this.active = item;
    this.view.activate(item);
  }

  /** Opens the menu at a stretch, or at what is meant. */
  openMenu(part, box, options) {
    if (!this.#may()) return;
    const item = "label" in part ? part : null;
    this.view.mark("pending", item ? null : part);
    const at = box ?? this.view.rangeOf(part)?.getBoundingClientRect();
    this.menu.open(at, {
      text: this.textOf(part),
      label: item?.label ?? this.label ?? this.#last,
      told: item && this.#toldOf(item),
      pick: (name) => { this.#give(item ?? part, name); this.#last = name; },
      actions: this.#actionsOf(item, part),
      closed: (isBack) => this.#menuClosed(isBack),
    }, options);
  }

  /** Opens the menu for what is meant by the keys. */
  openMenuHere() {
    const part = this.#meant();
    if (!part) return false;
    this.openMenu(part);
    return true;
  }

  /** Enter: what the caret stands on is labelled, or the suggestion accepted; false where no caret is shown. */
  enter() {
    if (!this.caret.isShown) return false;
    const part = this.#meant();
    if (!part || !this.#may()) return true;
    if (part.isSuggestion) this.accept([part]);
    else if (this.label) this.#give(part, this.label);
    else this.openMenu(part);
    return true;
  }

  /** Takes a span away, or rejects a suggestion; without one, what is meant. */
  remove(item = this.#item()) {
    if (!item) return false;
    if (!this.#may()) return true;
    if (item.isSuggestion) return this.reject([item]);
    if (this.desk.do(this.desk.changes.remove([item], this.desk.suggestions))) this.say(`${item.label} taken from ${short(this.textOf(item))}`);
    this.activate(null);
    return true;
  }

  accept(items = this.#suggestion()) {
    if (!items.length || !this.#may()) return false;
    this.activate(null);
    if (this.desk.do(this.desk.changes.accept(items))) this.say(items.length === 1 ? `${short(this.textOf(items[0]))} labelled ${items[0].label}` : `${items.length} suggestions accepted`);
    return true;
  }

  reject(items = this.#suggestion()) {
    if (!items.length || !this.#may()) return false;
    this.activate(null);
    if (this.desk.do(this.desk.changes.reject(items))) this.say(items.length === 1 ? `${items[0].label} rejected for ${short(this.textOf(items[0]))}` : `${items.length} suggestions rejected`);
    return true;
  }

  acceptAll() { return this.accept(this.desk.offers); }

  rejectAll() { return this.reject(this.desk.offers); }

  /** Every place with the same text gets the label of what is meant. */
  labelAll(part = this.#meant(), label = part?.label ?? this.label) {
    if (!part || !label) return this.openMenuHere();
    if (!this.#may()) return true;
    const change = this.desk.changes.labelAll(this.desk.labelling, part, label, this.desk.words, this.how);
    this.desk.do(change);
    this.say(change ? `${change.added.length} × ${short(this.textOf(part))} labelled ${label}` : `Every ${short(this.textOf(part))} is labelled already`);
    return true;
  }

  /** The next span or suggestion, or the one before; false where there is none. */
  step(direction) {
    const { items } = this.view;
    const at = this.active ?? this.caret.part;
    const index = this.active ? items.findIndex((item) => keyOf(item) === keyOf(this.active)) + direction
      : direction > 0 ? items.findIndex((item) => !at || item.start > at.start || (!this.caret.isShown && item.start === at.start)) : items.findLastIndex((item) => at && item.start < at.start);
    const item = items[index];
    if (!item) return false;
    this.#mean(item);
    return true;
  }

  /** The span that the caret stands on. */
  pickUp() {
    if (!this.caret.isShown) return false;
    const item = this.view.itemAt(this.caret.part.start);
    if (item) this.#mean(item); else this.say("No span here");
    return true;
  }

  /** An edge of the span that is meant moves by a word. */
  moveEdge(isEnd, by) {
    const item = this.#item();
    if (!item || item.isSuggestion || !this.#may()) return false;
    const { words, changes, labelling } = this.desk;
    const first = words.endingAfter(item.start) + (isEnd ? 0 : by);
    const last = words.startingBefore(item.end) + (isEnd ? by : 0);
    if (first < 0 || last >= words.length || first > last) return true;
    const part = isEnd ? { start: item.start, end: words.ends[last] } : { start: words.starts[first], end: item.end };
    if (labelling.over(part).length > labelling.over(item).length) {
      this.say("Another span is in the way");
      return true;
    }
    this.desk.do(changes.move(item, part));
    this.#mean({ ...part, label: item.label });
    this.say(`${item.label}: ${short(this.textOf(part))}`);
    return true;
  }

  /** Esc: leaves the innermost thing that is begun. */
  escape() {
    if (this.pending) { this.tap(null); this.cleared(); }
    else if (this.caret.isShown && this.caret.isWide && !this.active) this.caret.narrow();
    else if (this.active) this.activate(null);
    else if (this.caret.isShown) this.#leave(() => this.caret.hide());
    else this.#leave(() => this.#take(null));
    return true;
  }

  /** What is left last; from then on Tab leaves the text. */
  #leave(work) {
    work();
    this.isLeaving = true;
    this.say("Tab leaves the text", true);
  }

  /** The caret has moved: it says what is there. */
  moved(part) {
    this.isLeaving = false;
    this.activate(null);
    const item = this.view.itemAt(part.start);
    this.say(`${short(this.textOf(part))}${item ? `, ${item.label}${item.isSuggestion ? " suggested" : ""}` : ""}`, true);
  }

  /** Another document lies there. */
  begin() {
    this.active = this.pending = null;
    this.isLeaving = false;
    this.labelChosen(this.label, false);
  }

  #meant() { return this.active ?? this.pending ?? (this.caret.isShown ? this.caret.part : null); }

  #item() { return this.active ?? (this.caret.isShown ? this.view.itemAt(this.caret.part.start) : null); }

  #suggestion() {
    const item = this.#item();
    return item?.isSuggestion ? [item] : [];
  }

  #mean(item) {
    this.isLeaving = false;
    this.caret.place({ start: item.start, end: item.end });
    this.caret.show();
    this.activate(item);
    this.view.reveal(item);
    this.say(`${short(this.textOf(item))}, ${item.label}${item.isSuggestion ? ` suggested${item.score === null ? "" : `, ${percent(item.score)}`}` : ""}`, true);
  }

  /** Gives a stretch, a span or a suggestion a label. */
  #give(part, name) {
    if (!this.#may()) return false;
    const { changes, labelling } = this.desk;
    if (part.isSuggestion && part.label === name) return this.accept([part]);
    const isSpan = "label" in part && !part.isSuggestion;
    const change = isSpan ? changes.relabel(part, name) : changes.label(labelling, part, name);
    const isDone = this.desk.do(change);
    this.say(`${short(this.textOf(part))} ${isDone ? "labelled" : "is"} ${name}`);
    this.activate(null);
    if (this.pending) { this.tap(null); this.cleared(); }
    return true;
  }

  #take(name) {
    this.label = name;
    this.labelChosen(name, this.pending !== null);
  }

  #toldOf({ score, origin, isSuggestion }) {
    const by = origin === "import" ? "by the imported file" : origin ? `by ${origin.replace(/ [0-9a-f]{12}$/, "")}` : "";
    const sure = typeof score === "number" ? `, ${percent(score)} sure` : "";
    if (isSuggestion) return `Suggested ${by}${sure}`;
    return origin ? `Proposed ${by}${sure}` : "";
  }

  #actionsOf(item, part) {
    const box = (name, text) => {
      const input = element("input", { type: "checkbox", checked: this.how[name] });
      input.addEventListener("change", () => {
        this.how[name] = input.checked;
        keep(STORED, this.how);
      });
      return element("label", { class: "check" }, input, text);
    };
    const label = item?.label ?? this.label;
    const suggested = [
      { id: "accept", title: "Accept", keys: "Alt A", run: () => this.accept([item]) },
      { id: "remove", title: "Reject", keys: "⌫", run: () => this.reject([item]) },
    ];
    const own = [
      { id: "remove", title: "Take away", keys: "⌫", isDanger: true, run: () => this.remove(item) },
      { id: "remove-all", title: "Take every one away", isDanger: true, run: () => this.#removeAll(item) },
    ];
    return [
      ...(item ? (item.isSuggestion ? suggested : own) : []),
      ...(label ? [{
        id: "all", title: `Label every occurrence ${label}`, run: () => this.labelAll(part, label),
        more: element("span", { class: "how" }, box("wholeWords", "whole words"), box("sameCase", "same case")),
      }] : []),
    ];
  }

  #removeAll(item) {
    const change = this.desk.changes.removeAll(this.desk.labelling, item, this.desk.suggestions);
    if (this.desk.do(change)) this.say(`${item.label} taken from ${change.removed.length} × ${short(this.textOf(item))}`);
    this.activate(null);
  }

  #menuClosed(isBack) {
    if (!this.pending) this.view.mark("pending", null);
    if (!this.caret.isShown) this.activate(null);
    if (isBack) this.view.root.focus({ preventScroll: true });
  }

  #may() {
    if (this.desk.isEmpty) return false;
    if (!this.canLabel) this.say("You may look at it, not label it");
    return this.canLabel;
  }
}
