// The piece of an article that shows why it was found; search/snippet.py is the original.

import { HAN, stemOf, termOf, tokens } from "./analysis.js";

const WIDTH = 200;
const BEFORE = 50;
const LONGEST_TEXT = 200000;
const SENTENCE_END = /[.!?。！？…]["'”’」』]?[ \n\r\t]*$/;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/** Return text as HTML. */
export const escape = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

const plain = (text) => escape(text.replace(/[\n\r\t]/g, " "));

// eslint-disable-next-line no-control-regex
const OWN_ENDS = /^\.|[\u0001-\u001f].*|[+#]+$/g; // of a key: what is not the beginning of its words
const IS_HAN = new RegExp(`[${HAN}]`, "u");
// An apostrophe in a word, and letters that are not of ASCII, may hide what a word begins with.
const HIDDEN = `['’](?=[a-z0-9])|[^\\0-\\x7f\\u2000-\\u206f\\u3000-\\u303f\\uff00-\\uff20${HAN}]`;

const GAPS = [" ", "，", "。"]; // no word and no run of Han goes on behind these

/** Return what is found in each stretch between gaps that may have one of the keys. */
function seeker(keys) {
  const han = keys.filter((key) => IS_HAN.test(key)).map((key) => String.fromCodePoint(key.codePointAt(0)));
  const words = keys.filter((key) => !IS_HAN.test(key)).map((key) => {
    const stem = key.replace(OWN_ENDS, "");
    // Words need not have the last letter of their stem; of "deployable", neither of the last two.
    const begun = stem.slice(0, Math.max(1, stem.length - (stem.endsWith("le") ? 2 : 1)));
    return begun.replace(".", "\\.");
  });
  const looked = [words.length ? `(?<![a-z0-9])(?:${words.join("|")})|${HIDDEN}` : "", ...han];
  return new RegExp(looked.filter(Boolean).join("|"), "giu");
}

/** Return where the pieces of the query's leaves stand in a text: [{start, end, leaf}]. */
function marksOf(text, leaves) {
  const stems = new Map();
  const exact = new Map();
  leaves.forEach((leaf, number) => {
    for (const piece of leaf.pieces) {
      const known = piece.exact ? exact : stems;
      if (!known.has(piece.key)) known.set(piece.key, number);
    }
  });
  const keys = [...stems.keys(), ...exact.keys()];
  const found = [];
  let end = 0;
  for (const { index } of keys.length ? text.matchAll(seeker(keys)) : []) {
    if (index < end) continue;
    const start = Math.max(0, ...GAPS.map((gap) => text.lastIndexOf(gap, index)));
    end = Math.min(...GAPS.map((gap) => text.indexOf(gap, index)).filter((at) => at >= 0), text.length);
    for (const mark of marksIn(text.slice(start, end), stems, exact)) {
      found.push({ start: mark.start + start, end: mark.end + start, leaf: mark.leaf });
    }
  }
  return found;
}

/** Return the marks of a stretch, by which leaf each stem and each exact term stands for. */
function marksIn(stretch, stems, exact) {
  const found = [];
  let before = null;
  for (const token of tokens(stretch)) {
    let { start } = token;
    let leaf;
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
    if (leaf !== undefined) found.push({ start, end: token.end, leaf });
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
  const found = marksOf(text.slice(0, LONGEST_TEXT), query.groups.flat());
  const [start, end] = windowOf(text, found);
  const dots = (shown) => (shown ? "…" : "");
  const shown = highlight(text, found, start, end);
  const whole = shown.toWellFormed?.() ?? shown; // a cut can part a surrogate pair
  const goesOn = (end < text.length || more) && !SENTENCE_END.test(text.slice(start, end));
  return dots(start) + whole + dots(goesOn);
}
