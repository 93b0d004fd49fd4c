// What every page has around it: logging out, times in the reader's zone, buttons that copy.

import { ask } from "./api.js";
import { held, moment, toast } from "./elements.js";

document.getElementById("log-out")?.addEventListener("click", (event) => held(event.target, async () => {
  await ask("DELETE", "/api/session");
  location.assign("/login");
}));

for (const time of document.querySelectorAll("time[data-at]")) {
  time.textContent = moment(Number(time.dataset.at));
  time.dateTime = new Date(Number(time.dataset.at) * 1000).toISOString();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    toast("Copied.");
  } catch {
    getSelection().selectAllChildren(code);
  }
});
