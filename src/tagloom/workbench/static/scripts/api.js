// Asks the workbench's own API. What it refuses becomes a Refusal, which says what happened and what to do.

export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title);
    this.status = status;
    this.title = problem.title;
    this.kind = (problem.type || "").split(":").pop();
    this.errors = problem.errors || [];
    this.problem = problem;
  }
}

async function told(response) {
  if (response.ok) {
    return response.status === 204 ? null : response.json();
  }
  let problem = { title: `The server answered ${response.status}.`, detail: "" };
  try { problem = await response.json(); } catch { /* not a problem document */ }
  if (response.status === 401 && problem.type?.endsWith("not-logged-in")) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  throw new Refusal(response.status, problem);
}

/** Asks: `ask("PUT", "/api/projects/1", {...})`; without an answer from the server, a Refusal of status 0. */
export async function ask(method, address, body, options = {}) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(address, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, { title: "The server cannot be reached.", detail: "The server cannot be reached. Nothing was lost here; try again when it is back." });
  }
  return told(response);
}

/** Sends a file, and tells how much of it is there: `progress(share)`. */
export function send(address, file, progress = () => {}) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () => told(new Response(request.response || null, { status: request.status })).then(done, failed));
    request.addEventListener("error", () => failed(new Refusal(0, { title: "The server cannot be reached." })));
    request.send(file);
  });
}

/** What the server has put into the page for its scripts. */
export function pageData() {
  return JSON.parse(document.getElementById("page-data").textContent);
}
