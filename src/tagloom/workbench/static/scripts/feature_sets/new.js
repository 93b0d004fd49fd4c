import { ask, pageData } from "../api.js";
import { count, element } from "../elements.js";
import { heldForm } from "../faults.js";
import { Choice } from "./choice.js";
import { partsBar } from "./parts.js";

const { project, asked, numSubmitted, numWithDrafts, fields } = pageData();
const form = document.getElementById("new-feature-set");
const [dev, test] = ["dev", "test"].map((id) => document.getElementById(id));
const choice = new Choice(project, asked, () => form.elements.with_drafts.checked);

const way = () => form.elements.way.value;
const number = () => (form.elements.with_drafts.checked ? numWithDrafts : numSubmitted);
const percent = (input) => Math.min(90, Math.max(0, Number(input.value) || 0));
const train = () => Math.round((100 - percent(dev) - percent(test)) * 1000) / 1000;

function showWay() {
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = !part.dataset.for.split(" ").includes(way());
  }
  if (way() === "choice") choice.begin();
}

function showShares() {
  document.getElementById("train").textContent = String(train());
  const figures = { train: train(), dev: percent(dev), test: percent(test) };
  const documents = Object.fromEntries(Object.entries(figures).map(([part, share]) => [part, Math.max(0, Math.round(share * number() / 100))]));
  document.getElementById("bar").replaceChildren(partsBar(documents));
  for (const slider of form.querySelectorAll("[data-twin]")) slider.value = document.getElementById(slider.dataset.twin).value;
}

function showNumber() {
  const drafts = numWithDrafts - numSubmitted;
  document.getElementById("how-many").textContent = `${count(numSubmitted)} documents are submitted${drafts ? `, ${count(drafts)} more are drafts` : ""}.`;
  showShares();
}

/** What is sent. */
function body() {
  const text = (name) => form.elements[name].value.trim();
  return {
    name: text("name"),
    way: way(),
    with_drafts: form.elements.with_drafts.checked,
    drop_duplicates: form.elements.drop_duplicates.checked,
    where: text("where"),
    ...(["ratios", "time"].includes(way()) && { ratios: [train(), percent(dev), percent(test)].map((share) => share / 100) }),
    ...(way() === "ratios" && { by: text("by"), seed: Number(text("seed") || 13) }),
    ...(way() === "time" && { by_time: text("by_time") }),
    ...(way() === "filters" && { dev_where: text("dev_where"), test_where: text("test_where") }),
    ...(way() === "choice" && choice.body()),
  };
}

form.elements.way.value = asked.way;
for (const name of ["by", "seed", "by_time", "dev_where", "test_where", "where"]) form.elements[name].value = asked[name];
for (const name of ["with_drafts", "drop_duplicates"]) form.elements[name].checked = asked[name];
[dev.value, test.value] = asked.ratios.slice(1).map((share) => Math.round(share * 100_000) / 1000);
document.getElementById("fields").append(...fields.map((name) => element("option", { value: name })));
for (const place of form.querySelectorAll(".known-fields")) {
  place.textContent = `Fields: ${["id", "text", "label", ...fields].slice(0, 20).join(", ")}.`;
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "way") showWay();
  if (target.name === "with_drafts") { showNumber(); choice.lookAgain(); }
});
form.addEventListener("input", ({ target }) => {
  if (target.dataset.twin) document.getElementById(target.dataset.twin).value = target.value;
  if (target.dataset.twin || target === dev || target === test) showShares();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  heldForm(form, async () => {
    const made = await ask("POST", `/api/projects/${project}/feature-sets`, body());
    location.assign(`/projects/${project}/feature-sets/${made.id}`);
  });
});

showWay();
showNumber();
