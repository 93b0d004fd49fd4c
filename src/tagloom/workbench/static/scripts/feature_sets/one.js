import { ask, pageData } from "../api.js";
import { showSections } from "../blocks.js";
import { agreed, element, held, moment, onSubmit, toast } from "../elements.js";
import { documentsOf, partsBar, severities, told } from "./parts.js";

const { project, featureSet } = pageData();
const address = `/api/projects/${project}/feature-sets/${featureSet.id}`;

function show(one) {
  document.getElementById("about").replaceChildren(
    element("p", { class: "quiet" }, `${told(one)} · ${moment(one.created_at)}${one.by ? ` · ${one.by}` : ""}`),
    ...(one.state === "ready" ? [partsBar(documentsOf(one)), element("div", { class: "label-list" }, severities(one))] : []));
  document.getElementById("making").hidden = one.state !== "making";
  const problem = document.getElementById("why");
  problem.hidden = one.state !== "failed";
  problem.textContent = one.error;
  for (const part of document.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== one.state;
  if (one.state === "ready") {
    showSections(document.getElementById("sections"), one.sections, (number) => `/projects/${project}/label?document=${number}`);
  } else if (one.state === "making") {
    setTimeout(lookAgain, 1000);
  }
}

async function lookAgain() {
  try { show(await ask("GET", address)); } catch { setTimeout(lookAgain, 3000); }
}

document.getElementById("remove")?.addEventListener("click", ({ currentTarget }) => held(currentTarget, async () => {
  if (!await agreed("This feature set will be gone for good. Your documents stay as they are.", { yes: "Take it away", isDangerous: true })) return;
  await ask("DELETE", address);
  location.assign(`/projects/${project}/feature-sets`);
}));

const renaming = document.getElementById("rename");
if (renaming) onSubmit(renaming, async ({ name }, form) => {
  await ask("PUT", address, { name });
  document.querySelector("h1").textContent = name;
  form.closest("details").open = false;
  toast("It has another name.");
});

show(featureSet);
