// The search of an archive without a server.
//
//   import { open } from "./engine.js";
//   const engine = await open(new URL("search/", location.href));
//   const r = await engine.search("reasoning tokens", { limit: 10 });
//
// `r` is {total, hits: [{url, title, date, dateText, lang, snippet, topics, score, like}],
// facets: {topics: [{slug, name, count}], months: [{key, count}]}, related, suggestion, whole};
// `snippet` is escaped HTML whose only element is <mark>; `like` is a query for more like it;
// `related` are searches to go on with; the first
// `whole` articles have all the words, what follows some. docs/search.md has the language
// of queries and the format of the files.

import { wordsOf } from "./analysis.js";
import { Reader, decode, encode, inflate } from "./codec.js";
import { Fetcher } from "./fetcher.js";
import { forgive, missing } from "./forgive.js";
import { readWords } from "./lexicon.js";
import { like, parse } from "./query.js";
import { rank, wants } from "./rank.js";
import { Segment, filterKey } from "./segment.js";
import { snippet } from "./snippet.js";
import { warm } from "./warm.js";

const FORMAT = 8;
const COLUMNS = 7; // of a head
const MOST_TOPICS = 20;
const MOST_RELATED = 6;
const FEWEST = 2; // articles found that must have a related topic
const MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September",
  "October", "November", "December",
];

/** Open the archive whose search folder is at `base` (a URL that ends in "/"). */
export async function open(base, options = {}) {
  const engine = new Engine(() => load(base, options));
  await engine.refresh();
  return engine;
}

/** Read the manifest and the heads of the segments it names. */
async function load(base, options) {
  const fetcher = new Fetcher(String(base), options.fetch);
  const asked = fetcher.fresh("manifest.json");
  asked.catch(() => {}); // looked at below; until then it must not count as unhandled
  warm();
  const manifest = JSON.parse(decode(await asked));
  if (manifest.format !== FORMAT) throw new Error(`unknown index format ${manifest.format}`);
  const heads = new Reader(await fetcher.file(manifest.head[0]));
  const sizes = Array.from({ length: COLUMNS }, () => heads.number());
  const packed = sizes.map((size) => heads.take(size));
  const columns = await Promise.all(packed.map(async (column) => new Reader(await inflate(column))));
  const segments = manifest.segments.map((entry) => new Segment(entry, fetcher, columns));
  return { segments, fetcher, words: manifest.words[0] };
}

/** Return a date in words, in the precision known: "May 2026", "20 May 2026". */
export function dateText(date) {
  const [year, month, day] = date.split("-");
  const named = month ? `${MONTHS[Number(month) - 1]} ${year}` : year;
  return day ? `${Number(day.slice(0, 2))} ${named}` : named;
}

export class Engine {
  constructor(load) {
    this.load = load;
    this.listed = new Map(); // of the query that is being answered
    this.found = { ids: [], segments: [], text: "", topic: "" };
  }

  /** Read the archive as it is now. */
  async refresh() {
    const { segments, fetcher, words } = await this.load();
    this.words = () => fetcher.file(words).then(readWords);
    this.segments = segments;
    this.listed = new Map();
    this.every = null;
    this.names = null;
    this.fetcher = fetcher;
    this.bases = [];
    this.count = 0;
    this.totalLength = 0;
    for (const segment of segments) {
      this.bases.push(this.count);
      this.count += segment.count;
      this.totalLength += segment.entry.length;
    }
    this.lengths = new Uint8Array(this.count);
    segments.forEach((segment, at) => this.lengths.set(segment.lengths, this.bases[at]));
    this.dates = segments.flatMap((segment) => segment.dates);
  }

  /** Return the documents of a piece of a query, over all segments. */
  listing(piece) {
    const asked = `${piece.exact ? 1 : 0}${piece.key}`;
    if (!this.listed.has(asked)) {
      const key = encode(piece.key);
      this.listed.set(asked, this.#together((segment) => segment.listing(key, piece.exact)));
    }
    return this.listed.get(asked);
  }

  /** Return how many documents a piece of a phrase has. */
  docFrequency(piece) {
    const key = encode(piece.key);
    return this.segments.reduce((sum, segment) => sum + segment.docFrequency(key, piece.exact), 0);
  }

  /** Return where the pieces of a leaf stand at their distances, counted with weights. */
  standing(leaf, title) {
    const terms = leaf.pieces.map(({ key, exact, offset }) => ({ key: encode(key), exact, offset }));
    return this.#together((segment) => segment.standing(terms, title));
  }

  /** Return the numbers of the documents that have a value in a filter field. */
  filtered(field, value) {
    const key = filterKey(field, value);
    return this.#together((segment) => segment.listing(key, true)).ids;
  }

  /** Return what `ask` says of the segments, in the numbers of the archive. */
  #together(ask) {
    const parts = this.segments.map(ask);
    const size = parts.reduce((sum, part) => sum + part.ids.length, 0);
    const ids = new Int32Array(size);
    const weights = new Int32Array(size);
    let at = 0;
    parts.forEach((part, number) => {
      const base = this.bases[number];
      weights.set(part.weights, at);
      ids.set(part.ids, at);
      const end = at + part.ids.length;
      for (; at < end; at += 1) ids[at] += base;
    });
    return { ids, weights };
  }

