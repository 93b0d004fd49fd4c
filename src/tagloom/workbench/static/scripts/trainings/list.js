import { ask, pageData } from "../api.js";
import { agreed, duration, element, held, moment, toast } from "../elements.js";
import { headline, isActive, marked } from "./states.js";

const { project, role, trainings, featureSets, mostCompared } = pageData();
const address = `/api/projects/${project}/trainings`;
const list = document.getElementById("trainings");
const compare = document.getElementById("compare");
const mayManage = role === "admin";
const chosen = new Set();
const items = new Map();

function toldValue(value) {
  if (Array.isArray(value)) return value.join(" ");
  return typeof value === "object" ? Object.entries(value).map(([name, own]) => `${name}=${own}`).join(" ") : String(value);
}

function told(options) {
  const own = Object.entries(options).map(([name, value]) => `${name.replaceAll("_", " ")} ${toldValue(value)}`);
  return own.length ? own.join(", ") : "default options";
}

function item(one) {
  const place = `/projects/${project}/training/${one.id}`;
  const act = (name, text, body) => mayManage && element("button", {
    type: "button", "aria-label": `${text} ${one.name}`,
    onclick: ({ currentTarget }) => held(currentTarget, async () => { await ask("POST", `${address}/${one.id}/${name}`, body); await lookAgain(); }),
  }, text);
  const choice = one.state === "finished" && element("input", {
    type: "checkbox", "aria-label": `Compare ${one.name}`, title: "Compare", checked: chosen.has(one.id), onchange: ({ target }) => choose(one.id, target.checked),
  });
  return element("li", { class: "card training" },
    element("div", { class: "heading" },
      element("div", { class: "named" }, choice, element("h2", {}, element("a", { href: place }, one.name)), marked(one)),
      headline(one.scores)),
    isActive(one.state) && one.state !== "queued" && element("div", { class: "far" }, element("progress", { "aria-label": `Epochs of ${one.name}` }), element("span", { class: "quiet" })),
    one.state === "failed" && element("p", { class: "problem" }, one.error),
    element("p", { class: "quiet" }, `${featureSets[one.feature_set_id] ?? ""} · ${told(one.options)} · ${moment(one.created_at)}${one.scores ? ` · ${one.scores.epochs} epochs, ${duration(one.scores.seconds)}` : ""}`),
    element("div", { class: "tools" },
      isActive(one.state) && one.state !== "stopping" && act("stop", "Stop", {}),
      ["stopped", "failed"].includes(one.state) && act("resume", "Go on"),
      mayManage && !["running", "stopping"].includes(one.state) && element("button", { type: "button", class: "danger", "aria-label": `Take away ${one.name}`, onclick: ({ currentTarget }) => remove(one, currentTarget) }, "Take away…")));
}

async function remove(one, button) {
  if (!await agreed(`${one.name} will be gone for good, with its model and its report. What was deployed of it stays deployed.`, { yes: "Take it away", isDangerous: true })) return;
  await held(button, async () => {
    await ask("DELETE", `${address}/${one.id}`);
    chosen.delete(one.id);
    await lookAgain();
    toast(`${one.name} is gone.`);
  });
}

function choose(id, isChosen) {
  if (isChosen) chosen.add(id); else chosen.delete(id);
  showChosen();
}

function showChosen() {
  compare.hidden = ![...items.values()].some(({ one }) => one.state === "finished");
  compare.disabled = chosen.size < 2 || chosen.size > mostCompared;
  compare.textContent = chosen.size < 2 ? "Choose two to compare" : `Compare ${chosen.size}`;
}

function show(all) {
  document.getElementById("none").hidden = all.length > 0;
  const kept = new Set(all.map(({ id }) => id));
  for (const [id, { place }] of items) if (!kept.has(id)) { place.remove(); items.delete(id); }
  all.forEach((one, number) => {
    const before = items.get(one.id);
    if (before && JSON.stringify(before.one) === JSON.stringify(one)) return;
    const place = item(one);
    if (before) before.place.replaceWith(place); else list.insertBefore(place, list.children[number] ?? null);
    items.set(one.id, { one, place });
  });
  showChosen();
  showProgress(all);
}

async function showProgress(all) {
  for (const one of all.filter(({ state }) => ["running", "stopping"].includes(state))) {
    const { progress } = await ask("GET", `${address}/${one.id}/progress?log_start=${Number.MAX_SAFE_INTEGER}`);
    const place = items.get(one.id)?.place.querySelector(".far");
    if (!place || progress.epochs === null) continue;
    place.querySelector("progress").value = progress.epoch / progress.epochs;
    place.querySelector("span").textContent = [
      `epoch ${Math.floor(progress.epoch)} of ${progress.epochs}`,
      progress.best && `best ${progress.best.monitor} ${progress.best.value.toFixed(3)}`,
      progress.seconds_left !== null && `${duration(progress.seconds_left)} left`,
    ].filter(Boolean).join(" · ");
  }
}

let waiting = 0;

async function lookAgain() {
  clearTimeout(waiting);
  let isBusy = true;
  try {
    const all = await ask("GET", address);
    show(all);
    isBusy = all.some(({ state }) => isActive(state));
  } finally {
    if (isBusy) waiting = setTimeout(() => lookAgain().catch(() => {}), document.hidden ? 5000 : 1500);
  }
}

compare.addEventListener("click", () => {
  const query = new URLSearchParams([...chosen].sort((one, other) => one - other).map((id) => ["training", id]));
  location.assign(`/projects/${project}/training/compare?${query}`);
});

show(trainings);
if (trainings.some(({ state }) => isActive(state))) waiting = setTimeout(() => lookAgain().catch(() => {}), 1000);
