import { ask, pageData } from "./api.js";
import { agreed, element, held, onSubmit, toast } from "./elements.js";

const NUM_COLOURS = 12;
const { project, labels } = pageData();
const address = `/api/projects/${project}`;
const list = document.getElementById("labels");

function row(label) {
  let { colour } = label;
  const swatch = element("button", { type: "button", class: `swatch colour-${colour}`, "aria-label": "Next colour", title: "Next colour" }, "●");
  swatch.addEventListener("click", () => {
    colour = (colour + 1) % NUM_COLOURS;
    swatch.className = `swatch colour-${colour}`;
  });
  const name = element("input", { value: label.name, "aria-label": "Label", maxlength: "100", required: true, placeholder: "LABEL" });
  const description = element("input", { value: label.description, class: "description", "aria-label": "What it is for", placeholder: "what it is for" });
  const item = element("li", {}, swatch, name, description,
    element("button", { type: "button", title: "Up", "aria-label": "Up", onclick: () => item.previousElementSibling?.before(item) }, "↑"),
    element("button", { type: "button", title: "Down", "aria-label": "Down", onclick: () => item.nextElementSibling?.after(item) }, "↓"),
    element("button", { type: "button", class: "danger", title: "Remove", "aria-label": `Remove ${label.name}`, onclick: () => item.remove() }, "×"));
  item.read = () => ({ id: label.id, name: name.value.trim(), description: description.value.trim(), colour });
  return item;
}

const show = (all) => list.replaceChildren(...all.map(row));
show(labels);
let kept = labels;

document.getElementById("add-label").addEventListener("click", () => {
  const item = row({ id: 0, name: "", description: "", colour: list.children.length % NUM_COLOURS });
  list.append(item);
  item.querySelector("input").focus();
});

document.getElementById("save-labels").addEventListener("click", (event) => held(event.target.parentElement, async () => {
  const wanted = [...list.children].map((item) => item.read());
  const gone = kept.filter((label) => !wanted.some((other) => other.id === label.id));
  if (gone.length && !await agreed(`${gone.map((label) => label.name).join(", ")}: every span with this label goes, too.`, { yes: "Remove them", isDangerous: true })) return;
  kept = await ask("PUT", `${address}/labels`, wanted);
  show(kept);
  toast("The labels are saved.");
}));

onSubmit(document.getElementById("texts"), async (values) => {
  await ask("PUT", address, values);
  toast("Saved.");
});

onSubmit(document.getElementById("members"), async (_, form) => {
  await ask("PUT", `${address}/members`, new FormData(form).getAll("person").map(Number));
  toast("The members are saved.");
});

document.getElementById("remove").addEventListener("click", (event) => held(event.target.parentElement, async () => {
  if (!await agreed("All documents, labels, feature sets and trainings of this project will be gone for good.", { yes: "Take it away", isDangerous: true })) return;
  await ask("DELETE", address);
  location.assign("/");
}));
