import { ask } from "./api.js";
import { agreed, held, onSubmit, toast } from "./elements.js";

/** Shows a link that is told this once. */
function show(text, link) {
  const made = document.getElementById("made");
  made.querySelector("p").textContent = text;
  made.querySelector("code").textContent = link;
  made.hidden = false;
  made.focus();
}

onSubmit(document.getElementById("invite"), async (values) => {
  const { link, invitation } = await ask("POST", "/api/invitations", values);
  show(`Pass this link on: it makes ${invitation.role === "viewer" ? "a" : "an"} ${invitation.role}. It is shown this once.`, link);
});

for (const button of document.querySelectorAll("[data-revoke]")) {
  button.addEventListener("click", () => held(button, async () => {
    await ask("DELETE", `/api/invitations/${button.dataset.revoke}`);
    button.closest("li").remove();
    toast("The link works no more.");
  }));
}

const change = (row, role, isActive) => ask("PUT", `/api/people/${row.dataset.person}`, { role, is_active: isActive });

async function changeRole(row, select) {
  const before = row.dataset.role;
  try {
    await change(row, select.value, "active" in row.dataset);
    row.dataset.role = select.value;
    toast(`${row.dataset.name}: ${select.value}.`);
  } catch (error) {
    select.value = before;
    throw error;
  }
}

async function changeActive(row) {
  const isActive = "active" in row.dataset;
  if (isActive && !await agreed(`${row.dataset.name} is logged out everywhere at once, and the tokens end. What was labelled stays.`, { yes: "Lock out", isDangerous: true })) return;
  await change(row, row.dataset.role, !isActive);
  location.reload();
}

async function makePasswordLink(row) {
  if (!await agreed(`You get a link by which ${row.dataset.name} chooses another password. Until it is used the old one works.`, { yes: "Make a link" })) return;
  const { link } = await ask("POST", `/api/people/${row.dataset.person}/password-link`);
  show(`Pass this link on to ${row.dataset.name}. It is shown this once.`, link);
}

for (const row of document.querySelectorAll("[data-person]")) {
  const select = row.querySelector(".role");
  select.addEventListener("change", () => held(row, () => changeRole(row, select)));
  row.querySelector(".active").addEventListener("click", () => held(row, () => changeActive(row)));
  row.querySelector(".password")?.addEventListener("click", () => held(row, () => makePasswordLink(row)));
}
