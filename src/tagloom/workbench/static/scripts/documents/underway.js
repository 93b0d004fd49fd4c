// Imports that are on their way, have failed or have just come in: how far each is, what was found, taking it back.

import { ask } from "../api.js";
import { agreed, count, element, held, moment, toast } from "../elements.js";
import { some } from "./words.js";

const BETWEEN = 400;
const BETWEEN_TRIES = 3000; // when the server cannot be reached
const UNFINISHED = ["uploading", "waiting", "adding", "removing"];

/** The section for them; it calls `changed(imports, cameIn)` with all imports when documents have come in or gone. */
export class Underway {
  #address;
  #mayManage;
  #changed;
  #sendings = new Set();
  #imports = [];
  #seen = new Map(); // the state of each, as it was shown last
  #fresh = new Set(); // those that have come in while the page was open
  #hasLooked = false;
  #timer = null;
  #section = document.getElementById("underway");
  #dialog = document.getElementById("import-facts");

  constructor({ address, mayManage, changed }) {
    this.#address = address;
    this.#mayManage = mayManage;
    this.#changed = changed;
    this.#dialog.addEventListener("click", (event) => { if (event.target === this.#dialog) this.#dialog.close(); });
  }

  get isEmpty() {
    return this.#sendings.size === 0 && !this.#imports.some((one) => UNFINISHED.includes(one.state));
  }

