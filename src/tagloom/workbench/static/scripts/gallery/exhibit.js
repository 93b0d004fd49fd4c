import { ask, pageData } from "../api.js";
import { agreed, element, held, onSubmit } from "../elements.js";
import { Colours, entityTable, marked } from "../entities.js";
import { Offsets, fromServer } from "../labelling/offsets.js";
import { exhibitDialog } from "./form.js";

const { exhibit, colours: known } = pageData();
const colours = new Colours(Object.entries(known).map(([name, colour]) => ({ name, colour })));
const form = document.getElementById("try");
const field = document.getElementById("text");

async function read({ text }) {
  const found = await ask("POST", `/api/gallery/${exhibit.id}/read`, { text });
  const offsets = new Offsets(text);
  const entities = found.entities.map((entity) => fromServer(offsets, entity));
  const unknown = found.unknown.map(([start, end]) => fromServer(offsets, { start, end }));
  document.getElementById("found").replaceChildren(...[
    element("div", { class: "read-text", dir: "auto" }, ...marked(text, entities, { colours, unknown })),
    entityTable(text, entities, colours),
    unknown.length > 0 && element("p", { class: "small" }, "Words with dots below are not among those that it has learned."),
  ].filter(Boolean));
}

if (form) onSubmit(form, read);
document.getElementById("samples")?.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  field.value = button.textContent;
  form.requestSubmit();
});

exhibitDialog(document.getElementById("edit"), document.getElementById("edit-dialog"), async (texts) => {
  await ask("PUT", `/api/exhibits/${exhibit.id}`, texts);
  location.reload();
});

document.getElementById("remove")?.addEventListener("click", ({ target }) => held(target, async () => {
  if (!await agreed("It goes from the gallery. The training and its model stay.", { yes: "Take it out", isDangerous: true })) return;
  await ask("DELETE", `/api/exhibits/${exhibit.id}`);
  location.assign("/gallery");
}));
