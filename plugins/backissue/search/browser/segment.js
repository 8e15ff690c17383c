// One segment of the archive: its terms, documents, lengths, dates and topics.
// search/segment.py writes the files; docs/search.md has the format.

import { Reader, beforeFormsEnd, compare, decode, encode, inflate, matches, unfold } from "./codec.js";

const HEADER = 10; // bytes: how much of a slot is used; where the rest stands, how long it is

const FILTER_KEYS = { authors: "a", lang: "l", source: "s", topics: "t" };

/** Return the byte string under which a filter's value stands in the lexicon. */
export const filterKey = (field, value) => encode(`\u0001${FILTER_KEYS[field]}${value}`);

export class Segment {
  /** Read a segment's head, which `reader` has come to. */
  constructor(entry, slot, fetcher, reader) {
    this.entry = entry;
    this.slot = slot;
    this.fetcher = fetcher;
    this.loading = new Map();
    this.opened = new Map();
    this.topics = null;
    this.count = reader.number();
    this.lengths = reader.take(this.count);
    this.dates = [];
    for (let left = reader.number(); left > 0; left -= 1) {
      this.dates.push([decode(reader.take(reader.number())), reader.number()]);
    }
    this.shards = [];
    let first = new Uint8Array(0);
    for (let left = reader.number(); left > 0; left -= 1) {
      const shared = reader.number();
      first = unfold(first, shared, reader.take(reader.number()));
      this.shards.push({ first, postings: reader.number(), positions: reader.number() });
    }
    place(this.shards, entry.postings);
  }

  /** Return the numbers of the shards that can hold a term, or the forms of a stem. */
  #shardsOf(key, exact) {
    let low = 0;
    let high = this.shards.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.shards[middle].first, key) <= 0) low = middle + 1;
      else high = middle;
    }
    const found = low > 0 ? [low - 1] : [];
    if (exact) return found;
    // The stem's other forms may go on in the shards that follow.
    while (low < this.shards.length && beforeFormsEnd(this.shards[low].first, key)) {
      found.push(low);
      low += 1;
    }
    return found;
  }

  /** Fetch what the terms of `wants` ({key, exact, positions}) need, in one go. */
  async prepare(wants) {
    const needed = new Set();
    const missing = new Map();
    for (const { key, exact, positions } of wants) {
      for (const number of this.#shardsOf(key, exact)) {
        const shard = this.shards[number];
        const { file, start } = shard;
        const middle = start + shard.postings;
        const parts = [[`${number}p`, start, middle]];
        if (positions) parts.push([`${number}q`, middle, middle + shard.positions]);
        for (const [part, from, to] of parts) {
          needed.add(part);
          if (this.loading.has(part)) continue;
          this.loading.set(part, null);
          if (!missing.has(file)) missing.set(file, []);
          missing.get(file).push({ part, from, to });
        }
      }
    }
    for (const [file, wanted] of missing) this.#fetch(file, wanted);
    await Promise.all([...needed].map((part) => this.loading.get(part)));
  }

  #fetch(file, wanted) {
    const [name, size] = this.entry.postings[file];
    const ranges = wanted.map(({ from, to }) => [from, to]);
    const fetched = this.fetcher.ranges(name, size, ranges);
    wanted.forEach(({ part }, at) => {
      const loading = fetched.then((parts) => inflate(parts[at])).then((bytes) => {
        this.opened.set(part, bytes);
      });
      loading.catch(() => this.loading.delete(part));
      this.loading.set(part, loading);
    });
  }

  /** Return the documents of a term or a stem's forms; `prepare` has been called for it. */
  listing(key, exact, positions) {
    const entries = [];
    for (const number of this.#shardsOf(key, exact)) {
      const shard = this.#open(`${number}p`, openShard);
      const rows = scan(shard, key, exact);
      if (positions && rows.length) {
        placed(this.#open(`${number}q`, (bytes) => openPositions(bytes, shard.terms.length)), rows);
      }
      entries.push(...rows);
    }
    return union(entries, positions);
  }

  #open(part, read) {
    const known = this.opened.get(part);
    if (!(known instanceof Uint8Array)) return known;
    const opened = read(known);
    this.opened.set(part, opened);
    return opened;
  }

  /** Return documents by number: {url, title, date, lang, topics, text, rest()}. */
  async documents(numbers) {
    const files = new Map();
    for (const number of numbers) {
      let file = 0;
      let start = number * this.slot;
      while (start >= this.entry.texts[file][1]) {
        start -= this.entry.texts[file][1];
        file += 1;
      }
      if (!files.has(file)) files.set(file, []);
      files.get(file).push({ number, start });
    }
    const found = new Map();
    await Promise.all([...files].map(async ([file, wanted]) => {
      const [name, size] = this.entry.texts[file];
      const ranges = wanted.map(({ start }) => [start, start + this.slot]);
      const slots = await this.fetcher.ranges(name, size, ranges);
      await Promise.all(slots.map(async (slot, at) => {
        found.set(wanted[at].number, await this.#document(slot, file));
      }));
    }));
    return found;
  }

  async #document(slot, file) {
    const view = new DataView(slot.buffer, slot.byteOffset);
    const [used, start, length] = [view.getUint16(0, true), view.getUint32(2, true), view.getUint32(6, true)];
    const [name, size] = this.entry.rests[file];
    const read = async () => {
      const [part] = await this.fetcher.ranges(name, size, [[start, start + length]]);
      return decode(await inflate(part));
    };
    const packed = used ? decode(await inflate(slot.subarray(HEADER, HEADER + used))) : await read();
    const [url, title, date, lang, topics, text] = JSON.parse(packed);
    return { url, title, date, lang, topics, text, rest: used && length ? read : null };
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

/** Return a shard's terms, their numbers of documents and where their postings begin. */
function openShard(bytes) {
  const reader = new Reader(bytes);
  const terms = split(reader.take(reader.number()));
  const docs = terms.map(() => reader.number());
  const sizes = terms.map(() => reader.number());
  return { terms, docs, ...ends(sizes, reader) };
}

/** Return where the positions of a shard's terms begin. */
function openPositions(bytes, terms) {
  const reader = new Reader(bytes);
  const sizes = Array.from({ length: terms }, () => reader.number());
  return ends(sizes, reader);
}

function ends(sizes, reader) {
  const starts = [reader.at];
  for (const size of sizes) starts.push(starts.at(-1) + size);
  return { starts, bytes: reader.bytes };
}

/** Return byte strings that are parted by line feeds. */
function split(bytes) {
  const found = [];
  for (let at = 0; at <= bytes.length;) {
    const next = bytes.indexOf(10, at);
    const end = next < 0 ? bytes.length : next;
    found.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return found;
}

/** Return the entries of a shard that match: [{index, ids, weights, positions}]. */
function scan(shard, key, exact) {
  let low = 0;
  let high = shard.terms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(shard.terms[middle], key) < 0) low = middle + 1;
    else high = middle;
  }
  const found = [];
  for (let index = low; index < shard.terms.length; index += 1) {
    if (!matches(shard.terms[index], key, exact)) break;
    const blob = shard.bytes.subarray(shard.starts[index], shard.starts[index + 1]);
    found.push({ index, ...postings(blob, shard.docs[index]), positions: null });
  }
  return found;
}

