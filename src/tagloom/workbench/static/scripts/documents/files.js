// Files that somebody chose or dropped: which of them go in together.

const HALVES = /(^|[._\s-])(sentences?|sents?|words?|texts?|tokens?|tags?|labels?|ner)(?=$|[._\s-])/giu;
const TAGS = /(^|[._\s-])(tags?|labels?|ner)(?=$|[._\s-])/iu;
const BRAT = /\.(txt|ann)$/iu;
const MOST_TOGETHER = 200;

/** The files in groups: those of BRAT are one, two halves of the two-file format are one, any other file is one. */
export function grouped(files) {
  if (files.some((file) => file.name.toLowerCase().endsWith(".ann"))) {
    const own = files.filter((file) => BRAT.test(file.name));
    return [...portions(own), ...grouped(files.filter((file) => !BRAT.test(file.name)))];
  }
  const groups = new Map();
  for (const file of files) {
    const key = file.name.replace(HALVES, "$1");
    groups.set(key, [...groups.get(key) ?? [], file]);
  }
  return [...groups.values()].flatMap((group) => isPair(group) ? [group] : group.map((file) => [file]));
}

/** Whether one of two files has sentences and the other tags, by their names. */
function isPair(group) {
  return group.length === 2 && group.filter((file) => TAGS.test(file.name)).length === 1;
}

/** Files of BRAT, each with its other half, as many as go into an import. */
function portions(files) {
  const sorted = [...files].sort((one, other) => one.name.localeCompare(other.name));
  const found = [];
  for (let first = 0; first < sorted.length;) {
    let last = Math.min(first + MOST_TOGETHER, sorted.length);
    if (last < sorted.length && stem(sorted[last - 1]) === stem(sorted[last])) last -= 1;
    found.push(sorted.slice(first, last));
    first = last;
  }
  return found;
}

const stem = (file) => file.name.replace(BRAT, "");

/** The files that were dropped, and those in folders that were. */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...transfer.files];
  return (await Promise.all(entries.map(within))).flat().filter((file) => !file.name.startsWith("."));
}

async function within(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const found = [];
  for (let some = [null]; some.length > 0;) { // it gives some at a time
    some = await new Promise((done, failed) => reader.readEntries(done, failed));
    found.push(...some);
  }
  return (await Promise.all(found.map(within))).flat();
}

/** A size as people read it. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  const units = ["KiB", "MiB", "GiB"];
  let shown = bytes / 1024;
  while (shown >= 1024 && units.length > 1) { shown /= 1024; units.shift(); }
  return `${shown < 10 ? shown.toFixed(1) : Math.round(shown)} ${units[0]}`;
}
