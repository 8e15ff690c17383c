// The piece of an article that shows why it was found; search/snippet.py is the original.

import { stemOf, termOf, tokens } from "./analysis.js";

const WIDTH = 200;
const BEFORE = 50;
const LONGEST_TEXT = 200000;
const SENTENCE_END = /[.!?。！？…]["'”’」』]?[ \n\r\t]*$/;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/** Return text as HTML. */
export const escape = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

const plain = (text) => escape(text.replace(/[\n\r\t]/g, " "));

/**
 * Return where the pieces of the query's leaves stand in a text: [{start, end, leaf}]. Once there is
 * a window with all of them, what stands behind it is not looked for.
 */
function marksOf(text, leaves) {
  const stems = new Map();
  const exact = new Map();
  leaves.forEach((leaf, number) => {
    for (const piece of leaf.pieces) {
      const known = piece.exact ? exact : stems;
      if (!known.has(piece.key)) known.set(piece.key, number);
    }
  });
  const found = [];
  let before = null;
  // No stemmer changes the letter that a word begins with.
  const initials = new Set([...stems.keys(), ...exact.keys()].map((key) => key[0]));
  const every = new Set([...stems.values(), ...exact.values()]).size;
  let [low, shown] = [0, Infinity]; // the first mark whose window is open; where what is shown ends
  for (const token of tokens(text.slice(0, LONGEST_TEXT), 0, initials)) {
    let { start } = token;
    let leaf;
    if (start >= shown && found.at(-1).end < start) break;
    if (token.kind === "word") {
      leaf = stems.get(stemOf(token.form)) ?? exact.get(termOf(token.form));
    } else if (token.kind === "sign") {
      leaf = exact.get(token.form);
    } else {
      if (before && before.end === token.start) {
        leaf = exact.get(before.form + token.form);
        if (leaf !== undefined) start = before.start;
      }
      leaf ??= exact.get(token.form);
    }
    before = token.kind === "han" ? token : null;
    if (leaf === undefined) continue;
    found.push({ start, end: token.end, leaf });
    if (shown < Infinity) continue;
    while (low < found.length && found[low].start + WIDTH - BEFORE < token.end) low += 1;
    const near = new Set(found.slice(low).map((mark) => mark.leaf));
    if (near.size === every) shown = Math.max(0, found[low].start - BEFORE) + WIDTH;
  }
  return found;
}

/** Return the stretch of text with the most different leaves, the earliest of them. */
function windowOf(text, found) {
  let best = 0;
  let first = 0;
  found.forEach((mark, at) => {
    const near = new Set();
    for (let next = at; next < found.length; next += 1) {
      if (found[next].end > mark.start + WIDTH - BEFORE) break;
      near.add(found[next].leaf);
    }
    if (near.size > best) {
      best = near.size;
      first = mark.start;
    }
  });
  let start = Math.max(0, first - BEFORE);
  let end = Math.min(text.length, start + WIDTH);
  if (start) {
    const space = text.indexOf(" ", start);
    if (space >= 0 && space < first) start = space + 1;
  }
  if (end < text.length) {
    const space = text.lastIndexOf(" ", end - 1);
    if (space > first && space >= end - BEFORE) end = space;
  }
  return [start, end];
}

function spansOf(found) {
  const spans = [];
  const sorted = [...found].sort((one, other) => one.start - other.start || one.end - other.end);
  for (const mark of sorted) {
    const last = spans.at(-1);
    if (last && mark.start < last[1]) last[1] = Math.max(last[1], mark.end);
    else spans.push([mark.start, mark.end]);
  }
  return spans;
}

function highlight(text, found, start, end) {
  let out = "";
  let at = start;
  for (const [left, right] of spansOf(found)) {
    if (left < at || right > end) continue;
    out += `${plain(text.slice(at, left))}<mark>${plain(text.slice(left, right))}</mark>`;
    at = right;
  }
  return out + plain(text.slice(at, end));
}

/**
 * Return a stretch of a text as escaped HTML, with <mark> around what was sought; `more` says
 * that the text goes on.
 */
export function snippet(text, more, query) {
  const found = marksOf(text, query.groups.flat());
  const [start, end] = windowOf(text, found);
  const dots = (shown) => (shown ? "…" : "");
  const shown = highlight(text, found, start, end);
  const whole = shown.toWellFormed?.() ?? shown; // a cut can part a surrogate pair
  const goesOn = (end < text.length || more) && !SENTENCE_END.test(text.slice(start, end));
  return dots(start) + whole + dots(goesOn);
}
