// What is wrong with a form, said at its fields.

import { element } from "./elements.js";

/** Does something with a form held back meanwhile; what is refused is said at the field that it is about, or at the end. */
export async function heldForm(form, work) {
  clear(form);
  form.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    if (!("kind" in error)) console.error(error);
    show(form, error);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function clear(form) {
  for (const said of form.querySelectorAll(".fault")) said.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  form.querySelector(".problem").hidden = true;
}

function show(form, error) {
  const left = (error.errors ?? []).filter(({ pointer, detail }) => !sayAt(form, pointer, detail));
  const first = form.querySelector("[aria-invalid]");
  if (first === null || left.length) {
    const problem = form.querySelector(".problem");
    problem.textContent = left.length ? left.map(({ detail }) => detail).join(" ") : error.message;
    problem.hidden = false;
  }
  first?.focus();
}

/** Says it at the field of that name, whose `data-at` or `name` is the end of the pointer; false where there is none. */
function sayAt(form, pointer, detail) {
  const name = pointer.split("/").pop();
  const field = form.querySelector(`[data-at="${CSS.escape(name)}"]`) ?? form.querySelector(`[name="${CSS.escape(name)}"]`);
  if (field === null || field.type === "hidden") return false;
  field.closest("details")?.setAttribute("open", "");
  const said = element("p", { class: "fault", id: `fault-${name}`, role: "alert" }, detail);
  (field.closest(".field") ?? field.closest("label") ?? field).append(said);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", said.id);
  return true;
}
