// All documents of this page that are being saved, and what is told of it in one place.

import { Saver } from "./saver.js";

const plural = (number) => `${number} ${number === 1 ? "change waits" : "changes wait"}`;

/** The savers of a project; `told(kind, text)` hears how saving goes: `saved`, `saving`, `offline`, `held`. */
export class Savers {
  #savers = new Map();
  #isLoggedOut = false;

  constructor({ addressOf, unsaved, told, saved, conflict, refused }) {
    Object.assign(this, { addressOf, unsaved, told });
    this.events = {
      told: () => this.tell(),
      saved: (saver, answer) => saved(saver.id, answer),
      conflict: (saver, present) => conflict(saver, present),
      refused: (saver, error) => {
        if (error.kind === "not-logged-in") this.#isLoggedOut = true; // the page is on its way to the login
        else refused(saver, error);
      },
    };
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.flush(true));
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.flush(true); });
    addEventListener("beforeunload", (event) => { if (this.isWaiting && !this.#isLoggedOut) event.preventDefault(); });
  }

  /** The saver of a document, which the server had as `acknowledged` says when that was asked for. */
  of(id, acknowledged) {
    let saver = this.#savers.get(id);
    if (!saver) {
      saver = new Saver({ id, address: this.addressOf(id), unsaved: this.unsaved, acknowledged, events: this.events });
      this.#savers.set(id, saver);
    } else if (saver.isDone && acknowledged.revision > saver.acknowledged.revision) saver.acknowledged = acknowledged;
    return saver;
  }

  /** Sends what an earlier page has left of documents. */
  resume() {
    for (const id of this.unsaved.ids()) {
      const entry = this.unsaved.take(id);
      if (entry === null) this.unsaved.drop(id);
      else if (!this.#savers.has(id)) this.of(id, entry.base).resume(entry);
    }
  }

  flush(isLeaving = false) { for (const saver of this.#savers.values()) saver.flush(isLeaving); }

  get isWaiting() { return [...this.#savers.values()].some((saver) => !saver.isDone); }

  /** Says how saving goes. */
  tell() {
    const waiting = [...this.#savers.values()].filter((saver) => !saver.isDone);
    const number = waiting.reduce((sum, saver) => sum + saver.numChanges, 0);
    if (!waiting.length) this.told("saved", "Saved");
    else if (waiting.some((saver) => saver.isHeld)) this.told("held", `Not saved: ${plural(number)} for you`);
    else if (waiting.some((saver) => saver.isOffline)) this.told("offline", `Offline: ${plural(number)}`);
    else this.told("saving", "Saving…");
  }
}
