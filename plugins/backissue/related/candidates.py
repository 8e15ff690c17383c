"""The candidates for an article's further reading, and what is known of each.

A pool of the POOL nearest articles is taken by a plain sum; only these are looked at closely.
What is known of a candidate is a function of the article, that candidate and the months before
theirs, so that what one more article changes is found by looking at that one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backissue.related.archive import Archive, Query
from backissue.related.pools import POOL
from backissue.related.terms import Terms
from backissue.related.vectors import SCALE, Floats, Ints, Rows, sums_of

LEAST_COSINE: Final = 0.03
"""Articles with less in common are no further reading."""

DUPLICATE: Final = 0.93
"""Articles whose cosine is this or more are one article twice: neither is read after the other."""

# The plain sum of ANCHORS.md: cosine plus .05 each of topics, date and site.
TOPIC_WEIGHT: Final = 0.05
DATE_WEIGHT: Final = 0.05
SITE_WEIGHT: Final = 0.05
HALF_AFTER: Final = 120.0  # days after which nearness in time is worth half

COLUMNS: Final = (
    "cosine",
    "share of the best judge's cosine",
    "above the fourth judge",
    "above the article's crowd",
    "above the candidate's crowd",
    "candidate's crowd",
    "article's crowd",
    "plain score",
    "judges nearer",
    "title in title",
    "article on candidate's title",
    "candidate on article's title",
    "candidate's title covered",
    "article's title covered",
    "heaviest shared term",
    "heaviest shared term of the title",
    "heaviest shared term of the candidate's title",
    "terms shared",
    "best passage",
    "best passage on candidate's title",
    "same series",
    "days later",
    "days apart",
    "same site",
    "topics shared",
    "article's terms",
    "candidate's terms",
)
"""What is known of a candidate, by the names under which the ranking model asks for it."""


class Near(NamedTuple):
    """Candidates of the article at ``place``, best first by the plain score.

    ``ranks`` says of each how many of the article's judges are nearer, ``plain`` its score.
    """

    place: int
    near: Ints
    ranks: Ints
    cosines: Floats
    plain: Floats


class Surroundings(NamedTuple):
    """How near the judges of each article come: the CROWD-th nearest, the fourth, the nearest."""

    crowds: Floats
    fourths: Floats
    bests: Floats


def plain_scores(archive: Archive, place: int, cosines: Floats) -> Floats:
    """Return the plain score of every article in ``cosines`` (places from nought)."""
    upto = len(cosines)
    apart = np.abs(archive.days[:upto] - archive.days[place])
    scores: Floats = cosines + DATE_WEIGHT / (1.0 + apart / HALF_AFTER)
    scores += TOPIC_WEIGHT * topic_cosines(archive, place, upto)
    if archive.sites[place] != archive.unknown_site:
        scores += SITE_WEIGHT * (archive.sites[:upto] == archive.sites[place])
    return scores


def topic_cosines(archive: Archive, place: int, upto: int) -> Floats:
    """Return how much the topics of every article are those of one, as a cosine."""
    shared: Floats = np.zeros(upto)
    own = archive.topics.of(place)
    for topic in own.tolist():
        holders = archive.with_topic[topic]
        shared[holders[: np.searchsorted(holders, upto)]] += 1.0
    shared /= np.sqrt(max(1, len(own)) * np.maximum(archive.topic_counts[:upto], 1))
    return shared


def allowed(cosines: Floats) -> NDArray[np.bool_]:
    """Return which articles may be read after one, by their cosines with it."""
    near: NDArray[np.bool_] = (cosines >= LEAST_COSINE) & (cosines < DUPLICATE)
    return near


def pool(place: int, scores: Floats, wanted: NDArray[np.bool_]) -> Ints:
    """Return the places of the POOL best of those ``wanted``, best first; ties go by place."""
    scores = np.where(wanted, scores, -1.0)
    if place < len(scores):
        scores[place] = -1.0
    if len(scores) > POOL:
        # Everything not below the POOL-th score, so that ties are cut by place, not by chance.
        least = -np.partition(-scores, POOL - 1)[POOL - 1]
        near = np.flatnonzero(scores >= max(least, 0.0))
    else:
        near = np.flatnonzero(scores >= 0.0)
    return near[np.lexsort((near, -scores[near]))][:POOL]


def table(archive: Archive, known: Surroundings, found: Near) -> Floats:
    """Return a row of COLUMNS for each candidate that was ``found``.

    A row is a function of the article, its judges and that one candidate.
    """
    place, near, ranks, cosines, plain = found
    crowds, own_crowd = known.crowds, known.crowds[place]
    apart = (archive.days[near] - archive.days[place]).astype(np.float64)
    ones = np.ones(len(near))
    known_site = archive.sites[place] != archive.unknown_site
    return np.column_stack(
        [
            cosines,
            cosines / max(float(known.bests[place]), LEAST_COSINE),
            cosines - known.fourths[place],
            cosines - own_crowd,
            cosines - crowds[near],
            crowds[near],
            own_crowd * ones,
            plain,
            ranks,
            *_text_columns(archive, place, near),
            archive.series.overlaps(place, near),
            apart,
            np.abs(apart),
            (archive.sites[near] == archive.sites[place]) & known_site,
            archive.topics.overlaps(place, near),
            archive.sizes[place] * ones,
            archive.sizes[near],
        ]
    )


def _text_columns(archive: Archive, place: int, near: Ints) -> list[Floats]:
    """Return the columns that compare titles, whole articles and the article's passages.

    All are sums of products of whole numbers, so that the matrix products are exact.
    """
    square = float(SCALE * SCALE)
    query = archive.queries[place]
    own = query.terms
    texts = _side_by_side(archive, archive.full, own, near)
    titles = _side_by_side(archive, archive.titles, own, near)
    whole = np.maximum(_sizes(archive.titles, near), 1.0)
    title_terms, title_weights = archive.titles.row(place)
    title = np.zeros(len(own))
    title[np.searchsorted(own, title_terms)] = title_weights
    text_terms, text_weights = archive.full.row(place)
    text = np.zeros(len(own))
    text[np.searchsorted(own, text_terms)] = text_weights
    return [
        _product(title, titles) / square,
        _product(text, titles) / square,
        _product(title, texts) / square,
        titles.sum(axis=0) / whole,
        _product(title, (texts > 0).astype(np.float64)) / max(float(title.sum()), 1.0),
        _heaviest(text, texts) / square,
        _heaviest(title, texts) / square,
        _heaviest(text, titles) / square,
        np.count_nonzero(texts, axis=0),
        _best_passage(query, texts) / square,
        _best_passage(query, titles) / square,
    ]


def _product(row: Floats, table: Floats) -> Floats:
    """Return row @ table, over the few columns of the row that are not nought."""
    own = np.flatnonzero(row)
    product: Floats = np.sum(row[own, None] * table[own], axis=0)
    return product


def _heaviest(row: Floats, table: Floats) -> Floats:
    """Return the greatest product of a term of the row with each column: a rare name, if any."""
    own = np.flatnonzero(row)
    heaviest: Floats = np.max(row[own, None] * table[own], axis=0, initial=0.0)
    return heaviest


def _best_passage(query: Query, table: Floats) -> Floats:
    """Return the greatest product of a passage with each column of ``table``."""
    if not len(query.lengths):
        return np.zeros(table.shape[1])
    ends = np.cumsum(query.lengths, dtype=np.int64)
    weighed = table[query.columns] * query.weights[:, None].astype(np.float64)
    products = np.add.reduceat(weighed, ends - query.lengths, axis=0)
    best: Floats = products.max(axis=0)
    return best


def _side_by_side(archive: Archive, rows: Rows, own: Terms, near: Ints) -> Floats:
    """Return the rows ``near`` as columns of a dense table over the terms ``own``."""
    where, lengths = rows.spread(near)
    terms = rows.terms[where]
    archive.numbers[own] = np.arange(1, len(own) + 1)
    numbers = archive.numbers[terms]
    archive.numbers[own] = 0
    shared = numbers > 0
    dense = np.zeros((len(own), len(near)))
    columns = np.repeat(np.arange(len(near)), lengths)[shared]
    dense[numbers[shared] - 1, columns] = rows.weights[where[shared]]
    return dense


def _sizes(rows: Rows, near: Ints) -> Floats:
    where, lengths = rows.spread(near)
    return sums_of(rows.weights[where].astype(np.float64), lengths)
