// The documents of a project: what is there, narrowed down, changed several at a time, brought in and taken out.

import { ask, pageData } from "../api.js";
import { element, held } from "../elements.js";
import { Bulk } from "./bulk.js";
import { fromAddress, isChosen, parameters } from "./choice.js";
import { ExportDialog } from "./exporting.js";
import { Facets } from "./facets.js";
import { ImportDialog, takeSamples } from "./importing.js";
import { Listing } from "./listing.js";
import { Underway } from "./underway.js";

const PAUSE = 250; // while somebody types

const { project, role, labels, formats } = pageData();
const address = `/api/projects/${project}`;
const pages = `/projects/${project}`;
const mayManage = role === "admin";
const colours = new Map(labels.map((label) => [label.name, label.colour]));
const search = document.getElementById("search");

let choice = fromAddress(location.search);
let typing = null;

const listing = new Listing({ address, pages, colourOf: (name) => colours.get(name) ?? 10, chosen: () => bulk.show() });
const facets = new Facets({ labels, change: (changed) => go(changed), opensImport: (number) => attempt(() => underway.open(number)) });
const bulk = new Bulk({ address, listing, done: () => attempt(refresh), exports: (ids) => exports.open(choice, ids) });
const exports = new ExportDialog({ address, formats });
const underway = new Underway({ address, mayManage, changed: knowImports });
const importing = mayManage ? new ImportDialog({ address, underway }) : null;

/** Does something that whoever types or looks on does not wait for, and says what went wrong. */
async function attempt(work) {
  const problem = search.querySelector(".problem");
  try {
    await work();
    problem.hidden = true;
  } catch (error) {
    if (error.name === "AbortError") return;
    problem.textContent = error.message;
    problem.hidden = false;
    if (!("kind" in error)) throw error;
  }
}

function go(changed, { isTyping = false } = {}) {
  choice = changed;
  const said = parameters(choice);
  const where = `${pages}${said.size ? `?${said}` : ""}`;
  if (isTyping) history.replaceState(null, "", where); else history.pushState(null, "", where);
  showForm();
  attempt(() => refresh(true));
}

/** Shows the documents and their counts as they are now. */
async function refresh(isNew = false) {
  const asked = choice;
  const [counts] = await Promise.all([
    ask("GET", `${address}/document-counts?${parameters(asked, ["order"])}`),
    isNew || !listing.choice ? listing.show(asked) : listing.refresh(),
  ]);
  if (asked !== choice) return;
  facets.show(asked, counts);
  bulk.know(counts.total);
  const isEmpty = counts.total === 0 && !isChosen(asked);
  document.getElementById("welcome").hidden = !isEmpty || !underway.isEmpty;
  document.getElementById("data").hidden = isEmpty;
  if (counts.total === 0 && !isEmpty) document.getElementById("told").textContent = "No document fits.";
}

function knowImports(imports, hasChanged) {
  facets.knowImports(imports);
  const fields = new Set(["id", "text", "label", ...imports.flatMap((one) => one.facts.fields ?? [])]);
  document.getElementById("fields").replaceChildren(...[...fields].map((name) => element("option", { value: `${name}=` })));
  const known = new Set(labels.map((label) => label.name));
  const isNew = imports.some((one) => one.state === "done" && Object.keys(one.facts.labels ?? {}).some((name) => !known.has(name)));
  attempt(async () => {
    if (hasChanged && isNew) await knowLabels();
    if (hasChanged || !underway.isEmpty) await refresh();
  });
}

async function knowLabels() {
  labels.splice(0, labels.length, ...await ask("GET", `${address}/labels`));
  for (const label of labels) colours.set(label.name, label.colour);
}

function showForm() {
  for (const name of ["search", "filter", "certainty_below"]) {
    if (document.activeElement !== search.elements[name]) search.elements[name].value = choice[name];
  }
  search.elements.order.value = choice.order || "added";
  if (choice.filter || choice.certainty_below) search.querySelector("details").open = true;
}

search.addEventListener("submit", (event) => event.preventDefault());
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const given = Object.fromEntries(new FormData(search));
    go({ ...choice, ...given }, { isTyping: true });
  }, PAUSE);
});
addEventListener("popstate", () => {
  choice = fromAddress(location.search);
  showForm();
  attempt(() => refresh(true));
});
for (const button of document.querySelectorAll("[data-opens]")) {
  button.addEventListener("click", () => {
    if (button.dataset.opens === "export") held(button, () => exports.open(choice, [...listing.ids]));
    else importing.open(button.dataset.opens === "paste" ? "paste" : "files");
  });
}
for (const button of document.querySelectorAll("[data-closes]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
addEventListener("pageshow", (event) => { if (event.persisted) attempt(refresh); }); // somebody comes back from labelling
if (matchMedia("(max-width: 860px)").matches) {
  for (const part of document.querySelectorAll("#filters details")) part.open = false;
}
takeSamples(ask, address, underway);
showForm();
attempt(async () => {
  await refresh(true);
  await underway.watch();
});
