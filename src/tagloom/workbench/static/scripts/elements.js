// Small things that every page needs: elements, toasts, forms, questions. No text becomes markup anywhere.

/** An element: `element("li", { class: "card", onclick: go }, "text", other)`. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && typeof value !== "string") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Says something for a while, to screen readers too. */
export function toast(text, isBad = false) {
  const made = element("div", { class: isBad ? "toast bad" : "toast" }, text);
  document.getElementById("toasts").append(made);
  setTimeout(() => made.remove(), isBad ? 10000 : 4000);
}

/** Does something with a button or form held back meanwhile, and shows what went wrong in its `.problem`, or as a toast. */
export async function held(place, work) {
  const shown = place.querySelector?.(":scope > .problem, .problem");
  if (shown) shown.hidden = true;
  place.setAttribute("aria-busy", "true");
  try {
    return await work();
  } catch (error) {
    if (error.name === "AbortError") return undefined;
    if (shown) { shown.textContent = error.message; shown.hidden = false; } else toast(error.message, true);
    if (!("kind" in error)) console.error(error);
    return undefined;
  } finally {
    place.removeAttribute("aria-busy");
  }
}

/** Calls `work(values, form)` when a form is sent; values by name, several of one name as a list where `[]` ends it. */
export function onSubmit(form, work) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    held(form, () => work(Object.fromEntries(new FormData(form)), form));
  });
}

/** Asks a question; true where it was agreed to. */
export function agreed(question, { yes = "Yes", isDangerous = false } = {}) {
  return new Promise((done) => {
    const box = element("dialog", {},
      element("p", {}, question),
      element("form", { method: "dialog", class: "row" },
        element("button", { value: "", type: "submit" }, "No"),
        element("button", { value: "yes", type: "submit", class: isDangerous ? "danger" : "primary" }, yes)));
    box.addEventListener("close", () => { box.remove(); done(box.returnValue === "yes"); });
    document.body.append(box);
    box.showModal();
  });
}

/** A moment as people read it, in their own zone. */
export function moment(seconds) {
  return new Date(seconds * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** How long something took or takes. */
export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A count with its thousands apart. */
export const count = (number) => number.toLocaleString("en");
