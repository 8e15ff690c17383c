// A shard: a range of terms with their postings, and their positions. search/shard.py writes
// what is read here, and search/bits.py its columns of bits.

import { Reader, compare, decode, inflate, matches } from "./codec.js";
import { stemEnd } from "./pairs.js";
import { LENGTHS } from "./rank.js";

const [PLAIN, MIXED] = [0, 2];

const log2 = (number) => (number > 1 ? 31 - Math.clz32(number) : 0);

/** Return numbers in unary from byte `at` on: {values, at: the byte after}. */
function readUnary(bytes, at, count) {
  const values = new Int32Array(count);
  let [next, byte, left] = [at, 0, 0];
  for (let index = 0; index < count; index += 1) {
    let zeros = 0;
    while (byte === 0) {
      zeros += left;
      byte = bytes[next];
      next += 1;
      left = 8;
    }
    const lead = Math.clz32(byte) - 24;
    byte = (byte << (lead + 1)) & 0xff;
    left -= lead + 1;
    values[index] = zeros + lead;
  }
  return { values, at: next };
}

/** Add to `high` (shifted) the numbers of so many bits each from byte `at` on; return the byte after. */
function addFixed(bytes, at, high, widths) {
  let [next, word, held] = [at, 0, 0];
  for (let index = 0; index < high.length; index += 1) {
    const width = widths[index];
    while (held < width) {
      word = (word << 8) | bytes[next];
      next += 1;
      held += 8;
    }
    held -= width;
    high[index] = (high[index] << width) | (word >>> held);
    word &= (1 << held) - 1;
  }
  return next;
}

/** Return where byte strings begin that are parted by line feeds, and the place after the last. */
function edgesOf(bytes) {
  const edges = [0];
  for (let at = 0; at <= bytes.length; at += 1) {
    if (at === bytes.length || bytes[at] === 10) edges.push(at + 1);
  }
  return edges;
}

/** Return where each of some lists begins, and where the last ends, by how long they are. */
function startsOf(sizes) {
  const starts = new Int32Array(sizes.length + 1);
  sizes.forEach((size, at) => { starts[at + 1] = starts[at] + size; });
  return starts;
}

/** Read lists of ascending numbers below `count` from byte `at` on: {values, at: the byte after}. */
function readLists(bytes, at, starts, count) {
  const total = starts.at(-1);
  const widths = new Uint8Array(total);
  for (let list = 0; list < starts.length - 1; list += 1) {
    const many = starts[list + 1] - starts[list];
    widths.fill(log2(Math.floor(count / many)), starts[list], starts[list + 1]);
  }
  const { values, at: next } = readUnary(bytes, at, total);
  const end = addFixed(bytes, next, values, widths);
  for (let list = 0; list < starts.length - 1; list += 1) {
    let before = -1;
    for (let row = starts[list]; row < starts[list + 1]; row += 1) {
      before += values[row] + 1;
      values[row] = before;
    }
  }
  return { values, at: end };
}

/** Read so many weights with `low` bits apart from byte `at` on: {values, at: the byte after}. */
function readWeights(bytes, at, count, low) {
  const { values, at: next } = readUnary(bytes, at, count);
  const end = low ? addFixed(bytes, next, values, new Uint8Array(count).fill(low)) : next;
  for (let row = 0; row < count; row += 1) values[row] += 1;
  return { values, at: end };
}

export class Shard {
  /** Read the postings of a segment whose documents have these length bytes. */
  static async read(bytes, lengths) {
    const reader = new Reader(bytes);
    const packed = reader.take(reader.number());
    return new Shard(new Reader(await inflate(packed)), bytes, reader.at, lengths);
  }

  /**
   * `listed` are the lists of documents that stand here, of each term or, where they are `joined`,
   * one of all of them: {starts, ids, weights}. `own` are those of each term, once they are read.
   */
  constructor(reader, bytes, start, lengths) {
    this.lengths = lengths;
    this.placed = null;
    this.terms = reader.take(reader.number());
    this.edges = edgesOf(this.terms);
    this.count = this.edges.length - 1;
    this.starts = startsOf(Array.from({ length: this.count }, () => reader.number()));
    const alone = this.#stem(0) === this.#stem(this.count - 1);
    this.low = alone ? reader.number() : 0;
    this.joined = alone && this.count > 1;
    const starts = this.joined ? startsOf([reader.number()]) : this.starts;
    const { values: ids, at } = readLists(bytes, start, starts, lengths.length);
    const { values: weights } = readWeights(bytes, at, ids.length, this.low);
    this.listed = { starts, ids, weights };
    this.own = this.joined ? null : this.listed;
  }

