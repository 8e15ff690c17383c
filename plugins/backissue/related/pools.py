"""The pools of a month's articles: who their candidates are, and how each was ranked.

They are kept so that a newcomer can join a pool without the others being looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.related.vectors import Floats, Ints, spread, starts_of

POOL: Final = 64
"""How many candidates are looked at closely."""


class Pool(NamedTuple):
    """The candidates of one article, best first by the plain score; ties go by place.

    ``near`` are their places in the archive, ``scores`` what the ranker said of each.
    """

    near: Ints
    cosines: Floats
    plain: Floats
    scores: Floats

    def joined(self, newcomers: Pool) -> Pool:
        """Return the pool of both, as far as there is room."""
        both = [np.concatenate(pair) for pair in zip(self, newcomers, strict=True)]
        near, _, plain, _ = both
        order = np.lexsort((near, -plain))[:POOL]
        return Pool(*(values[order] for values in both))

    def before(self, plain: float, place: int) -> NDArray[np.bool_]:
        """Return which candidates come before one at ``place`` with a plain score."""
        ahead: NDArray[np.bool_] = (self.plain > plain) | (
            (self.plain == plain) & (self.near < place)
        )
        return ahead

    def best_first(self) -> Ints:
        """Return the order in which the ranker puts them; ties go by the plain score."""
        return np.lexsort((np.arange(len(self.near)), -self.scores))


class Pools(msgspec.Struct, frozen=True):
    """Pools as stored: how many each has (uint16), then all of them, one after the other.

    ``near`` is uint32, the others are float64.
    """

    lengths: memoryview = memoryview(b"")
    near: memoryview = memoryview(b"")
    cosines: memoryview = memoryview(b"")
    plain: memoryview = memoryview(b"")
    scores: memoryview = memoryview(b"")

    def starts(self) -> Ints:
        """Return where each pool starts, and where the last ends."""
        return starts_of(np.frombuffer(self.lengths, "<u2").astype(np.int64))

    def unpacked(self) -> Pool:
        """Return all candidates of all pools, one pool after the other."""
        near = np.frombuffer(self.near, "<u4").astype(np.int64)
        return Pool(
            near, *(np.frombuffer(one, "<f8") for one in (self.cosines, self.plain, self.scores))
        )

    def pools(self) -> list[Pool]:
        """Return the pools."""
        every = self.unpacked()
        columns = (np.split(values, self.starts()[1:-1]) for values in every)
        return [Pool(*values) for values in zip(*columns, strict=True)] if self.lengths else []

    def floors(self) -> Floats:
        """Return the plain score that a newcomer must reach, -1 where a pool has room."""
        starts = self.starts()
        floors = np.full(len(starts) - 1, -1.0)
        full = np.flatnonzero(np.diff(starts) == POOL)
        floors[full] = np.frombuffer(self.plain, "<f8")[starts[full + 1] - 1]
        return floors

    def having(self, places: Ints) -> Ints:
        """Return the numbers of the pools in which one of ``places`` is."""
        found = np.flatnonzero(np.isin(np.frombuffer(self.near, "<u4"), places))
        return np.unique(np.searchsorted(self.starts(), found, side="right") - 1)

    def moved(self, now: Ints, order: Ints, first: int) -> Pools:
        """Return the pools in another order, of articles that have moved with them.

        ``order`` names the pool to take for each article (one that is not there: none yet),
        ``now`` where each article of the month lies after it, counted from ``first``.
        """
        starts = np.concatenate([self.starts(), np.full(len(order), len(self.near) // 4)])
        where, lengths = spread(starts, order)
        near, *others = self.unpacked()
        own = near >= first
        near[own] = now[near[own] - first] + first
        return _pack(lengths, Pool(near[where], *(values[where] for values in others)))


NO_POOLS: Final = Pools()
NOBODY: Final = Pool(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0))


def pack_pools(pools: Sequence[Pool]) -> Pools:
    """Return pools to be stored."""
    lengths = np.array([len(pool.near) for pool in pools], np.int64)
    columns = zip(NOBODY, *pools, strict=True)
    return _pack(lengths, Pool(*(np.concatenate(values) for values in columns)))


def _pack(lengths: Ints, every: Pool) -> Pools:
    near, *others = every
    return Pools(
        memoryview(lengths.astype("<u2").tobytes()),
        memoryview(near.astype("<u4").tobytes()),
        *(memoryview(values.astype("<f8").tobytes()) for values in others),
    )