function postings(blob, count) {
  const reader = new Reader(blob);
  const ids = new Int32Array(count);
  const weights = new Int32Array(count);
  let id = -1;
  for (let at = 0; at < count; at += 1) {
    const head = reader.number();
    id += Math.floor(head / 2) + 1;
    ids[at] = id;
    weights[at] = head % 2 ? 1 : reader.number();
  }
  return { ids, weights };
}

/** Give rows of `scan` their positions. */
function placed({ starts, bytes }, rows) {
  for (const row of rows) {
    const blob = new Reader(bytes, starts[row.index]);
    row.positions = Array.from(row.ids, () => {
      const list = [];
      let position = -1;
      for (;;) {
        const step = blob.number();
        if (!step) break;
        position += step >> 1;
        list.push(position);
        if (step & 1) break;
      }
      return list;
    });
  }
}

/** Return the union of rows, weights added, positions merged. */
function union(rows, positions) {
  if (rows.length === 1) return rows[0];
  const sum = new Map();
  for (const row of rows) {
    row.ids.forEach((id, at) => {
      const known = sum.get(id);
      const list = positions ? row.positions[at] : null;
      if (!known) sum.set(id, { weight: row.weights[at], list });
      else {
        known.weight += row.weights[at];
        if (positions) known.list = known.list.concat(list);
      }
    });
  }
  const ids = Int32Array.from(sum.keys()).sort();
  const weights = ids.map((id) => sum.get(id).weight);
  const lists = positions ? Array.from(ids, (id) => sum.get(id).list) : null;
  return { ids, weights, positions: lists };
}
