// What states, orders and the like are called.

export const STATES = {
  new: "To label",
  draft: "Begun",
  submitted: "Submitted",
  skipped: "Skipped",
  discarded: "Discarded",
};

export const STATE_CLASSES = { new: "", draft: "waiting", submitted: "good", skipped: "waiting", discarded: "bad" };

/** A number of things: `some(1, "document")`. */
export const some = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
