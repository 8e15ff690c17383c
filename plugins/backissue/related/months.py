"""A month's articles as one block: all that others need to know of them, in plain arrays.

A block is stored as MessagePack; ``load_block`` of a memory map copies none of its arrays.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.related.features import Features
from backissue.related.pools import NO_POOLS, Pools
from backissue.related.terms import Terms
from backissue.related.vectors import (
    Ints,
    PackedRows,
    Sets,
    one_after_the_other,
    pack,
    spread,
    stack,
    starts_of,
    title_vector,
    vector,
)

NOTHING: Final = memoryview(b"")
NO_ROWS: Final = PackedRows(NOTHING, NOTHING, NOTHING)


class Named(msgspec.Struct, frozen=True):
    """What each article has of something: ``lengths`` (uint16) numbers (uint32) of ``names``."""

    names: tuple[str, ...] = ()
    lengths: memoryview = NOTHING
    numbers: memoryview = NOTHING

    def arrays(self) -> tuple[Ints, Ints]:
        """Return where the numbers of each article start, and the numbers."""
        lengths = np.frombuffer(self.lengths, "<u2").astype(np.int64)
        return starts_of(lengths), np.frombuffer(self.numbers, "<u4").astype(np.int64)


class Seen(msgspec.Struct, frozen=True):
    """In how many articles (``counts``) of some each of their ``terms`` occurs, both uint32."""

    terms: memoryview = NOTHING
    counts: memoryview = NOTHING

    def arrays(self) -> tuple[Terms, NDArray[np.uint32]]:
        """Return the terms, and in how many articles each occurs."""
        return np.frombuffer(self.terms, "<u4"), np.frombuffer(self.counts, "<u4")


class Block(msgspec.Struct, frozen=True):
    """The articles of a month, by key: what relating knows of them as candidates.

    ``days`` and ``sizes`` (int32) have a number an article, and so have the ``surroundings``
    (float64), which say how near its judges come. ``pools`` has the candidates of each.
    ``seen`` says what the articles hold, where that is known; ``seen_by_own`` what those of them
    hold that judge the month itself. The names of ``series`` are hashes, and told by number alone.
    """

    month: str
    keys: tuple[str, ...] = ()
    sites: Named = Named()
    topics: Named = Named()
    series: Named = Named()
    days: memoryview = NOTHING
    sizes: memoryview = NOTHING
    full: PackedRows = NO_ROWS
    titles: PackedRows = NO_ROWS
    surroundings: tuple[memoryview, ...] = ()
    pools: Pools = NO_POOLS
    seen: Seen = Seen()
    seen_by_own: Seen = Seen()

    def day_numbers(self) -> NDArray[np.int32]:
        """Return the day of each article."""
        return np.frombuffer(self.days, "<i4")


def make_block(
    month: str, articles: Sequence[Features], rarities: Sequence[NDArray[np.float32]]
) -> Block:
    """Return the block of ``articles`` (sorted by key), whose terms are so rare; without pools."""
    pairs = [*zip(articles, rarities, strict=True)]
    full = stack([vector(*pair) for pair in pairs])
    titles = stack([title_vector(*pair) for pair in pairs])
    return Block(
        month,
        tuple(article.key for article in articles),
        sites=_named([[article.site] for article in articles]),
        topics=_named([article.topics for article in articles]),
        series=_numbered([np.frombuffer(article.series, "<u4") for article in articles]),
        days=_packed([day_number(article.date) for article in articles], "<i4"),
        sizes=_packed([len(article.terms) // 4 for article in articles], "<i4"),
        full=pack(full),
        titles=pack(titles),
    )


def merge(old: Block, kept: frozenset[str], new: Block, first: int) -> Block:
    """Return a block of the articles of ``old`` that are ``kept`` and all of ``new``, by key.

    What was found of them is carried over; that of new articles is nought and must be found.
    ``first`` is the place in the archive of the first article of both.
    """
    keys = (*old.keys, *new.keys)
    stay = np.arange(len(old.keys))
    if len(kept) < len(old.keys):
        stay = np.array([n for n, key in enumerate(old.keys) if key in kept], np.int64)
    left = [old.keys[n] for n in stay.tolist()]
    places = [bisect_left(left, key) for key in new.keys]
    order = np.insert(stay, places, np.arange(len(old.keys), len(keys)))
    now = np.zeros(len(keys), np.int64)
    now[order] = np.arange(len(order))

    def numbers(one: memoryview, other: memoryview, kind: str) -> memoryview:
        both = np.frombuffer(one, kind), np.frombuffer(other, kind)
        missing = np.zeros(len(new.keys) - len(both[1]), kind)
        return _packed(np.concatenate([*both, missing])[order], kind)

    def rows(one: PackedRows, other: PackedRows) -> PackedRows:
        return pack(one_after_the_other([one.rows(), other.rows()]).moved(order))

    return Block(
        old.month,
        tuple(keys[n] for n in order.tolist()),
        sites=_both(old.sites, new.sites, order),
        topics=_both(old.topics, new.topics, order),
        series=_both(old.series, new.series, order),
        days=numbers(old.days, new.days, "<i4"),
        sizes=numbers(old.sizes, new.sizes, "<i4"),
        full=rows(old.full, new.full),
        titles=rows(old.titles, new.titles),
        surroundings=tuple(numbers(one, NOTHING, "<f8") for one in old.surroundings),
        pools=old.pools.moved(now[: len(old.keys)], order, first),
    )


def count_terms(articles: Iterable[Features]) -> Seen:
    """Return in how many of ``articles`` each term occurs."""
    terms, counts = np.unique(
        np.concatenate([np.zeros(0, np.uint32), *(a.term_array() for a in articles)]),
        return_counts=True,
    )
    return Seen(_packed(terms, "<u4"), _packed(counts, "<u4"))


def count_more(seen: Seen, articles: Iterable[Features]) -> Seen:
    """Return ``seen`` with more articles counted."""
    terms, counts = seen.arrays()
    more, times = count_terms(articles).arrays()
    places = np.searchsorted(terms, more)
    known = np.append(terms, np.uint32(0))[places] == more
    counts = counts.copy()
    counts[places[known]] += times[known]
    new = ~known
    return Seen(
        _packed(np.insert(terms, places[new], more[new]), "<u4"),
        _packed(np.insert(counts, places[new], times[new]), "<u4"),
    )


def save_block(block: Block) -> bytes:
    """Return the bytes in which a block is stored."""
    return msgspec.msgpack.encode(block)


def load_block(data: bytes | memoryview) -> Block:
    """Return a stored block; its arrays are views of ``data``. Raises ``msgspec.DecodeError``."""
    return msgspec.msgpack.decode(data, type=Block)


def day_number(date: str) -> int:
    """Return the day of a date as a number; of a bare month, its middle."""
    day = date[:10] if len(date) >= 10 else f"{date[:7]}-15"
    return datetime.date.fromisoformat(day).toordinal()


def numbers_of(blocks: Sequence[Block], name: str) -> Ints:
    """Return the ``days`` or ``sizes`` of all articles of ``blocks``."""
    parts = [np.frombuffer(getattr(block, name), "<i4") for block in blocks]
    return np.concatenate([np.zeros(0, np.int64), *parts])


def sets_of(parts: Sequence[Named]) -> tuple[Sets, list[str]]:
    """Return the numbers of all articles, and the names that these numbers have now."""
    names = sorted({name for part in parts for name in part.names})
    number = {name: n for n, name in enumerate(names)}
    starts, members = [np.zeros(1, np.int64)], [np.zeros(0, np.int64)]
    for part in parts:
        start, numbers = part.arrays()
        starts.append(start[1:] + starts[-1][-1])
        own = np.array([number[name] for name in part.names], np.int64)
        members.append(own[numbers] if part.names else numbers)
    return Sets(np.concatenate(starts), np.concatenate(members)), names


def _named(lists: Sequence[Sequence[str]]) -> Named:
    names = tuple(sorted(set(chain.from_iterable(lists))))
    number = {name: n for n, name in enumerate(names)}
    once = [[number[name] for name in dict.fromkeys(own)] for own in lists]
    return Named(
        names,
        _packed([len(own) for own in once], "<u2"),
        _packed(list(chain.from_iterable(once)), "<u4"),
    )


def _numbered(lists: Sequence[NDArray[np.uint32]]) -> Named:
    once = [np.unique(own) for own in lists]
    return Named(
        (),
        _packed([len(own) for own in once], "<u2"),
        _packed(np.concatenate([np.zeros(0, np.uint32), *once]), "<u4"),
    )


def _both(old: Named, new: Named, order: Ints) -> Named:
    """Return what the articles of both have, in the given order."""
    sets, names = sets_of([old, new])
    where, lengths = spread(sets.start, order)
    all_stay = len(order) == len(sets.start) - 1
    if not names or (all_stay and len(names) == len(old.names)):
        return Named(old.names, _packed(lengths, "<u2"), _packed(sets.members[where], "<u4"))
    held, numbers = np.unique(sets.members[where], return_inverse=True)
    return Named(
        tuple(names[n] for n in held.tolist()), _packed(lengths, "<u2"), _packed(numbers, "<u4")
    )


def _packed(values: Sequence[int] | NDArray[np.generic], kind: str) -> memoryview:
    return memoryview(np.asarray(values).astype(kind).tobytes())
