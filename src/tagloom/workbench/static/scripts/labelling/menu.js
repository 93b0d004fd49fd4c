// The menu at a span or a selection: its labels, found by typing, and what else can be done with it.

import { element } from "../elements.js";

const MANY = 12; // labels that fingers rather look through than type for
const EDGE = 8; // pixels between the menu and the window's edge

/** Where somebody chooses a label; `labels` as the project has them. */
export class Menu {
  #options = [];
  #chosen = 0;
  #asked = null;

  constructor(labels) {
    this.labels = labels;
    this.heading = element("p", { class: "menu-text", dir: "auto" });
    this.told = element("p", { class: "menu-told quiet", hidden: true });
    this.filter = element("input", {
      role: "combobox", "aria-label": "Label", "aria-expanded": "true", "aria-controls": "menu-labels", "aria-autocomplete": "list",
      autocomplete: "off", spellcheck: "false", placeholder: "type to find a label",
    });
    this.list = element("ul", { id: "menu-labels", role: "listbox", "aria-label": "Labels" });
    this.actions = element("div", { class: "menu-actions" });
    this.box = element("div", { class: "span-menu", role: "dialog", "aria-label": "Label", hidden: true, tabindex: "-1" },
      this.heading, this.told, this.filter, this.list, this.actions);
    document.body.append(this.box);
    this.filter.addEventListener("input", () => this.#show());
    this.box.addEventListener("keydown", (event) => this.#press(event));
    document.addEventListener("pointerdown", (event) => { if (this.isOpen && !this.box.contains(event.target)) this.close(false); }, true);
  }

  get isOpen() { return !this.box.hidden; }

  /**
   * Opens at a box of the window. `asked`: `text` that is labelled, its present `label`, what is `told` of it, what `pick(label)`
   * does, `actions` as `{ title, keys, run, isDanger, more }`, and `closed()`, for when it is left.
   */
  open(box, asked, { isTouch = false } = {}) {
    this.#asked = asked;
    this.heading.textContent = asked.text.length > 80 ? `${asked.text.slice(0, 78)}…` : asked.text;
    this.told.textContent = asked.told ?? "";
    this.told.hidden = !asked.told;
    this.filter.value = "";
    this.filter.hidden = this.labels.length < (isTouch ? MANY : 2);
    this.actions.replaceChildren(...asked.actions.map((action) => this.#actionOf(action)));
    this.box.hidden = false;
    this.box.classList.toggle("is-touch", isTouch);
    this.#show(asked.label);
    this.#put(box);
    (isTouch || this.filter.hidden ? this.box : this.filter).focus({ preventScroll: true });
  }

  close(isBack = true) {
    if (!this.isOpen) return;
    this.box.hidden = true;
    const asked = this.#asked;
    this.#asked = null;
    asked.closed(isBack);
  }

  #actionOf({ title, keys, run, isDanger, more }) {
    const does = () => { const asked = this.#asked; this.close(); run(asked); };
    const button = element("button", { type: "button", class: isDanger ? "danger" : "", onclick: does }, title, keys && element("kbd", {}, keys));
    return more ? element("div", { class: "menu-more" }, button, more) : button;
  }

  #show(label) {
    const sought = this.filter.value.trim().toLowerCase();
    const fits = (each) => each.name.toLowerCase().includes(sought) || each.description.toLowerCase().includes(sought);
    const begins = (each) => each.name.toLowerCase().startsWith(sought);
    this.#options = this.labels.filter(fits).sort((one, other) => begins(other) - begins(one));
    this.#chosen = Math.max(0, this.#options.findIndex((each) => each.name === label));
    this.list.replaceChildren(...this.#options.map((each, index) => this.#optionOf(each, index)));
    if (!this.#options.length) this.list.append(element("li", { class: "quiet" }, "No such label."));
    this.#mark();
  }

  #optionOf(label, index) {
    const place = this.labels.indexOf(label);
    const option = element("li", { role: "option", id: `menu-label-${index}`, class: `colour-${label.colour}` },
      element("kbd", {}, place < 10 ? String((place + 1) % 10) : ""),
      element("span", { class: "label" }, label.name),
      element("span", { class: "quiet" }, label.description));
    option.addEventListener("click", () => this.#pick(label));
    option.addEventListener("mousemove", () => { if (this.#chosen !== index) { this.#chosen = index; this.#mark(); } });
    return option;
  }

  #mark() {
    for (const [index, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", index === this.#chosen);
    const chosen = this.#options.length ? this.list.children[this.#chosen] : null;
    if (chosen) this.filter.setAttribute("aria-activedescendant", chosen.id); else this.filter.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  #pick(label) {
    const { pick } = this.#asked;
    this.close();
    pick(label.name);
  }

  #press(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const isOnButton = event.target.closest("button, label");
    const done = () => event.preventDefault();
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const isEmpty = this.filter.value === "";
    if (event.key === "Escape") { done(); this.close(); }
    else if (event.key === "Tab") this.#keepInside(event);
    else if (isOnButton) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") { done(); this.#step(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Enter" && this.#options.length) { done(); this.#pick(this.#options[this.#chosen]); }
    else if (isPlain && isEmpty && /^\d$/.test(event.key)) this.#pickPlace(event, (Number(event.key) + 9) % 10);
    else if (isEmpty && (event.key === "Backspace" || event.key === "Delete")) this.#runKey(event, "remove");
    else if (event.altKey && event.code === "KeyA") this.#runKey(event, "accept");
    else if (event.altKey && event.code === "KeyR") this.#runKey(event, "remove");
  }

  #step(by) {
    const { length } = this.#options;
    if (length) this.#chosen = (this.#chosen + by + length) % length;
    this.#mark();
  }

  #pickPlace(event, place) {
    if (place >= this.labels.length) return;
    event.preventDefault();
    this.#pick(this.labels[place]);
  }

  #runKey(event, id) {
    const action = this.#asked.actions.find((each) => each.id === id);
    if (!action) return;
    event.preventDefault();
    this.close();
    action.run();
  }

  /** Tab goes round in the menu. */
  #keepInside(event) {
    const stops = [...this.box.querySelectorAll("input, button, select")].filter((each) => !each.hidden);
    const index = stops.indexOf(document.activeElement);
    const next = stops[(index + (event.shiftKey ? -1 : 1) + stops.length) % stops.length];
    event.preventDefault();
    next?.focus();
  }

  #put(box) {
    if (matchMedia("(max-width: 700px)").matches) {
      this.box.style.left = this.box.style.top = "";
      return;
    }
    const { width, height } = this.box.getBoundingClientRect();
    const left = Math.min(Math.max(EDGE, box.left), innerWidth - width - EDGE);
    const below = box.bottom + 6;
    const top = below + height + EDGE <= innerHeight ? below : Math.max(EDGE, box.top - height - 6);
    this.box.style.left = `${left}px`;
    this.box.style.top = `${top}px`;
  }
}
