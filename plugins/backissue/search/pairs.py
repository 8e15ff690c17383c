"""Pairs of frequent words: where two of them stand side by side, as terms of their own.

The positions of a frequent word take ten times what its documents take, and a phrase would fetch
them of each of its words. So a segment has, of all words whose positions are long, those places
where one follows another (Williams, Zobel and Bahle 2004, of words that are not frequent alone).

A word is frequent where the positions of its shard take as much as the head says; so a reader
knows from the head alone whether a pair is to be asked for. Pairs are terms like others, in
shards that are told by a hash of both stems, so that the head holds only their sizes.
browser/pairs.js does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .analysis import TITLE_END, WEIGHTS
from .bits import Wide
from .merging import Merged
from .opened import OpenShard
from .rank import PLACE_BITS
from .shard import RawShard, shards_between, stem

BETWEEN: Final = b" "  # two stems: no word has it
FORMS_BETWEEN: Final = b"\x1f"  # what tells the forms of either from their stems
BLOCK: Final = 2048  # documents that are looked at in one go
PLACE_BYTES: Final = 1.25  # what a place of a pair takes of its postings
LETTER_BYTES: Final = 0.55  # what a letter of a pair takes once it is deflated
TITLE_WEIGHT: Final = WEIGHTS["title"]


class Term(NamedTuple):
    """A word or a pair that is asked for: with ``exact`` one form, else all forms of its stem.

    ``offset`` is how far from the place of a phrase it stands.
    """

    key: bytes
    exact: bool
    offset: int


def is_pair(key: bytes) -> bool:
    """Whether a key is that of a pair. (Values of filters begin with a control character.)"""
    return BETWEEN in key and key >= BETWEEN


def pair_key(one: bytes, other: bytes, exact: bool) -> bytes:
    """Return the key of two terms or, where they are not ``exact``, of two stems."""
    if not exact:
        return one + BETWEEN + other
    first, second = stem(one), stem(other)
    told = one[len(first) :] + FORMS_BETWEEN + other[len(second) :]
    return first + BETWEEN + second + told


def bucket(key: bytes, buckets: int) -> int:
    """Return in which of so many shards a pair is."""
    return crc32(stem(key)) % buckets


def cover(terms: Sequence[Term], frequent: Callable[[Term], bool]) -> list[Term]:
    """Return words and pairs that stand at their offsets where all of ``terms`` do."""
    often = [frequent(term) for term in terms]
    inside = [False] * len(terms)
    found = []
    for at, (one, other) in enumerate(pairwise(terms)):
        beside = one.offset + 1 == other.offset and one.exact == other.exact
        if beside and often[at] and often[at + 1]:
            inside[at] = inside[at + 1] = True
            found.append(Term(pair_key(one.key, other.key, one.exact), one.exact, one.offset))
    return found + [term for at, term in enumerate(terms) if not inside[at]]


class _Places(NamedTuple):
    """Where words stand: ``places`` (see ``rank.Listing``) ascending, of which words they are."""

    places: Wide
    words: Wide


def pair_shards(
    shards: Sequence[tuple[bytes, bytes]], count: int, lengths: NDArray[np.uint8], size: int
) -> list[RawShard | None]:
    """Return the pairs of the words of some shards, in shards of about ``size`` bytes.

    ``shards`` are the postings and the positions of each, as they are written, ``count`` and
    ``lengths`` the segment's number of documents and their length bytes. None is an empty shard.
    """
    terms, standing = _standing(shards, count, lengths)
    pairs = _beside(terms, standing)
    if not len(pairs.places):
        return []
    keys, of = _named(terms, pairs.words)
    taken = len(pairs.places) * PLACE_BYTES + sum(map(len, keys)) * LETTER_BYTES
    buckets = int(taken / size) + 1
    told = [bucket(key, buckets) for key in keys]
    order = sorted(range(len(keys)), key=lambda at: (told[at], keys[at]))
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys))
    merged = _merged([keys[at] for at in order], rank[of], pairs.places)
    sizes = np.bincount(told, minlength=buckets)
    borders = np.concatenate(([0], np.cumsum(sizes[sizes > 0]))).tolist()
    made = shards_between(merged, borders, (b"" for _ in borders), count, lengths)
    return [next(made) if many else None for many in sizes.tolist()]


def _standing(
    shards: Sequence[tuple[bytes, bytes]], count: int, lengths: NDArray[np.uint8]
) -> tuple[list[bytes], list[_Places]]:
    """Return the words of some shards, and where they stand, some documents at a time."""
    terms: list[bytes] = []
    blocks: list[list[tuple[Wide, int]]] = [[] for _ in range(-(-count // BLOCK))]
    edges = np.arange(len(blocks) + 1, dtype=np.int64) * BLOCK << PLACE_BITS
    for postings, positions in shards:
        shard = OpenShard(postings, count, lengths)
        opened = shard.positions(positions)
        for term, (low, high) in zip(shard.terms, pairwise(opened.starts.tolist()), strict=True):
            places = opened.places(low, high)
            borders = np.searchsorted(places, edges).tolist()
            for block, (start, end) in zip(blocks, pairwise(borders), strict=True):
                if start < end:
                    block.append((places[start:end], len(terms)))
            terms.append(term)
    return terms, [_in_order(block) for block in blocks]


def _in_order(block: list[tuple[Wide, int]]) -> _Places:
    if not block:
        return _Places(np.zeros(0, np.int64), np.zeros(0, np.int64))
    places = np.concatenate([places for places, _ in block])
    words = np.repeat([word for _, word in block], [len(places) for places, _ in block])
    order = np.argsort(places, kind="stable")
    return _Places(places[order], words[order])


def _beside(terms: list[bytes], standing: list[_Places]) -> _Places:
    """Return where words stand that another follows; of which pair, as two numbers in one."""
    found = []
    for places, words in standing:
        low = np.searchsorted(places, places + 1, "left")
        many = np.searchsorted(places, places + 1, "right") - low
        first = np.repeat(np.arange(len(places)), many)
        nth = np.arange(len(first)) - np.repeat(np.cumsum(many) - many, many)
        second = np.repeat(low, many) + nth
        found.append(_Places(places[first], words[first] * len(terms) + words[second]))
    every = [np.concatenate(column) for column in zip(*found, strict=True)] if found else []
    return _Places(*every) if every else _in_order([])


def _named(terms: list[bytes], pairs: Wide) -> tuple[list[bytes], Wide]:
    """Return the keys of all pairs there are, and of each of ``pairs`` which it is."""
    kinds, of = np.unique(pairs, return_inverse=True)
    ones, others = (numbers.tolist() for numbers in np.divmod(kinds, len(terms)))
    keys = [pair_key(terms[a], terms[b], True) for a, b in zip(ones, others, strict=True)]
    return keys, of


def _merged(keys: list[bytes], ranks: Wide, places: Wide) -> Merged:
    """Return pairs as terms: ``ranks`` says of which of ``keys`` each of ``places`` is."""
    order = np.argsort(ranks, kind="stable")  # places ascend as they come
    ranks, places = ranks[order], places[order]
    ids, positions = places >> PLACE_BITS, places & ((1 << PLACE_BITS) - 1)
    new = np.ones(len(places), np.bool_)
    new[1:] = (np.diff(ranks) != 0) | (np.diff(ids) != 0)
    begins = np.flatnonzero(new)
    steps = np.diff(positions, prepend=-1) - 1
    steps[begins] = positions[begins]
    docs = np.bincount(ranks[begins], minlength=len(keys))
    return Merged(
        keys,
        docs,
        np.concatenate(([0], np.cumsum(docs))),
        ids[begins],
        np.add.reduceat(np.where(positions < TITLE_END, TITLE_WEIGHT, 1), begins),
        np.diff(begins, append=len(places)),
        steps,
    )
