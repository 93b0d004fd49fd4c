import { ask, pageData } from "../api.js";
import { showSections } from "../blocks.js";
import { draw } from "../charts.js";
import { agreed, count, duration, element, held, onSubmit, toast } from "../elements.js";
import { showAdvice } from "./advice.js";
import { isActive, mark } from "./states.js";

const { project, role, training, results } = pageData();
const address = `/api/projects/${project}/trainings/${training.id}`;
const at = (id) => document.getElementById(id);
let { state } = training;
let logEnd = 0;
let numDrawn = 0;

function showState(one) {
  mark(at("state"), one);
  const mine = { stop: ["queued", "running"], "stop-at-once": ["stopping"], resume: ["stopped", "failed"], remove: ["queued", "stopped", "failed", "finished"] };
  for (const [id, states] of Object.entries(mine)) if (at(id)) at(id).hidden = !states.includes(one.state);
  at("why").hidden = one.state !== "failed";
  at("why").textContent = one.error;
}

const PHASES = {
  queued: () => "It waits until those before it are done.",
  stopped: () => "It was stopped, and can go on from where it is.",
  failed: () => "It has failed.",
  reading: () => "It reads its data.",
  training: ({ epoch, epochs }) => `Epoch ${Math.min(epochs, Math.floor(epoch) + 1)} of ${epochs}.`,
  judging: () => "It has learned: the best epoch's model is judged.",
};

function showProgress({ progress, ...one }) {
  at("live").hidden = one.state === "finished" || (one.state === "failed" && progress.epochs === null);
  const phase = (PHASES[one.state] ?? PHASES[progress.phase])(progress);
  if (at("phase").textContent !== phase) at("phase").textContent = phase;
  if (progress.epochs === null) at("bar").removeAttribute("value"); else at("bar").value = progress.epoch / progress.epochs;
  at("bar").hidden = ["queued", "failed", "stopped"].includes(one.state) && progress.epochs === null;
  const { best, facts } = progress;
  figures({
    epochs: progress.epochs !== null && [`${Math.floor(progress.epoch)} of ${progress.epochs}`, "done"],
    "best so far": best && [best.monitor === "loss" ? best.value.toFixed(3) : `${(100 * best.value).toFixed(1)} %`, `${best.monitor} on dev, epoch ${best.epoch}`],
    "words a second": progress.words_per_second !== null && [count(Math.round(progress.words_per_second)), "learned from"],
    "time left": progress.seconds_left !== null && one.state === "running" && [duration(progress.seconds_left), "without judging"],
    sentences: facts.sentences && [count(facts.sentences.train), `to learn from, ${count(facts.sentences.dev)} to watch`],
    "batch size": facts.batch_size && [String(facts.batch_size), `on ${facts.device}`],
  });
  const said = progress.warnings.join("\n");
  if (at("warnings").dataset.said !== said) {
    at("warnings").replaceChildren(...progress.warnings.map((text) => element("li", {}, text)));
    at("warnings").dataset.said = said;
  }
  if (progress.charts && !results) {
    numDrawn = progress.num_drawn;
    showCurves(progress.charts);
  }
}

/** Figures side by side; only what changes is touched. */
function figures(own) {
  const known = Object.entries(own).filter(([, told]) => told);
  const list = at("figures");
  if (list.dataset.names !== known.map(([name]) => name).join()) {
    list.dataset.names = known.map(([name]) => name).join();
    list.replaceChildren(...known.map(([name]) => element("div", {}, element("dt", {}, name), element("dd", {}), element("dd", { class: "small" }))));
  }
  known.forEach(([, texts], number) => {
    [...list.children[number].querySelectorAll("dd")].forEach((place, part) => {
      if (place.textContent !== texts[part]) place.textContent = texts[part];
    });
  });
}

const curves = new Map();

function showCurves(charts) {
  at("curves").hidden = charts.length === 0;
  for (const { title, height, figure } of charts) {
    const text = JSON.stringify(figure);
    if (!curves.has(title)) {
      const place = element("div", { class: "chart", role: "img", "aria-label": title });
      place.style.height = `${height}px`;
      at("curves").firstElementChild.append(element("figure", {}, element("figcaption", {}, title), place));
      curves.set(title, { place, text: "" });
    }
    const own = curves.get(title);
    if (own.text !== text) { own.text = text; draw(own.place, figure); }
  }
}

function showLog({ log, log_end: end }) {
  const place = at("log");
  const isAtEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 4;
  if (log) place.append(log);
  logEnd = end;
  if (isAtEnd) place.scrollTop = place.scrollHeight;
}

async function look() {
  let pause = document.hidden ? 5000 : 1000;
  try {
    const far = await ask("GET", `${address}/progress?log_start=${logEnd}&num_drawn=${numDrawn}`);
    if (far.state === "finished" && training.state !== "finished") { location.reload(); return; }
    state = far.state;
    showState(far);
    showProgress(far);
    showLog(far);
  } catch {
    pause = 3000;
  }
  if (isActive(state)) waiting = setTimeout(look, pause);
}

let waiting = 0;

function lookNow() {
  clearTimeout(waiting);
  return look();
}

function does(id, work) {
  at(id)?.addEventListener("click", ({ currentTarget }) => held(currentTarget, work));
}

does("stop", async () => { await ask("POST", `${address}/stop`, {}); await lookNow(); });
does("stop-at-once", async () => {
  if (!await agreed("What it has learned since its last checkpoint is lost. It can go on from there.", { yes: "Stop at once" })) return;
  await ask("POST", `${address}/stop`, { at_once: true });
  await lookNow();
});
does("resume", async () => { await ask("POST", `${address}/resume`); await lookNow(); });
does("remove", async () => {
  if (!await agreed("This training will be gone for good, with its model and its report. What was deployed of it stays deployed.", { yes: "Take it away", isDangerous: true })) return;
  await ask("DELETE", address);
  location.assign(`/projects/${project}/training`);
});

const renaming = at("rename");
if (renaming) onSubmit(renaming, async ({ name }, form) => {
  await ask("PUT", address, { name });
  document.querySelector("h1").textContent = name;
  form.closest("details").open = false;
  toast("It has another name.");
});

at("report")?.addEventListener("toggle", ({ target }) => {
  const frame = target.querySelector("iframe");
  if (target.open && !frame.src) frame.src = frame.dataset.address;
});

showState(training);
if (results) {
  const [first, ...others] = results.sections;
  showSections(at("sections"), others);
  showAdvice(at("advice"), results.advice, role);
  const headline = element("div", { id: "headline" });
  at("advice").before(headline);
  showSections(headline, [first]);
}
at("log-card").open = !results;
look();
