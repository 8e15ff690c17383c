"""The dates of an archive's documents, and what follows from them alone."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

FRESH: Final = 0.1  # what the newest month gains over one long past
HALF_LIFE: Final = 12.0  # months after which half of that is left


class Dates(tuple[tuple[str, int], ...]):
    """The dates of an archive's documents in the order of their numbers, each with how many."""

    @cached_property
    def freshness(self) -> NDArray[np.float64]:
        """Each document's factor, by its months before the newest."""
        newest = _month_number(self[-1][0]) if self else 0
        factors = [
            1.0 + FRESH * (HALF_LIFE / (HALF_LIFE + (newest - _month_number(date))))
            for date, _ in self
        ]
        found = np.repeat(np.array(factors, np.float64), self._many)
        found.flags.writeable = False
        return found

    @cached_property
    def months(self) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """The months in ascending order, and the number of each document's."""
        names = sorted({date[:7] for date, _ in self})
        number = {name: at for at, name in enumerate(names)}
        numbers = np.array([number[date[:7]] for date, _ in self], np.int64)
        return tuple(names), np.repeat(numbers, self._many)

    @cached_property
    def _many(self) -> NDArray[np.int64]:
        return np.array([many for _, many in self], np.int64)

    def between(self, after: str, before: str) -> NDArray[np.bool_]:
        """Return of each document whether it is from ``after`` on, and before ``before``.

        What is empty asks for nothing.
        """
        kept = [date >= after and (not before or date < before) for date, _ in self]
        return np.repeat(np.array(kept, np.bool_), self._many)

    def of(self, month: str) -> NDArray[np.bool_]:
        """Return of each document whether its date begins with ``month``."""
        kept = [date.startswith(month) for date, _ in self]
        return np.repeat(np.array(kept, np.bool_), self._many)


def _month_number(date: str) -> int:
    return int(date[:4]) * 12 + int(date[5:7]) - 1
