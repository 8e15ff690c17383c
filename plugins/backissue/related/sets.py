"""What each article has of something (topics, words of its title), told by hashes.

A hash is the same in every month: to compare two articles no table of names is needed.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.related.strings import Strings
from backissue.related.vectors import Floats, Ints, spread, starts_of, stored, sums_of

Hashes = NDArray[np.unsignedinteger[Any]]


@lru_cache(maxsize=1 << 14)
def hash_of(name: str) -> int:
    """Return the hash of a name: 64 bits, so that no two names of an archive share one."""
    found = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(found.digest(), "little")


class Sets(NamedTuple):
    """Sets of hashes: those of set i are ``members[start[i]:start[i + 1]]``, each once."""

    start: Ints
    members: Hashes

    def of(self, place: int) -> Hashes:
        """Return the members of one set."""
        return self.members[int(self.start[place]) : int(self.start[place + 1])]

    def only(self, places: Ints) -> Sets:
        """Return the sets at ``places``, in that order."""
        where, lengths = spread(self.start, places)
        return Sets(starts_of(lengths), self.members[where])


class PackedSets(msgspec.Struct, frozen=True):
    """Sets as stored: how many ``members`` each has (uint16), which are numbers of ``width`` bytes.

    ``names`` are those of the hashes ``named`` (uint64, ascending), where they have to be told.
    """

    width: int = 8
    lengths: memoryview = memoryview(b"")
    members: memoryview = memoryview(b"")
    named: memoryview = memoryview(b"")
    names: Strings = Strings()

    def sets(self) -> Sets:
        """Return the sets; the members are not copied."""
        lengths = np.frombuffer(self.lengths, "<u2").astype(np.int64)
        return Sets(starts_of(lengths), np.frombuffer(self.members, f"<u{self.width}"))

    def name(self, member: int) -> str:
        """Return the name of a hash that has one."""
        return self.names[int(np.searchsorted(np.frombuffer(self.named, "<u8"), np.uint64(member)))]

    def merged(self, other: PackedSets, order: Ints) -> PackedSets:
        """Return the sets of both, in the given order."""
        one, two = self.sets(), other.sets()
        sets = Sets(
            np.concatenate([one.start, two.start[1:] + one.start[-1]]),
            np.concatenate([one.members, two.members]),
        ).only(order)
        merged = _pack(sets.members, np.diff(sets.start))
        known, more = (np.frombuffer(each.named, "<u8") for each in (self, other))
        if len(order) == len(one.start) + len(two.start) - 2 and np.isin(more, known).all():
            return msgspec.structs.replace(merged, named=self.named, names=self.names)
        names = dict(zip(known.tolist(), self.names, strict=True))
        names |= zip(more.tolist(), other.names, strict=True)
        return _with_names(merged, names)


def pack_names(lists: Sequence[Iterable[str]], told: bool = False) -> PackedSets:
    """Return the hashes of the names of each list, each once, as they come.

    Where they are ``told``, the names are kept too.
    """
    once = [[hash_of(name) for name in dict.fromkeys(own)] for own in lists]
    packed = _pack(
        np.array([*chain.from_iterable(once)], np.uint64), np.array([*map(len, once)], np.int64)
    )
    if not told:
        return packed
    return _with_names(packed, {hash_of(name): name for own in lists for name in own})


def pack_numbers(lists: Sequence[NDArray[np.uint32]]) -> PackedSets:
    """Return sets of numbers that are hashes already (uint32)."""
    once = [np.unique(own) for own in lists]
    members = np.concatenate([np.zeros(0, np.uint32), *once])
    return _pack(members, np.array([*map(len, once)], np.int64))


def _pack(members: Hashes, lengths: Ints) -> PackedSets:
    width = members.dtype.itemsize
    return PackedSets(
        width,
        stored(lengths, "<u2"),
        stored(members, f"<u{width}"),
    )


def _with_names(packed: PackedSets, names: dict[int, str]) -> PackedSets:
    if not names:
        return packed
    named = np.unique(packed.sets().members)
    return msgspec.structs.replace(
        packed,
        named=stored(named, "<u8"),
        names=Strings.of(names[member] for member in named.tolist()),
    )


class StackedSets:
    """The sets of several parts one after the other, copied only where many are asked for."""

    def __init__(self, parts: Sequence[Sets]) -> None:
        self.parts = tuple(parts)
        self._firsts = [0, *accumulate(len(part.start) - 1 for part in parts)]
        self._taken = 0

    @cached_property
    def whole(self) -> Sets:
        """All sets, side by side."""
        return Sets(
            starts_of(np.concatenate([np.zeros(0, np.int64), *map(_sizes, self.parts)])),
            np.concatenate([part.members for part in self.parts]),
        )

    def of(self, place: int) -> Hashes:
        """Return the members of one set."""
        part = bisect_right(self._firsts, place) - 1
        return self.parts[part].of(place - self._firsts[part])

    def only(self, places: Ints) -> Sets:
        """Return the sets at ``places``, in that order."""
        self._taken += len(places)
        if self._taken > self._firsts[-1]:
            return self.whole.only(places)
        found = [self.of(place) for place in places.tolist()]
        none = self.parts[0].members[:0]
        return Sets(
            starts_of(np.array([*map(len, found)], np.int64)), np.concatenate([none, *found])
        )

    def overlaps(self, places: Ints, others: Ints, counts: Sequence[int]) -> Floats:
        """Return the Jaccard coefficients of the sets at ``places`` with ``others``.

        The first of ``counts`` says with how many of ``others`` the first is compared, and so on.
        """
        own = [self.of(place) for place in places.tolist()]
        start, members = self.only(others)
        lengths = np.diff(start)
        asking = np.repeat(np.repeat(np.arange(len(own)), counts), lengths)
        same = np.zeros(len(members), np.bool_)
        for column in range(max(map(len, own), default=0)):
            # A set of fewer is asked for its last again, an empty one for nothing.
            asked = [one[min(column, len(one) - 1)] if len(one) else 0 for one in own]
            same |= np.array(asked, members.dtype)[asking] == members
        some = np.array([len(one) > 0 for one in own], np.bool_)
        shared = sums_of((same & some[asking]).astype(np.float64), lengths)
        sizes = np.repeat([*map(len, own)], counts)
        overlaps: Floats = shared / np.maximum(sizes + lengths - shared, 1.0)
        return overlaps

    def overlap(self, place: int, other: int) -> float:
        """Return the Jaccard coefficient of two sets."""
        own, others = set(self.of(place).tolist()), set(self.of(other).tolist())
        return len(own & others) / len(own | others) if own else 0.0

    def sizes(self) -> NDArray[np.uint16]:
        """Return how many members each set has."""
        return np.concatenate([np.zeros(0, np.uint16), *(_sizes(p) for p in self.parts)]).astype(
            np.uint16
        )

    def holding(self, member: int) -> Ints:
        """Return which sets have a member, ascending."""
        found = [np.zeros(0, np.int64)]
        for first, part in zip(self._firsts, self.parts, strict=False):
            where = np.flatnonzero(part.members == part.members.dtype.type(member))
            found.append(np.searchsorted(part.start, where, side="right") + (first - 1))
        return np.concatenate(found)


def _sizes(sets: Sets) -> Ints:
    return np.diff(sets.start)
