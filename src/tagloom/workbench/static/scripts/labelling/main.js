// The page of labelling: one document after the other, and all that is around it.

import { ask, pageData } from "../api.js";
import { element, toast } from "../elements.js";
import { actionsOf } from "./actions.js";
import { Caret } from "./caret.js";
import { choose } from "./conflict.js";
import { Desk } from "./desk.js";
import { Hand } from "./hand.js";
import { Help } from "./help.js";
import { History } from "./history.js";
import { keep, recall } from "./kept.js";
import { Keys } from "./keys.js";
import { LabelPanel } from "./label_panel.js";
import { Menu } from "./menu.js";
import { Offer } from "./offer.js";
import { Pointer } from "./pointer.js";
import { ProgressPanel, RecentPanel, STATE_CLASSES } from "./progress_panel.js";
import { Queue } from "./queue.js";
import { Savers } from "./savers.js";
import { SuggestionPanel } from "./suggestion_panel.js";
import { TextView } from "./text_view.js";
import { Unsaved } from "./unsaved.js";

const ORDERS = ["as-is", "random", "least-sure"];
const HOLD_AGAIN = 4 * 60 * 1000; // milliseconds
const DONE = { submitted: "Submitted", skipped: "Skipped", discarded: "Discarded" };

const $ = (id) => document.getElementById(id);
const { project, document: asked, person, person_name: ownName, can_label: canLabel, labels } = pageData();
const address = `/api/projects/${project}`;
const stored = (name) => `tagloom.${name}.${person}.${project}`;
const parameters = new URLSearchParams(location.search);
const order = ORDERS.find((each) => each === (parameters.get("order") ?? recall(stored("order"), ""))) ?? ORDERS[0];
parameters.delete("order");
const linkOf = (id) => `/projects/${project}/label/${id}${parameters.size ? `?${parameters}` : ""}`;

const unsaved = new Unsaved(person, project, labels);
const history = new History(stored("history"));
const queue = new Queue({ address, name: stored("queue"), query: parameters.toString(), order, isReader: !canLabel });
const savers = new Savers({
  addressOf: (id) => queue.documentAddress(id), unsaved,
  told: (kind, text) => { $("saving").textContent = text; $("saving").dataset.kind = kind; },
  saved: (id, answer) => {
    history.at(id, answer.revision);
    if (answer.state !== "draft" || desk.document?.id !== id) { progress.lookSoon(); recent.lookSoon(); }
  },
  conflict: settle,
  refused: (saver, error) => notRight(saver, error),
});
const suggesting = new SuggestionPanel({
  address, root: $("suggestions"), name: stored("suggestions"), canLabel, labels,
  changed: (isOther) => { if (isOther) suggest(); if (!desk.isEmpty) show(); },
});
const desk = new Desk({ savers, history, unsaved, changed: show, opened, isWanted: (each) => suggesting.isWanted(each) });
const colours = new Map(labels.map((label) => [label.name, label.colour]));
const view = new TextView($("text"), (label) => colours.get(label) ?? 10);
const caret = new Caret(view, (part) => hand.moved(part));
const menu = new Menu(labels);
const panel = new LabelPanel({ list: $("labels"), bar: $("label-bar"), find: $("find-label"), labels, chosen: (name) => { hand.choose(name); if (!pointer.isTouch) view.root.focus({ preventScroll: true }); } });
const hand = new Hand({
  desk, view, caret, menu, say, canLabel,
  labelChosen: (name, isPending) => { panel.choose(name); document.body.classList.toggle("is-tapped", isPending); },
  cleared: () => pointer.clear(),
});
const offer = new Offer(view, { accept: (item) => hand.accept([item]), reject: (item) => hand.reject([item]) });
const pointer = new Pointer(view, {
  selected: (part, { x, y }) => hand.select(part, new DOMRect(x, y, 0, 12)),
  tapped: (part) => hand.tap(part),
  chosen: (item, { x, y }) => { offer.hide(); hand.activate(item); caret.place(item); hand.openMenu(item, new DOMRect(x, y, 0, 12), { isTouch: pointer.isTouch }); },
  clicked: (offset) => { hand.activate(null); caret.hide(); caret.placeAt(offset); },
  removed: (item) => hand.remove(item),
  hovered: (item) => { if (canLabel) offer.hover(item); },
});
const progress = new ProgressPanel({ address, bar: $("done"), counts: $("counts"), told: $("done-told") });
const recent = new RecentPanel({ address, panel: $("recent"), list: $("recent-list"), linkOf, open: (id) => go("open", id) });

const page = {
  isInText: () => document.activeElement === view.root,
  isFree: () => document.activeElement === document.body || document.activeElement === view.root,
  chooseLabel: (place) => { if (place >= labels.length) return false; hand.choose(labels[place].name); return true; },
  undo: () => step(desk.undo(), "Undone", "There is nothing to undo"),
  redo: () => step(desk.redo(), "Done again", "There is nothing to do again"),
  decide: (state, event) => (event && event.key === "Enter" && !event.ctrlKey && !event.metaKey && !page.isFree() ? false : (decide(state), true)),
  go: (where) => { go(where); return true; },
  fold: (id) => { $(id).open = !$(id).open; return true; },
  toggleSuggestions: () => { suggesting.toggle.click(); return true; },
  help: () => { help.open(); return true; },
};
const keys = new Keys(actionsOf({ hand, caret, page }));
const help = new Help(keys, hints);
let isMoving = false;
let lastTouched = 0;

