"""Whole numbers as bytes, and bytes as packed files.

A number is written as base-128 digits, lowest first, the top bit set on all but the last
(LEB128, the "varint" of Lucene and Protocol Buffers).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

NAME_LENGTH: Final = 16  # hexadecimal digits: 64 bits tell the files of an archive apart


def varint(number: int) -> bytes:
    """Return ``number`` (0 or more) as a varint."""
    if number < 0x80:
        return bytes((number,))
    digits = bytearray()
    while number >= 0x80:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    digits.append(number)
    return bytes(digits)


def varint_sizes(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many bytes each number below 2**35 takes as a varint."""
    sizes = np.ones(len(numbers), np.int64)
    for digits in range(1, 5):
        sizes += numbers >= (1 << (7 * digits))
    return sizes


def varints(numbers: NDArray[np.int64]) -> bytes:
    """Return an array of numbers below 2**35 as varints, one after the other."""
    if not len(numbers):
        return b""
    if int(numbers.max()) < 0x80:
        return numbers.astype(np.uint8).tobytes()
    sizes = varint_sizes(numbers)
    ends = np.cumsum(sizes)
    out = np.zeros(int(ends[-1]), np.uint8)
    starts = ends - sizes
    out[starts] = numbers & 0x7F | (sizes > 1) << 7
    long = np.flatnonzero(sizes > 1)  # mostly few
    for digit in range(1, int(sizes.max())):
        long = long[sizes[long] > digit]
        rest = numbers[long] >> (7 * digit)
        out[starts[long] + digit] = rest & 0x7F | (sizes[long] > digit + 1) << 7
    return out.tobytes()


def read_varints(data: bytes | NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return all the varints in ``data``."""
    raw = np.frombuffer(data, np.uint8)
    last = raw < 0x80
    ends = np.flatnonzero(last)
    numbers = raw[ends].astype(np.int64)
    if len(ends) == len(raw):
        return numbers
    # Most are one byte, which is all of them: of the others the bytes before are put behind it.
    sizes = np.diff(ends, prepend=-1)
    long = np.flatnonzero(sizes > 1)
    for digit in range(1, int(sizes.max())):
        long = long[sizes[long] > digit]
        numbers[long] = numbers[long] << 7 | (raw[ends[long] - digit] & 0x7F)
    return numbers


def undelta(data: bytes) -> list[list[int]]:
    """Return the lists of ascending positions that ``data`` holds, one after the other.

    They are steps (from -1), each doubled, plus one for the last of a list. No positions at all are
    a single zero, which no step is.
    """
    lists: list[list[int]] = []
    found: list[int] = []
    position = -1
    for step in read_varints(data).tolist():
        if step:
            position += step >> 1
            found.append(position)
        if step & 1 or not step:
            lists.append(found)
            found, position = [], -1
    return lists


class Cursor:
    """Reads varints and byte strings one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self) -> int:
        """Return the next varint."""
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def take(self, length: int) -> bytes:
        """Return the next bytes."""
        self.at += length
        return self.data[self.at - length : self.at]


def deflate(data: bytes) -> bytes:
    """Return ``data`` as a raw deflate stream (RFC 1951), which browsers can read."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(data) + packer.flush()


def inflate(data: bytes) -> bytes:
    """Return what a raw deflate stream holds."""
    return zlib.decompress(data, -15)


def digest(parts: Iterable[bytes]) -> str:
    """Return the name that content gives itself: the start of its SHA-256."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part)
    return sha.hexdigest()[:NAME_LENGTH]
