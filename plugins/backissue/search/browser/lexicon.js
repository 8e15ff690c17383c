// The words that a misspelt word may stand for; search/lexicon.py is the original.

import { Reader, decode, inflate } from "./codec.js";

const TYPO_LENGTH = 5;
const MOST_COMPLETIONS = 8;
const SHORTEST_PREFIX = 2;

/** Return the words of a file: [{form, bits}], in alphabetical order. */
export async function readWords(file) {
  const reader = new Reader(await inflate(file));
  const words = [];
  let form = "";
  while (!reader.done) {
    const shared = reader.number();
    form = form.slice(0, shared) + decode(reader.take(reader.number()));
    words.push({ form, bits: reader.number() });
  }
  return words;
}

/** Whether two words differ by one letter more, less or other, or by two that swapped. */
export function oneSlip(one, other) {
  if (Math.abs(one.length - other.length) > 1 || one === other) return false;
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  if (one.length === other.length) {
    if (one.slice(at + 1) === other.slice(at + 1)) return true;
    return one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
  }
  const [longer, shorter] = one.length > other.length ? [one, other] : [other, one];
  return longer.slice(at + 1) === shorter.slice(at);
}

/** Return the commonest word that is one slip away, or null. */
export function correct(form, words) {
  if (form.length < TYPO_LENGTH) return null;
  let best = null;
  for (const word of words) {
    if ((!best || word.bits > best.bits) && oneSlip(form, word.form)) best = word;
  }
  return best && best.form;
}

/** Return the commonest words that begin with a prefix. */
export function complete(prefix, words) {
  if (prefix.length < SHORTEST_PREFIX) return [];
  return words
    .filter((word) => word.form.startsWith(prefix))
    .sort((one, other) => other.bits - one.bits || (one.form < other.form ? -1 : 1))
    .slice(0, MOST_COMPLETIONS)
    .map((word) => word.form);
}
