// Documents that a person puts into parts: several by conditions, others one by one.

import { ask } from "../api.js";
import { count, element, held } from "../elements.js";

const PLACES = { train: "train", dev: "dev", test: "test", nowhere: "left out" };
const AT_ONCE = 30;

const options = () => Object.entries(PLACES).map(([value, title]) => element("option", { value }, title));

export class Choice {
  /** `asked` is what is there already; `withDrafts()` whether drafts count. */
  constructor(project, asked, withDrafts) {
    this.address = `/api/projects/${project}`;
    this.withDrafts = withDrafts;
    this.rules = [...asked.rules];
    this.documents = new Map(Object.entries(asked.documents).map(([number, place]) => [Number(number), place]));
    this.next = null;
    this.hasBegun = false;
    this.rest = document.querySelector("select[name=rest]");
    this.rest.append(...options());
    this.rest.value = asked.rest;
    this.condition = document.getElementById("condition");
    this.place = document.getElementById("condition-place");
    this.place.append(...options());
    this.place.value = "test";
    this.list = document.getElementById("documents");
    this.search = document.getElementById("search");
    this.onlyChosen = document.getElementById("only-chosen");
    document.getElementById("add-rule").addEventListener("click", ({ currentTarget }) => held(currentTarget, () => this.addRule()));
    this.condition.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      document.getElementById("add-rule").click();
    });
    document.getElementById("more").addEventListener("click", () => this.listMore());
    this.onlyChosen.addEventListener("change", () => this.lookAgain());
    let waiting = 0;
    this.search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => this.lookAgain(), 250); });
    this.search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }

  begin() {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.showRules();
    this.lookAgain();
  }

  body() {
    return { rest: this.rest.value, rules: this.rules, documents: Object.fromEntries(this.documents) };
  }

  query(more) {
    const query = new URLSearchParams(more);
    for (const state of this.withDrafts() ? ["submitted", "draft"] : ["submitted"]) query.append("state", state);
    return query;
  }

  async addRule() {
    const where = this.condition.value.trim();
    if (!where) { this.condition.focus(); return; }
    const { total } = await ask("GET", `${this.address}/document-counts?${this.query({ filter: where })}`);
    this.rules.push({ where, place: this.place.value, total });
    this.condition.value = "";
    this.showRules();
  }

  showRules() {
    document.getElementById("rules").replaceChildren(...this.rules.map((rule, number) => element("li", {},
      element("code", {}, rule.where),
      ` → ${PLACES[rule.place]}`,
      rule.total !== undefined && element("span", { class: "quiet" }, `${count(rule.total)} documents`),
      element("span", { class: "space" }),
      element("button", { type: "button", class: "danger", "aria-label": `Remove ${rule.where}`, onclick: () => { this.rules.splice(number, 1); this.showRules(); } }, "×"))));
  }

  lookAgain() {
    if (!this.hasBegun) return;
    this.list.replaceChildren();
    this.next = null;
    this.listMore();
  }

  async listMore() {
    const chosen = [...this.documents.keys()];
    const asked = this.query({ limit: AT_ONCE, ...(this.next && { after: this.next }), ...(this.search.value.trim() && { search: this.search.value.trim() }) });
    if (this.onlyChosen.checked) for (const number of chosen.length ? chosen.slice(0, 1000) : [2 ** 50]) asked.append("document", number);
    const text = asked.toString();
    this.latest = text;
    await held(this.list.parentElement, async () => {
      const page = await ask("GET", `${this.address}/documents?${text}`);
      if (this.latest !== text) return;
      this.list.append(...page.documents.map((one) => this.item(one)));
      this.next = page.next;
      document.getElementById("more").hidden = page.next === null;
      this.showNumber();
    });
  }

  item(one) {
    const choose = element("select", { "aria-label": `Where ${one.name || `document ${one.id}`} goes` }, element("option", { value: "" }, "as said above"), options());
    choose.value = this.documents.get(one.id) ?? "";
    choose.addEventListener("change", () => {
      if (choose.value) this.documents.set(one.id, choose.value); else this.documents.delete(one.id);
      this.showNumber();
    });
    return element("li", {},
      element("p", { dir: "auto" }, element("span", { class: "quiet" }, `${one.name || `#${one.id}`}  `), one.excerpt.text.slice(0, 160)),
      choose);
  }

  showNumber() {
    const number = this.documents.size;
    document.getElementById("num-chosen").textContent = number === 0 ? "None is chosen here yet." : `${count(number)} chosen here.`;
  }
}
