// Files and pasted text into the project: a dialog, and files that are dropped anywhere on the page.

import { send } from "../api.js";
import { element, held } from "../elements.js";
import { dropped, grouped, size } from "./files.js";

const OPTIONS = ["labels", "unlabelled", "repeated", "format", "encoding", "scheme", "sentence_column", "word_column", "tag_column"];

/** The dialog; what it sends is shown by an `Underway`. */
export class ImportDialog {
  #address;
  #underway;
  #groups = [];
  #dialog = document.getElementById("import-dialog");
  #form = document.getElementById("import-form");
  #list = document.getElementById("chosen-files");
  #input = document.getElementById("files");
  #pasted = document.getElementById("pasted");
  #tabs = [...document.querySelectorAll("#import-dialog [role=tab]")];

  constructor({ address, underway }) {
    this.#address = address;
    this.#underway = underway;
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#show(tab));
    this.#tabs[0].parentElement.addEventListener("keydown", (event) => this.#moveTab(event));
    this.#input.addEventListener("change", () => { this.#add([...this.#input.files]); this.#input.value = ""; });
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#begin(); });
    this.#takeDrops();
  }

  /** Opens it at files or at pasting. */
  open(what = "files") {
    this.#show(this.#tabs.find((tab) => tab.id === `tab-${what}`));
    this.#form.querySelector(".problem").hidden = true;
    if (!this.#dialog.open) this.#dialog.showModal();
    (what === "paste" ? this.#pasted : this.#input).focus();
  }

  #show(shown) {
    for (const tab of this.#tabs) {
      tab.setAttribute("aria-selected", String(tab === shown));
      tab.tabIndex = tab === shown ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== shown;
    }
    document.getElementById("format-field").hidden = this.#isPaste();
  }

  #moveTab(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = this.#tabs.find((tab) => tab.getAttribute("aria-selected") === "false");
    this.#show(other);
    other.focus();
  }

  #isPaste() {
    return this.#tabs.find((tab) => tab.id === "tab-paste").getAttribute("aria-selected") === "true";
  }

  #takeDrops() {
    const hasFiles = (event) => [...event.dataTransfer?.types ?? []].includes("Files");
    addEventListener("dragover", (event) => { if (hasFiles(event)) { event.preventDefault(); document.body.classList.add("is-dropping"); } });
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("is-dropping"); });
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      document.body.classList.remove("is-dropping");
      const found = dropped(event.dataTransfer); // which is empty once this has returned
      this.open("files");
      held(this.#form, async () => this.#add(await found));
    });
  }

  #add(files) {
    this.#groups = grouped([...this.#groups.flat(), ...files]);
    this.#list.replaceChildren(...this.#groups.map((group) => element("li", {},
      element("span", { class: "grow" }, group.length > 3 ? `${group[0].name} and ${group.length - 1} more` : group.map((file) => file.name).join(" + ")),
      element("span", { class: "quiet" }, size(group.reduce((sum, file) => sum + file.size, 0))),
      element("button", { type: "button", class: "plain", "aria-label": `Without ${group[0].name}`, onclick: () => { this.#groups = this.#groups.filter((each) => each !== group); this.#add([]); } }, "×"))));
  }

  #begin() {
    const jobs = this.#isPaste() ? this.#pastedJob() : this.#groups.map((group) => ({ files: group, format: this.#value("format") }));
    const problem = this.#form.querySelector(".problem");
    problem.hidden = jobs.length > 0;
    problem.textContent = this.#isPaste() ? "Paste some text first." : "Choose some files first.";
    if (jobs.length === 0) return;
    const options = this.#options();
    this.#dialog.close();
    this.#groups = [];
    this.#add([]);
    this.#pasted.value = "";
    this.#sendAll(jobs, options);
  }

  #pastedJob() {
    if (!this.#pasted.value.trim()) return [];
    const format = document.getElementById("pasted-format").value;
    return [{ files: [new File([this.#pasted.value], "Pasted text")], format }];
  }

  async #sendAll(jobs, options) {
    for (const { files, format } of jobs) {
      const said = new URLSearchParams(options);
      if (format) said.set("format", format);
      for (const file of files) {
        said.append("name", file.name);
        said.append("size", file.size);
      }
      const sending = this.#underway.sending(files.length > 1 ? `${files[0].name} + ${files.length - 1} more` : files[0].name);
      try {
        await send(`${this.#address}/imports?${said}`, new Blob(files), sending.progress);
        sending.done();
      } catch (error) {
        sending.failed(error.message);
      }
      this.#underway.watch();
    }
  }

  #value(name) {
    return this.#form.elements[name].value;
  }

  #options() {
    const said = new URLSearchParams();
    for (const name of OPTIONS) if (name !== "format" && this.#value(name)) said.set(name, this.#value(name));
    if (this.#form.elements.cover_discontinuous.checked) said.set("cover_discontinuous", "true");
    return said;
  }
}

/** Buttons that take the sample reviews. */
export function takeSamples(ask, address, underway) {
  for (const button of document.querySelectorAll("button[data-sample]")) {
    button.addEventListener("click", () => held(button, async () => {
      await ask("POST", `${address}/imports/sample`, { is_labelled: button.dataset.sample === "labelled" });
      underway.watch();
    }));
  }
}
