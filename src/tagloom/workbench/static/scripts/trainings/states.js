// How far a training is, in words and colours.

import { element } from "../elements.js";

const STATES = {
  queued: ["waiting", "waits"],
  running: ["", "is training"],
  stopping: ["waiting", "is stopping"],
  stopped: ["waiting", "stopped"],
  finished: ["good", "finished"],
  failed: ["bad", "failed"],
};

export const isActive = (state) => ["queued", "running", "stopping"].includes(state);

/** Writes the state of a training into a mark. */
export function mark(place, { state, position }) {
  const [kind, told] = STATES[state];
  place.className = `state ${kind}`;
  const text = position > 1 ? `waits, number ${position}` : told;
  if (place.textContent !== text) place.textContent = text;
}

/** The state of a training as a mark. */
export function marked(training) {
  const made = element("span");
  mark(made, training);
  return made;
}

/** A share in per cent. */
export const percent = (share) => (100 * share).toFixed(1);

/** The headline of a judged model. */
export function headline(scores) {
  if (!scores) return null;
  const interval = scores.interval ? `${percent(scores.interval[0])} to ${percent(scores.interval[1])}` : "";
  return element("span", { class: "headline" },
    element("strong", {}, `F1 ${percent(scores.f1)}`),
    element("span", { class: "quiet" }, ` on ${scores.part}${interval && `, 95 %: ${interval}`}`));
}
