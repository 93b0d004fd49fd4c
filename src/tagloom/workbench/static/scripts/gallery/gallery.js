import { ask } from "../api.js";
import { exhibitDialog } from "./form.js";

exhibitDialog(document.getElementById("feature"), document.getElementById("feature-dialog"), async (texts, { training_id: training }) => {
  const { id } = await ask("POST", "/api/exhibits", { ...texts, training_id: Number(training) });
  location.assign(`/gallery/${id}`);
});
