"""Articles as sparse vectors in fixed-point numbers, judged by the months before their own.

The weight of a term is (1 + ln tf) * idf, the title counted three times, at unit length
(G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval",
Information Processing & Management 24(5), 1988). The idf of a term is taken from the article's
judges (judges.py), those of the months before its own: what comes later changes no vector of a
month that is over.

Weights are rounded to whole 1/SCALE: sums of products of whole numbers are exact in whatever
order they are taken, so that a part computed alone equals the same part of the whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from backissue.related.features import Features
from backissue.related.lookup import Probe
from backissue.related.terms import BUCKETS, Terms

MAX_TERMS: Final = 128
"""The heaviest terms of an article that are kept: they bound its vector to 768 bytes."""

SCALE: Final = 1 << 14
"""The fixed-point one of a weight. A product of two weights fits 28 bits, a sum of them 53."""

LOOKED_UP: Final = 64
"""For more articles than these a table of all terms is made of what is known of them."""

Ints = NDArray[np.int64]
NO_INTS: Final = np.zeros(0, np.int64)
Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """Sparse rows: those of row i are ``terms[start[i]:start[i + 1]]`` with their ``weights``."""

    start: Ints
    terms: Terms
    weights: NDArray[np.uint16]

    def row(self, place: int) -> tuple[Terms, NDArray[np.uint16]]:
        """Return the terms and weights of one row."""
        span = slice(int(self.start[place]), int(self.start[place + 1]))
        return self.terms[span], self.weights[span]

    def spread(self, places: Ints) -> tuple[Ints, Ints]:
        """Return where the entries of the rows ``places`` lie, and how many each row has."""
        return spread(self.start, places)

    def only(self, places: Ints) -> Rows:
        """Return the rows ``places``, in that order."""
        where, lengths = self.spread(places)
        return Rows(starts_of(lengths), self.terms[where], self.weights[where])

    def merged(self, other: Rows, order: Ints) -> Rows:
        """Return the rows of both in another order, most of which follow one another as before."""
        count = len(self.start) - 1
        lengths = np.concatenate([np.diff(self.start), np.diff(other.start)])
        terms, weights = [self.terms[:0]], [self.weights[:0]]
        for a, b in stretches(order, count):
            rows, skip = (self, 0) if a < count else (other, count)
            span = slice(int(rows.start[a - skip]), int(rows.start[b - skip]))
            terms.append(rows.terms[span])
            weights.append(rows.weights[span])
        return Rows(starts_of(lengths[order]), np.concatenate(terms), np.concatenate(weights))

    def products(self, own: Probe) -> Floats:
        """Return the sum of products of a row with each row; whole numbers, exact."""
        near, weights = own.find(self.terms)
        return sums_of(weights * self.weights[near], np.diff(np.searchsorted(near, self.start)))


class Stacked:
    """The rows of several parts one after the other, copied only where many are asked for."""

    def __init__(self, parts: Sequence[Rows]) -> None:
        self.parts = tuple(parts)
        self._firsts = [0, *accumulate(len(part.start) - 1 for part in parts)]
        self._taken = 0

    @cached_property
    def whole(self) -> Rows:
        """All rows, side by side."""
        return one_after_the_other(self.parts)

    def row(self, place: int) -> tuple[Terms, NDArray[np.uint16]]:
        """Return the terms and weights of one row."""
        part = bisect_right(self._firsts, place) - 1
        return self.parts[part].row(place - self._firsts[part])

    def only(self, places: Ints) -> Rows:
        """Return the rows ``places``, in that order."""
        self._taken += len(places)
        if self._taken > self._firsts[-1]:
            return self.whole.only(places)
        return stack([self.row(place) for place in places.tolist()])

    def products(self, place: int) -> Floats:
        """Return the sum of products of one row with every row; whole numbers, exact."""
        own = Probe(*self.row(place))
        return np.concatenate([np.zeros(0), *(part.products(own) for part in self.parts)])


class PackedRows(msgspec.Struct, frozen=True):
    """Rows as stored: how many entries each has (uint16), their terms and weights."""

    lengths: memoryview
    terms: memoryview
    weights: memoryview

    def rows(self) -> Rows:
        """Return the rows; terms and weights are not copied."""
        lengths = np.frombuffer(self.lengths, "<u2").astype(np.int64)
        return Rows(
            starts_of(lengths), np.frombuffer(self.terms, "<u4"), np.frombuffer(self.weights, "<u2")
        )


def pack(rows: Rows) -> PackedRows:
    """Return ``rows`` to be stored."""
    return PackedRows(
        stored(np.diff(rows.start), "<u2"), stored(rows.terms, "<u4"), stored(rows.weights, "<u2")
    )


def stored(values: ArrayLike, kind: str) -> memoryview:
    """Return the bytes of ``values`` as numbers of a kind; copied only where they are of another.

    The array must not be written to afterwards.
    """
    return np.ascontiguousarray(values, kind).view(np.uint8).data


def one_after_the_other(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all parts as one."""
    lengths = [np.diff(part.start) for part in parts]
    return Rows(
        starts_of(np.concatenate([NO_INTS, *lengths])),
        np.concatenate([np.zeros(0, np.uint32), *(part.terms for part in parts)]),
        np.concatenate([np.zeros(0, np.uint16), *(part.weights for part in parts)]),
    )


