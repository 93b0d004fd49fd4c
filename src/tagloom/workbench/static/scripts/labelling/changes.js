// What people change of a document: made here as values, done and undone alike. All offsets are UTF-16.

export const keyOf = ({ start, end, label }) => `${start}-${end}-${label}`;

const inOrder = (one, other) => one.start - other.start || one.end - other.end || (one.label < other.label ? -1 : 1);
const overlap = (one, other) => one.start < other.end && other.start < one.end;
const nothing = Object.freeze([]);

/** A change; `name` says it, as in: Undo label “D90” PNAME. */
function change(name, { added = nothing, removed = nothing, rejected = nothing, taken = nothing, state = null } = {}) {
  return { name, added, removed, rejected, taken, state };
}

/** What undoes a change. */
export const inverted = ({ name, added, removed, rejected, taken, state }) => change(name, {
  added: removed, removed: added, rejected: taken, taken: rejected,
  state: state && { from: state.to, to: state.from === "new" ? "draft" : state.from },
});

/** What people have said of a document: it is not changed, but follows from one before by a change. */
export class Labelling {
  constructor({ spans, rejected, state }) {
    this.spans = [...spans].sort(inOrder);
    this.rejected = new Map(rejected.map((each) => [keyOf(each), each]));
    this.state = state;
  }

  /** What it is after a change. A document that is labelled is no longer untouched, skipped or discarded. */
  after({ added, removed, rejected, taken, state }) {
    const gone = new Set(removed.map(keyOf));
    const refused = new Map(this.rejected);
    for (const each of rejected) refused.set(keyOf(each), each);
    for (const each of taken) refused.delete(keyOf(each));
    const made = new Labelling({ spans: [], rejected: [], state: state ? state.to : this.state === "submitted" ? "submitted" : "draft" });
    made.spans = [...this.spans.filter((span) => !gone.has(keyOf(span))), ...added].sort(inOrder);
    made.rejected = refused;
    return made;
  }

  /** Those of its spans that a stretch overlaps. */
  over(part) { return this.spans.filter((span) => overlap(span, part)); }

  /** Whether some of its spans overlap, as imports may have brought them. */
  get hasOverlaps() {
    let end = 0;
    return this.spans.some((span) => { const is = span.start < end; end = Math.max(end, span.end); return is; });
  }

  has(part) { return this.spans.some((span) => keyOf(span) === keyOf(part)); }
}

const quoted = (text, { start, end }) => {
  const part = text.slice(start, end).replace(/\s+/g, " ");
  return part.length > 40 ? `“${part.slice(0, 38)}…”` : `“${part}”`;
};
const plain = ({ start, end, label, score, origin }) => ({ start, end, label, score, origin });
const own = ({ start, end }, label) => ({ start, end, label, score: null, origin: null });

/** The changes that people ask for in a text. Each is null where it would change nothing. */
export class Changes {
  constructor(text) { this.text = text; }

  /** A stretch gets a label; the spans that it overlaps give way. */
  label(labelling, part, label) {
    const made = own(part, label);
    const removed = labelling.over(part);
    if (removed.length === 1 && keyOf(removed[0]) === keyOf(made)) return null;
    return change(`label ${quoted(this.text, part)} ${label}`, { added: [made], removed });
  }

  /** A span gets another label; those that it overlapped when it came stay. */
  relabel(span, label) {
    return span.label === label ? null : change(`label ${quoted(this.text, span)} ${label}`, { added: [own(span, label)], removed: [span] });
  }

  /** A span gets other edges. */
  move(span, part) {
    return change(`move the edges of ${quoted(this.text, span)}`, { added: [own(part, span.label)], removed: [span] });
  }

  /** Spans are taken away; what suggested them is rejected along with them. */
  remove(spans, suggestions) {
    const gone = new Set(spans.map(keyOf));
    const rejected = suggestions.filter((each) => gone.has(keyOf(each))).map(plain);
    const name = spans.length === 1 ? `take away ${quoted(this.text, spans[0])} ${spans[0].label}` : `take ${spans.length} spans away`;
    return spans.length ? change(name, { removed: spans, rejected }) : null;
  }

