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
from backissue.related.features import MAX_PASSAGES
from backissue.related.pools import POOL
from backissue.related.terms import Terms
from backissue.related.vectors import SCALE, Floats, Ints, Rows, spread, sums_of

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
        holders = archive.with_topic(topic)
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

    All are sums of products of whole numbers, which are exact in whatever order they are taken.
    """
    square = float(SCALE * SCALE)
    query = archive.queries[place]
    texts = _shared(archive, archive.full.only(near), query.terms)
    titles_near = archive.titles.only(near)
    titles = _shared(archive, titles_near, query.terms)
    sizes = sums_of(titles_near.weights.astype(np.float64), np.diff(titles_near.start))
    title = _weights_of(query.terms, *archive.titles.row(place))
    text = _weights_of(query.terms, *archive.full.row(place))
    title_on_texts, text_on_texts = title[texts.terms], text[texts.terms] * texts.weights
    products = title_on_texts * texts.weights
    text_on_titles = text[titles.terms] * titles.weights
    return [
        titles.sums(title[titles.terms] * titles.weights) / square,
        titles.sums(text_on_titles) / square,
        texts.sums(products) / square,
        titles.sums(titles.weights) / np.maximum(sizes, 1.0),
        texts.sums(title_on_texts) / max(float(title.sum()), 1.0),
        texts.greatest(text_on_texts) / square,
        texts.greatest(products) / square,
        titles.greatest(text_on_titles) / square,
        texts.lengths().astype(np.float64),
        _best_passage(query, texts) / square,
        _best_passage(query, titles) / square,
    ]


class Shared(NamedTuple):
    """The terms that some rows share with an article, row by row, with their weights there.

    A term is told by its number among the article's own. Those of row i are those from
    ``starts[i]`` to ``starts[i + 1]``.
    """

    starts: Ints
    terms: NDArray[np.int32]
    weights: Floats

    def lengths(self) -> Ints:
        """Return how many terms each row shares."""
        return np.diff(self.starts)

    def sums(self, values: Floats) -> Floats:
        """Return the sum of the values of each row."""
        ends: Floats = np.concatenate([np.zeros(1), np.cumsum(values)])[self.starts]
        return ends[1:] - ends[:-1]

    def greatest(self, values: Floats) -> Floats:
        """Return the greatest of the values of each row, none of which is below nought."""
        lengths = self.lengths()
        greatest = np.zeros(len(lengths))
        some = np.flatnonzero(lengths)
        if len(some):
            greatest[some] = np.maximum.reduceat(values, self.starts[some])
        return greatest


def _shared(archive: Archive, rows: Rows, own: Terms) -> Shared:
    archive.numbers[own] = np.arange(1, len(own) + 1)
    numbers = archive.numbers[rows.terms]
    archive.numbers[own] = 0
    where = np.flatnonzero(numbers)
    starts = np.searchsorted(where, rows.start)
    return Shared(starts, numbers[where] - 1, rows.weights[where].astype(np.float64))


def _weights_of(own: Terms, terms: Terms, weights: NDArray[np.uint16]) -> Floats:
    """Return the weights of ``own`` terms, nought where they are none of ``terms``."""
    all_weights = np.zeros(len(own))
    all_weights[np.searchsorted(own, terms)] = weights
    return all_weights


def _best_passage(query: Query, shared: Shared) -> Floats:
    """Return the greatest product of one of the passages with each row."""
    rows = len(shared.starts) - 1
    where, lengths = spread(query.starts.astype(np.int64), shared.terms)
    products = query.weights[where] * np.repeat(shared.weights, lengths)
    row = np.repeat(np.repeat(np.arange(rows), shared.lengths()), lengths)
    cells = query.passages[where] * np.int64(rows) + row
    sums = np.bincount(cells, weights=products, minlength=MAX_PASSAGES * rows)
    best: Floats = sums.reshape(MAX_PASSAGES, rows).max(axis=0)
    return best
