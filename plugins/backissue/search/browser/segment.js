// One segment of the archive: its terms, documents, lengths, dates and topics.
// search/segment.py writes the files; docs/search.md has the format.

import { Reader, beforeFormsEnd, compare, decode, encode, inflate, unfold } from "./codec.js";
import { bucket, cover, isPair } from "./pairs.js";
import { LENGTHS, stand } from "./rank.js";
import { Shard } from "./shard.js";

const UNIT = 256; // the bytes of a part of a shard are a multiple of it
const HEADER = 2; // bytes: how much of a slot is used

// The bytes of a slot, by the length byte of its document; search/record.py says why.
const SIZES = LENGTHS.map((length) => Math.min(1792, 320 + Math.floor((length * 13) / 4)));

const FILTER_KEYS = { authors: "a", lang: "l", source: "s", topics: "t" };

/** Return the byte string under which a filter's value stands in the lexicon. */
export const filterKey = (field, value) => encode(`\u0001${FILTER_KEYS[field]}${value}`);

export class Segment {
  /** Read a segment's head: `columns` are readers of all segments' heads. */
  constructor(entry, fetcher, columns) {
    this.entry = entry;
    this.fetcher = fetcher;
    this.loading = new Map();
    this.opened = new Map();
    this.topics = null;
    const [facts, lengths, shared, sizes, rests, postings, positions] = columns;
    this.count = facts.number();
    const [dates, total] = [facts.number(), facts.number()];
    this.pairs = facts.number(); // how many shards of pairs stand behind those of words
    this.frequent = facts.number() * UNIT;
    this.lengths = lengths.take(this.count);
    this.dates = Array.from({ length: dates }, () =>
      [decode(facts.take(facts.number())), facts.number()]);
    let first = new Uint8Array(0);
    this.shards = Array.from({ length: total }, () => {
      first = unfold(first, shared.number(), rests.take(sizes.number()));
      return { first };
    });
    this.words = this.shards.length;
    for (let at = 0; at < this.pairs; at += 1) this.shards.push({ first: null });
    for (const shard of this.shards) shard.postings = postings.number() * UNIT;
    for (const shard of this.shards) shard.positions = positions.number() * UNIT;
    place(this.shards, entry.postings);
  }

