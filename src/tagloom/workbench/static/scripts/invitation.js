import { ask, pageData } from "./api.js";
import { onSubmit } from "./elements.js";

onSubmit(document.getElementById("invitation"), async ({ name, password, again }) => {
  if (password !== again) throw new Error("The two passwords differ.");
  await ask("POST", `/api/invitation/${pageData().secret}`, { name, password });
  location.assign("/");
});