def starts_of(lengths: Ints) -> Ints:
    """Return where consecutive runs of these lengths start, and where the last ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


def stretches(order: Ints, border: int = 0) -> list[tuple[int, int]]:
    """Return the stretches (first, end) of consecutive numbers that ``order`` is made of.

    None of them goes across ``border``.
    """
    cuts = (np.flatnonzero((np.diff(order) != 1) | (order[1:] == border)) + 1).tolist()
    edges = zip([0, *cuts], [*cuts, len(order)], strict=True) if len(order) else ()
    return [(int(order[a]), int(order[b - 1]) + 1) for a, b in edges]


def spread(start: Ints, places: NDArray[np.signedinteger[Any]]) -> tuple[Ints, Ints]:
    """Return where the entries of the runs ``places`` lie, and how many each has."""
    lengths = start[places + 1] - start[places]
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(start[places] - (ends - lengths), lengths) + np.arange(total), lengths


def sums_of(values: Floats, lengths: Ints) -> Floats:
    """Return the sums of consecutive runs of ``values``; exact for whole numbers."""
    sums: Floats = np.concatenate([np.zeros(1), np.cumsum(values)])
    ends = np.cumsum(lengths)
    found: Floats = sums[ends] - sums[ends - lengths]
    return found


def stack(rows: Sequence[tuple[Terms, NDArray[np.uint16]]]) -> Rows:
    """Return ``rows`` as one."""
    lengths = np.array([len(terms) for terms, _ in rows], np.int64)
    return Rows(
        starts_of(lengths),
        np.concatenate([np.zeros(0, np.uint32), *(terms for terms, _ in rows)]),
        np.concatenate([np.zeros(0, np.uint16), *(weights for _, weights in rows)]),
    )


class Frequencies:
    """In how many of ``articles`` articles each term occurs."""

    def __init__(self) -> None:
        self.articles = 0
        self._counts: NDArray[np.int32] | None = None
        self._more: list[tuple[Terms, NDArray[np.uint32]]] = []
        self._asked = 0

    def add(self, terms: Terms, counts: NDArray[np.uint32], articles: int) -> None:
        """Count ``articles`` articles, of which ``counts`` have each of ``terms`` (ascending)."""
        self._more.append((terms, counts))
        self.articles += articles

    def with_more(self, terms: Terms, counts: NDArray[np.uint32], articles: int) -> Frequencies:
        """Return the same with ``articles`` more articles; this one stays as it is."""
        more = Frequencies()
        more.articles, more._more = self.articles, [*self._more]
        more._counts = None if self._counts is None else self._counts.copy()
        more.add(terms, counts, articles)
        return more

    def rarity(self, terms: Terms) -> NDArray[np.float32]:
        """Return the smoothed inverse document frequency of each of ``terms``."""
        rarity = np.log((1.0 + self.articles) / (1.0 + self._of(terms))) + 1.0
        single: NDArray[np.float32] = rarity.astype(np.float32)
        return single

    def rarities(self, articles: Sequence[Features]) -> list[NDArray[np.float32]]:
        """Return the rarity of the terms of each of ``articles``."""
        own = [article.term_array() for article in articles]
        if len(own) > LOOKED_UP or self._counts is not None:
            return [self.rarity(terms) for terms in own]
        # Articles on one thing share terms: each is looked up once, in the order of the tables.
        every = np.unique(np.concatenate([np.zeros(0, np.uint32), *own]))
        rarity = self.rarity(every)
        return [rarity[np.searchsorted(every, terms)] for terms in own]

    def _of(self, terms: Terms) -> NDArray[np.int32]:
        """Return in how many articles each of ``terms`` occurs.

        The first few times by looking them up in what was added, then from a table of all terms.
        """
        self._asked += 1
        if self._counts is None and self._asked <= LOOKED_UP:
            found = np.zeros(len(terms), np.int32)
            for known, counts in self._more:
                if len(known):
                    places = np.minimum(np.searchsorted(known, terms), len(known) - 1)
                    found += np.where(known[places] == terms, counts[places], 0).astype(np.int32)
            return found
        if self._counts is None:
            self._counts = np.zeros(BUCKETS, np.int32)
        for known, counts in self._more:
            self._counts[known] += counts.astype(np.int32)
        self._more.clear()
        return self._counts[terms]


def vector(article: Features, rarity: NDArray[np.float32]) -> tuple[Terms, NDArray[np.uint16]]:
    """Return the MAX_TERMS heaviest terms of ``article``, ascending, and their weights.

    ``rarity`` is that of the article's terms.
    """
    terms = article.term_array()
    weights = (1.0 + np.log(article.count_array())) * rarity
    if len(terms) > MAX_TERMS:
        # A stable sort breaks ties by the term's hash, the same on every machine.
        keep = np.sort(np.argsort(-weights, kind="stable")[:MAX_TERMS])
        terms, weights = terms[keep], weights[keep]
    return terms, _fixed(weights)


def title_vector(
    article: Features, rarity: NDArray[np.float32]
) -> tuple[Terms, NDArray[np.uint16]]:
    """Return the terms of the title, ascending, and their weights; ``rarity`` as in ``vector``."""
    terms = article.title_array()
    own = rarity[np.searchsorted(article.term_array(), terms)]
    return terms, _fixed(own.astype(np.float64))


def passage_entries(article: Features, rarity: NDArray[np.float32]) -> tuple[Ints, Floats, Ints]:
    """Return the vectors of an article's passages: columns, weights and lengths of their rows.

    A column is the number of a term among the article's own; ``rarity`` is theirs. A passage's
    vector has unit length, in whole 1/SCALE.
    """
    terms, lengths = article.passage_arrays()
    columns = np.searchsorted(article.term_array(), terms)
    weights = rarity[columns].astype(np.float64)
    norms = np.sqrt(sums_of(weights * weights, lengths))
    return columns, np.rint(weights * SCALE / np.repeat(norms, lengths)), lengths


def _fixed(weights: Floats) -> NDArray[np.uint16]:
    length = float(np.sqrt(np.sum(weights * weights)))
    return np.rint(weights * (SCALE / length) if length else weights).astype(np.uint16)
