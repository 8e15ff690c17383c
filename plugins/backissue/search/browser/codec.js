// Bytes as numbers and texts; search/codec.py writes what is read here.

/** Return what a raw deflate stream holds. */
export async function inflate(bytes) {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  // Written by hand: piped from a Blob, it takes Chromium ten times as long.
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(bytes), writer.close()]);
  written.catch(() => {}); // what is torn is reported where it is read
  return new Uint8Array(await new Response(readable).arrayBuffer());
}

/** Reads varints and byte strings one after the other. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get done() {
    return this.at >= this.bytes.length;
  }

  number() {
    let byte = this.bytes[this.at++];
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let unit = 128;
    do {
      byte = this.bytes[this.at++];
      value += (byte & 0x7f) * unit;
      unit *= 128;
    } while (byte >= 0x80);
    return value;
  }

  take(length) {
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encode = (text) => encoder.encode(text);
export const decode = (bytes) => decoder.decode(bytes);

/** Compare byte strings: negative, zero or positive. */
export function compare(one, other) {
  const most = Math.min(one.length, other.length);
  for (let at = 0; at < most; at += 1) {
    if (one[at] !== other[at]) return one[at] - other[at];
  }
  return one.length - other.length;
}

/** Return the byte string that begins with `shared` bytes of the one before. */
export function unfold(before, shared, suffix) {
  const whole = new Uint8Array(shared + suffix.length);
  whole.set(before.subarray(0, shared));
  whole.set(suffix, shared);
  return whole;
}

// A stem's forms are the stem itself and the stem followed by a control character.
export const FORMS_END = 0x20;

/** Whether `term` is `key`, or with `exact` false one of the forms of the stem `key`. */
export function matches(term, key, exact) {
  if (term.length < key.length) return false;
  for (let at = 0; at < key.length; at += 1) if (term[at] !== key[at]) return false;
  return term.length === key.length || (!exact && term[key.length] < FORMS_END);
}

/** Whether a term comes before the end of the forms of the stem `key`. */
export function beforeFormsEnd(term, key) {
  for (let at = 0; at < key.length; at += 1) {
    if (at >= term.length || term[at] < key[at]) return true;
    if (term[at] > key[at]) return false;
  }
  return term.length === key.length || term[key.length] < FORMS_END;
}
