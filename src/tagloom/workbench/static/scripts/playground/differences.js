// Where two models have found different things.

const key = ({ start, end, label }) => `${start} ${end} ${label}`;

/** For each of two lists of entities what of it the other lacks. */
export function differences(one, two) {
  const lacking = (own, other) => {
    const known = new Set(other.map(key));
    return new Set(own.filter((entity) => !known.has(key(entity))));
  };
  return [lacking(one, two), lacking(two, one)];
}

/** The same in a sentence. */
export function told(one, two, [onlyOne, onlyTwo]) {
  const both = one.length - onlyOne.size;
  if (onlyOne.size + onlyTwo.size === 0) return both === 0 ? "Neither finds anything." : `Both find the same ${both}.`;
  const places = new Set([...onlyTwo].map(({ start, end }) => `${start} ${end}`));
  const relabelled = [...onlyOne].filter(({ start, end }) => places.has(`${start} ${end}`)).length;
  const parts = [`Both find ${both}`, `the first alone ${onlyOne.size}`, `the second alone ${onlyTwo.size}`];
  return `${parts.join(", ")}${relabelled ? `; of these ${relabelled} under another label` : ""}. What the other lacks is framed.`;
}
