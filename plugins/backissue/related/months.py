"""A month's articles as one block: all that others need to know of them, in plain arrays.

A block is stored as MessagePack; ``load_block`` of a memory map copies none of its arrays.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.related.features import Features
from backissue.related.pools import NO_POOLS, Pools
from backissue.related.sets import PackedSets, pack_names, pack_numbers
from backissue.related.strings import Strings
from backissue.related.terms import Terms
from backissue.related.vectors import (
    PackedRows,
    pack,
    stack,
    stored,
    title_vector,
    vector,
)

NOTHING: Final = memoryview(b"")
NO_ROWS: Final = PackedRows(NOTHING, NOTHING, NOTHING)


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
    hold that judge the month itself. Every article has one of ``sites``.
    """

    month: str
    keys: Strings = Strings()
    sites: PackedSets = PackedSets()
    topics: PackedSets = PackedSets()
    series: PackedSets = PackedSets()
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
        Strings.of(article.key for article in articles),
        sites=pack_names([[article.site] for article in articles]),
        topics=pack_names([article.topics for article in articles], told=True),
        series=pack_numbers([np.frombuffer(article.series, "<u4") for article in articles]),
        days=stored([day_number(article.date) for article in articles], "<i4"),
        sizes=stored([len(article.terms) // 4 for article in articles], "<i4"),
        full=pack(full),
        titles=pack(titles),
    )


def merge(old: Block, kept: frozenset[str], new: Block, first: int) -> Block:
    """Return a block of the articles of ``old`` that are ``kept`` and all of ``new``, by key.

    What was found of them is carried over; that of new articles is nought and must be found.
    ``first`` is the place in the archive of the first article of both.
    """
    count = len(old.keys)
    stay, left = np.arange(count), old.keys
    if len(kept) < count:
        stay = np.array([n for n, key in enumerate(old.keys) if key in kept], np.int64)
        left = Strings.of(key for key in old.keys if key in kept)
    places = [bisect_left(left, key) for key in new.keys]
    order = np.insert(stay, places, np.arange(count, count + len(new.keys)))
    now = np.zeros(count + len(new.keys), np.int64)
    now[order] = np.arange(len(order))

    def numbers(one: memoryview, other: memoryview, kind: str) -> memoryview:
        both = np.frombuffer(one, kind), np.frombuffer(other, kind)
        missing = np.zeros(len(new.keys) - len(both[1]), kind)
        return stored(np.concatenate([*both, missing])[order], kind)

    def rows(one: PackedRows, other: PackedRows) -> PackedRows:
        return pack(one.rows().merged(other.rows(), order))

    return Block(
        old.month,
        old.keys.merged(new.keys, order),
        sites=old.sites.merged(new.sites, order),
        topics=old.topics.merged(new.topics, order),
        series=old.series.merged(new.series, order),
        days=numbers(old.days, new.days, "<i4"),
        sizes=numbers(old.sizes, new.sizes, "<i4"),
        full=rows(old.full, new.full),
        titles=rows(old.titles, new.titles),
        surroundings=tuple(numbers(one, NOTHING, "<f8") for one in old.surroundings),
        pools=old.pools.moved(now[:count], order, first),
    )


def count_terms(articles: Iterable[Features]) -> Seen:
    """Return in how many of ``articles`` each term occurs."""
    terms, counts = np.unique(
        np.concatenate([np.zeros(0, np.uint32), *(a.term_array() for a in articles)]),
        return_counts=True,
    )
    return Seen(stored(terms, "<u4"), stored(counts, "<u4"))


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
        stored(np.insert(terms, places[new], more[new]), "<u4"),
        stored(np.insert(counts, places[new], times[new]), "<u4"),
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


def numbers_of(blocks: Sequence[Block], name: str) -> NDArray[np.int32]:
    """Return the ``days`` or ``sizes`` of all articles of ``blocks``."""
    parts = [np.frombuffer(getattr(block, name), "<i4") for block in blocks]
    return np.concatenate([np.zeros(0, np.int32), *parts])