  #term(at) {
    return this.terms.subarray(this.edges[at], this.edges[at + 1] - 1);
  }

  #stem(at) {
    const term = this.#term(at);
    return decode(term.subarray(0, stemEnd(term)));
  }

  /** Read the lists of terms that are joined; return the byte after. */
  #part(bytes) {
    const { ids, weights } = this.listed;
    const { values: ranks, at } = readLists(bytes, 0, this.starts, ids.length);
    const terms = new Uint16Array(ids.length); // that have a document
    for (const rank of ranks) terms[rank] += 1;
    const shared = ranks.reduce((sum, rank) => sum + (terms[rank] > 1 ? 1 : 0), 0);
    const said = readWeights(bytes, at, shared, this.low);
    let next = 0;
    this.own = {
      starts: this.starts,
      ids: ranks.map((rank) => ids[rank]),
      weights: ranks.map((rank) => (terms[rank] > 1 ? said.values[next++] : weights[rank])),
    };
    return said.at;
  }

  /** Read the lists of each term, and the positions of all their postings. */
  place(bytes) {
    const start = this.joined ? this.#part(bytes) : 0;
    const { ids, weights } = this.own;
    const kinds = readUnary(bytes, start, this.count);
    const asked = [];
    const times = new Int32Array(ids.length);
    kinds.values.forEach((kind, at) => {
      for (let row = this.starts[at]; row < this.starts[at + 1]; row += 1) {
        if (kind === PLAIN) times[row] = weights[row];
        if (kind === MIXED || (kind === PLAIN && weights[row] > 1)) asked.push(row, kind);
      }
    });
    const said = readUnary(bytes, kinds.at, asked.length / 2);
    said.values.forEach((value, at) => {
      if (value || asked[2 * at + 1] === MIXED) times[asked[2 * at]] = value;
    });
    const ends = startsOf(times);
    const widths = new Uint8Array(ends[times.length]);
    for (let row = 0; row < times.length; row += 1) {
      const length = LENGTHS[this.lengths[ids[row]]];
      widths.fill(log2(Math.floor(length / (times[row] + 1))), ends[row], ends[row + 1]);
    }
    const steps = readUnary(bytes, said.at, widths.length);
    addFixed(bytes, steps.at, steps.values, widths);
    this.placed = { ends, steps: steps.values };
  }

  #positions(row) {
    const { ends, steps } = this.placed;
    const list = new Int32Array(ends[row + 1] - ends[row]);
    let position = -1;
    for (let at = 0; at < list.length; at += 1) {
      position += steps[ends[row] + at] + 1;
      list[at] = position;
    }
    return list;
  }

  /** Return which terms match: the first, and the one after the last. */
  #found(key, exact) {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#term(middle), key) < 0) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < this.count && matches(this.#term(end), key, exact)) end += 1;
    return [low, end];
  }

  /** Return how many documents have a term; each of the terms that match has others. */
  docFrequency(key) {
    const [low, end] = this.#found(key, true);
    return this.starts[end] - this.starts[low];
  }

  /** Whether a term's own list must be read before it can be told. */
  parts(key, exact) {
    const [low, end] = exact && this.joined ? this.#found(key, exact) : [0, 0];
    return low < end;
  }

  /**
   * Return the terms that match: [{ids, weights, positions}], where positions(row) are those of a
   * document, ascending: few are looked at. Terms that are joined are one, if they can be.
   */
  scan(key, exact, positions) {
    let [low, end] = this.#found(key, exact);
    const whole = this.joined && !exact && !positions;
    if (whole) [low, end] = [0, low < end ? 1 : 0];
    const { starts, ids, weights } = whole ? this.listed : this.own;
    const found = [];
    for (let at = low; at < end; at += 1) {
      const [from, to] = [starts[at], starts[at + 1]];
      const places = positions ? (row) => this.#positions(from + row) : null;
      found.push({ ids: ids.subarray(from, to), weights: weights.subarray(from, to), positions: places });
    }
    return found;
  }
}
