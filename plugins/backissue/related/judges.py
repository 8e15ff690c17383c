"""Who judges the articles of a month: those of the months before, and at first some of its own.

An article is judged by what was there before its month, so that what comes later changes
nothing. While that is fewer than LEAST_JUDGES articles, the first ones of its own month judge
too: by then a young archive has statistics at all, and a newcomer to it changes them only where
it is among its first articles.
"""

from __future__ import annotations

import sys
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backissue.related.vectors import NO_INTS, Floats, Ints

LEAST_JUDGES: Final = 500
ALL: Final = sys.maxsize


class Judges(NamedTuple):
    """All articles before the place ``first``, and those at the places ``own`` (ascending)."""

    first: int
    own: Ints = NO_INTS

    def of(self, values: Floats, but: int) -> Floats:
        """Return the values of the judges, without that of the article at one place."""
        if not len(self.own):
            return values[: self.first]
        return np.concatenate([values[: self.first], values[self.own[self.own != but]]])

    def among(self, places: Ints) -> NDArray[np.bool_]:
        """Return which of the places are those of judges."""
        judging: NDArray[np.bool_] = places < self.first
        return judging | np.isin(places, self.own) if len(self.own) else judging


def own_judges(days: ArrayLike, before: int, least: int) -> Ints:
    """Return which articles of a month judge it, by number: its first, where there are too few.

    ``days`` are those of its articles (by key), ``before`` says how many articles there are in
    the months before, ``least`` how many judges there must be.
    """
    order = np.argsort(np.asarray(days, np.int64), kind="stable")
    return np.sort(order[: max(0, least - before)])
