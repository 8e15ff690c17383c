// One segment of the archive: its terms, documents, lengths, dates and topics.
// search/segment.py writes the files; docs/search.md has the format.

import { Reader, beforeFormsEnd, compare, decode, encode, inflate, matches, unfold } from "./codec.js";

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
      const rows = scan(this.opened.get(`${number}p`), key, exact);
      if (positions && rows.length) placed(this.opened.get(`${number}q`), rows);
      entries.push(...rows);
    }
    return union(entries, positions);
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
    const packed = slot.subarray(2, 2 + slot[0] + 256 * slot[1]);
    const fields = JSON.parse(decode(await inflate(packed)));
    const [name, size] = this.entry.rests[file];
    const read = async (start, length) => {
      const [part] = await this.fetcher.ranges(name, size, [[start, start + length]]);
      return decode(await inflate(part));
    };
    if (fields.length === 2) {
      const [url, title, date, lang, topics, text] = JSON.parse(await read(...fields));
      return { url, title, date, lang, topics, text, rest: null };
    }
    const [url, title, date, lang, topics, text, start, length] = fields;
    const rest = length ? () => read(start, length) : null;
    return { url, title, date, lang, topics, text, rest };
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

/** Return the entries of a shard that match: [{index, ids, weights, positions}]. */
function scan(bytes, key, exact) {
  const reader = new Reader(bytes);
  const found = [];
  let term = new Uint8Array(0);
  for (let index = 0; !reader.done; index += 1) {
    const shared = reader.number();
    term = unfold(term, shared, reader.take(reader.number()));
    const count = reader.number();
    const blob = reader.take(reader.number());
    if (matches(term, key, exact)) found.push({ index, ...postings(blob, count), positions: null });
    else if (compare(term, key) > 0) break;
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
function placed(bytes, rows) {
  const reader = new Reader(bytes);
  const byIndex = new Map(rows.map((row) => [row.index, row]));
  const last = rows.at(-1).index;
  for (let index = 0; index <= last; index += 1) {
    const blob = new Reader(reader.take(reader.number()));
    const row = byIndex.get(index);
    if (!row) continue;
    row.positions = [];
    for (let left = row.ids.length; left > 0; left -= 1) {
      const list = [];
      let position = -1;
      for (;;) {
        const step = blob.number();
        if (!step) break;
        position += step >> 1;
        list.push(position);
        if (step & 1) break;
      }
      row.positions.push(list);
    }
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
