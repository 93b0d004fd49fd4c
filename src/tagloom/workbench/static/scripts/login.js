import { ask } from "./api.js";
import { onSubmit } from "./elements.js";

/** Where to go on: only ever a page of this server. */
function next() {
  const asked = new URL(new URLSearchParams(location.search).get("next") || "/", location.origin);
  return asked.origin === location.origin ? asked.pathname + asked.search : "/";
}

onSubmit(document.getElementById("login"), async (values) => {
  await ask("POST", "/api/session", values);
  location.assign(next());
});