  /** Shows files that are being sent; gives what to tell of them. */
  sending(name) {
    const one = { name, share: 0, error: "" };
    this.#sendings.add(one);
    this.#show();
    return {
      progress: (share) => { one.share = share; this.#show(); },
      done: () => { this.#sendings.delete(one); },
      failed: (why) => { one.error = why; this.#show(); },
    };
  }

  /** Looks how far all are, until none is on its way. */
  async watch() {
    clearTimeout(this.#timer);
    let imports;
    try {
      imports = await ask("GET", `${this.#address}/imports`);
    } catch {
      this.#timer = setTimeout(() => this.watch(), BETWEEN_TRIES);
      return;
    }
    const cameIn = this.#note(imports);
    this.#imports = imports;
    this.#show();
    this.#changed(imports, cameIn);
    if (imports.some((one) => UNFINISHED.includes(one.state))) this.#timer = setTimeout(() => this.watch(), BETWEEN);
  }

  /** Shows what was found in an import. */
  async open(number) {
    const one = await ask("GET", `${this.#address}/imports/${number}`);
    const inner = document.getElementById("facts");
    inner.replaceChildren(...factsOf(one),
      element("p", { class: "problem", role: "alert", hidden: true }),
      element("div", { class: "row" },
        element("button", { type: "button", onclick: () => this.#dialog.close() }, "Close"),
        this.#mayManage && element("button", { type: "button", class: "danger", onclick: () => held(inner, () => this.#undo(one)) }, one.state === "failed" ? "Forget it" : "Take it back…")));
    this.#dialog.showModal();
  }

  /** What has changed since it was looked at last: whether documents have come in or gone. */
  #note(imports) {
    const before = new Map(this.#seen);
    this.#seen = new Map(imports.map((one) => [one.id, one.state]));
    const isFirst = !this.#hasLooked;
    this.#hasLooked = true;
    for (const one of imports) {
      if (one.state !== "done" || before.get(one.id) === "done" || isFirst) continue;
      if (one.findings.length || one.num_repeated) this.#fresh.add(one.id);
      else toast(`${one.name}: ${told(one)}.`);
    }
    const gone = [...before.keys()].some((number) => !this.#seen.has(number));
    return gone || imports.some((one) => one.state === "adding" || (one.state === "done" && before.get(one.id) !== "done"));
  }

  #show() {
    const shown = this.#imports.filter((one) => UNFINISHED.includes(one.state) || one.state === "failed" || this.#fresh.has(one.id));
    this.#section.replaceChildren(...[...this.#sendings].map((one) => this.#sendingRow(one)), ...shown.map((one) => this.#row(one)));
    this.#section.hidden = this.#section.children.length === 0;
  }

  #sendingRow(one) {
    const text = one.error || (one.share < 1 ? `Sending: ${Math.round(one.share * 100)} %` : "Received, being put onto the disk");
    return element("div", { class: one.error ? "card import bad" : "card import" }, element("strong", {}, one.name),
      !one.error && element("progress", { max: "1", value: String(one.share), "aria-label": "Sending" }),
      element("span", { class: "grow", role: one.error ? "alert" : "status" }, text),
      one.error && element("button", { type: "button", class: "plain", "aria-label": "Forget it", onclick: () => { this.#sendings.delete(one); this.#show(); } }, "×"));
  }

  #row(one) {
    const isBusy = UNFINISHED.includes(one.state);
    const share = one.state === "adding" && one.num_expected ? (one.num_documents + 1) / one.num_expected : null;
    return element("div", { class: one.state === "failed" ? "card import bad" : "card import" }, element("strong", {}, one.name),
      isBusy && element("progress", { "aria-label": one.name, max: "1", value: share === null ? null : String(Math.min(1, share)) }),
      element("span", { class: "grow", role: one.state === "failed" ? "alert" : null }, told(one)),
      isBusy && one.state !== "removing" && this.#mayManage && element("button", { type: "button", onclick: (event) => held(event.target, () => this.#remove(one)) }, "Stop"),
      one.state === "done" && element("button", { type: "button", onclick: (event) => held(event.target, () => this.open(one.id)) }, one.findings.length ? some(one.findings.length, "finding") : "Details"),
      one.state === "failed" && this.#mayManage && element("button", { type: "button", onclick: (event) => held(event.target, () => this.#remove(one)) }, "Forget it"),
      one.state === "done" && element("button", { type: "button", class: "plain", "aria-label": "Do not show this any more", onclick: () => { this.#fresh.delete(one.id); this.#show(); } }, "×"));
  }

  async #undo(one) {
    const changed = one.num_changed ? ` ${count(one.num_changed)} of them ${one.num_changed === 1 ? "was" : "were"} worked on since; that work will be gone, too.` : "";
    if (one.state === "done" && !await agreed(`${some(one.num_documents, "document")} of ${one.name} will be taken away.${changed}`, { yes: "Take them away", isDangerous: true })) return;
    await this.#remove(one);
    this.#dialog.close();
    if (one.state === "done") toast(`${one.name} is being taken back.`);
  }

  async #remove(one) {
    await ask("DELETE", `${this.#address}/imports/${one.id}`);
    await this.watch();
  }
}

function told(one) {
  const repeated = one.num_repeated ? `; ${some(one.num_repeated, "text")} of ${one.num_repeated === 1 ? "it was" : "them were"} here already` : "";
  return {
    uploading: "On its way",
    waiting: one.num_read ? `Reading: ${some(one.num_read, "document")} so far` : "Being read",
    adding: `Coming in: ${count(one.num_documents)} of ${some(one.num_expected ?? 0, "document")}`,
    done: `${some(one.num_documents, "document")} came in${repeated}`,
    failed: one.error,
    removing: "Being taken away",
  }[one.state];
}

function factsOf(one) {
  const sources = one.facts.sources ?? [];
  const labels = Object.entries(one.facts.labels ?? {});
  return [
    element("h2", { id: "facts-title" }, one.name),
    element("p", {}, told(one), one.state === "failed" ? "" : "."),
    element("dl", { class: "facts" },
      ...sources.slice(0, 3).flatMap((source) => [fact("Format", source.format), source.scheme && fact("Scheme", source.scheme), fact("Encoding", source.encoding)]),
      fact("Imported", moment(one.created_at)), one.by && fact("By", one.by)),
    labels.length > 0 && element("p", {}, "Labels: ", labels.map(([name, number]) => `${name} ${count(number)}`).join(", ")),
    ...one.findings.map((finding) => element("div", { class: `note ${finding.severity}` },
      element("h3", {}, finding.kind, " ", element("span", { class: "count" }, count(finding.count)), " ", element("span", { class: "severity" }, finding.severity)),
      element("p", {}, finding.advice),
      finding.examples.length > 0 && element("ul", {}, ...finding.examples.map((example) => element("li", {}, example))))),
  ].filter(Boolean);
}

const fact = (name, value) => element("div", {}, element("dt", {}, name), element("dd", {}, value));
