// Byte ranges of files that never change, in as few requests as the host allows.
//
// A host may answer a request for several ranges with all of them (206, multipart), with
// the whole file (200), or with the first one only. The manifest is asked for in two ranges,
// to learn which: several ranges in one request, or a request each, in parallel.

const NEAR = 1024; // ranges so close are asked for as one
const SMALL = 4096; // a file below this is asked for whole
// Where each range is a request of its own, those that are more than a few and lie within so
// many bytes are asked for as one.
const FEW = 2;
const FAR = 32768;
const PART = 64; // bytes of a small file that are asked for apart from the others
const MOST = 999999; // where others end, at most

export class Fetcher {
  constructor(base, fetch = (...given) => globalThis.fetch(...given)) {
    this.base = base;
    this.fetch = fetch;
    this.whole = new Map();
    this.kept = new Map();
    this.multipart = true;
    this.requests = 0;
    this.bytes = 0;
  }

  async #get(name, ranges) {
    const headers = ranges ? { Range: `bytes=${ranges.map(([a, b]) => `${a}-${b - 1}`).join(",")}` } : {};
    const response = await this.fetch(this.base + name, { headers });
    if (!response.ok) {
      throw Object.assign(new Error(`${name}: status ${response.status}`), { status: response.status });
    }
    if (response.status === 200 && ranges?.length > 1) {
      // The whole of a large file, where parts were asked for: single ranges may do better.
      await response.body?.cancel();
      return null;
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.requests += 1;
    this.bytes += bytes.length;
    return { status: response.status, type: response.headers.get("Content-Type") ?? "", bytes };
  }

  /** Return the content, as it is now, of a small file that changes. */
  async fresh(name) {
    const ask = async (headers) => {
      const response = await this.fetch(this.base + name, { cache: "no-cache", headers });
      if (!response.ok) throw new Error(`${name}: status ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, type: response.headers.get("Content-Type") ?? "", bytes };
    };
    const answer = await ask({ Range: `bytes=0-${PART - 1},${PART}-${MOST}` }).catch(() => null);
    const parts = answer?.status === 206 ? multipart(answer) : null;
    this.multipart = parts?.length === 2 && parts[0].bytes.length === PART && parts[1].start === PART;
    if (this.multipart) return Uint8Array.from([...parts[0].bytes, ...parts[1].bytes]);
    return answer?.status === 200 ? answer.bytes : (await ask({})).bytes;
  }

  /** Return a whole file; it is fetched once. */
  file(name) {
    if (!this.whole.has(name)) {
      const loading = this.#get(name, null).then((answer) => answer.bytes);
      loading.catch(() => this.whole.delete(name));
      this.whole.set(name, loading);
    }
    return this.whole.get(name);
  }

  /** Return the byte ranges [start, end) of a file of `size` bytes, in their order. */
  async ranges(name, size, wanted) {
    if (this.whole.has(name) || size <= SMALL) {
      const bytes = await this.file(name);
      return wanted.map(([start, end]) => bytes.subarray(start, end));
    }
    const missing = wanted.filter(([start, end]) => !this.kept.has(`${name}:${start}:${end}`));
    if (missing.length) {
      const loading = this.#load(name, joined(missing));
      for (const [start, end] of missing) {
        const key = `${name}:${start}:${end}`;
        const part = loading.then((parts) => cut(parts, start, end));
        part.catch(() => this.kept.delete(key));
        this.kept.set(key, part);
      }
    }
    return Promise.all(wanted.map(([start, end]) => this.kept.get(`${name}:${start}:${end}`)));
  }

  /** Return the parts of a file: [{start, bytes}]. */
  async #load(name, ranges) {
    if (ranges.length > 1 && this.multipart) {
      const answer = await this.#get(name, ranges);
      const parts = answer && multipart(answer);
      if (parts && ranges.every(([start, end]) => cut(parts, start, end))) return parts;
      this.multipart = false;
    }
    const answers = await Promise.all(fewer(ranges).map((range) => this.#one(name, range)));
    return answers.flat();
  }

  async #one(name, range) {
    if (this.whole.has(name)) return [{ start: 0, bytes: await this.whole.get(name) }];
    const answer = await this.#get(name, [range]);
    if (answer.status === 200) return this.#keep(name, answer.bytes);
    return [{ start: range[0], bytes: answer.bytes }];
  }

  #keep(name, bytes) {
    this.whole.set(name, Promise.resolve(bytes));
    return [{ start: 0, bytes }];
  }
}

function joined(ranges) {
  const sorted = [...ranges].sort((one, other) => one[0] - other[0]);
  const out = [];
  for (const [start, end] of sorted) {
    const last = out.at(-1);
    if (last && start <= last[1] + NEAR) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}

/** Return ranges, ascending, with the nearest of them as one until they are few. */
function fewer(ranges) {
  const out = ranges.map((range) => [...range]);
  while (out.length > FEW) {
    const gaps = out.slice(1).map(([start], at) => start - out[at][1]);
    const least = Math.min(...gaps);
    if (least > FAR) break;
    const at = gaps.indexOf(least);
    out.splice(at, 2, [out[at][0], out[at + 1][1]]);
  }
  return out;
}

function cut(parts, start, end) {
  for (const part of parts) {
    if (part.start <= start && end <= part.start + part.bytes.length) {
      return part.bytes.subarray(start - part.start, end - part.start);
    }
  }
  return null;
}

/** Return the parts of a multipart/byteranges answer (RFC 9110, 14.6), or null. */
function multipart({ type, bytes }) {
  const boundary = /^multipart\/byteranges;.*boundary="?([^";]+)"?/i.exec(type);
  if (!boundary) return null;
  const latin = new TextDecoder("latin1");
  const parts = [];
  let at = 0;
  for (;;) {
    const head = find(bytes, [13, 10, 13, 10], at);
    if (head < 0) return parts;
    const fields = latin.decode(bytes.subarray(at, head));
    const range = /content-range:\s*bytes (\d+)-(\d+)\//i.exec(fields);
    if (!range) return parts;
    const start = Number(range[1]);
    const length = Number(range[2]) + 1 - start;
    parts.push({ start, bytes: bytes.subarray(head + 4, head + 4 + length) });
    at = head + 4 + length;
  }
}

function find(bytes, wanted, from) {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return -1;
}
