// Which keys do what: a name for each press, and what people have changed of it, kept in the browser.

import { keep, recall } from "./kept.js";

const STORED = "tagloom.keys";
const PLAIN = { Digit: /^(?:Digit|Numpad)(\d)$/, Letter: /^Key([A-Z])$/ };
const SYMBOLS = { Period: ".", Comma: ",", Slash: "/", BracketLeft: "[", BracketRight: "]" };
const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"]);

/** The name of a press, such as `Ctrl+Shift+z`, `Alt+.` or `?`; empty where it is none yet. */
export function pressed(event) {
  if (event.isComposing || MODIFIERS.has(event.key)) return "";
  const isTyped = event.getModifierState?.("AltGraph"); // some keyboards need it for [ and ]
  const isCommand = (event.ctrlKey || event.metaKey) && !isTyped;
  const isAlt = event.altKey && !isTyped;
  const digit = PLAIN.Digit.exec(event.code)?.[1];
  let key = event.key === " " ? "Space" : event.key;
  if (digit && !isTyped && (/^\d$/.test(key) || event.shiftKey || isAlt)) key = digit;
  else if (isAlt && PLAIN.Letter.test(event.code)) key = PLAIN.Letter.exec(event.code)[1].toLowerCase();
  else if (isAlt && event.code in SYMBOLS) key = SYMBOLS[event.code];
  else if (key.length === 1) key = key.toLowerCase();
  const saysShift = key.length > 1 || /[a-z\d]/.test(key) || isAlt;
  return [isCommand && "Ctrl", isAlt && "Alt", event.shiftKey && saysShift && !isTyped && "Shift", key].filter(Boolean).join("+");
}

const SHOWN = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Backspace: "⌫", Escape: "Esc", Delete: "Del" };

/** The name of a press as people read it. */
export const shownKeys = (name) => name.split(/\+(?=.)/).map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" ");

/**
 * What keys do. Each action has an `id`, a `title`, the names of its `keys`, and `run(event)`, which gives false where it is
 * not for now, so that the press goes on to whatever else it is for.
 */
export class Keys {
  #own;

  constructor(actions) {
    this.actions = actions;
    this.#own = recall(STORED, {});
  }

  keysOf(action) { return this.#own[action.id] ?? action.keys; }

  /** The first keys of an action, for its button; empty where it has none. */
  hint(id) {
    const keys = this.keysOf(this.actions.find((action) => action.id === id));
    return keys.length ? shownKeys(keys[0]) : "";
  }

  isOwn(action) { return action.id in this.#own; }

  /** Gives an action other keys, which whatever had them loses; null: those that it had at first. */
  set(action, keys) {
    for (const other of keys ? this.actions : []) {
      const left = this.keysOf(other).filter((key) => !keys.includes(key));
      if (other !== action && left.length < this.keysOf(other).length) this.#own[other.id] = left;
    }
    if (keys) this.#own[action.id] = keys; else delete this.#own[action.id];
    this.#keep();
  }

  reset() {
    this.#own = {};
    this.#keep();
  }

  /** Does what a press is for; gives whether it was for anything. */
  press(event) {
    const name = pressed(event);
    if (!name) return false;
    for (const action of this.actions) {
      if (this.keysOf(action).includes(name) && action.run(event) !== false) {
        event.preventDefault();
        return true;
      }
    }
    return false;
  }

  #keep() { keep(STORED, this.#own); }
}