  async #prepare(query) {
    this.listed = new Map();
    const needed = wants(query, encode, filterKey);
    await Promise.all(this.segments.map((segment) => segment.prepare(needed)));
  }

  /** Return what a text is taken as: {query, suggestion}. */
  async #understood(text, typing) {
    const query = parse(text);
    await this.#prepare(query);
    const absent = missing(query, (piece) => this.listing(piece).ids.length > 0);
    if (!absent.length) return { query, suggestion: null };
    const taken = forgive(query, text, absent, await this.words(), typing);
    await this.#prepare(taken.query);
    return taken;
  }

  /**
   * Answer a query. `sort` is "relevance" or "date"; `topic` and `month` narrow it; `typing`
   * says that the last word may be unfinished; without `facets` topics are not counted, which
   * `topics` does once the articles are shown.
   */
  async search(text, options = {}) {
    try {
      return await this.#answer(text, options);
    } catch (error) {
      if (error.status !== 404) throw error;
      // A publish took away what an older manifest names.
      await this.refresh();
      return this.#answer(text, options);
    }
  }

  async #answer(text, options) {
    const { limit = 10, offset = 0, sort = "relevance", topic = "", month = "" } = options;
    const { typing = false, facets: counted = true } = options;
    const columns = Promise.all(counted ? this.segments.map((segment) => segment.loadTopics()) : []);
    columns.catch(() => {}); // looked at below; until then it must not count as unhandled
    const { query, suggestion } = await this.#understood(text, typing);
    if (topic) query.filters.push({ field: "topics", values: [topic], negative: false });
    if (month) query.filters.push({ field: "month", values: [month], negative: false });
    if (topic) await this.#prepare(query);
    const { ids: ranked, scores, whole } = rank(query, this, offset + limit);
    // By date there is no "others follow": they would come between.
    const ids = sort === "date" && whole ? ranked.slice(0, whole) : ranked;
    if (sort === "date") ids.sort((one, other) => other - one);
    this.found = { ids, segments: this.segments, text, topic };
    const hits = await this.#hits(ids.slice(offset, offset + limit), scores, query);
    await columns;
    const facets = { topics: counted ? this.#topics(ids) : [], months: this.#months(ids) };
    const related = counted ? this.#related() : [];
    return { total: ids.length, hits, facets, related, suggestion, whole };
  }

  /** Return the topics of all that the last search found, as `facets.topics` has them. */
  async topics() {
    const { ids, segments } = this.found;
    await Promise.all(segments.map((segment) => segment.loadTopics()));
    return segments === this.segments ? this.#topics(ids) : [];
  }

  /** Return names of topics to search for next, as `related` has them, of the last search. */
  async related() {
    const { segments } = this.found;
    await Promise.all(segments.map((segment) => segment.loadTopics()));
    return segments === this.segments ? this.#related() : [];
  }

  #related() {
    const { ids, text, topic } = this.found;
    this.every ??= this.#counts(Array.from({ length: this.count }, (_, id) => id));
    const said = new Set(wordsOf(text));
    return [...this.#counts(ids).values()]
      .filter(({ slug, count }) => count >= FEWEST && slug !== topic)
      .map(({ slug, name, count }) => ({ slug, name, worth: (count * count) / this.every.get(slug).count }))
      .sort((one, other) => other.worth - one.worth || (one.slug < other.slug ? -1 : 1))
      .map(({ name }) => name)
      .filter((name) => !wordsOf(name).every((word) => said.has(word)))
      .slice(0, MOST_RELATED);
  }

  #locate(id) {
    let at = this.bases.length - 1;
    while (this.bases[at] > id) at -= 1;
    return [at, id - this.bases[at]];
  }

  async #hits(ids, scores, query) {
    const places = ids.map((id) => this.#locate(id));
    const docs = await this.#each(places, (segment, numbers) => segment.documents(numbers));
    return docs.map(({ text, more, ...doc }, at) => ({
      ...doc,
      dateText: dateText(doc.date),
      score: scores[ids[at]],
      snippet: snippet(text, more, query),
      like: like(doc.title),
    }));
  }

  /** Ask each segment for its part of `places` ([segment, what]); return the answers in order. */
  async #each(places, ask) {
    const found = [];
    await Promise.all(this.segments.map(async (segment, number) => {
      const here = [...places.keys()].filter((at) => places[at][0] === number);
      if (!here.length) return;
      const answers = await ask(segment, here.map((at) => places[at][1]));
      here.forEach((place, at) => { found[place] = answers[at]; });
    }));
    return found;
  }

  /** Return the topics of documents by their slugs, in a map: {slug, name, count}. */
  #counts(ids) {
    this.names ??= new Map(this.segments.flatMap((segment) => segment.topics.names));
    const counts = new Map();
    for (const id of ids) {
      const [at, number] = this.#locate(id);
      const { topics } = this.segments[at];
      for (const topic of topics.of[number]) {
        const [slug] = topics.names[topic];
        const known = counts.get(slug);
        if (known) known.count += 1;
        else counts.set(slug, { slug, name: this.names.get(slug), count: 1 });
      }
    }
    return counts;
  }

  #topics(ids) {
    return [...this.#counts(ids).values()]
      .sort((one, other) => other.count - one.count || (one.slug < other.slug ? -1 : 1))
      .slice(0, MOST_TOPICS);
  }

  #months(ids) {
    const chosen = new Uint8Array(this.count);
    for (const id of ids) chosen[id] = 1;
    const counts = new Map();
    let at = 0;
    for (const [date, many] of this.dates) {
      const key = date.slice(0, 7);
      for (const end = at + many; at < end; at += 1) {
        if (chosen[at]) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return [...counts].map(([key, count]) => ({ key, count })).reverse();
  }
}
