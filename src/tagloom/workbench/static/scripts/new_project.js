import { ask } from "./api.js";
import { onSubmit } from "./elements.js";

onSubmit(document.getElementById("new-project"), async (values) => {
  const project = await ask("POST", "/api/projects", values);
  location.assign(`/projects/${project.id}`);
});
