"""Which articles answer a query, and in what order; browser/rank.js does the same sums.

BM25F over the weighted field with Robertson's idf, statistics over the whole archive, and
a mild preference for the newer article. Every number is a double made by the same
operations in the same order in both languages, and the one operation that languages round
differently, the logarithm, is cut to a grid: so both give the same order to the last bit.

Documents are numbered through the archive by date. Equal scores: the newer first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial, reduce
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .analysis import TITLE_END, WEIGHTS
from .dates import Dates
from .query import Filter, Leaf, Piece, Query
from .whooshed import LENGTHS

K1: Final = 1.2
B: Final = 0.5
GRID: Final = 65536.0
ENOUGH: Final = 10  # with fewer documents that have all the words, others follow
TITLE_WEIGHT: Final = float(WEIGHTS["title"])

Ids = NDArray[np.int32]
Places = NDArray[np.int64]
PLACE_BITS: Final = 32


class Listing:
    """The documents of a term: ascending numbers, weights, and if asked for, places.

    A place is a document's number, shifted by PLACE_BITS, and a position in it; they ascend.
    """

    __slots__ = ("_gained", "ids", "places", "weights")

    def __init__(self, ids: Ids, weights: NDArray[np.integer], places: Places | None) -> None:
        self.ids, self.weights, self.places = ids, weights, places
        self._gained: NDArray[np.float64] | None = None

    @property
    def nbytes(self) -> int:
        """How many bytes it takes, with what a word adds to scores."""
        places = 0 if self.places is None else self.places.nbytes
        return self.ids.nbytes * 3 + self.weights.nbytes + places

    def gained(self, count: int, norm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the term as a word adds to the scores of its documents.

        ``count`` and ``norm`` are its archive's: what was made for the first is kept.
        """
        if self._gained is None:
            self._gained = gains(idf(count, len(self.ids)), self.weights, norm[self.ids])
        return self._gained

    def moved(self, base: int) -> Listing:
        """Return the listing with its documents numbered from ``base`` on."""
        places = None if self.places is None else self.places + (base << PLACE_BITS)
        return Listing(self.ids + np.int32(base), self.weights, places)


EMPTY: Final = Listing(np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int64))


class Source(Protocol):
    """An archive to search: Whoosh's indexes, or the files exported from them."""

    count: int
    total_length: int

    def lengths(self) -> NDArray[np.uint8]:
        """Return each document's length byte."""
        ...

    def dates(self) -> Dates:
        """Return the dates of the documents."""
        ...

    def listing(self, piece: Piece) -> Listing:
        """Return the documents of an exact term, or of all the forms of a stem."""
        ...

    def doc_frequency(self, piece: Piece) -> int:
        """Return how many documents a piece of a phrase has."""
        ...

    def standing(self, leaf: Leaf, title: bool) -> Listing:
        """Return where the pieces of a leaf stand at their distances, counted with weights.

        With ``title`` only what begins in a title counts.
        """
        ...

    def filtered(self, field: str, value: str) -> Ids:
        """Return the documents that have ``value`` in a filter field."""
        ...


class Ranked(NamedTuple):
    """Documents that match, best first, with their scores.

    The first ``whole`` have all the words that are needed. Where those are few, documents
    with some of the words come after them.
    """

    ids: NDArray[np.int64]
    scores: NDArray[np.float64]
    whole: int


def idf(count: int, found: int) -> float:
    """Return Robertson's inverse document frequency (with the 1 that keeps it positive)."""
    value = math.log(1.0 + (count - found + 0.5) / (found + 0.5))
    return math.floor(value * GRID + 0.5) / GRID


@lru_cache(maxsize=2)  # of the archive that is asked, and of the one that a publish put in place
def norms(count: int, total_length: int) -> NDArray[np.float64]:
    """Return what each length byte adds to the denominator of BM25."""
    average = total_length / count if count else 1.0
    found = np.array([K1 * ((1.0 - B) + B * (length / (average or 1.0))) for length in LENGTHS])
    found.flags.writeable = False
    return found


