// What the server has not acknowledged yet, kept in the browser, so that neither a reload nor a lost connection loses it.

/** Of a person and a project: no other account of this browser sees or sends it. */
export class Unsaved {
  constructor(person, project) { this.prefix = `tagloom.unsaved.${person}.${project}.`; }

  /** What a document was when it was last acknowledged, what it is to be, and what was sent of that. */
  put(id, entry) {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify(entry));
      return true;
    } catch {
      return false; // there is no room, or storage is switched off: the page has it as long as it is open
    }
  }

  take(id) {
    try { return JSON.parse(localStorage.getItem(this.prefix + id)); } catch { return null; }
  }

  drop(id) { try { localStorage.removeItem(this.prefix + id); } catch { /* nothing was kept */ } }

  /** The numbers of the documents that something is kept of. */
  ids() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).map((key) => Number(key.slice(this.prefix.length)));
    } catch {
      return [];
    }
  }
}
