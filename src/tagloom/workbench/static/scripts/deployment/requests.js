// How often a slot was asked in the last hour: figures, and a bar a minute. Looks anew every few seconds while it is seen.

import { ask } from "../api.js";
import { count, element } from "../elements.js";

const SECONDS = 5;

const time = (seconds) => (seconds === null ? "–" : seconds < 0.1 ? `${(1000 * seconds).toFixed(1)} ms` : seconds < 1 ? `${Math.round(1000 * seconds)} ms` : `${seconds.toFixed(1)} s`);
const clock = (at) => new Date(1000 * at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

export class Requests {
  #timer = null;

  constructor(address, name) {
    this.address = address;
    this.name = name;
    this.facts = element("dl", { class: "figures" });
    this.bars = element("div", { class: "minutes", role: "img" });
    this.most = element("span", { class: "most" });
    this.element = element("section", { class: "requests", "aria-label": `Requests to ${name}` },
      element("h3", {}, "Requests in the last hour"),
      this.facts,
      element("div", { class: "minutes-box" }, this.most, this.bars),
      element("div", { class: "axis", "aria-hidden": "true" }, element("span", {}, "an hour ago"), element("span", {}, "now")),
      element("p", { class: "small" }, "Counted since the workbench was started, without what was refused for want of a key. No text is kept."));
    this.#look();
  }

  end() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #look() {
    if (!document.hidden) {
      try { this.#show(await ask("GET", this.address)); } catch { /* the next look may go better */ }
    }
    this.#timer = setTimeout(() => this.element.isConnected && this.#look(), 1000 * SECONDS);
  }

  #show({ num_requests: total, num_errors: errors, median, p95, minutes }) {
    const fact = (name, figure, isBad) => element("div", {}, element("dt", {}, name), element("dd", isBad ? { class: "bad" } : {}, figure));
    this.facts.replaceChildren(
      fact("requests", count(total)), fact("refused or failed", count(errors), errors > 0),
      fact("half answered within", time(median)), fact("95 % within", time(p95)));
    const most = Math.max(1, ...minutes.map((minute) => minute.num_requests));
    this.most.textContent = total > 0 ? `${count(most)} a minute` : "";
    this.bars.setAttribute("aria-label", `${count(total)} requests, at most ${count(total > 0 ? most : 0)} in a minute`);
    this.bars.replaceChildren(...minutes.map((minute) => bar(minute, most)));
  }
}

function bar({ at, num_requests: total, num_errors: errors, p95 }, most) {
  const part = (kind, share) => {
    const made = element("i", { class: kind });
    made.style.height = `${100 * share}%`;
    return made;
  };
  return element("span", { title: `${clock(at)}: ${count(total)} requests${errors ? `, ${count(errors)} refused or failed` : ""}${p95 === null ? "" : `, 95 % within ${time(p95)}`}` },
    total > errors && part("answered", (total - errors) / most), errors > 0 && part("failed", errors / most));
}
