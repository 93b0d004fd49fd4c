// The keys: what each does, and how people give it another.

import { element } from "../elements.js";
import { pressed, shownKeys } from "./keys.js";

/** A dialog with all keys. */
export class Help {
  constructor(keys, changed) {
    Object.assign(this, { keys, changed });
    this.body = element("div", { class: "key-groups" });
    this.told = element("p", { class: "quiet", role: "status" }, "Press a button to change its keys. They are kept in this browser.");
    this.box = element("dialog", { class: "key-help", "aria-label": "Keys" },
      element("div", { class: "heading" }, element("h2", {}, "Keys"),
        element("button", { type: "button", onclick: () => this.box.close(), "aria-label": "Close" }, "✕")),
      this.told, this.body,
      element("button", { type: "button", onclick: () => { this.keys.reset(); this.#show(); this.changed(); } }, "As they were at first"));
    document.body.append(this.box);
  }

  open() {
    this.#show();
    this.box.showModal();
  }

  #show() {
    const groups = new Map();
    for (const action of this.keys.actions) {
      if (!action.title) continue;
      if (!groups.has(action.group)) groups.set(action.group, []);
      groups.get(action.group).push(this.#row(action));
    }
    this.body.replaceChildren(...[...groups].map(([name, rows]) => element("section", {}, element("h3", {}, name), element("dl", {}, rows))));
  }

  #row(action) {
    const names = this.keys.keysOf(action);
    const shown = names.length ? names.flatMap((name, index) => [index ? " or " : null, element("kbd", {}, shownKeys(name))]) : ["none"];
    const button = element("button", { type: "button", class: this.keys.isOwn(action) ? "own" : "", "aria-label": `Change: ${action.title}` }, shown);
    button.addEventListener("click", () => this.#listen(action, button));
    return element("div", {}, element("dt", {}, action.title), element("dd", {}, action.fixed ? element("kbd", {}, action.shown) : button));
  }

  /** Waits for the keys that an action is to have. */
  #listen(action, button) {
    button.textContent = "press keys…";
    this.told.textContent = `${action.title}: press the new keys, Esc to leave it, Backspace for none.`;
    const heard = (event) => {
      event.preventDefault();
      event.stopPropagation();
      const name = pressed(event);
      if (!name) return;
      done();
      if (name !== "Escape") this.keys.set(action, name === "Backspace" ? [] : [name]);
      this.told.textContent = name === "Escape" ? "It stays as it was." : `${action.title}: ${name === "Backspace" ? "no key" : shownKeys(name)}.`;
      this.#show();
      this.changed();
    };
    const done = () => {
      button.removeEventListener("keydown", heard, true);
      button.removeEventListener("blur", left);
    };
    const left = () => { done(); this.#show(); };
    button.addEventListener("keydown", heard, true);
    button.addEventListener("blur", left);
  }
}
