// The document that lies before somebody: what is said of it, how that changes, is undone, and is saved.

import { Changes, Labelling, keyOf, offered } from "./changes.js";
import { Offsets, fromServer, toServer } from "./offsets.js";
import { isSame } from "./saver.js";
import { Words } from "./words.js";

/** What lies there; `changed(change, before)` hears of each change, `opened()` of each document. */
export class Desk {
  constructor({ savers, history, unsaved, changed, opened, isWanted }) {
    Object.assign(this, { savers, history, unsaved, changed, opened, isWanted });
    this.document = null;
  }

  get isEmpty() { return this.document === null; }

  /** Lays another document before them; null for none. */
  open(document) {
    this.document = document;
    if (document) {
      this.text = document.text;
      this.offsets = new Offsets(document.text);
      this.words = new Words(document.text, document.words, this.offsets);
      this.changes = new Changes(document.text);
      this.suggestions = document.suggestions.map((each) => fromServer(this.offsets, each));
      this.saver = this.savers.of(document.id, document.labelling);
      this.labelling = this.#read(this.#unsavedOr());
      this.steps = this.history.of(document.id, this.saver.acknowledged.revision);
    }
    this.opened();
  }

  /** The spans and the suggestions to show, in order of their starts. */
  get items() {
    const suggested = this.offers.map((each) => ({ ...each, isSuggestion: true }));
    return [...this.labelling.spans, ...suggested].sort((one, other) => one.start - other.start || other.end - one.end);
  }

  get offers() { return offered(this.suggestions, this.labelling, this.isWanted); }

  /** Does a change; null does nothing. */
  do(change) {
    if (!change) return false;
    this.steps.note(change);
    this.#apply(change);
    return true;
  }

  undo() { return this.#apply(this.steps.undo()); }

  redo() { return this.#apply(this.steps.redo()); }

  /** What models suggest now. */
  suggest(suggestions) {
    this.suggestions = suggestions.map((each) => fromServer(this.offsets, each));
  }

  /** What somebody else has made of it; one's own stays among what can be undone. */
  take(name, body) {
    const change = this.changes.difference(name, this.labelling, this.#read(body));
    this.steps.note(change);
    this.labelling = this.labelling.after(change);
    this.changed(change);
  }

  /** As the server is told it. */
  get body() {
    const { spans, rejected, state, hasOverlaps } = this.labelling;
    return {
      spans: spans.map(({ start, end, label, score, origin }) => ({ ...toServer(this.offsets, { start, end, label, score, origin }), text: this.text.slice(start, end) })),
      rejected: [...rejected.values()].map(({ start, end, label }) => toServer(this.offsets, { start, end, label })),
      state,
      may_overlap: hasOverlaps,
    };
  }

  #apply(change) {
    if (!change) return null;
    const known = new Set(this.suggestions.map(keyOf)); // what was rejected before the page was loaded is not among them
    this.suggestions.push(...change.taken.filter((each) => !known.has(keyOf(each))));
    this.labelling = this.labelling.after(change);
    this.saver.want(this.body);
    this.changed(change);
    return change;
  }

  #read({ spans, rejected, state }) {
    return new Labelling({
      spans: spans.map((each) => fromServer(this.offsets, each)),
      rejected: rejected.map((each) => fromServer(this.offsets, each)),
      state,
    });
  }

  /** What was not acknowledged yet, by this page or an earlier one, else what the server has. */
  #unsavedOr() {
    if (!this.saver.isDone) return this.saver.wanted;
    const entry = this.unsaved.take(this.document.id);
    if (entry === null || isSame(entry.wanted, this.saver.acknowledged)) {
      this.unsaved.drop(this.document.id);
      return this.saver.acknowledged;
    }
    this.saver.resume(entry);
    return entry.wanted;
  }
}
