// How far a project is, and what somebody has worked at last.

import { ask } from "../api.js";
import { count, element, moment } from "../elements.js";

const SOON = 200; // milliseconds in which several savings make one look
const STATES = ["submitted", "draft", "skipped", "discarded", "new"];
const SHOWN = { new: "to label", draft: "begun", submitted: "submitted", skipped: "skipped", discarded: "discarded" };
export const STATE_CLASSES = { new: "", draft: "waiting", submitted: "good", skipped: "waiting", discarded: "bad" };

/** Of a project, in elements of the page. */
export class ProgressPanel {
  constructor({ address, bar, counts, told }) { Object.assign(this, { address, bar, counts, told }); }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), SOON);
  }

  async look() {
    try { this.show(await ask("GET", `${this.address}/progress`)); } catch { /* it is looked again with the next document */ }
  }

  show(numbers) {
    this.numbers = numbers;
    const total = STATES.reduce((sum, state) => sum + numbers[state], 0);
    const done = numbers.submitted + numbers.discarded;
    this.bar.max = total || 1;
    this.bar.value = done;
    this.told.textContent = `${count(done)} of ${count(total)} done${total ? `, ${Math.floor(100 * done / total)} %` : ""}`;
    this.counts.replaceChildren(...STATES.filter((state) => numbers[state]).map((state) => element("li", {},
      element("span", { class: `state ${STATE_CLASSES[state]}` }, SHOWN[state]), ` ${count(numbers[state])}`)));
  }
}

/** What somebody has worked at last, as links. */
export class RecentPanel {
  constructor({ address, panel, list, linkOf, open }) {
    Object.assign(this, { address, panel, list, linkOf, openDocument: open });
    panel.addEventListener("toggle", () => this.look());
  }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), SOON);
  }

  async look() {
    if (!this.panel.open) return;
    try { this.#show(await ask("GET", `${this.address}/recent`)); } catch { /* it is looked again with the next document */ }
  }

  #show(documents) {
    const rows = documents.map((each) => {
      const link = element("a", { href: this.linkOf(each.id), dir: "auto" }, each.beginning.trim() || each.name || `Document ${each.id}`);
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.openDocument(each.id);
      });
      return element("li", {}, link, element("span", { class: `state ${STATE_CLASSES[each.state]}` }, each.state), element("time", { class: "quiet" }, moment(each.changed_at)));
    });
    this.list.replaceChildren(...(rows.length ? rows : [element("li", { class: "quiet" }, "Nothing yet.")]));
  }
}
