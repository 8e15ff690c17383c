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

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.related.features import Features
from backissue.related.terms import BUCKETS, Terms

MAX_TERMS: Final = 128
"""The heaviest terms of an article that are kept: they bound its vector to 768 bytes."""

SCALE: Final = 1 << 14
"""The fixed-point one of a weight. A product of two weights fits 28 bits, a sum of them 53."""

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

    def all_products(self, place: int, flags: NDArray[np.bool_]) -> Floats:
        """Return the sum of products of one row with every row; whole numbers, exact.

        ``flags`` is a table over all terms, of which none is set; it is left so.
        """
        terms, weights = self.row(place)
        flags[terms] = True
        shared = np.flatnonzero(flags[self.terms])
        flags[terms] = False
        products = weights[np.searchsorted(terms, self.terms[shared])].astype(np.float64)
        products *= self.weights[shared]
        owners = np.searchsorted(self.start, shared, side="right") - 1
        sums = np.bincount(owners, weights=products, minlength=len(self.start) - 1)
        return sums.astype(np.float64)


class Sets(NamedTuple):
    """Sets of numbers: those of set i are ``members[start[i]:start[i + 1]]``, each once."""

    start: Ints
    members: Ints

    def of(self, place: int) -> Ints:
        """Return the members of one set."""
        return self.members[int(self.start[place]) : int(self.start[place + 1])]

    def sizes(self) -> Ints:
        """Return how many members each set has."""
        return np.diff(self.start)

    def overlaps(self, place: int, others: Ints) -> Floats:
        """Return the Jaccard coefficient of one set with each of ``others``."""
        own = self.of(place)
        if not len(own):
            return np.zeros(len(others))
        where, lengths = spread(self.start, others)
        same = (self.members[where][:, None] == own[None, :]).any(axis=1)
        shared = sums_of(same.astype(np.float64), lengths)
        overlaps: Floats = shared / (len(own) + lengths - shared)
        return overlaps

    def holders(self) -> dict[int, Ints]:
        """Return in which sets each number is, ascending."""
        order = np.argsort(self.members, kind="stable")
        owners = np.repeat(np.arange(len(self.start) - 1), self.sizes())[order]
        numbers, firsts = np.unique(self.members[order], return_index=True)
        return dict(zip(numbers.tolist(), np.split(owners, firsts[1:]), strict=False))


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
        memoryview(np.diff(rows.start).astype("<u2").tobytes()),
        memoryview(rows.terms.astype("<u4").tobytes()),
        memoryview(rows.weights.astype("<u2").tobytes()),
    )


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


def spread(start: Ints, places: Ints) -> tuple[Ints, Ints]:
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
        self._counts = np.zeros(BUCKETS, np.int32)

    def add(self, terms: Terms, counts: NDArray[np.uint32], articles: int) -> None:
        """Count ``articles`` articles, of which ``counts`` have each of ``terms``."""
        self._counts[terms] += counts.astype(np.int32)
        self.articles += articles

    def with_more(self, terms: Terms, counts: NDArray[np.uint32], articles: int) -> Frequencies:
        """Return the same with ``articles`` more articles; this one stays as it is."""
        more = Frequencies()
        more.articles, more._counts = self.articles, self._counts.copy()
        more.add(terms, counts, articles)
        return more

    def rarity(self, terms: Terms) -> NDArray[np.float32]:
        """Return the smoothed inverse document frequency of each of ``terms``."""
        rarity = np.log((1.0 + self.articles) / (1.0 + self._counts[terms])) + 1.0
        single: NDArray[np.float32] = rarity.astype(np.float32)
        return single


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


def title_vector(article: Features, frequencies: Frequencies) -> tuple[Terms, NDArray[np.uint16]]:
    """Return the terms of the title, ascending, and their weights."""
    terms = article.title_array()
    return terms, _fixed(frequencies.rarity(terms).astype(np.float64))


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