def gains(
    weight: float, counts: NDArray[np.integer], norm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what a word or phrase adds that documents with these norms have so often."""
    frequency = counts.astype(np.float64)
    return weight * (frequency * (K1 + 1.0)) / (frequency + norm)


def merge(listings: Sequence[Listing], positions: bool) -> Listing:
    """Return the union of listings of one archive, weights added and places merged."""
    filled = [listing for listing in listings if len(listing.ids)]
    if len(filled) <= 1:
        return filled[0] if filled else EMPTY
    every = np.concatenate([listing.ids for listing in filled])
    sums = np.bincount(every, np.concatenate([listing.weights for listing in filled]))
    ids = np.flatnonzero(sums)  # no weight is 0
    weights = sums[ids].astype(np.int64)
    if not positions:
        return Listing(ids.astype(np.int32), weights, None)
    places = [listing.places for listing in filled if listing.places is not None]
    return Listing(ids.astype(np.int32), weights, _union(places))


def _union(places: Sequence[Places]) -> Places:
    every = np.sort(np.concatenate(places))
    new = np.ones(len(every), np.bool_)
    np.not_equal(every[1:], every[:-1], out=new[1:])
    return every[new]


def rank(query: Query, source: Source, many: int | None = None) -> Ranked:
    """Return the documents of ``source`` that answer ``query``.

    Of those, the first ``many`` are in order, or all of them.
    """
    count = source.count
    allowed = _allowed(query, source)
    if not query.groups:
        ids = np.zeros(0, np.int64)
        if allowed is not None and (query.filters or query.after or query.before):
            ids = np.flatnonzero(allowed)[::-1]
        return Ranked(ids, np.zeros(len(ids)), len(ids))
    norm = norms(count, source.total_length)[source.lengths()]
    if len(query.groups) == 1 == len(query.groups[0]):
        found, gained = score_leaf(query.groups[0][0], query.title, source, norm)
        if allowed is not None:
            kept = allowed[found]
            found, gained = found[kept], gained[kept]
        ranked = _best(found.astype(np.int64), gained, source, many)
        return Ranked(*ranked, len(found))
    scores = np.zeros(count)
    matched = np.zeros(count, np.uint8)
    for group in query.groups:
        present = np.zeros(count, np.bool_)
        for leaf in group:
            found, gained = score_leaf(leaf, query.title, source, norm)
            scores[found] += gained
            present[found] = True
        matched += present
    complete = matched >= query.needed
    if allowed is not None:
        complete &= allowed
    ids = np.flatnonzero(complete)
    chosen, worth = _best(ids, scores[ids], source, many)
    whole = len(chosen)
    if whole < ENOUGH and query.needed > 1:
        some = (matched > 0) & ~complete
        ids = np.flatnonzero(some if allowed is None else some & allowed)
        more, less = _best(ids, scores[ids], source, many)
        chosen, worth = np.concatenate((chosen, more)), np.concatenate((worth, less))
    return Ranked(chosen, worth, whole)


def _best(
    ids: NDArray[np.int64], gained: NDArray[np.float64], source: Source, many: int | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return ascending ``ids`` and their scores, the first ``many`` best first.

    Of equal ones the newer is first.
    """
    ids = ids[::-1]
    scores = gained[::-1] * source.dates().freshness[ids]
    if many is None or many >= len(ids):
        order = np.argsort(-scores, kind="stable")
        return ids[order], scores[order]
    if not many:
        return ids, scores
    top = scores >= np.partition(scores, len(scores) - many)[len(scores) - many]
    first = np.flatnonzero(top)
    first = first[np.argsort(-scores[first], kind="stable")]
    order = np.concatenate((first, np.flatnonzero(~top)))
    return ids[order], scores[order]


def score_leaf(
    leaf: Leaf, title: bool, source: Source, norm: NDArray[np.float64]
) -> tuple[Ids, NDArray[np.float64]]:
    """Return the documents that have a leaf, and what it adds to their scores."""
    if not title and len(leaf.pieces) == 1:
        listing = source.listing(leaf.pieces[0])
        return listing.ids, listing.gained(source.count, norm)
    weight = 0.0
    for piece in leaf.pieces:
        weight += idf(source.count, source.doc_frequency(piece))
    stood = source.standing(leaf, title)
    return stood.ids, gains(weight, stood.weights, norm[stood.ids])


def stand(parts: Iterable[tuple[int, Listing]], title: bool) -> Listing:
    """Return where listings stand so far from a place, counted with weights.

    ``parts`` are the listings of one archive, each with how far from the place it stands.
    """
    stood = [listing.places - offset for offset, listing in parts if listing.places is not None]
    starts: Places = reduce(partial(np.intersect1d, assume_unique=True), stood)
    position = starts & ((1 << PLACE_BITS) - 1)
    # A start before the text would be a place in the document before.
    inside = position < TITLE_END
    kept = inside if title else position < (1 << PLACE_BITS - 1)
    counts = np.where(inside, int(TITLE_WEIGHT), 1)[kept]
    ids, place = np.unique(starts[kept] >> PLACE_BITS, return_inverse=True)
    weights = np.bincount(place, counts, len(ids)).astype(np.int64)
    return Listing(ids.astype(np.int32), weights, None)


def _allowed(query: Query, source: Source) -> NDArray[np.bool_] | None:
    """Return of each document whether the query's conditions let it in; None if it has none."""
    if not (query.filters or query.after or query.before or query.nots):
        return None
    allowed = np.ones(source.count, np.bool_)
    for condition in query.filters:
        allowed &= _condition(condition, source)
    if query.after or query.before:
        allowed &= source.dates().between(query.after, query.before)
    for leaf in query.nots:
        several = len(leaf.pieces) > 1
        listing = source.standing(leaf, False) if several else source.listing(leaf.pieces[0])
        allowed[listing.ids] = False
    return allowed


def _condition(condition: Filter, source: Source) -> NDArray[np.bool_]:
    has = np.ones(source.count, np.bool_)
    for value in condition.values:
        if condition.field == "month":
            has &= source.dates().of(value)
            continue
        one = np.zeros(source.count, np.bool_)
        one[source.filtered(condition.field, value)] = True
        has &= one
    return ~has if condition.negative else has
