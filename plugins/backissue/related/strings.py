"""Many strings as two arrays: kept in a memory map, and read one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import accumulate
from typing import Final

import msgspec
import numpy as np

from backissue.related.vectors import Ints, stored, stretches

FEW: Final = 64
"""So few strings are looked for one by one: it costs less than reading all that there are."""


class Strings(msgspec.Struct, frozen=True):
    """Strings as UTF-8 one after the other (``text``), and where each ends (``ends``, uint32)."""

    ends: memoryview = memoryview(b"")
    text: memoryview = memoryview(b"")

    @classmethod
    def of(cls, strings: Iterable[str]) -> Strings:
        """Return the strings packed."""
        packed = [string.encode("utf-8", "surrogatepass") for string in strings]
        ends = np.array([*accumulate(map(len, packed))], "<u4")
        return cls(memoryview(ends.tobytes()), memoryview(b"".join(packed)))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ends) // 4

    def __getitem__(self, number: int) -> str:
        """Return one of them. Raises IndexError."""
        return self._bytes(range(len(self))[number]).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """Return all of them, one by one."""
        data = self.text.tobytes()
        ends = np.frombuffer(self.ends, "<u4").tolist()
        spans = zip([0, *ends[:-1]], ends, strict=False)
        if data.isascii():  # keys mostly are
            text = data.decode()
            return (text[a:b] for a, b in spans)
        return (data[a:b].decode("utf-8", "surrogatepass") for a, b in spans)

    def merged(self, other: Strings, order: Ints) -> Strings:
        """Return the strings of both in another order, in which most stay side by side."""
        ends = [np.frombuffer(one.ends, "<u4").astype(np.int64) for one in (self, other)]
        starts = [np.append(0, own) for own in ends]
        text = []
        for a, b in stretches(order, len(self)):
            one, skip = (0, 0) if a < len(self) else (1, len(self))
            own = (self, other)[one].text
            text.append(own[int(starts[one][a - skip]) : int(starts[one][b - skip])])
        lengths = np.concatenate([np.diff(own) for own in starts])[order]
        return Strings(stored(np.cumsum(lengths), "<u4"), memoryview(b"".join(text)))

    def has_any(self, wanted: Set[str]) -> bool:
        """Return whether one of ``wanted`` is among the strings, which are ascending."""
        if len(wanted) > FEW:
            return not wanted.isdisjoint(self)
        return any(self._has(string.encode("utf-8", "surrogatepass")) for string in wanted)

    def _has(self, wanted: bytes) -> bool:
        # UTF-8 has the order of its characters.
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low < len(self) and self._bytes(low) == wanted

    def _bytes(self, number: int) -> bytes:
        ends = self.ends
        start = int.from_bytes(ends[4 * number - 4 : 4 * number], "little") if number else 0
        return bytes(self.text[start : int.from_bytes(ends[4 * number : 4 * number + 4], "little")])
