// Somebody else, or oneself in another window, has changed a document meanwhile: what both have done is shown, and one chooses. Nothing is lost either way.

import { element, moment } from "../elements.js";

const keyOf = ({ start, end, label }) => `${start}-${end}-${label}`;
const keysOf = (parts) => new Set(parts.map(keyOf));
const without = (parts, others) => { const keys = keysOf(others); return parts.filter((part) => !keys.has(keyOf(part))); };
const overlap = (one, other) => one.start < other.end && other.start < one.end;

/** What both have done to `base`: their version, with what one has added and taken away oneself; where both meet, one's own. */
export function merged(base, mine, theirs) {
  const added = without(mine.spans, base.spans);
  const kept = without(theirs.spans, without(base.spans, mine.spans));
  const spans = [...kept.filter((span) => !added.some((own) => overlap(span, own))), ...added];
  const rejected = [...theirs.rejected, ...without(mine.rejected, theirs.rejected)];
  return { spans, rejected, state: mine.state === base.state ? theirs.state : mine.state, may_overlap: mine.may_overlap };
}

/** Asks which version is to be: gives a body, and what it is called among the things to undo. */
export function choose({ name, base, mine, theirs, ownName, textOf }) {
  const isOwn = theirs.changed_by === ownName;
  const who = isOwn ? "Another window" : theirs.changed_by ?? "Somebody";
  const title = isOwn ? `You have changed ${name} in another window, too` : `${who} has changed ${name}, too`;
  return new Promise((done) => {
    const answers = {
      both: ["keep both", merged(base, mine, theirs)],
      mine: ["keep mine", mine],
      theirs: ["take theirs", { spans: theirs.spans, rejected: theirs.rejected, state: theirs.state, may_overlap: true }],
    };
    const part = (title, body) => element("section", {}, element("h3", {}, title), element("ul", {}, told(base, body, textOf)));
    const box = element("dialog", { class: "conflict", "aria-labelledby": "conflict-title" },
      element("h2", { id: "conflict-title" }, title),
      element("p", { class: "quiet" }, theirs.changed_at ? `It was saved ${moment(theirs.changed_at)}. Yours is kept in this browser until you choose.` : "Yours is kept in this browser until you choose."),
      element("div", { class: "versions" }, part(isOwn ? "This window" : "You", mine), part(who, theirs)),
      element("form", { method: "dialog", class: "row" },
        element("button", { value: "theirs" }, isOwn ? "Take that" : "Take theirs"), element("button", { value: "mine" }, isOwn ? "Keep this" : "Keep mine"),
        element("button", { value: "both", class: "primary", autofocus: true }, "Keep both")));
    box.addEventListener("cancel", (event) => event.preventDefault());
    box.addEventListener("close", () => { box.remove(); done(answers[box.returnValue] ?? answers.both); });
    document.body.append(box);
    box.showModal();
  });
}

const MOST_TOLD = 8;

function told(base, body, textOf) {
  const lines = [
    ...without(body.spans, base.spans).map((span) => ["+", span]),
    ...without(base.spans, body.spans).map((span) => ["−", span]),
  ];
  const shown = lines.slice(0, MOST_TOLD).map(([sign, span]) => element("li", {}, `${sign} `, element("bdi", {}, textOf(span)), ` ${span.label}`));
  if (lines.length > MOST_TOLD) shown.push(element("li", {}, `and ${lines.length - MOST_TOLD} more`));
  if (body.state !== base.state) shown.push(element("li", {}, `it is ${body.state}`));
  return shown.length ? shown : [element("li", { class: "quiet" }, "no other spans")];
}
