import { ask, pageData } from "../api.js";
import { agreed, element, held, moment, toast } from "../elements.js";
import { documentsOf, partsBar, severities, told } from "./parts.js";

const { project, role, featureSets } = pageData();
const list = document.getElementById("feature-sets");
const address = `/api/projects/${project}/feature-sets`;
const mayManage = role === "admin";

function item(one) {
  const place = `/projects/${project}/feature-sets/${one.id}`;
  const isReady = one.state === "ready";
  return element("li", { class: "card feature-set" },
    element("div", { class: "heading" },
      element("h2", {}, element("a", { href: place }, one.name)),
      element("div", { class: "label-list" }, state(one), isReady && severities(one))),
    isReady && partsBar(documentsOf(one)),
    one.state === "failed" && element("p", { class: "problem" }, one.error),
    element("p", { class: "quiet" }, `${told(one)} · ${moment(one.created_at)}${one.by ? ` · ${one.by}` : ""}`),
    element("div", { class: "tools" },
      isReady && mayManage && element("a", { class: "button primary", href: `/projects/${project}/training/new?feature_set=${one.id}` }, "Train…"),
      mayManage && element("a", { class: "button", href: `/projects/${project}/feature-sets/new?like=${one.id}` }, one.state === "failed" ? "Change and try again…" : "Again with today's documents…"),
      mayManage && !one.num_trainings && element("button", { type: "button", class: "danger", "aria-label": `Take away ${one.name}`, onclick: ({ currentTarget }) => remove(one, currentTarget) }, "Take away…"),
      one.num_trainings > 0 && element("span", { class: "quiet" }, one.num_trainings === 1 ? "1 training learns from it" : `${one.num_trainings} trainings learn from it`)));
}

function state(one) {
  const kinds = { making: ["waiting", "is being made"], ready: null, failed: ["bad", "failed"] };
  return kinds[one.state] && element("span", { class: `state ${kinds[one.state][0]}` }, kinds[one.state][1]);
}

async function remove(one, button) {
  if (!await agreed(`${one.name} will be gone for good. Your documents stay as they are.`, { yes: "Take it away", isDangerous: true })) return;
  await held(button, async () => {
    await ask("DELETE", `${address}/${one.id}`);
    show((await ask("GET", address)));
    toast(`${one.name} is gone.`);
  });
}

let shown = "";

function show(all) {
  document.getElementById("none").hidden = all.length > 0;
  if (JSON.stringify(all) !== shown) list.replaceChildren(...all.map(item));
  shown = JSON.stringify(all);
  if (all.some((one) => one.state === "making")) setTimeout(lookAgain, 1000);
}

async function lookAgain() {
  try { show(await ask("GET", address)); } catch { setTimeout(lookAgain, 3000); }
}

show(featureSets);
