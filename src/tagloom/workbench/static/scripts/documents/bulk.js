// What is done with the chosen documents, some at a time, so that nobody who saves meanwhile waits.

import { ask } from "../api.js";
import { agreed, held, toast } from "../elements.js";
import { parameters } from "./choice.js";
import { some } from "./words.js";

const AT_ONCE = 200;
const DONE = { submit: "are submitted", put_back: "are to be labelled again", discard: "are discarded" };

/** The bar above a listing; it calls `done()` when documents have changed and `exports(ids)` to export some. */
export class Bulk {
  #address;
  #listing;
  #done;
  #exports;
  #total = 0;
  #bar = document.getElementById("bulk");
  #number = document.getElementById("num-chosen");
  #all = document.getElementById("choose-all");

  constructor({ address, listing, done, exports }) {
    this.#address = address;
    this.#listing = listing;
    this.#done = done;
    this.#exports = exports;
    this.#bar.addEventListener("click", (event) => {
      const { action } = event.target.dataset;
      if (action) held(this.#bar, () => this.#do(action));
    });
    this.#all.addEventListener("click", () => held(this.#bar, () => this.#chooseAll()));
  }

  /** Knows how many documents there are to choose from. */
  know(total) {
    this.#total = total;
    this.show();
  }

  /** Shows how many are chosen. */
  show() {
    const number = this.#listing.ids.size;
    this.#bar.hidden = number === 0;
    this.#number.textContent = `${some(number, "document")} chosen`;
    this.#all.hidden = number >= this.#total;
    this.#all.textContent = `Choose all ${this.#total.toLocaleString("en")} that fit`;
  }

  async #chooseAll() {
    const ids = [];
    for (let found = [0]; found.length > 0;) {
      const said = parameters(this.#listing.choice, ["order"]);
      said.set("after", found.at(-1));
      found = await ask("GET", `${this.#address}/document-ids?${said}`);
      ids.push(...found);
    }
    this.#listing.choose(ids);
  }

  async #do(action) {
    const ids = [...this.#listing.ids];
    if (action === "none") {
      this.#listing.choose([]);
    } else if (action === "export") {
      this.#exports(ids);
    } else if (action === "remove") {
      if (!await agreed(`${some(ids.length, "document")} will be gone for good, with what is labelled in them.`, { yes: "Take them away", isDangerous: true })) return;
      const number = await this.#each(ids, (part) => ask("DELETE", `${this.#address}/documents`, { ids: part }));
      this.#listing.choose([]);
      toast(`${some(number, "document")} taken away.`);
      this.#done();
    } else {
      const number = await this.#each(ids, (part) => ask("POST", `${this.#address}/document-states`, { ids: part, action }));
      this.#listing.choose([]);
      toast(`${some(number, "document")} ${DONE[action]}.`);
      this.#done();
    }
  }

  /** Does it with all of them, and gives how many that changed. */
  async #each(ids, work) {
    let number = 0;
    for (let first = 0; first < ids.length; first += AT_ONCE) {
      number += (await work(ids.slice(first, first + AT_ONCE))).num_documents;
      if (ids.length > AT_ONCE) this.#number.textContent = `${Math.min(first + AT_ONCE, ids.length).toLocaleString("en")} of ${some(ids.length, "document")}`;
    }
    return number;
  }
}
