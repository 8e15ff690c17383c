// Which articles answer a query, and in what order; search/rank.py is the original. Both
// do the same operations on doubles in the same order, so that ties fall the same way.

import { TITLE_END, TITLE_WEIGHT } from "./analysis.js";

const K1 = 1.2;
const B = 0.5;
const GRID = 65536;
const FRESH = 0.1;
const HALF_LIFE = 12;
const ENOUGH = 10;
const FEW = 4; // times as many as are wanted in order: then all are sorted

/** The length that each of Whoosh's length bytes stands for (whoosh.util.numeric). */
export const LENGTHS = [];
for (let power = 1; LENGTHS.length < 256; power *= 1.033) LENGTHS.push(Math.round((power - 1) * 27));

/** Return Robertson's inverse document frequency, on a grid. */
export function idf(count, found) {
  const value = Math.log(1 + (count - found + 0.5) / (found + 0.5));
  return Math.floor(value * GRID + 0.5) / GRID;
}

function norms(count, totalLength) {
  const average = (count ? totalLength / count : 1) || 1;
  return Float64Array.from(LENGTHS, (length) => K1 * (1 - B + B * (length / average)));
}

const placesOf = (leaf, title) => title || leaf.pieces.length > 1;

/** Return what a query needs: [{terms: [{key, exact, offset}], places, title}]. */
export function wants(query, encode, filterKey) {
  const termsOf = (leaf) => leaf.pieces.map(({ key, exact, offset }) => ({ key: encode(key), exact, offset }));
  const want = (leaf, title) => ({ terms: termsOf(leaf), places: placesOf(leaf, title), title });
  const filters = query.filters.filter(({ field }) => field !== "month");
  return [
    ...query.groups.flatMap((group) => group.map((leaf) => want(leaf, query.title))),
    ...query.nots.map((leaf) => want(leaf, false)),
    ...filters.flatMap(({ field, values }) => values.map((value) => (
      { terms: [{ key: filterKey(field, value), exact: true, offset: 0 }], places: false, title: false }))),
  ];
}

function intersection(lists) {
  let shared = lists[0].ids;
  for (const { ids } of lists.slice(1)) {
    const out = [];
    let at = 0;
    for (const id of shared) {
      while (at < ids.length && ids[at] < id) at += 1;
      if (ids[at] === id) out.push(id);
    }
    shared = out;
  }
  return shared;
}

/** Leave of the first `many` of `starts` those that are `offset` before one of `positions`; return how many. */
function left(starts, many, positions, offset) {
  let at = 0;
  let kept = 0;
  for (let next = 0; next < many; next += 1) {
    const wanted = starts[next] + offset;
    while (at < positions.length && positions[at] < wanted) at += 1;
    if (at === positions.length) break;
    if (positions[at] === wanted) {
      starts[kept] = starts[next];
      kept += 1;
    }
  }
  return kept;
}

/** Return where lists stand so far (`offset`, of the first 0) from a place, counted with weights. */
export function stand(lists, title) {
  const ids = [];
  const counts = [];
  const rows = new Int32Array(lists.length);
  for (const id of intersection(lists)) {
    let starts = null;
    let many = 0;
    for (let at = 0; at < lists.length; at += 1) {
      const list = lists[at];
      let row = rows[at];
      while (list.ids[row] < id) row += 1;
      rows[at] = row;
      const positions = list.positions(row);
      many = at ? left(starts, many, positions, list.offset) : positions.length;
      if (!at) starts = positions;
      if (!many) break;
    }
    let inside = 0;
    while (inside < many && starts[inside] < TITLE_END) inside += 1;
    const beyond = title ? 0 : many - inside;
    if (inside || beyond) {
      ids.push(id);
      counts.push(inside * TITLE_WEIGHT + beyond);
    }
  }
  return { ids, weights: counts };
}

function scoreLeaf(leaf, title, source, norm) {
  const places = placesOf(leaf, title);
  const { ids, weights } = places ? source.standing(leaf, title) : source.listing(leaf.pieces[0]);
  let weight = 0;
  for (const piece of leaf.pieces) weight += idf(source.count, places ? source.docFrequency(piece) : ids.length);
  const gained = new Float64Array(ids.length);
  const { lengths } = source;
  for (let at = 0; at < ids.length; at += 1) {
    const frequency = weights[at];
    gained[at] = (weight * (frequency * (K1 + 1))) / (frequency + norm[lengths[ids[at]]]);
  }
  return { ids, gained };
}

const monthNumber = (date) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;

