// What models suggest: how good the model is, of which labels suggestions are wanted, and from which score on.

import { ask } from "../api.js";
import { count, element } from "../elements.js";
import { isOfModel } from "./changes.js";
import { keep, recall } from "./kept.js";

const AGAIN = 3000; // milliseconds between looks at a model that reads
const LATER = 60000; // between looks at one that does not
const percent = (share) => `${Math.round(100 * share)} %`;

/** Of a project; `changed()` hears that other suggestions are wanted. */
export class SuggestionPanel {
  #timer = null;

  constructor({ address, root, name, canLabel, labels, changed }) {
    Object.assign(this, { address, name, canLabel, labels, changed });
    this.told = root.querySelector(".told");
    this.table = root.querySelector("tbody");
    this.scores = root.querySelector(".scores");
    this.toggle = root.querySelector("[name=on]");
    this.slider = root.querySelector("[name=threshold]");
    this.level = root.querySelector("output");
    this.controls = root.querySelector(".controls");
    this.model = null;
    this.wanted = { isOn: false, threshold: 0.5, off: [], ...recall(name, {}) };
    this.toggle.checked = this.wanted.isOn;
    this.slider.value = this.wanted.threshold;
    this.toggle.addEventListener("change", () => this.#want({ isOn: this.toggle.checked }));
    this.slider.addEventListener("input", () => this.#want({ threshold: Number(this.slider.value) }));
  }

  /** Whether a suggestion is to be shown: those of imports always, those of a model if somebody wants them. */
  isWanted(suggestion) {
    const { label, score } = suggestion;
    if (!this.labels.some((each) => each.name === label)) return false;
    if (!isOfModel(suggestion)) return true;
    return this.wanted.isOn && !this.wanted.off.includes(label) && (score ?? 1) >= this.wanted.threshold;
  }

  get isOn() { return this.wanted.isOn && this.model !== null; }

  /** Looks which model there is, and lets it read ahead where that is wanted. */
  async look(needsModel) {
    clearTimeout(this.#timer);
    const wants = this.canLabel && (this.wanted.isOn || needsModel);
    this.needsModel = needsModel;
    try {
      if (wants) await ask("POST", `${this.address}/suggesting`);
      const before = this.model?.origin;
      this.model = await ask("GET", `${this.address}/suggesting`);
      this.#show();
      if (before !== this.model?.origin) this.changed(true);
    } catch { /* it is looked again */ }
    this.#timer = setTimeout(() => this.look(this.needsModel), this.model?.is_reading ? AGAIN : LATER);
  }

  #want(change) {
    Object.assign(this.wanted, change);
    keep(this.name, this.wanted);
    this.#show();
    this.changed("isOn" in change);
    if ("isOn" in change) this.look(this.needsModel);
  }

  #show() {
    const { model } = this;
    this.controls.hidden = model === null;
    if (model === null) {
      this.told.textContent = "There is no model yet. Once one is trained, it suggests labels here.";
      return;
    }
    const left = model.error || (model.num_unread ? `${count(model.num_unread)} documents are still to be read.` : "All documents that are to be labelled are read.");
    this.told.textContent = `${model.name}. ${model.is_reading || this.wanted.isOn || model.error ? left : ""}`;
    this.level.textContent = percent(this.wanted.threshold);
    this.scores.hidden = !this.labels.some((each) => each.name in model.labels);
    this.table.replaceChildren(...this.labels.filter((each) => each.name in model.labels).map((each) => this.#row(each, model.labels[each.name])));
  }

  #row(label, score) {
    const box = element("input", { type: "checkbox", checked: !this.wanted.off.includes(label.name), "aria-label": `Suggest ${label.name}` });
    box.addEventListener("change", () => {
      const off = this.wanted.off.filter((name) => name !== label.name);
      this.#want({ off: box.checked ? off : [...off, label.name] });
    });
    const title = `of ${score.support} that it was judged by`;
    return element("tr", {},
      element("th", { scope: "row" }, element("label", { class: "check" }, box, element("span", { class: `label colour-${label.colour}` }, label.name))),
      element("td", { title }, percent(score.precision)), element("td", { title }, percent(score.recall)));
  }
}
