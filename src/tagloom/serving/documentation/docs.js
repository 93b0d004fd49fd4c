// Boxes to try operations in. What a person types and what the server answers is put in place as text, never as markup.

const MOST_SHOWN = 100_000; // characters of an answer
const MOST_MARKED = 20_000; // characters of a text
const NUM_COLOURS = 6;

const base = new URL(document.body.dataset.root, location.href); // of the server, whatever a proxy has put before its paths

const SIZES = {
  codepoint: () => 1,
  utf16: (sign) => sign.length,
  byte: (sign) => new TextEncoder().encode(sign).length,
};

// From offsets as the API counts them to those of this language.
function places(text, unit) {
  const found = new Map([[0, 0]]);
  let at = 0;
  let index = 0;
  for (const sign of text) {
    at += SIZES[unit](sign);
    index += sign.length;
    found.set(at, index);
  }
  return found;
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

// A text with its entities marked, a colour a label.
function marked(text, entities, unit, colours) {
  const shown = element("p", "words", "");
  shown.dir = "auto";
  const place = places(text, unit);
  let at = 0;
  for (const { start, end, label, score } of entities) {
    if (!colours.has(label)) colours.set(label, colours.size % NUM_COLOURS);
    const mark = element("mark", `colour-${colours.get(label)}`, text.slice(place.get(start), place.get(end)));
    mark.append(" ", element("span", "tag", `${label} ${(100 * score).toFixed(1)} %`));
    shown.append(text.slice(at, place.get(start)), mark);
    at = place.get(end);
  }
  shown.append(text.slice(at));
  return shown;
}

// The texts of a request with what was found in them, where both are in the API's own shape; else nothing.
function markedTexts(body, answer) {
  const texts = body?.documents;
  const found = answer?.documents;
  if (!Array.isArray(texts) || !Array.isArray(found) || texts.some(({ text }) => text.length > MOST_MARKED)) return [];
  const colours = new Map();
  return found.map(({ entities }, number) => marked(texts[number].text, entities, body.offsets ?? "codepoint", colours));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function address(form) {
  let path = form.dataset.path.slice(1);
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-place]")) {
    if (field.dataset.place === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    else if (field.value) query.set(field.name, field.value);
  }
  const asked = new URL(path, base);
  asked.search = query;
  return asked;
}

function request(form) {
  const headers = {};
  const key = form.querySelector(".key")?.value.trim();
  if (key) headers.Authorization = `Bearer ${key}`;
  const body = form.querySelector(".file")?.files[0] ?? form.querySelector(".body")?.value;
  if (body !== undefined) headers["Content-Type"] = form.dataset.mediaType;
  return { method: form.dataset.method, headers, body, credentials: "omit", redirect: "error" };
}

function show(form, status, text, answer) {
  const told = answer === undefined ? text : JSON.stringify(answer, null, 2);
  const rest = told.length - MOST_SHOWN;
  const place = form.querySelector(".answer");
  place.textContent = rest > 0 ? `${told.slice(0, MOST_SHOWN)}\n… and ${rest.toLocaleString("en")} more characters` : told;
  place.hidden = !told;
  form.querySelector("output").textContent = status;
}

function showMarked(form, answer) {
  const found = form.querySelector(".found");
  const texts = markedTexts(parsed(form.querySelector(".body")?.value ?? ""), answer);
  found.replaceChildren(...texts);
  found.hidden = !texts.length;
}

async function send(form) {
  const began = performance.now();
  const response = await fetch(address(form), request(form));
  const text = await response.text();
  const milliseconds = Math.round(performance.now() - began);
  const answer = parsed(text);
  show(form, `${response.status} ${response.statusText}, ${milliseconds} ms`, text, answer);
  showMarked(form, answer);
}

async function submit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector("[type=submit]");
  const changes = "changes" in form.dataset;
  if (changes && !confirm(`${form.dataset.method} ${address(form).pathname} changes something on this server. Send it?`)) return;
  button.disabled = true;
  show(form, "Sent …", "");
  showMarked(form);
  try {
    await send(form);
  } catch (error) {
    show(form, `No answer: ${error.message}.`, "");
  }
  button.disabled = false;
}

function chooseExample(form, option) {
  form.querySelector(".body").value = option.value;
  const format = form.querySelector("[name=format]");
  if (format && option.dataset.format) format.value = option.dataset.format;
}

function prepare(form) {
  form.hidden = false;
  form.addEventListener("submit", submit);
  form.querySelector(".example")?.addEventListener("change", ({ target }) => chooseExample(form, target.selectedOptions[0]));
  form.querySelector(".body")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

// One key for all boxes, kept in them alone.
function shareKey({ target }) {
  for (const field of document.querySelectorAll(".key")) field.value = target.value;
}

// Snippets name the server as this page was asked for, which behind a proxy it cannot know.
function nameServer() {
  const known = document.body.dataset.address;
  const asked = base.href.slice(0, -1);
  for (const code of document.querySelectorAll(".snippets code")) {
    code.textContent = code.textContent.replaceAll(known, asked);
  }
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

document.querySelectorAll(".try").forEach(prepare);
document.querySelectorAll(".key").forEach((field) => field.addEventListener("input", shareKey));
addEventListener("hashchange", openTarget);
nameServer();
openTarget();
