// What admins say of a model in the gallery, in a dialog.

import { onSubmit } from "../elements.js";

/** Opens a dialog by a button; `save(texts, values)` is given what the fields say, as the API takes it. */
export function exhibitDialog(button, dialog, save) {
  button?.addEventListener("click", () => dialog.showModal());
  dialog?.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  const form = dialog?.querySelector("form");
  if (!form) return;
  onSubmit(form, ({ title, description, data, licence, samples, audience, ...values }) => save({
    title, description, data, licence, audience, samples: samples.split("\n").map((line) => line.trim()).filter(Boolean),
  }, values));
}
