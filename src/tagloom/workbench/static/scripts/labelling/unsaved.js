// What the server has not acknowledged yet, kept in the browser, so that neither a reload nor a lost connection loses it.

import { forget, keep, names, recall } from "./kept.js";

/** Of a person and a project, with its labels: no other account of this browser sees or sends it. */
export class Unsaved {
  constructor(person, project, labels) {
    this.prefix = `tagloom.unsaved.${person}.${project}.`;
    this.numbers = Object.fromEntries(labels.map((label) => [label.name, label.id]));
    this.names = new Map(labels.map((label) => [label.id, label.name]));
  }

  /** Keeps what a document was when it was last acknowledged, what it is to be, and what was sent of that. */
  put(id, entry) { return keep(this.prefix + id, { ...entry, numbers: this.numbers }); }

  /** What is kept of a document, in the names that labels have now; what had one that is gone is gone, too. */
  take(id) {
    const entry = recall(this.prefix + id, null);
    if (!entry?.wanted) return null;
    const nameOf = (name) => this.names.get(entry.numbers[name]) ?? (name in this.numbers ? name : null);
    const named = (parts) => parts.map((part) => ({ ...part, label: nameOf(part.label) })).filter((part) => part.label !== null);
    const body = (each) => each && { ...each, spans: named(each.spans), rejected: named(each.rejected) };
    return { ...entry, base: body(entry.base), wanted: body(entry.wanted), sent: body(entry.sent) };
  }

  drop(id) { forget(this.prefix + id); }

  /** The numbers of the documents that something is kept of. */
  ids() { return names(this.prefix).map((name) => Number(name.slice(this.prefix.length))); }
}
