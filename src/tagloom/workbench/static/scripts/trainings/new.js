import { ask, pageData } from "../api.js";
import { element } from "../elements.js";
import { heldForm } from "../faults.js";

const { project, offered, labels, changed } = pageData();
const form = document.getElementById("new-training");

/** What a field holds, as text, which the options read as flags of the command line. */
const READ = {
  flag: (place) => place.querySelector("input").checked,
  names: (place) => [...place.querySelectorAll("input:checked")].map((box) => box.value),
  embeddings: (place) => {
    const kind = place.querySelector("select").value;
    return offered[kind]?.widths ? `${kind}:${place.querySelector("#width").value}` : kind;
  },
};

function options() {
  return Object.fromEntries([...form.querySelectorAll("[data-option]")].map((place) => {
    const read = READ[place.dataset.kind] ?? (() => place.querySelector("input, select").value.trim());
    return [place.dataset.option, read(place)];
  }));
}

/** Says what the chosen embedding is, and bounds its width where it has none of its own. */
function showEmbedding() {
  const width = document.getElementById("width");
  const own = offered[form.elements.embeddings.value];
  document.getElementById("embedding-help").textContent = own?.help ?? "";
  width.closest("label").hidden = !own?.widths;
  width.required = Boolean(own?.widths);
  if (!own?.widths) return;
  [width.min, width.max] = own.widths;
  if (!width.value) width.value = own.width;
}

function told(value) {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value).map(([name, own]) => `${name}=${own}`).join(", ") || "none";
}

/** Shows which options differ from those of the training that it is like. */
function markChanges() {
  const names = Object.keys(changed);
  for (const name of names) {
    const place = form.querySelector(`[data-option="${CSS.escape(name)}"]`);
    place.classList.add("changed");
    place.append(element("p", { class: "small was" }, `It was ${told(changed[name])}.`));
    place.closest("details")?.setAttribute("open", "");
  }
  const place = document.getElementById("changes");
  if (place && names.length) place.textContent = `, with another ${names.map((name) => name.replaceAll("_", " ")).join(" and ")}`;
}

if (form.elements.embeddings) {
  showEmbedding();
  form.elements.embeddings.addEventListener("change", showEmbedding);
  form.elements.label_weights.placeholder = [...labels.slice(0, 1).map((label) => `${label}=2`), "O=0.5"].join(", ");
  markChanges();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  heldForm(form, async () => {
    const made = await ask("POST", `/api/projects/${project}/trainings`, {
      feature_set_id: Number(form.elements.feature_set_id.value),
      name: form.elements.name.value.trim(),
      options: options(),
      num_seeds: Number(form.elements.num_seeds.value),
    });
    location.assign(`/projects/${project}/training${made.length === 1 ? `/${made[0].id}` : ""}`);
  });
});