/** Says what was done, in the line below the text and to screen readers; `isPassing`: to these alone. */
function say(text, isPassing = false) {
  const line = $("told");
  line.textContent = line.textContent === text ? `${text}\u00a0` : text;
  line.classList.toggle("is-passing", isPassing);
}

function show() {
  const { items, offers, labelling, steps } = desk;
  view.set(items);
  panel.count(labelling.spans);
  $("state").textContent = labelling.state;
  $("state").className = `state ${STATE_CLASSES[labelling.state]}`;
  for (const [id, name, verb] of [["undo", steps.undoName, "Undo"], ["redo", steps.redoName, "Do again"]]) {
    $(id).disabled = !canLabel || !name;
    $(id).title = name ? `${verb}: ${name} (${keys.hint(id)})` : verb;
  }
  for (const [id, verb] of [["accept-all", "Accept"], ["reject-all", "Reject"]]) {
    $(id).hidden = !canLabel || !offers.length;
    $(id).textContent = `${verb} all ${offers.length}`;
  }
}

function opened() {
  menu.close(false);
  offer.hide();
  const { document: opens } = desk;
  $("reading").hidden = opens === null;
  $("nothing-left").hidden = opens !== null;
  notice("");
  if (!opens) { progress.look(); return; }
  pointer.words = desk.words;
  pointer.clear();
  caret.begin(desk.words);
  hand.begin();
  view.show(desk.text, desk.words, []);
  show();
  $("name").textContent = opens.name || `Document ${opens.id}`;
  $("certainty").textContent = opens.certainty === null ? "" : `the model is ${Math.round(100 * opens.certainty)} % sure`;
  about(opens);
  document.title = `${opens.name || `Document ${opens.id}`} · Label · Tagloom`;
}

/** What else is known of the document. */
function about({ metadata, labelling }) {
  const rows = Object.entries(metadata);
  if (labelling.changed_at) rows.push(["changed", `${new Date(labelling.changed_at * 1000).toLocaleString()}${labelling.changed_by ? ` by ${labelling.changed_by}` : ""}`]);
  $("about").hidden = !rows.length;
  $("about-list").replaceChildren(...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", { dir: "auto" }, String(value))]));
}

function notice(text, ...more) {
  $("notice").hidden = !text;
  $("notice").replaceChildren(text, ...more);
}

function step(change, done, none) {
  if (desk.isEmpty) return false;
  hand.activate(null);
  say(change ? `${done}: ${change.name}` : none);
  return true;
}

/** Goes to the next document, the one before, or one by its number. */
async function go(where, id, { isBack = false } = {}) {
  if (isMoving) return;
  isMoving = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    const from = desk.document?.id ?? null;
    if (from !== null && where !== "open") queue.left(from, ["submitted", "discarded", "skipped"].includes(desk.labelling.state));
    desk.saver?.flush();
    const found = where === "open" ? await queue.open(id) : await queue[where](from);
    if (!found && where === "previous") { say("This is the first"); return; }
    lay(found, { isBack, isGiven: where === "next" && !queue.isList });
  } catch (error) {
    toast(error.message, true);
    if (!("kind" in error)) console.error(error);
  } finally {
    isMoving = false;
    document.body.removeAttribute("aria-busy");
  }
}

/** Lays a document before whoever labels, and asks for the one after it. */
function lay(found, { isBack, isGiven }) {
  desk.open(found);
  scrollTo({ top: 0 });
  if (!found) return;
  queue.at(found.id, isBack);
  const isFirst = globalThis.history.state === null;
  if (!isBack) globalThis.history[isFirst ? "replaceState" : "pushState"]({ id: found.id }, "", linkOf(found.id));
  view.root.focus({ preventScroll: true });
  lastTouched = Date.now();
  if (!isGiven) hold(found.id); // what the queue has given is held already
  suggest();
  queue.prefetch(found.id);
  queue.ahead().then((next) => { if (next) return suggestFor(next); }).catch(() => {});
  progress.look();
  recent.look();
}

async function decide(state) {
  if (desk.isEmpty || isMoving) return;
  if (!canLabel) { say("You may look at it, not label it"); return; }
  const { document: { id, name }, labelling } = desk;
  if (labelling.state !== state) desk.do(desk.changes.decide(labelling, state));
  desk.saver.flush();
  const back = element("button", { type: "button", class: "plain", onclick: () => { shown.remove(); go("open", id); } }, "Back to it");
  const shown = element("div", { class: "toast decided" }, `${DONE[state]}: ${name || `document ${id}`} `, back);
  document.querySelector(".toast.decided")?.remove();
  $("toasts").append(shown);
  setTimeout(() => shown.remove(), 6000);
  say(DONE[state]);
  await go("next");
}