/** Call `visit(first, end, date)` for each run of documents of one date. */
function byDate(source, visit) {
  let at = 0;
  for (const [date, many] of source.dates) {
    visit(at, at + many, date);
    at += many;
  }
}

/** Return of each document whether a query's conditions let it in; null where it has none. */
function allowedBy(query, source) {
  if (!query.filters.length && !query.after && !query.before && !query.nots.length) return null;
  const allowed = new Uint8Array(source.count).fill(1);
  for (const { field, values, negative } of query.filters) {
    const has = new Uint8Array(source.count).fill(1);
    for (const value of values) {
      const one = new Uint8Array(source.count);
      if (field === "month") {
        byDate(source, (first, end, date) => one.fill(date.startsWith(value) ? 1 : 0, first, end));
      } else {
        for (const id of source.filtered(field, value)) one[id] = 1;
      }
      for (let at = 0; at < one.length; at += 1) has[at] &= one[at];
    }
    const wrong = negative ? 1 : 0;
    for (let at = 0; at < has.length; at += 1) if (has[at] === wrong) allowed[at] = 0;
  }
  if (query.after || query.before) {
    byDate(source, (first, end, date) => {
      if (date < query.after || (query.before && date >= query.before)) allowed.fill(0, first, end);
    });
  }
  for (const leaf of query.nots) {
    const { ids } = placesOf(leaf, false) ? source.standing(leaf, false) : source.listing(leaf.pieces[0]);
    for (const id of ids) allowed[id] = 0;
  }
  return allowed;
}

/** Return the documents that are let in and have so many of the words, ascending. */
function chosenOf(allowed, matched, needed) {
  const out = [];
  for (let at = 0; at < matched.length; at += 1) {
    if (matched[at] >= needed && (!allowed || allowed[at])) out.push(at);
  }
  return out;
}

/**
 * Return ascending `ids` with the first `many` by their scores in order, and the others after
 * them. Of equal ones the newer is first.
 */
function best(ids, many, scores) {
  const better = (one, other) => scores[other] - scores[one] || other - one;
  if (ids.length < many * FEW) return ids.sort(better);
  const top = ids.slice(0, many).sort(better);
  const others = [];
  let least = many ? scores[top[many - 1]] : Infinity;
  for (let next = many; next < ids.length; next += 1) {
    const id = ids[next];
    if (scores[id] < least) {
      others.push(id);
      continue;
    }
    let at = many;
    while (at > 0 && better(id, top[at - 1]) < 0) at -= 1;
    top.splice(at, 0, id);
    others.push(top.pop());
    least = scores[top[many - 1]];
  }
  return top.concat(others);
}

/** Multiply the scores of documents, ascending, by what the newer gain. */
function freshen(scores, ids, source) {
  const newest = source.dates.length ? monthNumber(source.dates.at(-1)[0]) : 0;
  let next = 0;
  byDate(source, (first, end, date) => {
    const factor = 1 + FRESH * (HALF_LIFE / (HALF_LIFE + (newest - monthNumber(date))));
    for (; next < ids.length && ids[next] < end; next += 1) scores[ids[next]] *= factor;
  });
}

/**
 * Return the documents of `source` that answer `query`: {ids, scores, whole}, of the ids the
 * first `many` in order, best first.
 */
export function rank(query, source, many) {
  const allowed = allowedBy(query, source);
  const scores = new Float64Array(source.count);
  const matched = new Uint8Array(source.count);
  if (!query.groups.length) {
    const restricts = query.filters.length || query.after || query.before;
    const ids = restricts ? chosenOf(allowed, matched, 0).reverse() : [];
    return { ids, scores, whole: ids.length };
  }
  const norm = norms(source.count, source.totalLength);
  const last = new Uint8Array(source.count); // which group, from 1 on, was the last that a document has
  query.groups.forEach((group, number) => {
    for (const leaf of group) {
      const { ids, gained } = scoreLeaf(leaf, query.title, source, norm);
      for (let at = 0; at < ids.length; at += 1) {
        const id = ids[at];
        scores[id] += gained[at];
        if (last[id] !== number + 1) {
          last[id] = number + 1;
          matched[id] += 1;
        }
      }
    }
  });
  const found = chosenOf(allowed, matched, query.needed);
  freshen(scores, found, source);
  const ids = best(found, many, scores);
  const whole = ids.length;
  if (whole < ENOUGH && query.needed > 1) {
    const rest = chosenOf(allowed, matched, 1).filter((id) => matched[id] < query.needed);
    freshen(scores, rest, source);
    return { ids: ids.concat(best(rest, many, scores)), scores, whole };
  }
  return { ids, scores, whole };
}
