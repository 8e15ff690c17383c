"""All articles side by side: their vectors, and how near each is to the others.

Places are positions in the list of articles sorted by month, then key.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backissue.related.features import Features, series_words
from backissue.related.lookup import Numbers
from backissue.related.months import Block, numbers_of
from backissue.related.sets import StackedSets, hash_of
from backissue.related.strings import Strings
from backissue.related.terms import BUCKETS, Terms, terms
from backissue.related.titlenames import column
from backissue.related.vectors import (
    LOOKED_UP,
    SCALE,
    Floats,
    Ints,
    Rows,
    Stacked,
    passage_entries,
    starts_of,
)

RARE: Final = 3.0
"""A name at least as rare is worth saying: in one of seven articles, or in fewer."""


class Query(NamedTuple):
    """An article whose candidates are looked for: its terms, and in which passages each is.

    The passages of term i, and the weights that it has there, are those from ``starts[i]`` to
    ``starts[i + 1]``. ``names`` are the rare ones of its title, ``column`` the words before the
    title's colon, as ``Features.series`` has them. Many are held at once, so their numbers are as
    small as they can be.
    """

    terms: Terms
    starts: NDArray[np.unsignedinteger[Any]]
    passages: NDArray[np.uint8]
    weights: NDArray[np.uint16]
    names: tuple[str, ...] = ()
    column: frozenset[int] = frozenset()

    @classmethod
    def of(cls, article: Features, rarity: NDArray[np.float32]) -> Query:
        """Return what is asked for an article, given the rarity of its terms in its time."""
        columns, weights, lengths = passage_entries(article, rarity)
        passages = np.repeat(np.arange(len(lengths), dtype=np.uint8), lengths)
        order = in_order(columns)
        starts = starts_of(np.bincount(columns, minlength=len(rarity)))
        small = np.uint16 if len(columns) <= np.iinfo(np.uint16).max else np.uint32
        return cls(
            article.term_array(),
            starts.astype(small),
            passages[order],
            weights[order].astype(np.uint16),
            tuple(name for name in article.names if is_rare(name, article.term_array(), rarity)),
            frozenset(np.frombuffer(series_words(column(article.title)), "<u4").tolist()),
        )


def is_rare(name: str, own: Terms, rarity: NDArray[np.float32]) -> bool:
    """Return whether a name tells one article from another, given the rarity of ``own`` terms."""
    found = np.searchsorted(own, terms(name))
    return bool(len(found)) and float(rarity[found].max()) >= RARE


class Keys:
    """The keys of the articles of all parts, read one by one where few are asked for."""

    def __init__(self, parts: Sequence[Strings], many: bool) -> None:
        self._parts: Sequence[Sequence[str] | Strings] = [[*p] if many else p for p in parts]
        self._firsts = [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        return self._firsts[-1]

    def __getitem__(self, place: int) -> str:
        part = bisect_right(self._firsts, place) - 1
        return self._parts[part][place - self._firsts[part]]


class Archive:
    """The articles of months side by side.

    ``queries`` are those that are asked for, by place; of all others their block is enough.
    """

    def __init__(self, blocks: Sequence[Block], queries: Mapping[int, Query]) -> None:
        self.blocks = tuple(blocks)
        self.queries = queries
        self.firsts = [0, *accumulate(len(block.keys) for block in blocks)]
        many = len(queries) > LOOKED_UP
        self.keys = Keys([block.keys for block in blocks], many)
        sites = [block.sites.sets().members for block in blocks]
        self.sites = np.concatenate([np.zeros(0, np.uint64), *sites])
        self.unknown_site = hash_of("")
        self.days = numbers_of(blocks, "days")
        self.sizes = numbers_of(blocks, "sizes")
        self.series = StackedSets([block.series.sets() for block in blocks])
        self.topics = StackedSets([block.topics.sets() for block in blocks])
        self.topic_counts = self.topics.sizes()
        self.full = Stacked([block.full.rows() for block in blocks])
        self.titles = Stacked([block.titles.rows() for block in blocks])
        self.numbers = Numbers(many)
        self.with_topic = cache(self.topics.holding)  # the articles that have one
        self._names: dict[int, str] = {}

    def topic_name(self, place: int, topic: int) -> str:
        """Return the name of a topic that an article has, given its hash."""
        if topic not in self._names:
            block = self.blocks[bisect_right(self.firsts, place) - 1]
            self._names[topic] = block.topics.name(topic)
        return self._names[topic]

    def cosines(self, place: int) -> Floats:
        """Return the cosine of one article with every article."""
        return self.full.products(place) / (SCALE * SCALE)


class Postings:
    """The articles of each term, so that a cosine costs only the terms that are shared.

    ``advance`` must be called as the months go by; only the articles before that are seen.
    """

    def __init__(self, rows: Rows, asked: Sequence[int]) -> None:
        """Take the articles of ``rows``; cosines can be had of those ``asked`` for."""
        self._rows = rows
        terms = rows.terms
        if len(asked) < len(rows.start) - 1:
            terms = np.concatenate([terms[:0], *(rows.row(place)[0] for place in asked)])
        # The terms that are asked for by numbers of their own, from 1: few enough to sort quickly.
        known = np.unique(terms)
        self._numbers = np.zeros(BUCKETS, np.int32)
        self._numbers[known] = np.arange(1, len(known) + 1)
        numbers = self._numbers[rows.terms]
        kept = np.flatnonzero(numbers)
        owners = np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start))[kept]
        numbers = numbers[kept]
        self._by_article = numbers, owners
        counts = np.bincount(numbers, minlength=len(known) + 1)
        self._starts = np.cumsum(counts) - counts
        self._stops = self._starts.copy()
        order = in_order(numbers)
        self._owners = owners[order].astype(np.int32)
        self._weights = rows.weights[kept][order]
        self.upto = 0

    def advance(self, upto: int) -> None:
        """See the articles at places below ``upto`` too."""
        numbers, owners = self._by_article
        first, end = np.searchsorted(owners, [self.upto, upto]).tolist()
        if end - first > len(self._stops) // 16:  # counting all costs less than sorting so many
            self._stops += np.bincount(numbers[first:end], minlength=len(self._stops))
        else:
            found, counts = np.unique(numbers[first:end], return_counts=True)
            self._stops[found] += counts
        self.upto = upto

    def cosines(self, place: int) -> Floats:
        """Return the cosine of one article with each article seen so far."""
        terms, weights = self._rows.row(place)
        numbers = self._numbers[terms]
        starts, stops = self._starts[numbers], self._stops[numbers]
        spans = [slice(*pair) for pair in zip(starts.tolist(), stops.tolist(), strict=True)]
        if not spans:
            return np.zeros(self.upto)
        products = np.repeat(weights.astype(np.float64), stops - starts)
        products *= np.concatenate([self._weights[span] for span in spans])
        owners = np.concatenate([self._owners[span] for span in spans])
        sums = np.bincount(owners, weights=products, minlength=self.upto)
        cosines: Floats = sums / (SCALE * SCALE)
        return cosines


def in_order(numbers: NDArray[np.signedinteger[Any]]) -> Ints:
    """Return the places of ``numbers`` (0 or more) in their order, then in that of the places.

    Sixteen bits at a time, which NumPy sorts by their digits, several times as fast as the whole.
    """
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    high = (numbers >> 16).astype(np.uint16)
    return order[np.argsort(high[order], kind="stable")] if high.any() else order