/** Keeps the document for oneself while one works at it. */
async function hold(id) {
  if (!canLabel) return;
  try {
    const { by_other: other } = await ask("POST", `${address}/documents/${id}/hold`);
    if (other && desk.document?.id === id) notice(`${other} has this document before them, too. Whoever saves second is asked what to keep.`);
  } catch { /* it is not kept: whatever is saved is compared anyway */ }
}

/** Has the model read the document that lies there, if somebody wants its suggestions. */
async function suggest() {
  if (desk.isEmpty || !canLabel) return;
  const { id } = desk.document;
  const found = await suggestFor(desk.document);
  if (!found || desk.document?.id !== id) return;
  desk.suggest(found);
  show();
}

async function suggestFor(opens) {
  if (!suggesting.isOn) return null;
  try {
    opens.suggestions = await ask("POST", `${address}/documents/${opens.id}/suggestions`);
    return opens.suggestions;
  } catch (error) {
    if (error.kind === "model-failed") say(error.message);
    return null;
  }
}

/** Somebody else was faster: one chooses what is to be. */
async function settle(saver, present) {
  const isHere = () => desk.document?.id === saver.id;
  const { text, name } = isHere() ? desk.document : await queue.open(saver.id);
  const points = [...text];
  const [title, body] = await choose({
    name: name || `document ${saver.id}`, base: saver.acknowledged, mine: saver.wanted, theirs: present, ownName,
    textOf: ({ start, end }) => points.slice(start, end).join(""),
  });
  if (!isHere()) { saver.settle(present, body); return; }
  desk.take(title, body);
  saver.settle(present, desk.body);
  say(`You chose: ${title}`);
}

/** The server does not take it: a label may have another name now, or be gone. */
function notRight(saver, error) {
  const keep = element("button", { type: "button", onclick: () => location.reload() }, "Load the page anew");
  const drop = element("button", { type: "button", class: "danger", onclick: () => { unsaved.drop(saver.id); saver.settle(saver.acknowledged, saver.acknowledged); location.reload(); } }, "Give up these changes");
  notice(`Not saved: ${error.message} Your changes stay in this browser. `, keep, " ", drop);
}

/** Buttons say their keys. */
function hints() {
  for (const button of document.querySelectorAll("[data-does]")) {
    const hint = keys.hint(button.dataset.does);
    const shown = button.querySelector("kbd");
    if (shown) { shown.textContent = hint; shown.hidden = !hint; } else button.title = `${button.ariaLabel}${hint ? ` (${hint})` : ""}`;
  }
}

for (const [id, does] of Object.entries({
  previous: () => go("previous"), next: () => go("next"), undo: page.undo, redo: page.redo, help: page.help,
  skip: () => decide("skipped"), discard: () => decide("discarded"), submit: () => decide("submitted"),
  "accept-all": () => hand.acceptAll(), "reject-all": () => hand.rejectAll(),
})) $(id).addEventListener("click", () => { does(); if (id !== "help") view.root.focus({ preventScroll: true }); });
for (const id of ["skip", "discard", "submit", "undo", "redo"]) $(id).hidden = !canLabel;
for (const button of document.querySelectorAll(".again")) button.addEventListener("click", () => go("next"));

for (const each of document.querySelectorAll(".panels details")) {
  const name = `tagloom.fold.${each.id}`;
  const kept = recall(name, null);
  if (kept !== null) each.open = kept;
  else if (matchMedia("(max-width: 900px)").matches && each.id !== "about") each.open = false;
  each.addEventListener("toggle", () => keep(name, each.open));
}

$("order").value = order;
$("order").disabled = queue.isList;
$("order").addEventListener("change", () => {
  queue.reorder($("order").value);
  keep(stored("order"), queue.order);
  suggesting.look(queue.order === "least-sure");
  if (!desk.isEmpty) queue.prefetch(desk.document.id);
});
$("list-note").hidden = parameters.size === 0;

document.addEventListener("keydown", (event) => {
  lastTouched = Date.now();
  if (document.querySelector("dialog[open]") || event.target.closest?.("input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]")) return;
  if (event.key === "Enter" && event.target.closest?.("button, a, summary") && !event.ctrlKey && !event.metaKey) return;
  if (event.key === " " && event.target.closest?.("button, summary, input") && !event.ctrlKey) return;
  keys.press(event);
});
addEventListener("popstate", ({ state }) => { if (state?.id) go("open", state.id, { isBack: true }); });
addEventListener("pagehide", () => history.keep());
setInterval(() => {
  if (!desk.isEmpty && document.visibilityState === "visible" && Date.now() - lastTouched < HOLD_AGAIN) hold(desk.document.id);
}, HOLD_AGAIN);

hints();
if (asked) {
  globalThis.history.replaceState({ id: asked }, "", location.href);
  await go("open", asked, { isBack: true });
} else await go("next");
savers.resume();
savers.tell();
await suggesting.look(queue.order === "least-sure");
