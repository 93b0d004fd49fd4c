// An excerpt of a text: what is labelled in colour, what was searched for underlined.

import { element } from "../elements.js";
import { Offsets, fromServer } from "../labelling/offsets.js";

/** The excerpt as elements. Of labels that overlap the one that begins first is shown whole. */
export function excerptOf({ text, spans, hits, start }, length, colourOf) {
  const offsets = new Offsets(text);
  const found = hits.map(([from, to]) => ({ start: offsets.toUnits(from), end: offsets.toUnits(to) }));
  const parts = [];
  let done = 0;
  const plain = (to) => { parts.push(...withHits(text, done, to, found)); done = to; };
  for (const span of spans.map((each) => fromServer(offsets, each))) {
    const from = Math.max(done, span.start);
    if (from >= span.end) continue;
    plain(from);
    parts.push(element("mark", { class: `span colour-${colourOf(span.label)}` },
      ...withHits(text, from, span.end, found), element("span", { class: "tag" }, span.label)));
    done = span.end;
  }
  plain(text.length);
  const isCut = start + [...text].length < length;
  return [start > 0 && "…", ...parts, isCut && "…"];
}

function withHits(text, from, to, hits) {
  const parts = [];
  for (const hit of hits) {
    const first = Math.max(from, hit.start);
    const last = Math.min(to, hit.end);
    if (first >= last) continue;
    parts.push(text.slice(from, first), element("u", { class: "hit" }, text.slice(first, last)));
    from = last;
  }
  return [...parts, text.slice(from, to)].filter((part) => part !== "");
}
