// A text in blocks that are drawn each by itself: its lines, and of a long line parts that end between words.

const LONGEST = 1200;
const LINE_END = /\r\n|\n|\r|\u2028|\u2029/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;
const SENTENCE_END = /[.!?。！？…؟۔]["'”’»)\]」』]*$/u;

/** The blocks of a text; a block that goes on with a line says in which direction that runs. */
export function blocksOf(text, words) {
  const blocks = [];
  let start = 0;
  for (const found of text.matchAll(LINE_END)) {
    addLine(blocks, text, words, start, found.index);
    start = found.index + found[0].length;
  }
  addLine(blocks, text, words, start, text.length);
  return blocks;
}

function addLine(blocks, text, words, start, end) {
  if (end - start <= LONGEST) {
    blocks.push({ start, end, direction: "auto", goesOn: false });
    return;
  }
  const direction = directionOf(text.slice(start, end));
  for (let from = start; from < end;) {
    const to = cut(text, words, from, end);
    blocks.push({ start: from, end: to, direction, goesOn: from > start });
    from = to;
  }
}

/** Where a part of a line ends: after a sentence if one ends in its second half, else after a word. */
function cut(text, words, from, end) {
  if (end - from <= LONGEST) return end;
  const last = words.startingBefore(from + LONGEST);
  for (let index = last; index > 0 && words.ends[index - 1] > from + LONGEST / 2; index -= 1) {
    const before = text.slice(Math.max(from, words.ends[index - 1] - 4), words.ends[index - 1]);
    if (SENTENCE_END.test(before)) return words.starts[index];
  }
  const between = last >= 0 ? words.starts[last] : 0;
  if (between > from) return between;
  const isPair = text.codePointAt(from + LONGEST - 1) > 0xffff; // a word without end is cut where it may be
  return from + LONGEST + (isPair ? 1 : 0);
}

function directionOf(text) {
  const letter = LETTER.exec(text);
  return letter && RIGHT_TO_LEFT.test(letter[0]) ? "rtl" : "ltr";
}
