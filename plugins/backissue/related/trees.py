"""A small ranking model: a sum of oblivious decision trees.

Gradient boosting (J. H. Friedman, "Greedy function approximation: a gradient boosting
machine", Annals of Statistics 29(5), 2001) by LambdaMART's gradients (C. J. C. Burges, "From
RankNet to LambdaRank to LambdaMART: an overview", MSR-TR-2010-82), over oblivious trees, which
ask the same question at all nodes of a level (L. Prokhorenkova and others, "CatBoost: unbiased
boosting with categorical features", NeurIPS 2018). Such a tree is a table indexed by its
answers, which numpy looks up for many candidates at once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BINS: Final = 64
SEEN: Final = 10
"""Only pairs of which one is among the first SEEN are taught: nobody looks further down."""

UNIT: Final = 100_000
AT_ONCE: Final = 4096
"""Rows that are scored at once: their columns stay near the processor."""

FEW: Final = 256
"""Of so few rows all trees are asked at once."""

_SHRINK: Final = 1.0  # added to each leaf's curvature
_SOFTEN: Final = 0.01  # pairs far apart already teach less, as in LightGBM


class Tree(msgspec.Struct, frozen=True):
    """Questions "is column c above threshold t?", and the value for each set of answers."""

    columns: tuple[int, ...]
    thresholds: tuple[float, ...]
    values: tuple[float, ...]


class Forest(msgspec.Struct, frozen=True):
    """Trees whose values are added up; ``names`` are the columns that they ask about."""

    names: tuple[str, ...]
    trees: tuple[Tree, ...] = ()

    def score(self, table: Floats) -> Floats:
        """Return a score for each row of ``table``, whose columns are ``names``."""
        if len(table) <= FEW:
            return self._score_few(table) / UNIT
        parts = [self._score(table[n : n + AT_ONCE]) for n in range(0, len(table), AT_ONCE)]
        return np.concatenate([np.zeros(0, np.int64), *parts]) / UNIT

    def _score(self, table: Floats) -> Ints:
        columns = np.ascontiguousarray(table.T)
        total = np.zeros(len(table), np.int64)
        leaf, above = np.zeros(len(table), np.uint8), np.zeros(len(table), np.bool_)
        answers = above.view(np.uint8)
        for tree, values in zip(self.trees, _whole_values(self), strict=True):
            leaf.fill(0)
            for column, threshold in zip(tree.columns, tree.thresholds, strict=True):
                np.greater(columns[column], threshold, out=above)
                leaf += leaf
                leaf += answers
            total += values[leaf]
        return total

    def _score_few(self, table: Floats) -> Ints:
        """Ask all trees at once, level by level: for few rows it is the asking that costs."""
        total = np.zeros(len(table), np.int64)
        by_depth: dict[int, list[int]] = {}
        for number, tree in enumerate(self.trees):
            by_depth.setdefault(len(tree.columns), []).append(number)
        columns = np.ascontiguousarray(table.T)
        whole = _whole_values(self)
        for depth, numbers in by_depth.items():
            trees = [self.trees[number] for number in numbers]
            leaf = np.zeros((len(trees), len(table)), np.int64)
            for level in range(depth):
                asked = columns[[tree.columns[level] for tree in trees]]
                leaf += leaf + (asked > np.array([[tree.thresholds[level]] for tree in trees]))
            values = np.array([whole[number] for number in numbers])
            total += np.take_along_axis(values, leaf, axis=1).sum(axis=0)
        return total


@lru_cache(maxsize=8)
def _whole_values(forest: Forest) -> list[Ints]:
    """Return the values of each tree in whole 1/UNIT: sums of them are exact in any order."""
    return [np.rint(np.array(tree.values) * UNIT).astype(np.int64) for tree in forest.trees]


class Growth(msgspec.Struct, frozen=True):
    """How a forest is grown: chosen by cross-validation, see docs/related.md."""

    trees: int = 260
    depth: int = 4
    rate: float = 0.08


def grow(
    names: tuple[str, ...], table: Floats, wanted: Floats, groups: Ints, growth: Growth
) -> Forest:
    """Return the forest that ranks the ``wanted`` rows of each group first.

    ``wanted`` is 1 for a row to be ranked first, else 0; the rows of a group are together
    and ``groups`` gives their lengths. Groups in which nothing is wanted teach nothing.
    """
    edges = [_edges(column, wanted) for column in table.T]
    binned = np.array(
        [np.searchsorted(e, column, side="left") for e, column in zip(edges, table.T, strict=True)]
    )
    pairs = _Pairs(wanted, groups)
    score = np.zeros(len(table))
    trees = []
    for number in range(growth.trees):
        gradient, hessian = pairs.slopes(score)
        tree, leaf = _tree(binned, edges, (gradient, hessian), _asked(number, names), growth)
        score += np.array(tree.values)[leaf]
        trees.append(tree)
    return Forest(names, tuple(trees))


class _Pairs:
    """Every wanted row with every other row of its group, and what swapping them would gain."""

    def __init__(self, wanted: Floats, groups: Ints) -> None:
        starts = np.cumsum(groups) - groups
        self._group_of = np.repeat(np.arange(len(groups)), groups)
        self._starts = starts
        up = np.flatnonzero(wanted > 0)
        sizes = groups[self._group_of[up]]
        ups = np.repeat(up, sizes)
        ends = np.cumsum(sizes)
        inside = np.arange(int(sizes.sum())) - np.repeat(ends - sizes, sizes)
        downs = starts[self._group_of[ups]] + inside
        kept = wanted[downs] == 0
        self._ups, self._downs = ups[kept], downs[kept]
        found = np.add.reduceat(wanted, starts).astype(np.int64)
        ideal = np.concatenate([[0.0], np.cumsum(1.0 / np.log2(2.0 + np.arange(found.max())))])
        self._ideal = np.maximum(ideal[found], 1.0)[self._group_of[self._ups]]
        self._rows = len(wanted)

    def slopes(self, score: Floats) -> tuple[Floats, Floats]:
        """Return the gradient and curvature of the loss at these scores."""
        order = np.lexsort((-score, self._group_of))
        rank = np.empty(self._rows, np.int64)
        rank[order] = np.arange(self._rows) - self._starts[self._group_of]
        worth = 1.0 / np.log2(2.0 + rank)
        ups, downs = self._ups, self._downs
        gain = np.abs(worth[ups] - worth[downs]) / self._ideal
        gain *= np.minimum(rank[ups], rank[downs]) < SEEN
        apart = score[ups] - score[downs]
        gain /= _SOFTEN + np.abs(apart)
        chance = 1.0 / (1.0 + np.exp(apart))
        push, bend = gain * chance, gain * chance * (1.0 - chance)
        gradient = np.bincount(ups, weights=push, minlength=self._rows)
        gradient = gradient - np.bincount(downs, weights=push, minlength=self._rows)
        hessian = np.bincount(ups, weights=bend, minlength=self._rows)
        hessian = hessian + np.bincount(downs, weights=bend, minlength=self._rows)
        return gradient.astype(np.float64), hessian.astype(np.float64)


def _edges(column: Floats, wanted: Floats) -> Floats:
    """Return up to BINS - 2 thresholds: quantiles of all rows, and of the wanted ones.

    The wanted rows lie in the tails, where quantiles of all rows are too coarse.
    """
    cuts = np.linspace(0, 1, BINS // 2 + 1)[1:-1]
    of_all = np.quantile(column, cuts, method="lower")
    of_wanted = np.quantile(column[wanted > 0], cuts, method="lower")
    return np.unique(np.concatenate([of_all, of_wanted]))


def _asked(number: int, names: tuple[str, ...]) -> list[int]:
    """Return the columns that a tree may ask about: three in five, other ones for every tree.

    Which ones is a hash of their names, so that growing is no matter of luck.
    """
    return [
        column for column, name in enumerate(names) if crc32(f"{number} {name}".encode()) % 5 < 3
    ] or list(range(len(names)))


def _tree(
    binned: NDArray[np.int64],
    edges: list[Floats],
    slopes: tuple[Floats, Floats],
    asked: list[int],
    how: Growth,
) -> tuple[Tree, Ints]:
    """Return the tree that lowers the loss most, level by level, and each row's leaf in it."""
    gradient, hessian = slopes
    leaf = np.zeros(len(gradient), np.int64)
    columns: list[int] = []
    thresholds: list[float] = []
    for level in range(how.depth):
        best = (-1.0, 0, 0)
        for column in asked:
            if len(edges[column]):
                gain, cut = _best_cut(binned[column], len(edges[column]), leaf, 1 << level, slopes)
                if gain > best[0]:
                    best = (gain, column, cut)
        _, column, cut = best
        leaf = 2 * leaf + (binned[column] > cut)
        columns.append(column)
        thresholds.append(float(edges[column][cut]))
    size = 1 << how.depth
    top = np.bincount(leaf, weights=gradient, minlength=size)
    below = np.bincount(leaf, weights=hessian, minlength=size) + _SHRINK
    values = np.rint(how.rate * top / below * UNIT) / UNIT
    return Tree(tuple(columns), tuple(thresholds), tuple(values.tolist())), leaf


def _best_cut(
    bins: Ints, cuts: int, leaf: Ints, leaves: int, slopes: tuple[Floats, Floats]
) -> tuple[float, int]:
    """Return the gain and the number of the edge of a column that gains most at this level."""
    cell = leaf * BINS + bins
    top, below = (
        np.bincount(cell, weights=slope, minlength=leaves * BINS).reshape(leaves, BINS)
        for slope in slopes
    )
    low, low_below = np.cumsum(top, axis=1), np.cumsum(below, axis=1)
    high, high_below = low[:, -1:] - low, low_below[:, -1:] - low_below
    gain = np.sum(low**2 / (low_below + _SHRINK) + high**2 / (high_below + _SHRINK), axis=0)
    cut = int(np.argmax(gain[:cuts]))
    return float(gain[cut]), cut
