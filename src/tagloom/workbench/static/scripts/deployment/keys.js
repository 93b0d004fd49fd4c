// Keys to the API of models: made, listed, revoked.

import { ask } from "../api.js";
import { agreed, count, element, held, moment, onSubmit, toast } from "../elements.js";

const list = document.getElementById("key-list");

export function showKeys(keys) {
  list.replaceChildren(...keys.map(row));
  onSubmit(document.getElementById("new-key"), make);
}

function row(key) {
  const item = element("li", {},
    element("span", { class: "name" }, key.name),
    key.scope === "admin" && element("span", { class: "state waiting" }, "may deploy"),
    element("span", { class: "space" }),
    element("button", { type: "button", class: "danger", "aria-label": `Revoke ${key.name}`, onclick: () => revoke(key, item) }, "Revoke…"),
    element("span", { class: "more quiet" },
      `made ${moment(key.created_at)}, ${key.expires_at === null ? "never ends" : `ends ${moment(key.expires_at)}`}, `,
      key.per_minute === null ? "any number of requests" : `${count(key.per_minute)} requests a minute`));
  return item;
}

async function make({ name, days, per_minute: perMinute }, form) {
  const { key, secret } = await ask("POST", "/api/keys", {
    name, days: days ? Number(days) : null, per_minute: perMinute ? Number(perMinute) : null,
  });
  form.reset();
  list.prepend(row(key));
  const made = document.getElementById("made");
  made.querySelector("code").textContent = secret;
  made.hidden = false;
  made.focus();
}

async function revoke(key, item) {
  await held(item, async () => {
    if (!await agreed(`Programs with the key ${key.name} are refused from now on.`, { yes: "Revoke it", isDangerous: true })) return;
    await ask("DELETE", `/api/keys/${key.id}`);
    item.remove();
    toast(`The key ${key.name} opens nothing any more.`);
  });
}
