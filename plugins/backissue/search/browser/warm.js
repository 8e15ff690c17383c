// What a first query runs, run before it: while the network is waited for, on made-up postings,
// so that its loops are compiled by then. Nothing that is read is changed by it.

import { Reader, encode } from "./codec.js";
import { parse } from "./query.js";
import { rank, stand } from "./rank.js";
import { union } from "./segment.js";
import { Shard } from "./shard.js";
import { snippet } from "./snippet.js";

// Texts of one and of two bytes a character: V8 compiles a pattern for each when it is used again.
const SAMPLES = ["warming up", "warming up \u70ed\u8eab"];
const QUERIES = ["warming back down", '"warm down" -back'];
const DOCUMENTS = 2048;
const MANY = 512; // that have a word
const TURNS = 3;

const varint = (number) => [(number & 0x7f) | 0x80, number >> 7];

/** Return a shard of two terms; as many documents have both as have each. */
function sample(terms, said) {
  const spelled = encode(terms.join("\n"));
  const listed = [spelled.length, ...spelled, ...varint(MANY), ...varint(MANY), ...said];
  const bytes = new Uint8Array(1 << 13).fill(0xff); // equal gaps, weights of one
  const lengths = new Uint8Array(DOCUMENTS).fill(0xa0);
  const shard = new Shard(new Reader(Uint8Array.from(listed)), bytes, 0, lengths);
  shard.place(bytes);
  return shard;
}

/** Return what `rank` asks, as an archive of one segment would answer it. */
function source() {
  const shards = [sample(["back", "down"], []), sample(["warm", "warm\u0002ing"], [0, ...varint(MANY)])];
  const listing = ({ key, exact }, places = false) =>
    union(shards.flatMap((shard) => shard.scan(encode(key), exact, places)), places, DOCUMENTS);
  const docFrequency = (piece) => listing(piece).ids.length;
  const standing = ({ pieces }, title) =>
    stand(pieces.map((piece) => ({ offset: piece.offset, ...listing(piece, true) })), title);
  const dates = [["2026-05-20", DOCUMENTS]];
  const { lengths } = shards[0];
  return { count: DOCUMENTS, totalLength: DOCUMENTS, lengths, dates, listing, docFrequency, standing };
}

/** Have what a first query runs compiled; return how many documents were found meanwhile. */
export function warm() {
  for (const text of SAMPLES) snippet(text.repeat(8), false, parse(text));
  let found = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const archive = source();
    for (const text of QUERIES) found += rank(parse(text), archive, 10).ids.length;
  }
  return found;
}
