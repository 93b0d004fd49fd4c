// What can be undone and done again of each document, as long as the tab is open.

import { inverted } from "./changes.js";
import { keep, recall } from "./kept.js";

const KEPT = 50; // documents whose steps outlive a reload

/** The steps of one document. */
class Steps {
  done = [];
  undone = [];

  note(change) {
    this.done.push(change);
    this.undone = [];
  }

  /** What undoes the last step; null where there is none. */
  undo() {
    const change = this.done.pop();
    if (!change) return null;
    this.undone.push(change);
    return inverted(change);
  }

  /** The step that was undone last; null where there is none. */
  redo() {
    const change = this.undone.pop();
    if (!change) return null;
    this.done.push(change);
    return change;
  }

  get undoName() { return this.done.at(-1)?.name ?? ""; }
  get redoName() { return this.undone.at(-1)?.name ?? ""; }
}

/** The steps of all documents of this tab, under a name. */
export class History {
  #steps = new Map();

  constructor(name) {
    this.name = name;
    for (const [id, revision, done, undone] of recall(name, [], "sessionStorage")) {
      this.#steps.set(id, { revision, steps: Object.assign(new Steps(), { done, undone }) });
    }
  }

  /** The steps of a document; forgotten where somebody else has changed it since. */
  of(id, revision) {
    const known = this.#steps.get(id);
    if (known && known.revision === revision) return known.steps;
    return this.forget(id, revision);
  }

  /** Begins anew for a document. */
  forget(id, revision) {
    const steps = new Steps();
    this.#steps.delete(id);
    this.#steps.set(id, { revision, steps });
    return steps;
  }

  /** Notes the revision that a document has by one's own changes. */
  at(id, revision) {
    const known = this.#steps.get(id);
    if (known) known.revision = revision;
  }

  /** Keeps it for when the tab is loaded again. */
  keep() {
    const kept = [...this.#steps].filter(([, { steps }]) => steps.done.length || steps.undone.length).slice(-KEPT);
    keep(this.name, kept.map(([id, { revision, steps }]) => [id, revision, steps.done, steps.undone]), "sessionStorage");
  }
}