  /** Return the numbers of the shards that can hold a term or a pair, or the forms of a stem. */
  #shardsOf(key, exact) {
    if (isPair(key)) {
      const at = this.pairs ? this.words + bucket(key, this.pairs) : -1;
      return this.shards[at]?.postings ? [at] : [];
    }
    let low = 0;
    let high = this.words;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.shards[middle].first, key) <= 0) low = middle + 1;
      else high = middle;
    }
    const found = low > 0 ? [low - 1] : [];
    if (exact) return found;
    // The stem's other forms may go on in the shards that follow.
    while (low < this.words && beforeFormsEnd(this.shards[low].first, key)) {
      found.push(low);
      low += 1;
    }
    return found;
  }

  /** Fetch what `wants` ({terms, places, title}) need, mostly in one go. */
  async prepare(wants) {
    const parts = (terms, positions) => terms.flatMap(({ key, exact }) =>
      this.#shardsOf(key, exact).map((number) => ({ key, exact, positions, number })));
    const listed = [];
    const others = [];
    for (const { terms, places, title } of wants) {
      const taken = places ? this.#cover(terms) : terms;
      if (!places || onePair(taken, title)) listed.push(...parts(taken, false));
      else others.push(...parts(taken, true));
      if (places) others.push(...parts(terms, false)); // which says how many documents have each
    }
    await this.#load([...listed, ...others]);
    // A single word in quotes: its list is apart from those of the stem's other forms.
    await this.#load(listed.filter(({ key, exact, number }) =>
      this.opened.get(number).parts(key, exact)).map((want) => ({ ...want, positions: true })));
  }

  /** Return the words and pairs that stand where all of `terms` do. */
  #cover(terms) {
    // A word is frequent whose positions are long: of a stem, the last shard that can have it decides.
    return cover(terms, ({ key, exact }) => {
      const last = this.#shardsOf(key, exact).at(-1);
      return last !== undefined && this.shards[last].positions >= this.frequent;
    });
  }

  /** Fetch shards, [{number, positions}]. */
  async #load(asked) {
    const needed = new Set();
    const missing = new Map();
    for (const { number, positions } of asked) {
      const shard = this.shards[number];
      const { file, start } = shard;
      const middle = start + shard.postings;
      const parts = [[`${number}p`, start, middle, false]];
      if (positions) parts.push([`${number}q`, middle, middle + shard.positions, true]);
      for (const [part, from, to, places] of parts) {
        needed.add(part);
        if (this.loading.has(part)) continue;
        this.loading.set(part, null);
        if (!missing.has(file)) missing.set(file, []);
        missing.get(file).push({ part, number, places, from, to });
      }
    }
    for (const [file, wanted] of missing) this.#fetch(file, wanted);
    await Promise.all([...needed].map((part) => this.loading.get(part)));
  }

  #fetch(file, wanted) {
    const [name, size] = this.entry.postings[file];
    const ranges = wanted.map(({ from, to }) => [from, to]);
    const fetched = this.fetcher.ranges(name, size, ranges);
    wanted.forEach(({ part, number, places }, at) => {
      const loading = fetched.then((parts) => this.#open(number, places, parts[at]));
      loading.catch(() => this.loading.delete(part));
      this.loading.set(part, loading);
    });
  }

  /** Open a shard, or place what was read of it before. */
  async #open(number, places, bytes) {
    if (!places) {
      this.opened.set(number, await Shard.read(bytes, this.lengths));
      return;
    }
    await this.loading.get(`${number}p`);
    this.opened.get(number).place(bytes);
  }

  /** Return the documents of a term or a stem's forms; `prepare` has been called for it. */
  listing(key, exact, positions = false) {
    const shards = this.#shardsOf(key, exact).map((number) => this.opened.get(number));
    return union(shards.flatMap((shard) => shard.scan(key, exact, positions)), positions, this.count);
  }

  /** Return how many documents have a term, or any form of a stem. */
  docFrequency(key, exact) {
    if (!exact) return this.listing(key, false).ids.length;
    return this.#shardsOf(key, true).reduce((sum, number) => sum + this.opened.get(number).docFrequency(key), 0);
  }

  /** Return where terms stand at their offsets, counted with weights: {ids, weights}. */
  standing(terms, title) {
    const taken = this.#cover(terms);
    if (onePair(taken, title)) return this.listing(taken[0].key, true);
    taken.sort((one, other) => one.offset - other.offset);
    return stand(taken.map(({ key, exact, offset }) => ({ offset, ...this.listing(key, exact, true) })), title);
  }

  /** Return where the slots of documents stand: {file, start, end} each. */
  #slots(numbers) {
    const ascending = [...numbers].sort((one, other) => one - other);
    const places = new Map();
    let [at, start, file, before] = [0, 0, 0, 0];
    for (const number of ascending) {
      for (; at < number; at += 1) start += SIZES[this.lengths[at]];
      while (start >= before + this.entry.texts[file][1]) {
        before += this.entry.texts[file][1];
        file += 1;
      }
      const place = start - before;
      places.set(number, { file, start: place, end: place + SIZES[this.lengths[number]] });
    }
    return numbers.map((number) => places.get(number));
  }

  /** Return documents by number: {url, title, date, lang, topics, text, more}. */
  async documents(numbers) {
    const slots = await this.#ranges("texts", this.#slots(numbers));
    const packed = await Promise.all(slots.map((slot) => this.#packed(slot)));
    return Promise.all(packed.map(async (bytes) => {
      const [url, title, date, lang, topics, text, more] = JSON.parse(decode(await inflate(bytes)));
      return { url, title, date, lang, topics, text, more: more > 0 };
    }));
  }

  /** Return the record of a slot, which is seldom too small for it. */
  async #packed(slot) {
    const view = new DataView(slot.buffer, slot.byteOffset);
    const used = view.getUint16(0, true);
    if (used) return slot.subarray(HEADER, HEADER + used);
    const start = view.getUint32(HEADER, true);
    const end = start + view.getUint32(HEADER + 4, true);
    return (await this.#ranges("rests", [{ file: 0, start, end }]))[0];
  }

  /** Return ranges {file, start, end} of files of a kind, all those of a file in one request. */
  async #ranges(kind, wanted) {
    const found = [];
    await Promise.all([...new Set(wanted.map(({ file }) => file))].map(async (file) => {
      const [name, size] = this.entry[kind][file];
      const places = [...wanted.keys()].filter((at) => wanted[at].file === file);
      const ranges = places.map((at) => [wanted[at].start, wanted[at].end]);
      const parts = await this.fetcher.ranges(name, size, ranges);
      places.forEach((place, at) => { found[place] = parts[at]; });
    }));
    return found;
  }

  /** Load the topics of each document: `names` [[slug, name]], `of` [[number of a name]]. */
  async loadTopics() {
    if (this.topics) return;
    const reader = new Reader(await inflate(await this.fetcher.file(this.entry.facets[0])));
    const names = JSON.parse(decode(reader.take(reader.number())));
    const of = [];
    for (let at = 0; at < this.count; at += 1) {
      const topics = [];
      for (let left = reader.number(); left > 0; left -= 1) topics.push(reader.number());
      of.push(topics);
    }
    this.topics = { names, of };
  }
}

/** Whether a phrase is one pair, whose documents and weights are all that is asked for. */
const onePair = (terms, title) => terms.length === 1 && terms[0].exact && !title && isPair(terms[0].key);

/** Give each shard its file and where it starts there; they fill one file after the other. */
function place(shards, files) {
  let file = 0;
  let start = 0;
  for (const shard of shards) {
    if (start >= files[file][1]) {
      file += 1;
      start = 0;
    }
    Object.assign(shard, { file, start });
    start += shard.postings + shard.positions;
  }
}

/** Return the union of rows without positions, weights added: no weight is 0. */
function sums(rows, count) {
  const sum = new Int32Array(count);
  let many = 0;
  for (const { ids, weights } of rows) {
    for (let at = 0; at < ids.length; at += 1) {
      if (sum[ids[at]] === 0) many += 1;
      sum[ids[at]] += weights[at];
    }
  }
  const ids = new Int32Array(many);
  const weights = new Int32Array(many);
  for (let id = 0, at = 0; at < many; id += 1) {
    if (sum[id] === 0) continue;
    ids[at] = id;
    weights[at] = sum[id];
    at += 1;
  }
  return { ids, weights, positions: null };
}

/** Return the place of a number in ascending ones, or -1. */
function placeOf(ids, id) {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle] < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? low : -1;
}

/** Return the union of rows, weights added, positions merged. */
export function union(rows, positions, count) {
  if (rows.length === 1) return rows[0];
  const found = sums(rows, count);
  if (!positions) return found;
  const merged = (at) => {
    const lists = [];
    for (const row of rows) {
      const place = placeOf(row.ids, found.ids[at]);
      if (place >= 0) lists.push(row.positions(place));
    }
    if (lists.length === 1) return lists[0];
    return Int32Array.from(new Set(lists.flatMap((list) => [...list]))).sort();
  };
  return { ...found, positions: merged };
}
