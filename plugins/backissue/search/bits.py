"""Columns of whole numbers as bits, many at a time.

Rice's code (Rice 1979) with its two halves apart: a number v is written with a width k as
v >> k in unary (so many zeros and a one) in one stream, and its lowest k bits in another, so
that numpy reads and writes either half of a whole column at once. The highest bit comes first,
and a stream ends with a whole byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Wide = NDArray[np.int64]
Bytes = NDArray[np.uint8]

_AHEAD: Final = 64  # bytes
_WINDOW: Final = 32  # bits looked at to read a number that is no wider than 25


class Streams(NamedTuple):
    """Streams one after the other: their bytes, and where each of them begins and the last ends."""

    data: Bytes
    starts: Wide

    def each(self) -> Iterator[bytes]:
        """Yield the streams one by one."""
        data = self.data.tobytes()
        return (data[start:end] for start, end in pairwise(self.starts.tolist()))


def log2(numbers: Wide) -> Wide:
    """Return the integer logarithms of numbers, 0 for those below 2."""
    return np.maximum(np.frexp(numbers)[1].astype(np.int64) - 1, 0)


def _laid_out(sizes: Wide, borders: Wide) -> tuple[Wide, Wide]:
    """Return at which bit each item begins, and at which byte each stream.

    ``sizes`` are the items' bits, ``borders`` the first item of each stream and the end of all.
    """
    ends = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=ends[1:])
    edges = ends[borders]
    starts = np.concatenate(([0], np.cumsum((np.diff(edges) + 7) >> 3)))
    places = np.repeat(starts[:-1] * 8 - edges[:-1], np.diff(borders))
    places += ends[:-1]
    return places, starts


def unary(numbers: Wide, borders: Wide) -> Streams:
    """Return numbers in unary, as streams between ``borders``."""
    places, starts = _laid_out(numbers + 1, borders)
    places += numbers
    bits = np.zeros(8 * int(starts[-1]), np.uint8)
    bits[places] = 1
    return Streams(np.packbits(bits), starts)


def fixed(numbers: Wide, widths: Wide, borders: Wide) -> Streams:
    """Return numbers in so many bits each (25 at most), as streams between ``borders``."""
    places, starts = _laid_out(widths, borders)
    total = int(starts[-1])
    # Words of 32 bits, and behind each what its last number has of the next word's bits.
    first = places >> 5
    shifts = 64 - widths - (places & 31)
    wide = numbers.view(np.uint64) << shifts.view(np.uint64)
    begins = np.flatnonzero(np.diff(first, prepend=-1))
    sums = np.add.reduceat(wide, begins) if len(begins) else wide  # no two have a bit in common
    words = np.zeros((total >> 2) + 2, np.uint64)
    words[first[begins]] = sums >> np.uint64(32)
    words[first[begins] + 1] |= sums & np.uint64(0xFFFFFFFF)
    return Streams(words.astype(">u4").view(np.uint8)[:total], starts)


def read_unary(data: Bytes, at: int, count: int) -> tuple[Wide, int]:
    """Return ``count`` numbers in unary from byte ``at`` on, and the byte after their stream."""
    if not count:
        return np.zeros(0, np.int64), at
    size = (count >> 1) + _AHEAD
    ones = _ones(data[at : at + size])
    # Of what follows no more is looked at than must be.
    while len(ones) < count and at + size < len(data):
        size *= 2
        ones = _ones(data[at : at + size])
    numbers = ones[:count].copy()
    numbers[1:] -= ones[: count - 1] + 1
    return numbers, at + (int(ones[count - 1]) >> 3) + 1


def _ones(data: Bytes) -> Wide:
    """Return which bits are ones."""
    found: Wide = np.flatnonzero(np.unpackbits(data).view(np.bool_))
    return found


def read_fixed(data: Bytes, at: int, widths: Wide) -> tuple[Wide, int]:
    """Return numbers of so many bits each from byte ``at`` on, and the byte after their stream."""
    ends = np.cumsum(widths)
    places = ends - widths
    total = (int(ends[-1]) + 7) >> 3 if len(ends) else 0
    padded = np.concatenate((data[at : at + total], np.zeros(4, np.uint8))).astype(np.int64)
    # The four bytes from each byte on: they are fewer than the numbers, and stand in a row.
    every = padded[:-3] << 24
    for byte in (1, 2, 3):
        every |= padded[byte : len(every) + byte] << (24 - 8 * byte)
    words = every[places >> 3]
    numbers = words >> (_WINDOW - widths - (places & 7)) & ((1 << widths) - 1)
    return numbers, at + total
