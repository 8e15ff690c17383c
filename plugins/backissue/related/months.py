"""A month's articles as one block: all that others need to know of them, in plain arrays.

A block is stored as MessagePack; ``load_block`` of a memory map copies none of its arrays.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np

from backissue.related.features import Features
from backissue.related.vectors import (
    Floats,
    Frequencies,
    Ints,
    PackedRows,
    pack,
    stack,
    title_vector,
    vector,
)

NOTHING: Final = memoryview(b"")


class Block(msgspec.Struct, frozen=True):
    """The articles of a month, by key: what relating knows of them as candidates.

    ``days``, ``sizes`` (int32), ``crowds`` and ``floors`` (float64) have a number an article.
    ``floors`` are the plain scores that a newcomer must reach to change an article's candidates.
    ``seen_terms`` and ``seen_counts`` (uint32) say in how many of the articles each term occurs,
    where that is known.
    """

    month: str
    keys: tuple[str, ...]
    sites: tuple[str, ...]
    topics: tuple[tuple[str, ...], ...]
    series: tuple[tuple[int, ...], ...]
    days: memoryview
    sizes: memoryview
    full: PackedRows
    titles: PackedRows
    crowds: memoryview = NOTHING
    floors: memoryview = NOTHING
    seen_terms: memoryview = NOTHING
    seen_counts: memoryview = NOTHING

    def array_of(self, name: str) -> Floats:
        """Return ``crowds`` or ``floors``."""
        return np.frombuffer(getattr(self, name), "<f8")


EMPTY: Final = Block(
    "",
    (),
    (),
    (),
    (),
    NOTHING,
    NOTHING,
    PackedRows(NOTHING, NOTHING, NOTHING),
    PackedRows(NOTHING, NOTHING, NOTHING),
)


def make_block(month: str, articles: Sequence[Features], known: Frequencies) -> Block:
    """Return the block of ``articles`` (sorted by key), judged by ``known``; without crowds."""
    rarities = [known.rarity(article.term_array()) for article in articles]
    full = stack([vector(*pair) for pair in zip(articles, rarities, strict=True)])
    titles = stack([title_vector(article, known) for article in articles])
    return Block(
        month,
        tuple(article.key for article in articles),
        tuple(article.site for article in articles),
        tuple(article.topics for article in articles),
        tuple(tuple(np.frombuffer(a.series, "<u4").tolist()) for a in articles),
        memoryview(np.array([day_number(a.date) for a in articles], "<i4").tobytes()),
        memoryview(np.array([len(a.terms) // 4 for a in articles], "<i4").tobytes()),
        pack(full),
        pack(titles),
    )


def merge(old: Block, kept: frozenset[str], new: Block) -> Block:
    """Return a block of the articles of ``old`` that are ``kept`` and all of ``new``, by key.

    Crowds and floors are carried over; those of new articles are nought and must be found.
    """
    from_old = [(key, 0, n) for n, key in enumerate(old.keys) if key in kept]
    from_new = [(key, 1, n) for n, key in enumerate(new.keys)]
    order = sorted(from_old + from_new)
    blocks = (old, new)
    rows = [(block.full.rows(), block.titles.rows()) for block in blocks]

    def numbers(name: str, kind: str) -> memoryview:
        arrays = [np.frombuffer(getattr(block, name), kind) for block in blocks]
        return memoryview(
            np.array([arrays[b][n] if len(arrays[b]) else 0 for _, b, n in order], kind).tobytes()
        )

    return Block(
        old.month,
        tuple(key for key, _, _ in order),
        tuple(blocks[b].sites[n] for _, b, n in order),
        tuple(blocks[b].topics[n] for _, b, n in order),
        tuple(blocks[b].series[n] for _, b, n in order),
        numbers("days", "<i4"),
        numbers("sizes", "<i4"),
        pack(stack([rows[b][0].row(n) for _, b, n in order])),
        pack(stack([rows[b][1].row(n) for _, b, n in order])),
        numbers("crowds", "<f8"),
        numbers("floors", "<f8"),
    )


def count_terms(block: Block, articles: Iterable[Features]) -> Block:
    """Return ``block`` with the number of its ``articles`` in which each term occurs."""
    terms, counts = np.unique(
        np.concatenate([np.zeros(0, np.uint32), *(a.term_array() for a in articles)]),
        return_counts=True,
    )
    return msgspec.structs.replace(
        block,
        seen_terms=memoryview(terms.astype("<u4").tobytes()),
        seen_counts=memoryview(counts.astype("<u4").tobytes()),
    )


def count_more(block: Block, old: Block, new: Iterable[Features]) -> Block:
    """Return ``block``, which has the articles of ``old`` and ``new``, with both counted."""
    more = count_terms(EMPTY, new)
    terms, places = np.unique(
        np.concatenate([np.frombuffer(one.seen_terms, "<u4") for one in (old, more)]),
        return_inverse=True,
    )
    both = np.concatenate([np.frombuffer(one.seen_counts, "<u4") for one in (old, more)])
    counts = np.bincount(places, both)
    return msgspec.structs.replace(
        block,
        seen_terms=memoryview(terms.astype("<u4").tobytes()),
        seen_counts=memoryview(counts.astype("<u4").tobytes()),
    )


def judged(block: Block, crowds: Floats, floors: Floats) -> Block:
    """Return ``block`` with what was found of its articles."""
    return msgspec.structs.replace(
        block,
        crowds=memoryview(crowds.astype("<f8").tobytes()),
        floors=memoryview(floors.astype("<f8").tobytes()),
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
