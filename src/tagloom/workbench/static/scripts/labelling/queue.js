// Which document comes next, and which was before: from the queue of what is to be labelled, or of those that a list meant.

import { ask } from "../api.js";
import { keep, recall } from "./kept.js";

const KEPT = 200; // documents that one can go back to
const MOST_PASSED = 500;
const FRESH = 5 * 60 * 1000; // milliseconds in which a document that was asked for ahead is still one's own

/** The queue of a project; `query` says which documents a list meant, empty for those to be labelled. */
export class Queue {
  #seen = [];
  #place = -1;
  #passed = new Set();
  #ahead = null;

  constructor({ address, name, query, order, isReader }) {
    Object.assign(this, { address, name, query, order, isReader });
    [this.#seen, this.#place] = recall(name, [[], -1], "sessionStorage");
  }

  /** Whether documents come as a list has them, whatever their state. */
  get isList() { return this.query !== "" || this.isReader; }

  documentAddress(id) { return `${this.address}/documents/${id}/labelling`; }

  /** A document by its number. */
  async open(id) { return ask("GET", this.documentAddress(id)); }

  /** Notes that a document is looked at now; `isBack`: the browser has gone back or forth to it. */
  at(id, isBack) {
    const known = this.#seen.indexOf(id);
    if (known >= 0 && isBack) this.#place = known;
    else if (this.#seen[this.#place] !== id) {
      if (known >= 0) this.#seen.splice(known, 1);
      if (known >= 0 && known <= this.#place) this.#place -= 1;
      this.#place += 1;
      this.#seen.splice(this.#place, 0, id);
      if (this.#seen.length > KEPT) { this.#seen.shift(); this.#place -= 1; }
    }
    this.#keep();
  }

  /** Notes whether somebody has left a document as it was. */
  left(id, isDecided) {
    this.#passed.delete(id);
    if (!isDecided) this.#passed.add(id);
    while (this.#passed.size > MOST_PASSED) this.#passed.delete(this.#passed.values().next().value);
  }

  /** Asks for the next document while one is looked at. */
  prefetch(id) {
    if (this.#isBack() && !this.isList) return;
    const found = this.#ask(id);
    found.catch(() => { if (this.#ahead?.found === found) this.#ahead = null; });
    this.#ahead = { after: id, at: Date.now(), found };
  }

  /** The document that was asked for ahead, once it is here; null where there is none. */
  async ahead() { return (await this.#ahead?.found) ?? null; }

  /** The next document; null where nothing else is left. */
  async next(id) {
    if (this.#isBack() && !this.isList) return this.#openSeen(1);
    const { after, at, found } = this.#ahead ?? {};
    this.#ahead = null;
    const isFresh = found && after === id && Date.now() - at < FRESH;
    return (isFresh ? await found.catch(() => null) : null) ?? this.#ask(id);
  }

  /** The document before: that which one has come from; at the beginning, the one that came in before it. */
  async previous(id) {
    if (!this.isList && this.#place > 0) return this.#openSeen(-1);
    const document = await this.#beside(id, true);
    if (document && !this.isList) {
      this.#seen.unshift(document.id);
      this.#place = 0;
    }
    return document;
  }

  /** Another order. */
  reorder(order) {
    this.order = order;
    this.#ahead = null;
    this.#seen = this.#seen.slice(0, this.#place + 1);
    this.#keep();
  }

  async #openSeen(by) {
    const document = await this.open(this.#seen[this.#place + by]);
    this.#place += by;
    return document;
  }

  #isBack() { return this.#place >= 0 && this.#place < this.#seen.length - 1; }

  async #ask(id) {
    if (this.isList) return this.#beside(id, false);
    const passed = [...this.#passed, ...(id && !this.#passed.has(id) ? [id] : [])].slice(-MOST_PASSED);
    return (await ask("POST", `${this.address}/queue`, { order: this.order, after: id, passed })).document;
  }

  async #beside(id, isBefore) {
    const query = new URLSearchParams(this.query);
    if (id) query.set("beside", id);
    query.set("is_before", isBefore);
    return (await ask("GET", `${this.address}/document-beside?${query}`)).document;
  }

  #keep() { keep(this.name, [this.#seen, this.#place], "sessionStorage"); }
}
