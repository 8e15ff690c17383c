"""Whole numbers as bytes, and bytes as packed files.

A number is written as base-128 digits, lowest first, the top bit set on all but the last
(LEB128, the "varint" of Lucene and Protocol Buffers).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
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


def varints(numbers: NDArray[np.int64]) -> bytes:
    """Return an array of numbers below 2**35 as varints, one after the other."""
    if not len(numbers):
        return b""
    if int(numbers.max()) < 0x80:
        return numbers.astype(np.uint8).tobytes()
    sizes = np.ones(len(numbers), np.int64)
    for digits in range(1, 5):
        sizes += numbers >= (1 << (7 * digits))
    ends = np.cumsum(sizes)
    out = np.zeros(int(ends[-1]), np.uint8)
    starts = ends - sizes
    rest = numbers.copy()
    for digit in range(int(sizes.max())):
        here = sizes > digit
        more = sizes > digit + 1
        out[starts[here] + digit] = (rest[here] & 0x7F) | np.where(more[here], 0x80, 0)
        rest >>= 7
    return out.tobytes()


def read_varints(data: bytes) -> NDArray[np.int64]:
    """Return all the varints in ``data``."""
    raw = np.frombuffer(data, np.uint8)
    last = raw < 0x80
    ends = np.flatnonzero(last)
    if len(ends) == len(raw):
        return raw.astype(np.int64)
    starts = np.concatenate(([0], ends[:-1] + 1))
    numbers = np.zeros(len(ends), np.int64)
    sizes = ends - starts + 1
    for digit in range(int(sizes.max())):
        here = sizes > digit
        numbers[here] |= (raw[starts[here] + digit].astype(np.int64) & 0x7F) << (7 * digit)
    return numbers


def gaps(ids: NDArray[np.int32], weights: NDArray[np.int32]) -> bytes:
    """Return postings as gaps and weights; the lowest bit of a gap says "weight 1"."""
    wide = ids.astype(np.int64)
    steps = wide - np.concatenate(([-1], wide[:-1])) - 1
    one = weights == 1
    if one.all():
        return varints(steps << 1 | 1)
    heads = steps << 1 | one
    size = len(ids) + int((~one).sum())
    mixed = np.zeros(size, np.int64)
    places = np.arange(len(ids)) + np.concatenate(([0], np.cumsum(~one)[:-1]))
    mixed[places] = heads
    mixed[places[~one] + 1] = weights[~one]
    return varints(mixed)


def delta(positions: Sequence[int]) -> bytes:
    """Return ascending positions as their number and their differences."""
    out = bytearray(varint(len(positions)))
    before = 0
    for position in positions:
        out += varint(position - before)
        before = position
    return bytes(out)


def undelta(data: bytes) -> list[list[int]]:
    """Return the lists of positions that ``data`` holds, one after the other."""
    lists: list[list[int]] = []
    numbers = read_varints(data).tolist()
    at = 0
    while at < len(numbers):
        count = numbers[at]
        position = 0
        found = []
        for step in numbers[at + 1 : at + 1 + count]:
            position += step
            found.append(position)
        lists.append(found)
        at += 1 + count
    return lists


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
