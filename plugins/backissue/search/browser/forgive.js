// What is done about words that no article has; search/forgive.py is the original.

import { stemOf } from "./analysis.js";
import { complete, correct } from "./lexicon.js";

/** Return the single plain words of a query that nothing has; `found` asks for a piece. */
export function missing(query, found) {
  return query.groups.flat().filter((leaf) =>
    leaf.pieces.length === 1 && !leaf.pieces[0].exact && /^[A-Za-z]+$/.test(leaf.text)
    && !found(leaf.pieces[0]));
}

const word = (form) => ({ pieces: [{ key: stemOf(form), exact: false, offset: 0 }], text: form });

function replaceWord(text, old, now) {
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${old}(?![A-Za-z0-9])`, "i"), now);
}

function once(leaves) {
  const seen = new Set();
  return leaves.filter((leaf) => {
    const key = JSON.stringify(leaf);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Return a query with other words for absent ones, and the text put right, or null. */
export function forgive(query, text, absent, words, typing) {
  const last = JSON.stringify(query.groups.at(-1).at(-1));
  const others = new Map();
  let suggestion = text;
  for (const leaf of absent) {
    const key = JSON.stringify(leaf);
    const slip = correct(leaf.text, words);
    const ends = slip === null || (typing && key === last) ? complete(leaf.text, words) : [];
    if (ends.length) {
      others.set(key, ends.map(word));
    } else if (slip !== null) {
      others.set(key, [word(slip)]);
      suggestion = replaceWord(suggestion, leaf.text, slip);
    }
  }
  const groups = query.groups.map((group) =>
    once(group.flatMap((leaf) => others.get(JSON.stringify(leaf)) ?? [leaf])));
  return { query: { ...query, groups }, suggestion: suggestion === text ? null : suggestion };
}
