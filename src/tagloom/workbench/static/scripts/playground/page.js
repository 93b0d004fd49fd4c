// A text, one model or two that read it, and why they read a sentence so.

import { ask, pageData } from "../api.js";
import { element, held } from "../elements.js";
import { Colours, share } from "../entities.js";
import { Offsets, fromServer } from "../labelling/offsets.js";
import { differences, told } from "./differences.js";
import { Explaining } from "./explaining.js";
import { Reading } from "./reading.js";

const { project, may_label: mayLabel, labels, models } = pageData();
const address = `/api/projects/${project}`;
const colours = new Colours(labels);
const byId = (id) => document.getElementById(id);
const form = byId("try");
const KINDS = { version: "Deployed", training: "Trained here", exhibit: "Gallery" };

let text = "";
let readings = [];
const explaining = new Explaining(`${address}/playground/explain`, colours, (sentence) => readings.forEach((reading) => reading.choose(sentence)));

function options() {
  const option = (model) => element("option", { value: model.id }, model.f1 === null ? model.name : `${model.name} (F1 ${(100 * model.f1).toFixed(1)})`);
  return Object.entries(KINDS).map(([kind, name]) => [name, models.filter((model) => model.kind === kind)])
    .filter(([, own]) => own.length > 0)
    .map(([name, own]) => element("optgroup", { label: name }, own.map(option)));
}

const chosen = (select) => models.find(({ id }) => id === select.value);

async function read() {
  const asked = byId("text").value;
  const both = [chosen(byId("model")), chosen(byId("other"))].filter(Boolean);
  const found = await Promise.all(both.map(({ id }) => ask("POST", `${address}/playground/read`, { model: id, text: asked })));
  text = asked;
  const offsets = new Offsets(text);
  const stretch = ([start, end]) => fromServer(offsets, { start, end });
  readings = found.map((one, place) => new Reading(both[place], {
    text,
    offsets,
    entities: one.entities.map((entity) => fromServer(offsets, entity)),
    sentences: one.sentences.map(stretch),
    unknown: one.unknown.map(stretch),
    numWords: one.num_words,
  }, { colours, address, labels: mayLabel ? labels : null, onSentence: (number) => explaining.go(number) }));
  byId("readings").replaceChildren(...readings.map((reading) => reading.element));
  byId("readings").classList.toggle("two", readings.length > 1);
  byId("results").hidden = false;
  show();
  explaining.begin(readings);
}

/** Shows what is sure enough. */
function show() {
  const threshold = Number(byId("threshold").value);
  byId("threshold-told").textContent = threshold === 0 ? "any" : share(threshold);
  readings.forEach((reading) => reading.filter(threshold));
  const [one, two] = readings;
  const apart = two ? differences(one.shown, two.shown) : null;
  readings.forEach((reading, side) => reading.show(apart?.[side]));
  byId("differences").textContent = apart ? told(one.shown, two.shown, apart) : "";
  const names = [...new Set(readings.flatMap((reading) => reading.shown.map(({ label }) => label)))].sort();
  byId("legend").replaceChildren(
    ...names.map((name) => element("span", { class: `label colour-${colours.of(name)}` }, name)),
    readings.some((reading) => reading.unknown.length > 0) ? element("span", { class: "small" }, element("u", { class: "unknown" }, "a word"), " that the model has not learned") : "");
}

byId("model").append(...options());
byId("other").append(element("option", { value: "" }, "no other"), ...options());
const asked = new URLSearchParams(location.search).get("model");
if (models.some(({ id }) => id === asked)) byId("model").value = asked;
if (models.length === 0) {
  form.replaceChildren(element("p", {}, "There is no model to try yet. ", element("a", { href: `/projects/${project}/training` }, "Train one"), "."));
}
byId("threshold").addEventListener("input", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  held(form, read);
});
byId("text")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
