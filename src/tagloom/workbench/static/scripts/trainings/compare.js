import { ask, pageData } from "../api.js";
import { showSections } from "../blocks.js";
import { element, held } from "../elements.js";
import { percent } from "./states.js";

const { project, chosen, trainings, mostCompared } = pageData();
const form = document.getElementById("choose");
const comparing = document.getElementById("comparing");

document.getElementById("trainings").append(...trainings.reverse().map((one) => element("label", { class: "check" },
  element("input", { type: "checkbox", name: "training", value: String(one.id), checked: chosen.includes(one.id) }),
  ` ${one.name}`, one.scores && element("span", { class: "quiet" }, `F1 ${percent(one.scores.f1)}`))));
if (!trainings.length) document.getElementById("trainings").append("None is finished yet.");

async function compare(ids) {
  comparing.hidden = false;
  try {
    const query = new URLSearchParams(ids.map((id) => ["training", id]));
    const { sections } = await ask("GET", `/api/projects/${project}/training-comparison?${query}`);
    showSections(document.getElementById("sections"), sections);
  } finally {
    comparing.hidden = true;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  held(form, async () => {
    const ids = new FormData(form).getAll("training");
    if (ids.length < 2 || ids.length > mostCompared) throw Object.assign(new Error(`Choose 2 to ${mostCompared}.`), { kind: "" });
    history.replaceState(null, "", `?${new URLSearchParams(ids.map((id) => ["training", id]))}`);
    await compare(ids);
  });
});

if (chosen.length > 1) held(form, () => compare(chosen));
