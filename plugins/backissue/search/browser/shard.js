// A shard: a range of terms with their postings, and their positions. search/shard.py writes
// what is read here, and search/bits.py its columns of bits.

import { Reader, compare, inflate, matches } from "./codec.js";
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

export class Shard {
  /** Read the postings of a segment whose documents have these length bytes. */
  static async read(bytes, lengths) {
    const reader = new Reader(bytes);
    const packed = reader.take(reader.number());
    return new Shard(new Reader(await inflate(packed)), bytes, reader.at, lengths);
  }

  constructor(reader, bytes, start, lengths) {
    this.lengths = lengths;
    this.placed = null;
    this.terms = reader.take(reader.number());
    this.edges = edgesOf(this.terms);
    this.count = this.edges.length - 1;
    this.starts = new Int32Array(this.count + 1);
    for (let at = 0; at < this.count; at += 1) this.starts[at + 1] = this.starts[at] + reader.number();
    const total = this.starts[this.count];
    const widths = new Uint8Array(total);
    for (let at = 0; at < this.count; at += 1) {
      const many = this.starts[at + 1] - this.starts[at];
      const width = log2(Math.floor(lengths.length / many));
      for (let row = this.starts[at]; row < this.starts[at + 1]; row += 1) widths[row] = width;
    }
    const gaps = readUnary(bytes, start, total);
    this.ids = gaps.values;
    const weights = readUnary(bytes, addFixed(bytes, gaps.at, this.ids, widths), total);
    this.weights = weights.values;
    for (let at = 0; at < this.count; at += 1) {
      let id = -1;
      for (let row = this.starts[at]; row < this.starts[at + 1]; row += 1) {
        id += this.ids[row] + 1;
        this.ids[row] = id;
        this.weights[row] += 1;
      }
    }
  }

  #term(at) {
    return this.terms.subarray(this.edges[at], this.edges[at + 1] - 1);
  }

  /** Read the positions of all the postings. */
  place(bytes) {
    const kinds = readUnary(bytes, 0, this.count);
    const asked = [];
    const times = new Int32Array(this.ids.length);
    kinds.values.forEach((kind, at) => {
      for (let row = this.starts[at]; row < this.starts[at + 1]; row += 1) {
        if (kind === PLAIN) times[row] = this.weights[row];
        if (kind === MIXED || (kind === PLAIN && this.weights[row] > 1)) asked.push(row, kind);
      }
    });
    const said = readUnary(bytes, kinds.at, asked.length / 2);
    said.values.forEach((value, at) => {
      if (value || asked[2 * at + 1] === MIXED) times[asked[2 * at]] = value;
    });
    const ends = new Int32Array(times.length + 1);
    for (let row = 0; row < times.length; row += 1) ends[row + 1] = ends[row] + times[row];
    const widths = new Uint8Array(ends[times.length]);
    for (let row = 0; row < times.length; row += 1) {
      const length = LENGTHS[this.lengths[this.ids[row]]];
      const width = log2(Math.floor(length / (times[row] + 1)));
      for (let at = ends[row]; at < ends[row + 1]; at += 1) widths[at] = width;
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

  /**
   * Return the terms that match: [{ids, weights, positions}], where positions(row) are those of a
   * document, ascending: few are looked at.
   */
  scan(key, exact, positions) {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#term(middle), key) < 0) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (let at = low; at < this.count; at += 1) {
      if (!matches(this.#term(at), key, exact)) break;
      const [start, end] = [this.starts[at], this.starts[at + 1]];
      const ids = this.ids.subarray(start, end);
      const places = positions ? (row) => this.#positions(start + row) : null;
      found.push({ ids, weights: this.weights.subarray(start, end), positions: places });
    }
    return found;
  }
}
