"""The pools of a month's articles: who their candidates are, and how each was ranked.

They are kept so that a newcomer can join a pool without the others being looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.related.vectors import NO_INTS, Floats, Ints, starts_of, stored, stretches

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

    def columns(self) -> tuple[NDArray[np.uint32], Floats, Floats, Floats]:
        """Return all candidates of all pools, one pool after the other, as they are stored."""
        return (
            np.frombuffer(self.near, "<u4"),
            np.frombuffer(self.cosines, "<f8"),
            np.frombuffer(self.plain, "<f8"),
            np.frombuffer(self.scores, "<f8"),
        )

    def these(self, numbers: Iterable[int]) -> dict[int, Pool]:
        """Return the pools of some articles by their numbers."""
        starts, (near, cosines, plain, scores) = self.starts(), self.columns()
        spans = {n: slice(int(starts[n]), int(starts[n + 1])) for n in numbers}
        return {
            n: Pool(near[span].astype(np.int64), cosines[span], plain[span], scores[span])
            for n, span in spans.items()
        }

    def floors(self) -> Floats:
        """Return the plain score that a newcomer must reach, -1 where a pool has room."""
        starts = self.starts()
        floors = np.full(len(starts) - 1, -1.0)
        full = np.flatnonzero(np.diff(starts) == POOL)
        floors[full] = np.frombuffer(self.plain, "<f8")[starts[full + 1] - 1]
        return floors

    def having(self, places: Ints) -> Ints:
        """Return the numbers of the pools in which one of ``places`` is."""
        if not len(places):
            return NO_INTS
        found = np.flatnonzero(np.isin(np.frombuffer(self.near, "<u4"), places))
        return np.unique(np.searchsorted(self.starts(), found, side="right") - 1)

    def moved(self, now: Ints, order: Ints, first: int) -> Pools:
        """Return the pools in another order, of articles that have moved with them.

        ``order`` names the pool to take for each article (one that is not there: none yet),
        ``now`` where each article of the month lies after it, counted from ``first``.
        """
        starts = np.concatenate([self.starts(), np.full(len(order), len(self.near) // 4)])
        spans = [(starts[a], starts[b]) for a, b in stretches(order)]
        lengths = starts[order + 1] - starts[order]
        near, *others = (
            np.concatenate([column[:0], *(column[a:b] for a, b in spans)])
            for column in self.columns()
        )
        own = np.flatnonzero(near >= first)
        near[own] = now[near[own] - np.uint32(first)] + first
        return _pack(lengths, near, *others)

    def replaced(self, by: Mapping[int, Pool], count: int) -> Pools:
        """Return ``count`` pools: those ``by`` number, and as they were all others."""
        starts = self.starts()
        if len(starts) == 1:
            starts = np.zeros(count + 1, np.int64)
        numbers = sorted(by)
        edges = [0, *(int(edge) for n in numbers for edge in (starts[n], starts[n + 1])), None]
        stay = [slice(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]
        lengths = np.diff(starts)
        lengths[numbers] = [len(by[n].near) for n in numbers]
        columns = []
        old: tuple[NDArray[Any], ...] = self.columns()
        for at, column in enumerate(old):
            parts = [by[n][at].astype(column.dtype, copy=False) for n in numbers]
            between = [column[span] for span in stay]
            columns.append(
                np.concatenate([*chain(*zip(between, parts, strict=False)), between[-1]])
            )
        return _pack(lengths, *columns)


NO_POOLS: Final = Pools()


def _pack(lengths: Ints, *columns: NDArray[np.generic]) -> Pools:
    near, *others = columns
    return Pools(
        stored(lengths, "<u2"), stored(near, "<u4"), *(stored(column, "<f8") for column in others)
    )
