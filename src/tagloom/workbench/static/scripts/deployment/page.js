// What is deployed, what could be, and the keys.

import { ask, pageData } from "../api.js";
import { agreed, element, held, moment, toast } from "../elements.js";
import { showKeys } from "./keys.js";
import { SlotCard } from "./slot.js";

const { project, is_admin: isAdmin, deployments, keys } = pageData();
const address = `/api/projects/${project}`;
const cards = new Map();

const share = (f1) => (f1 === null ? "not judged" : `F1 ${(100 * f1).toFixed(1)}`);
const size = (bytes) => (bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`);

function show(found) {
  showSlots(found);
  if (isAdmin) showDeployable(found);
}

function showSlots({ slots }) {
  const names = new Set(slots.map(({ name }) => name));
  for (const [name, card] of cards) {
    if (!names.has(name)) { card.end(); cards.delete(name); }
  }
  for (const slot of slots) {
    if (!cards.has(slot.name)) cards.set(slot.name, new SlotCard(address, slot.name, isAdmin && { rollBack, undeploy }));
    cards.get(slot.name).show(slot);
  }
  const place = document.getElementById("slots");
  place.replaceChildren(...(slots.length > 0 ? slots.map(({ name }) => cards.get(name).element) : [element("div", { class: "card empty" },
    element("p", {}, "Nothing is deployed yet."),
    !isAdmin && element("p", {}, "An admin deploys a model once one is trained."))]));
}

function showDeployable({ trainings, slots, default_slot: defaultSlot, unowned }) {
  const place = document.getElementById("trainable");
  const before = place.querySelector("input")?.value;
  if (trainings.length === 0) {
    place.replaceChildren(element("p", {}, "There is no trained model yet. ", element("a", { href: `/projects/${project}/training` }, "Train one"), "; it can be deployed when it is finished."));
  } else {
    const input = element("input", { name: "slot", value: before || defaultSlot, maxlength: "63", pattern: "[a-z0-9][a-z0-9_\\-]*", required: true, list: "slot-names", autocomplete: "off", spellcheck: "false" });
    place.replaceChildren(
      element("label", { class: "field slot-name" }, "To the slot ", element("span", { class: "small" }, "small letters, digits, - and _"), input),
      element("datalist", { id: "slot-names" }, slots.map(({ name }) => element("option", { value: name }))),
      element("ul", { class: "rows" }, trainings.map((training) => deployable(training, input))));
  }
  if (unowned.length > 0) place.append(orphans(unowned));
}

function deployable(training, input) {
  const row = element("li", {},
    element("span", { class: "name" }, training.name),
    element("span", { class: "figure" }, share(training.f1)),
    training.slots.map((name) => element("span", { class: "state good" }, `live in ${name}`)),
    element("span", { class: "space" }),
    element("button", { type: "button", class: "primary", "aria-label": `Deploy ${training.name}`, onclick: () => deploy(training, input) }, "Deploy"),
    element("span", { class: "more quiet" }, `${moment(training.created_at)}, ${size(training.num_bytes)}`));
  return row;
}

function orphans(names) {
  return element("div", { class: "orphans" },
    element("h3", {}, "Slots of no project"),
    element("p", { class: "small" }, "Of the command line, or of a project that is gone. They answer, too."),
    element("ul", { class: "rows" }, names.map((name) => element("li", {},
      element("code", {}, name),
      element("span", { class: "space" }),
      element("button", { type: "button", onclick: () => change("POST", `${address}/slots`, { slot: name }) }, "Take over")))));
}

async function change(method, path, body) {
  await held(document.getElementById("deploy"), async () => show(await ask(method, path, body)));
}

async function deploy(training, input) {
  if (!input.reportValidity()) return;
  const slot = input.value;
  await held(document.getElementById("deploy"), async () => {
    show(await ask("POST", `${address}/deployments`, { training_id: training.id, slot }));
    toast(`${training.name} is live in ${slot}.`);
    cards.get(slot)?.element.scrollIntoView({ block: "nearest" });
  });
}

async function rollBack({ name, versions }, place) {
  await held(place, async () => {
    if (!await agreed(`${versions[1].model} (version ${versions[1].number}) answers from then on in place of ${versions[0].model} (version ${versions[0].number}), which is then given up.`, { yes: "Roll back" })) return;
    show(await ask("POST", `${address}/deployments/${name}/rollback`));
    toast(`${name} is back at version ${versions[1].number}.`);
  });
}

async function undeploy({ name }, place) {
  await held(place, async () => {
    if (!await agreed(`Whoever asks ${name} is refused from then on, and its earlier versions are given up.`, { yes: "Undeploy", isDangerous: true })) return;
    show(await ask("DELETE", `${address}/deployments/${name}`));
    toast(`${name} is gone.`);
  });
}

show(deployments);
if (isAdmin) showKeys(keys);
