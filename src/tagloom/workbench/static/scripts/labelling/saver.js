// Saves what one document is to be: at once, one request at a time, until the server has acknowledged it. What was sent is
// sent again as it was when no answer came. Bodies are as the server has them, offsets in code points.

import { ask } from "../api.js";

const WAIT = 100; // milliseconds in which further changes go along
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;
const MOST_KEPT_ALIVE = 60000; // bytes that browsers send for a page that is gone

const sortKey = ({ start, end, label }) => [String(start).padStart(10, "0"), String(end).padStart(10, "0"), label].join(" ");
const listed = (parts) => JSON.stringify(parts.map(sortKey).sort());

/** Whether two bodies say the same of a document. */
export const isSame = (one, other) => one.state === other.state && listed(one.spans) === listed(other.spans) && listed(one.rejected) === listed(other.rejected);

const isTransient = (error) => error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500;

/**
 * Of one document. It tells `told(saver)` when its state changes, `saved(saver, answer)` when something is on disk,
 * `conflict(saver, present)` when somebody else was faster, `refused(saver, error)` when the server does not take it.
 */
export class Saver {
  #timer = null;
  #pauses = 0;
  #numSent = 0;

  constructor({ id, address, unsaved, acknowledged, events }) {
    Object.assign(this, { id, address, unsaved, acknowledged, events });
    this.wanted = null;
    this.sent = null;
    this.isSending = false;
    this.isOffline = false;
    this.isHeld = false; // by a conflict or a refusal, until somebody decides
    this.numChanges = 0;
  }

  /** Goes on with what an earlier page has left. */
  resume({ base, wanted, sent, numChanges }) {
    Object.assign(this, { acknowledged: base, wanted, sent, numChanges: numChanges || 1 });
    this.flush();
  }

  /** The document is to be this. */
  want(body) {
    this.wanted = body;
    this.numChanges += 1;
    this.#keep();
    this.#schedule(WAIT);
    this.events.told(this);
  }

  /** The same, where somebody else has changed it meanwhile to what `acknowledged` says. */
  settle(acknowledged, body) {
    this.acknowledged = acknowledged;
    this.isHeld = false;
    this.sent = null;
    if (isSame(acknowledged, body)) this.#done(); else this.want(body);
    this.events.told(this);
  }

  get isDone() { return this.wanted === null; }

  /** Sends what waits now; `isLeaving`: the page goes. */
  flush(isLeaving = false) {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.wanted === null || this.isHeld) return;
    if (!this.isSending) this.#send(isLeaving);
    else if (isLeaving && this.wanted !== this.sent) this.#put(this.wanted, true).catch(() => {}); // it is kept here, too
  }

  async #send(isLeaving) {
    const body = this.sent ?? this.wanted;
    this.isSending = true;
    if (this.sent === null) {
      this.sent = body;
      this.#numSent = this.numChanges;
      this.#keep();
    }
    this.events.told(this);
    try {
      const answer = await this.#put(body, isLeaving);
      this.isSending = false;
      this.#acknowledge(body, answer);
    } catch (error) {
      this.isSending = false;
      this.#fail(error);
    }
    this.events.told(this);
  }

  #put(body, isLeaving) {
    const content = { revision: this.acknowledged.revision, ...body };
    return ask("PUT", this.address, content, { keepalive: isLeaving && JSON.stringify(content).length < MOST_KEPT_ALIVE });
  }

  #acknowledge(body, answer) {
    this.isOffline = false;
    this.#pauses = 0;
    this.acknowledged = { ...body, state: answer.state, revision: answer.revision };
    this.sent = null;
    this.numChanges = Math.max(1, this.numChanges - this.#numSent);
    if (isSame(this.wanted, this.acknowledged)) this.#done(); else { this.#keep(); this.#schedule(0); }
    this.events.saved(this, answer);
  }

  #fail(error) {
    const present = error.problem?.present;
    if (error.kind === "changed-meanwhile" && present) this.#meet(present);
    else if (error.status !== undefined && isTransient(error)) {
      this.isOffline = true;
      this.#schedule(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#pauses));
      this.#pauses += 1;
    } else {
      this.sent = null;
      this.isHeld = true;
      this.events.refused(this, error);
    }
  }

  /** Somebody has changed it. Where that was this page, which was not answered, it goes on from there. */
  #meet(present) {
    this.isOffline = false;
    const isOwn = [this.sent, this.wanted].some((body) => isSame(present, body));
    this.sent = null;
    if (isOwn) {
      this.acknowledged = present;
      if (isSame(present, this.wanted)) this.#done(); else this.#schedule(0);
      return;
    }
    this.isHeld = true;
    this.events.conflict(this, present);
  }

  #done() {
    this.wanted = null;
    this.sent = null;
    this.numChanges = 0;
    this.unsaved.drop(this.id);
  }

  #keep() {
    this.isKept = this.unsaved.put(this.id, { base: this.acknowledged, wanted: this.wanted, sent: this.sent, numChanges: this.numChanges });
  }

  #schedule(pause) {
    if (this.isHeld || this.isSending) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), pause);
  }
}
