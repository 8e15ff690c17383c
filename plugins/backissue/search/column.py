"""The topics of an archive's documents as columns, so that facets are counted quickly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .analysis import words_of
from .dates import Dates
from .records import Facet

MOST_TOPICS: Final = 20
MOST_RELATED: Final = 6
FEW: Final = 5  # times as many documents as are found: then each one's topics are looked up
FEWEST: Final = 2  # articles found that must have a related topic


class TopicColumn:
    """Which topics each document has: ``of`` the topics' slugs, one sequence a document."""

    def __init__(self, of: Iterable[Sequence[str]], names: Mapping[str, str]) -> None:
        listed = [tuple(slugs) for slugs in of]
        self._slugs = sorted({slug for slugs in listed for slug in slugs})
        self._names = dict(names)
        number = {slug: at for at, slug in enumerate(self._slugs)}
        self._topics = np.array([number[slug] for slugs in listed for slug in slugs], np.int64)
        self._sizes = np.array([len(slugs) for slugs in listed], np.int64)
        self._ends = np.cumsum(self._sizes)
        self._docs = np.repeat(np.arange(len(listed)), self._sizes)
        self._count = len(listed)
        self._last: tuple[object, NDArray[np.int64]] = (None, np.zeros(0, np.int64))

    def facets(self, ids: NDArray[np.int64]) -> tuple[Facet, ...]:
        """Return the topics that documents ``ids`` have most, with their counts."""
        counts = self._counts(ids)
        most = np.argsort(-counts, kind="stable")[:MOST_TOPICS].tolist()  # slugs ascend
        return tuple(
            Facet(self._slugs[at], self._names.get(self._slugs[at], self._slugs[at]), count)
            for at in most
            if (count := int(counts[at]))
        )

    def _counts(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        last, counts = self._last  # an answer asks twice
        if last is not ids:
            counts = self._counted(ids)
            self._last = ids, counts
        return counts

    def _counted(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        if len(ids) * FEW < self._count:
            sizes = self._sizes[ids]
            ends = np.cumsum(sizes)
            places = np.arange(ends[-1] if len(ends) else 0)
            places += np.repeat(self._ends[ids] - ends, sizes)
            return np.bincount(self._topics[places], minlength=len(self._slugs))
        chosen = np.zeros(self._count, np.bool_)
        chosen[ids] = True
        return np.bincount(self._topics[chosen[self._docs]], minlength=len(self._slugs))

    def related(self, ids: NDArray[np.int64], asked: str, topic: str) -> tuple[str, ...]:
        """Return names of topics to search for next, that documents ``ids`` have more than others.

        A topic counts by how many of them have it, times the part of its documents that they
        are. Left out are ``topic`` and names whose words ``asked`` has.
        """
        counts = self._counts(ids)
        said = set(words_of(asked))
        some = np.flatnonzero(counts >= FEWEST)
        worth = counts[some] * counts[some] / self._every[some]
        best = some[np.argsort(-worth, kind="stable")].tolist()  # slugs ascend
        slugs = (self._slugs[at] for at in best)
        names = (self._names.get(slug, slug) for slug in slugs if slug != topic)
        new = (name for name in names if not said.issuperset(_words_of(name)))
        return tuple(islice(new, MOST_RELATED))

    @cached_property
    def _every(self) -> NDArray[np.int64]:
        return np.bincount(self._topics, minlength=len(self._slugs))


_words_of = lru_cache(maxsize=1 << 12)(words_of)  # of topics' names, again and again


def month_facets(dates: Dates, ids: NDArray[np.int64]) -> tuple[Facet, ...]:
    """Return the months that documents ``ids`` are of, newest first, with their counts."""
    months, of = dates.months
    counts = np.bincount(of[ids], minlength=len(months)).tolist()
    return tuple(
        Facet(month, month, count)
        for month, count in zip(reversed(months), reversed(counts), strict=True)
        if count
    )
