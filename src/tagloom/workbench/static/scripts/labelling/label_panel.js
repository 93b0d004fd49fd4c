// The labels: which one is chosen, how many spans of each there are, which key chooses it. Beside the text, and on phones below.

import { element } from "../elements.js";

const MANY = 12;

/** Lists of labels in elements; `chosen(name)` hears which one was clicked. */
export class LabelPanel {
  #rows = new Map();

  constructor({ list, bar, find, labels, chosen }) {
    for (const label of labels) {
      const place = labels.indexOf(label);
      const key = place < 10 ? String((place + 1) % 10) : place < 20 ? `⇧${(place + 1) % 10}` : "";
      const count = element("span", { class: "count" }, "0");
      const row = element("button", { type: "button", class: `label-row colour-${label.colour}`, "aria-pressed": "false" },
        element("kbd", {}, key), element("span", { class: "label" }, label.name), count,
        label.description && element("span", { class: "quiet description" }, label.description));
      const chip = element("button", { type: "button", class: `label-chip colour-${label.colour}`, "aria-pressed": "false" }, label.name);
      for (const button of [row, chip]) button.addEventListener("click", () => chosen(label.name));
      list.append(element("li", {}, row));
      bar.append(chip);
      this.#rows.set(label.name, { row, chip, count, text: `${label.name} ${label.description}`.toLowerCase() });
    }
    find.hidden = labels.length <= MANY;
    find.addEventListener("input", () => this.#find(find.value.trim().toLowerCase()));
  }

  /** Shows which label is chosen; null for none. */
  choose(name) {
    for (const [each, { row, chip }] of this.#rows) {
      for (const button of [row, chip]) button.setAttribute("aria-pressed", each === name);
    }
  }

  /** Shows how many spans of each label there are. */
  count(spans) {
    const counts = new Map();
    for (const { label } of spans) counts.set(label, (counts.get(label) ?? 0) + 1);
    for (const [name, { count }] of this.#rows) {
      const text = String(counts.get(name) ?? 0);
      if (count.textContent !== text) count.textContent = text;
    }
  }

  #find(sought) { for (const { row, text } of this.#rows.values()) row.parentElement.hidden = !text.includes(sought); }
}
