// The query language; search/query.py is the original, and docs/search.md explains it.

import { SPACE, STOP_WORDS, stemOf, termOf, tokens, wordsOf } from "./analysis.js";

const MOST_CHARACTERS = 1000;
const MOST_GROUPS = 32;
const MOST_PIECES = 16;
const WHOLE_RUN = 4;
const STRICT_GROUPS = 4;
const PART = new RegExp(
  "(?<minus>-)?(?:(?<field>topic|by|lang|site|after|before|month|in):)?" +
    `(?:"(?<phrase>[^"]*)"?|(?<word>[^${SPACE}"]+))`,
  "gu",
);
const SPACES = new RegExp(`[${SPACE}]+`, "gu");
const EDGES = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const DATE = /^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$/;
const FIELDS = { topic: "topics", by: "authors", lang: "lang", site: "source" };

/** Return how many of so many words a document must have. */
export function needed(groups) {
  return groups <= STRICT_GROUPS ? groups : 1;
}

/** Return the meaning of a text; there is no text that has none. */
export function parse(text) {
  const query = { groups: [], nots: [], filters: [], after: "", before: "", title: false };
  const cut = Array.from(text).slice(0, MOST_CHARACTERS).join("").normalize("NFC");
  let joined = false;
  for (const { groups: part } of cut.matchAll(PART)) {
    const minus = part.minus !== undefined;
    const quoted = part.phrase !== undefined;
    const value = quoted ? part.phrase : part.word;
    if (condition(query, part.field, value, minus)) continue;
    if (value === "OR" && !quoted && !minus && query.groups.length) {
      joined = true;
      continue;
    }
    const word = part.field === undefined ? value : `${part.field} ${value}`;
    const leaves = quoted ? phrase(word) : words(word);
    if (minus) {
      query.nots.push(...leaves);
    } else if (joined && leaves.length) {
      query.groups.at(-1).push(leaves[0]);
      query.groups.push(...leaves.slice(1).map((leaf) => [leaf]));
    } else {
      query.groups.push(...leaves.map((leaf) => [leaf]));
    }
    joined = false;
  }
  query.groups = query.groups.slice(0, MOST_GROUPS);
  query.nots = query.nots.slice(0, MOST_GROUPS);
  query.filters = query.filters.slice(0, MOST_GROUPS);
  query.needed = needed(query.groups.length);
  return query;
}

/** Take a part of the query as a condition; return whether it is one. */
function condition(query, field, value, negative) {
  if ((field === "after" || field === "before" || field === "month") && DATE.test(value)) {
    if (field === "month") query.filters.push({ field, values: [value.slice(0, 7)], negative });
    else if (field === "after") query.after = value > query.after ? value : query.after;
    else query.before = !query.before || value < query.before ? value : query.before;
    return true;
  }
  if (field === "in" && value.toLowerCase() === "title") {
    query.title = true;
    return true;
  }
  if (!Object.hasOwn(FIELDS, field ?? "")) return false;
  let values;
  if (field === "topic") values = [value.replace(EDGES, "").toLowerCase().replace(SPACES, "-")];
  else if (field === "lang") values = [value.toLowerCase()];
  else values = wordsOf(value);
  if (values.some(Boolean)) query.filters.push({ field: FIELDS[field], values, negative });
  return true;
}

function runsOf(text) {
  const runs = [];
  for (const token of tokens(text)) {
    const { form, kind, start, end, position } = token;
    const run = { kind, text: form, start, end, position };
    const last = runs.at(-1);
    if (last && kind === "sign") runs[runs.length - 1] = run;
    else if (last && kind === "han" && last.kind === "han" && last.end === start) {
      last.text += form;
      last.end = end;
    } else runs.push(run);
  }
  return runs;
}

/** Return the leaves of unquoted text: a joined word ("GPT-4o") is a phrase of stems. */
function words(text) {
  const leaves = [];
  let joined = [];
  for (const run of runsOf(text)) {
    if (run.kind === "word") {
      joined.push(run);
      continue;
    }
    leaves.push(...join(joined));
    joined = [];
    if (run.kind === "han") leaves.push(...han(run.text));
    else leaves.push({ pieces: [{ key: run.text, exact: true, offset: 0 }], text: run.text });
  }
  leaves.push(...join(joined));
  return leaves;
}

function join(runs) {
  const kept = runs.filter((run) => !STOP_WORDS.has(run.text)).slice(0, MOST_PIECES);
  if (!kept.length) return [];
  const first = kept[0].position;
  const pieces = kept.map((run) => ({
    key: stemOf(run.text), exact: false, offset: run.position - first,
  }));
  return [{ pieces, text: kept.map((run) => run.text).join(" ") }];
}

function pairsOf(run) {
  const characters = Array.from(run);
  if (characters.length < 2) return [run];
  return characters.slice(1).map((character, at) => characters[at] + character);
}

function han(run) {
  const pairs = pairsOf(run);
  if (pairs.length < WHOLE_RUN) {
    return [{ pieces: pairs.map((key, offset) => ({ key, exact: true, offset })), text: run }];
  }
  return pairs.map((key) => ({ pieces: [{ key, exact: true, offset: 0 }], text: key }));
}

/** Return the leaf of quoted text: exact words, each at its distance from the first. */
function phrase(text) {
  const runs = runsOf(text);
  const pieces = [];
  for (const run of runs) {
    const single = Array.from(run.text).length === 1;
    if (run.kind === "han" && !single) {
      pairsOf(run.text).forEach((key, at) => {
        pieces.push({ key, exact: true, offset: run.position + at });
      });
    } else if (run.kind === "sign" || (run.kind === "han" && runs.length === 1)) {
      pieces.push({ key: run.text, exact: true, offset: run.position });
    } else if (run.kind === "word" && !STOP_WORDS.has(run.text)) {
      pieces.push({ key: termOf(run.text), exact: true, offset: run.position });
    }
  }
  if (!pieces.length) return [];
  const kept = pieces.slice(0, MOST_PIECES);
  const first = kept[0].offset;
  const placed = kept.map((piece) => ({ ...piece, offset: piece.offset - first }));
  return [{ pieces: placed, text: text.replace(SPACES, " ") }];
}

/** Return the query for articles like one of this title: any of its words. */
export function like(title) {
  const found = runsOf(title.normalize("NFC")).flatMap((run) => {
    if (run.kind === "han") return pairsOf(run.text);
    return STOP_WORDS.has(run.text) ? [] : [run.text];
  });
  return [...new Set(found)].slice(0, MOST_PIECES).join(" OR ");
}
