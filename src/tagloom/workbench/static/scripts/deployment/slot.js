// One slot: what is live, what it can go back to, how often it is asked, and how.

import { ask } from "../api.js";
import { element, moment } from "../elements.js";
import { Requests } from "./requests.js";
import { snippetTabs } from "./snippets.js";

const f1 = (version) => (version.f1 === null ? "–" : (100 * version.f1).toFixed(1));

export class SlotCard {
  /** `actions`: what admins can do; false for others. */
  constructor(address, name, actions) {
    this.path = `${address}/deployments/${name}`;
    this.playground = `${address.replace("/api", "")}/playground`;
    this.name = name;
    this.actions = actions;
    this.head = element("div");
    this.requests = new Requests(`${this.path}/requests`, name);
    this.snippets = element("div", { class: "snippets" });
    this.element = element("article", { class: "card slot", "aria-labelledby": `slot-${name}` },
      this.head,
      element("p", { class: "problem", role: "alert", hidden: true }),
      this.requests.element,
      element("h3", {}, "How it is asked"),
      this.snippets);
    ask("GET", `${this.path}/snippets`).then((found) => this.snippets.replaceChildren(snippetTabs(found, name)), () => {});
  }

  show(slot) {
    const [live, ...earlier] = slot.versions;
    this.head.replaceChildren(
      element("div", { class: "slot-head" },
        element("h2", { id: `slot-${this.name}` }, this.name),
        state(slot),
        element("span", { class: "space" }),
        this.actions && earlier.length > 0 && element("button", { type: "button", onclick: () => this.actions.rollBack(slot, this.element) }, "Roll back…"),
        this.actions && element("button", { type: "button", class: "danger", onclick: () => this.actions.undeploy(slot, this.element) }, "Undeploy…")),
      live ? versions(live, earlier, this.name, this.playground) : element("p", { class: "quiet" }, "Nothing is deployed here."));
  }

  end() {
    this.requests.end();
  }
}

function state({ is_ready: isReady, problem, versions: all }) {
  if (problem) return element("span", { class: "state bad" }, problem);
  if (all.length === 0) return element("span", { class: "state" }, "empty");
  return isReady ? element("span", { class: "state good" }, "answers") : element("span", { class: "state waiting" }, "is loading");
}

function versions(live, earlier, name, playground) {
  const row = (version, isLive) => element("tr", {},
    element("td", { class: "text" }, String(version.number), isLive && element("span", { class: "unseen" }, " (live)")),
    element("td", { class: "text" }, isLive ? element("strong", {}, version.model) : version.model),
    element("td", {}, f1(version)),
    element("td", {}, moment(version.deployed_at)),
    element("td", {}, element("a", { href: `${playground}?model=version-${version.number}-${name}`, "aria-label": `Try version ${version.number}` }, "Try it")));
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Versions" }, element("table", { class: "versions" },
    element("caption", { class: "unseen" }, "Versions, the live one first"),
    element("thead", {}, element("tr", {},
      ["version", "training"].map((column) => element("th", { scope: "col", class: "text" }, column)),
      ["F1", "deployed"].map((column) => element("th", { scope: "col" }, column)), element("th", { scope: "col" }, element("span", { class: "unseen" }, "in the playground")))),
    element("tbody", {}, row(live, true), earlier.map((version) => row(version, false)))));
}
