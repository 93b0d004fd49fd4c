import { ask } from "./api.js";
import { agreed, held, onSubmit, toast } from "./elements.js";

onSubmit(document.getElementById("password"), async (values, form) => {
  await ask("PUT", "/api/account/password", values);
  form.reset();
  toast("The password was changed. Your other sessions have ended.");
});

document.getElementById("end-others")?.addEventListener("click", ({ target }) => held(target, async () => {
  await ask("DELETE", "/api/sessions");
  location.reload();
}));

onSubmit(document.getElementById("new-token"), async ({ name, days }, form) => {
  const { secret } = await ask("POST", "/api/tokens", { name, days: days ? Number(days) : null });
  form.reset();
  const made = document.getElementById("made");
  made.querySelector("code").textContent = secret;
  made.hidden = false;
  made.focus();
});

for (const button of document.querySelectorAll("[data-token]")) {
  button.addEventListener("click", () => held(button, async () => {
    if (!await agreed("Programs that use this token will be refused from now on.", { yes: "Revoke it", isDangerous: true })) return;
    await ask("DELETE", `/api/tokens/${button.dataset.token}`);
    button.closest("li").remove();
  }));
}
