"""The topics of an archive's documents as columns, so that facets are counted quickly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .records import Facet

MOST_TOPICS: Final = 20


class TopicColumn:
    """Which topics each document has: ``of`` the topics' slugs, one sequence a document."""

    def __init__(self, of: Iterable[Sequence[str]], names: Mapping[str, str]) -> None:
        listed = [tuple(slugs) for slugs in of]
        self._slugs = sorted({slug for slugs in listed for slug in slugs})
        self._names = dict(names)
        number = {slug: at for at, slug in enumerate(self._slugs)}
        self._topics = np.array([number[slug] for slugs in listed for slug in slugs], np.int64)
        self._docs = np.repeat(np.arange(len(listed)), [len(slugs) for slugs in listed])
        self._count = len(listed)

    def facets(self, ids: NDArray[np.int64]) -> tuple[Facet, ...]:
        """Return the topics that documents ``ids`` have most, with their counts."""
        chosen = np.zeros(self._count, np.bool_)
        chosen[ids] = True
        counts = np.bincount(self._topics[chosen[self._docs]], minlength=len(self._slugs))
        found = [(self._slugs[at], int(counts[at])) for at in np.flatnonzero(counts).tolist()]
        found.sort(key=lambda item: (-item[1], item[0]))
        return tuple(
            Facet(slug, self._names.get(slug, slug), count) for slug, count in found[:MOST_TOPICS]
        )


def month_facets(dates: Sequence[tuple[str, int]], ids: NDArray[np.int64]) -> tuple[Facet, ...]:
    """Return the months that documents ``ids`` are of, newest first, with their counts."""
    months, of = _months(tuple(dates))
    counts = np.bincount(of[ids], minlength=len(months)).tolist()
    return tuple(
        Facet(month, month, count)
        for month, count in zip(reversed(months), reversed(counts), strict=True)
        if count
    )


@lru_cache(maxsize=2)  # of the archive that is asked, and of the one that a publish put in place
def _months(dates: tuple[tuple[str, int], ...]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the months, and the number of each document's."""
    months = sorted({date[:7] for date, _ in dates})
    number = {month: at for at, month in enumerate(months)}
    numbers = np.array([number[date[:7]] for date, _ in dates], np.int64)
    return months, np.repeat(numbers, [many for _, many in dates])