  accept(suggestions) {
    const name = suggestions.length === 1 ? `accept ${quoted(this.text, suggestions[0])} ${suggestions[0].label}` : `accept ${suggestions.length} suggestions`;
    return suggestions.length ? change(name, { added: suggestions.map(plain) }) : null;
  }

  reject(suggestions) {
    const name = suggestions.length === 1 ? `reject ${quoted(this.text, suggestions[0])} ${suggestions[0].label}` : `reject ${suggestions.length} suggestions`;
    return suggestions.length ? change(name, { rejected: suggestions.map(plain) }) : null;
  }

  /** Every place with the text of a stretch gets a label, unless a span is in the way. */
  labelAll(labelling, part, label, words, how) {
    const there = new Set(labelling.spans.map(keyOf));
    const here = labelling.over(part).filter((span) => keyOf(span) !== keyOf(own(part, label)));
    const rest = labelling.spans.filter((span) => !here.includes(span));
    const added = occurrences(this.text, part, words, how)
      .map((place) => own(place, label))
      .filter((made) => !there.has(keyOf(made)) && !rest.some((span) => overlap(span, made)));
    return added.length ? change(`label ${added.length} times ${quoted(this.text, part)} ${label}`, { added, removed: here }) : null;
  }

  /** Every span with the same text and label is taken away. */
  removeAll(labelling, span, suggestions) {
    const text = this.text.slice(span.start, span.end);
    return this.remove(labelling.spans.filter((other) => other.label === span.label && this.text.slice(other.start, other.end) === text), suggestions);
  }

  decide(labelling, state) {
    return change({ submitted: "submit", skipped: "skip", discarded: "discard", draft: "take up again" }[state], { state: { from: labelling.state, to: state } });
  }

  /** What makes one labelling of another. */
  difference(name, from, to) {
    const keys = new Set(to.spans.map(keyOf));
    return change(name, {
      added: to.spans.filter((span) => !from.has(span)),
      removed: from.spans.filter((span) => !keys.has(keyOf(span))),
      rejected: [...to.rejected.values()].filter((each) => !from.rejected.has(keyOf(each))),
      taken: [...from.rejected.values()].filter((each) => !to.rejected.has(keyOf(each))),
      state: { from: from.state, to: to.state === "new" ? "draft" : to.state },
    });
  }
}

/** Where else in a text the text of a stretch stands, itself among them. */
export function occurrences(text, part, words, { wholeWords, sameCase }) {
  const sought = text.slice(part.start, part.end).split(/\s+/u).map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&")).join("\\s+");
  const found = [...text.matchAll(new RegExp(sought, sameCase ? "gu" : "giu"))];
  const places = found.map((each) => ({ start: each.index, end: each.index + each[0].length }));
  const isWhole = ({ start, end }) => {
    const snapped = words.snapped({ start, end });
    return snapped && snapped.start === start && snapped.end === end;
  };
  return wholeWords && isWhole(part) ? places.filter(isWhole) : places;
}

export const isOfModel = ({ origin }) => origin?.startsWith("model ") ?? false;

/** The suggestions to show: none over a span or another one, those of imports before those of models, none that was rejected. */
export function offered(suggestions, labelling, isWanted) {
  const wanted = suggestions.filter((each) => !labelling.rejected.has(keyOf(each)) && isWanted(each)).sort(inOrder);
  const ofImports = apart(wanted.filter((each) => !isOfModel(each)), labelling.spans);
  const taken = [...labelling.spans, ...ofImports].sort(inOrder);
  return [...ofImports, ...apart(wanted.filter(isOfModel), taken)].sort(inOrder);
}

/** Of stretches in order those that overlap no other before them, and nothing that is taken. */
function apart(parts, taken) {
  const found = [];
  let end = 0;
  let index = 0;
  let covered = 0;
  for (const part of parts) {
    while (index < taken.length && taken[index].start < part.end) {
      covered = Math.max(covered, taken[index].end);
      index += 1;
    }
    if (part.start < end || covered > part.start) continue;
    found.push(part);
    end = part.end;
  }
  return found;
}
