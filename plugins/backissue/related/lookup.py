"""Terms found among many: without a table of all terms where few articles are asked for.

A table of all terms takes tens of megabytes, which the system hands out page by page and wipes
first: for one article that costs more than the looking up.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backissue.related.terms import BUCKETS, Terms

_ENDS: Final = 1 << 16


class Probe:
    """The terms of one row (up to 255, ascending) and their weights, to be found in other rows."""

    def __init__(self, terms: Terms, weights: NDArray[np.uint16]) -> None:
        # The first is no term: what is not found.
        self._terms = np.append(np.uint32(BUCKETS), terms)
        self._weights = np.append(0.0, weights.astype(np.float64))
        ends = terms.astype(np.uint16)
        self._ends_so = np.zeros(_ENDS, np.bool_)
        self._ends_so[ends] = True
        self._numbers: list[NDArray[np.uint8]] = []
        left = np.arange(1, len(terms) + 1, dtype=np.uint8)
        while len(left):  # of terms that end alike each table has one
            table = np.zeros(_ENDS, np.uint8)
            table[ends[left - 1]] = left
            self._numbers.append(table)
            left = left[table[ends[left - 1]] != left]

    def find(self, terms: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return where in ``terms`` those of the row may be, and the weight they have in it.

        The weight is nought where another term ends in the same sixteen bits: few enough, and to
        look at the ends alone, in a table that a processor keeps near it, costs the least.
        """
        ends = terms.astype("<u4", copy=False).view("<u2")[::2]
        near = np.flatnonzero(np.take(self._ends_so, ends))
        found, ends = terms[near], ends[near]
        weights = np.zeros(len(near))
        for table in self._numbers:
            numbers = np.take(table, ends)
            weights += np.take(self._weights, numbers) * (np.take(self._terms, numbers) == found)
        return near, weights


class Numbers:
    """Numbers for the terms of an article, by which others are told.

    Where ``many`` articles are asked for a table of all terms is made, once.
    """

    def __init__(self, many: bool) -> None:
        self._many = many

    @cached_property
    def _table(self) -> NDArray[np.int32]:
        return np.zeros(BUCKETS, np.int32)  # always left as noughts

    def any_of(self, terms: Terms) -> NDArray[np.signedinteger[Any]]:
        """Return a number below their count for each of ``terms``, one for those that are one."""
        if not self._many:
            return np.unique(terms, return_inverse=True)[1]
        self._table[terms] = np.arange(len(terms))  # of those of one term, the last holds
        numbers = self._table[terms]
        self._table[terms] = 0
        return numbers

    def of(self, terms: Terms, known: Terms, first: int = 1) -> NDArray[np.int32]:
        """Return the number of each of ``terms``: those ``known`` have the numbers from ``first``.

        ``known`` are ascending. All others have the number nought.
        """
        if not self._many:
            places = np.minimum(np.searchsorted(known, terms), max(len(known) - 1, 0))
            same = known[places] == terms if len(known) else np.zeros(len(terms), np.bool_)
            return np.where(same, places + first, 0).astype(np.int32)
        self._table[known] = np.arange(first, first + len(known))
        numbers = self._table[terms]
        self._table[known] = 0
        return numbers
