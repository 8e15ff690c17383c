// Pairs of frequent words, which stand in shards of their own; search/pairs.py writes them.

import { FORMS_END } from "./codec.js";

const BETWEEN = 0x20; // two stems
const FORMS_BETWEEN = 0x1f; // what tells the forms of either from their stems

/** Return where what tells a form from its stem begins in a term, or its end. */
export function stemEnd(term) {
  const at = term.findIndex((byte, place) => place > 0 && byte < FORMS_END);
  return at < 0 ? term.length : at;
}

/** Whether a key is that of a pair. (Values of filters begin with a control character.) */
export const isPair = (key) => key[0] >= BETWEEN && key.includes(BETWEEN);

/** Return the key of two terms or, where they are not `exact`, of two stems. */
function pairKey(one, other, exact) {
  if (!exact) return Uint8Array.of(...one, BETWEEN, ...other);
  const [first, second] = [stemEnd(one), stemEnd(other)];
  return Uint8Array.of(
    ...one.subarray(0, first), BETWEEN, ...other.subarray(0, second),
    ...one.subarray(first), FORMS_BETWEEN, ...other.subarray(second),
  );
}

/** Return the cyclic redundancy check of bytes (RFC 1952). */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Return in which of so many shards a pair is. */
export const bucket = (key, buckets) => crc32(key.subarray(0, stemEnd(key))) % buckets;

/** Return words and pairs that stand at their offsets where all of `terms` do. */
export function cover(terms, frequent) {
  const often = terms.map(frequent);
  const inside = new Set();
  const found = [];
  for (let at = 0; at + 1 < terms.length; at += 1) {
    const [one, other] = [terms[at], terms[at + 1]];
    const beside = one.offset + 1 === other.offset && one.exact === other.exact;
    if (!beside || !often[at] || !often[at + 1]) continue;
    inside.add(one).add(other);
    found.push({ key: pairKey(one.key, other.key, one.exact), exact: one.exact, offset: one.offset });
  }
  return found.concat(terms.filter((term) => !inside.has(term)));
}
