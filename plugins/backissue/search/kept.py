"""What was made of an archive's files and may be asked for again, kept within so many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar, cast


class Sized(Protocol):
    """Something that says how much memory it takes."""

    @property
    def nbytes(self) -> int:
        """About how many bytes it takes."""
        ...


Made = TypeVar("Made", bound=Sized)


class Kept:
    """Keeps things within ``most`` bytes together; what was asked for least lately goes first.

    Threads may share it: two of them may then make the same thing at once, and one is kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, Sized] = OrderedDict()
        self.nbytes = 0

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept under ``key``, or make and keep it: always the same sort of thing.

        What takes more than a quarter of all is not kept.
        """
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return cast(Made, found)
        made = make()
        size = made.nbytes
        if 4 * size <= self._most:
            with self._lock:
                before = self._held.pop(key, None)
                self.nbytes += size - (before.nbytes if before is not None else 0)
                self._held[key] = made
                while self.nbytes > self._most:
                    self.nbytes -= self._held.popitem(last=False)[1].nbytes
        return made
