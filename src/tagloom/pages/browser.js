"use strict";

// Shows examples a page at a time. They lie in blocks of JSON that are read when one of them is needed; filters by
// fault and label look at a small index alone, and a search goes through the blocks in slices, so that the page lives on.
{
  const PAGE = 25;
  const SLICE = 12; // milliseconds
  const PATIENCE = 150; // milliseconds between the last key and the search

  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const folded = (text) => text.normalize("NFC").toLowerCase();
  const breath = () => new Promise((resolve) => setTimeout(resolve));

  function element(name, kind, ...content) {
    const made = document.createElement(name);
    made.className = kind;
    made.append(...content);
    return made;
  }

  class Browser {
    constructor(place) {
      this.place = place;
      this.id = place.id;
      this.index = json(`${place.id}-index`);
      this.blocks = new Map();
      this.page = 0;
      this.asked = 0;
      this.found = [];
      this.part = (name) => place.querySelector(`.${name}`);
      this.part("fault").addEventListener("change", () => this.filter());
      this.part("label").addEventListener("change", () => this.filter());
      this.part("search").addEventListener("input", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.filter(), PATIENCE);
      });
      this.part("before").addEventListener("click", () => this.turn(this.page - 1));
      this.part("after").addEventListener("click", () => this.turn(this.page + 1));
      this.part("number").addEventListener("change", (event) => this.turn(Number(event.target.value) - 1));
      this.filter();
    }

    get lastPage() {
      return Math.max(0, Math.ceil(this.found.length / PAGE) - 1);
    }

    example(number) {
      const block = Math.floor(number / this.index.size);
      if (!this.blocks.has(block)) this.blocks.set(block, json(`${this.id}-block-${block}`));
      return this.blocks.get(block)[number % this.index.size];
    }

    candidates() {
      const fault = this.part("fault").value;
      const label = this.part("label").value;
      const { codes, labels } = this.index;
      const fits = (code) =>
        (fault === "" || Math.floor(code / labels.length) === Number(fault)) &&
        (label === "" || code % labels.length === Number(label));
      const numbers = [...codes.keys()];
      return fault === "" && label === "" ? numbers : numbers.filter((number) => codes[number].some(fits));
    }

    async filter() {
      const asked = ++this.asked;
      const wanted = folded(this.part("search").value.trim());
      const candidates = this.candidates();
      this.page = 0;
      this.place.dataset.state = "searching";
      if (wanted === "") {
        this.found = candidates;
      } else {
        this.found = [];
        let shown = false;
        let until = performance.now() + SLICE;
        for (const number of candidates) {
          const [, source, text] = this.example(number);
          if (folded(text).includes(wanted) || folded(source).includes(wanted)) this.found.push(number);
          if (performance.now() < until) continue;
          if (!shown && this.found.length >= PAGE) this.show();
          shown ||= this.found.length >= PAGE;
          this.part("told").textContent = "searching …";
          await breath();
          if (asked !== this.asked) return;
          until = performance.now() + SLICE;
        }
      }
      this.show();
      this.place.dataset.state = "done";
    }

    turn(page) {
      this.page = Math.min(Math.max(0, Math.floor(page) || 0), this.lastPage);
      this.show();
      this.place.scrollIntoView();
    }

    tell() {
      const number = this.found.length;
      this.part("told").textContent = `${number.toLocaleString("en")} ${number === 1 ? "sentence" : "sentences"}`;
    }

    show() {
      const numbers = this.found.slice(this.page * PAGE, (this.page + 1) * PAGE);
      this.part("examples").replaceChildren(...numbers.map((number) => this.shown(this.example(number))));
      this.part("before").disabled = this.page === 0;
      this.part("after").disabled = this.page === this.lastPage;
      this.part("number").value = this.page + 1;
      this.part("number").max = this.lastPage + 1;
      this.part("last").textContent = (this.lastPage + 1).toLocaleString("en");
      this.tell();
    }

    shown([number, source, text, right, found]) {
      const place = element("p", "place", `sentence ${(number + 1).toLocaleString("en")}`);
      if (source !== "") place.append(", document ", element("bdi", "", source));
      return element("li", "", place, this.line("right", text, right), this.line("found", text, found));
    }

    line(side, text, marks) {
      const words = element("span", "words");
      words.dir = "auto";
      let at = 0;
      for (const [start, end, label, fault, score] of marks) {
        words.append(text.slice(at, start), this.marked(text.slice(start, end), label, fault, score));
        at = Math.max(at, end);
      }
      words.append(text.slice(at));
      return element("p", "line", element("span", "side", side), " ", words);
    }

    marked(text, label, fault, score) {
      const tag = element("span", "tag", element("b", "", this.index.labels[label]));
      if (score !== undefined) tag.append(` ${(score / 10).toFixed(1)} %`);
      if (fault >= 0) tag.append(" ", element("span", "fault-name", `✕ ${this.index.faults[fault]}`));
      return element("mark", fault >= 0 ? "wrong" : "right", text, " ", tag);
    }
  }

  const start = () => document.querySelectorAll(".browser").forEach((place) => new Browser(place));
  document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(start)));
}
