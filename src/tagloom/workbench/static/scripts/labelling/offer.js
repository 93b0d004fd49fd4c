// Two buttons that float at the suggestion under the mouse: accept, reject.

import { element } from "../elements.js";

const LINGER = 250; // milliseconds in which the mouse may cross over to the buttons

/** Calls `accept(item)` and `reject(item)`. */
export class Offer {
  #timer = null;
  #item = null;

  constructor(view, { accept, reject }) {
    this.view = view;
    const does = (work) => () => { const item = this.#item; this.hide(); if (item) work(item); };
    this.box = element("div", { class: "offer", hidden: true, "aria-hidden": "true" },
      element("button", { type: "button", tabindex: "-1", title: "Accept", class: "good", onclick: does(accept) }, "✓"),
      element("button", { type: "button", tabindex: "-1", title: "Reject", class: "bad", onclick: does(reject) }, "✕"));
    document.body.append(this.box);
    this.box.addEventListener("mouseenter", () => clearTimeout(this.#timer));
    this.box.addEventListener("mouseleave", () => this.#leave());
    addEventListener("scroll", () => this.hide(), { passive: true });
  }

  /** The mouse is over a suggestion, or over none. */
  hover(item) {
    if (!item?.isSuggestion) { this.#leave(); return; }
    clearTimeout(this.#timer);
    this.#item = item;
    this.box.hidden = false;
    const boxes = this.view.rangeOf(item).getClientRects();
    const last = boxes[boxes.length - 1];
    this.box.style.left = `${Math.min(last.right - 6, innerWidth - 80)}px`;
    this.box.style.top = `${last.top - 21}px`;
  }

  hide() {
    this.box.hidden = true;
    this.#item = null;
  }

  #leave() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), LINGER);
  }
}
