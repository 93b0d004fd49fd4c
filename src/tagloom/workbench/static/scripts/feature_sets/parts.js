// The parts of a feature set as one bar.

import { count, element } from "../elements.js";

export const PARTS = ["train", "dev", "test"];

/** A bar of shares with their figures below; `figures` by part. */
export function partsBar(figures, unit = "documents") {
  const own = PARTS.filter((part) => figures[part]);
  const total = own.reduce((sum, part) => sum + figures[part], 0);
  const told = own.map((part) => `${part} ${count(figures[part])}`).join(", ");
  const bar = element("div", { class: "parts-bar", role: "img", "aria-label": `${told} ${unit}` }, own.map((part) => {
    const share = element("span", { class: `part-${part}` });
    share.style.flexGrow = String(figures[part] / total);
    return share;
  }));
  const legend = element("p", { class: "parts-legend", "aria-hidden": "true" }, own.map((part) => element("span", {},
    element("span", { class: `dot part-${part}` }), ` ${part} ${count(figures[part])}`)));
  return element("div", { class: "parts" }, bar, legend);
}

/** How many documents each part of a feature set has. */
export function documentsOf(featureSet) {
  return Object.fromEntries(Object.entries(featureSet.parts).map(([part, own]) => [part, own.documents]));
}

/** In words how documents were divided. */
export function told({ asked, parts }) {
  const shares = () => asked.ratios.filter((share, place) => share > 0 || PARTS[place] in parts)
    .map((share) => Math.round(1000 * share) / 10).join(" : ");
  const ways = {
    ratios: () => `by shares ${shares()}, seed ${asked.seed}${asked.by ? `, ${asked.by} kept together` : ""}`,
    time: () => `by ${asked.by_time}, shares ${shares()}`,
    filters: () => [asked.dev_where && `dev: ${asked.dev_where}`, asked.test_where && `test: ${asked.test_where}`].filter(Boolean).join("; "),
    choice: () => ["by choice", ...asked.rules.map(({ where, place }) => `${where} to ${place}`)].join("; "),
  };
  const more = [
    asked.where && `only ${asked.where}`,
    asked.drop_duplicates && "without duplicates",
    asked.with_drafts && "with drafts",
  ].filter(Boolean);
  return [ways[asked.way](), ...more].join("; ");
}

/** The severities of its findings as small marks. */
export function severities(featureSet) {
  const classes = { error: "bad", warning: "waiting", info: "" };
  const kinds = { error: ["error", "errors"], warning: ["warning", "warnings"], info: ["remark", "remarks"] };
  const own = Object.keys(classes).filter((name) => featureSet.severities[name]);
  if (!own.length) return [element("span", { class: "state good" }, "nothing wrong")];
  return own.map((name) => {
    const number = featureSet.severities[name];
    return element("span", { class: `state ${classes[name]}` }, `${number} ${kinds[name][number === 1 ? 0 : 1]}`);
  });
}
