import { ask } from "./api.js";
import { onSubmit } from "./elements.js";

/** Where to go on: only ever a page of this server. */
function next() {
  const asked = new URLSearchParams(location.search).get("next") ?? "";
  if (!URL.canParse(asked, location.origin)) return "/";
  const address = new URL(asked, location.origin);
  return address.origin === location.origin ? address.href : "/"; // its path alone may begin with two slashes
}

onSubmit(document.getElementById("login"), async (values) => {
  await ask("POST", "/api/session", values);
  location.assign(next());
});
