"""The exported files as a ``Library``: what the browser reads, read by the service.

The files hold what Whoosh's index holds, and answer many times faster.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from .archive import FORMS_END, Shown
from .codec import inflate, read_varints, undelta
from .column import TopicColumn
from .extract import filter_term
from .lexicon import Word, unpack_words
from .query import Piece
from .rank import EMPTY, Ids, Listing, merge

MOST_SHARDS: Final = 4096  # kept inflated: at most some 100 MB
MOST_LISTINGS: Final = 512


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


def decode_postings(blob: bytes, count: int) -> tuple[Ids, NDArray[np.int64]]:
    """Return the documents and weights that ``extract.encode_postings`` wrote."""
    numbers = read_varints(blob)
    odd = numbers & 1 == 1
    if len(numbers) == count:
        heads, weights = numbers, np.ones(count, np.int64)
    else:
        # An even head is followed by a weight. After an odd number there is always a head;
        # in a run of even ones heads and weights take turns.
        at = np.arange(len(numbers))
        fresh = np.concatenate(([True], odd[:-1]))
        is_head = (at - np.maximum.accumulate(np.where(fresh, at, 0))) % 2 == 0
        places = np.flatnonzero(is_head)
        heads = numbers[places]
        after = np.minimum(places + 1, len(numbers) - 1)
        weights = np.where(odd[places], 1, numbers[after])
    ids = np.cumsum((heads >> 1) + 1) - 1
    return ids.astype(np.int32), weights


class StaticSegment:
    """One segment of the exported files."""

    def __init__(self, folder: Path, entry: dict[str, Any], slot: int, head: Cursor) -> None:
        self._folder = folder
        self._entry = entry
        self._slot = slot
        self.count = head.number()
        self.lengths = head.take(self.count)
        self.dates = []
        for _ in range(head.number()):
            date = head.take(head.number()).decode()
            self.dates.append((date, head.number()))
        self._firsts: list[bytes] = []
        self._places: list[tuple[str, int, int, int]] = []
        self._read_shards(head)
        self._files = {
            name: np.memmap(folder / name, np.uint8, "r")
            for kind in ("postings", "texts", "rests")
            for name, size in entry[kind]
            if size
        }
        self._shard = lru_cache(MOST_SHARDS)(self._inflated)

    def _read_shards(self, head: Cursor) -> None:
        file = start = 0
        first = b""
        for _ in range(head.number()):
            shared = head.number()
            first = first[:shared] + head.take(head.number())
            postings, positions = head.number(), head.number()
            if start >= self._entry["postings"][file][1]:
                file, start = file + 1, 0
            self._firsts.append(first)
            self._places.append((self._entry["postings"][file][0], start, postings, positions))
            start += postings + positions

    def _inflated(self, number: int, positions: bool) -> bytes:
        name, start, postings, places = self._places[number]
        begin, size = (start + postings, places) if positions else (start, postings)
        return inflate(self._files[name][begin : begin + size].tobytes())

    def _numbers(self, key: bytes, exact: bool) -> range:
        low = max(bisect_right(self._firsts, key) - 1, 0)
        high = bisect_right(self._firsts, key if exact else key + FORMS_END)
        return range(low, max(high, low + 1) if self._firsts else 0)

    def listings(self, key: bytes, exact: bool, positions: bool) -> list[Listing]:
        """Return the documents of a term, or of each form of a stem."""
        found: list[Listing] = []
        for number in self._numbers(key, exact):
            rows = scan(self._shard(number, False), key, exact)
            places = self._shard(number, True) if rows and positions else b""
            lists = read_positions(places, [row[0] for row in rows]) if positions else {}
            for index, count, blob in rows:
                ids, weights = decode_postings(blob, count)
                found.append(Listing(ids, weights, lists.get(index)))
        return found

    def shown(self, number: int) -> Shown:
        """Return what is shown of a document."""
        start = number * self._slot
        file = 0
        while start >= self._entry["texts"][file][1]:
            start -= self._entry["texts"][file][1]
            file += 1
        slot = self._files[self._entry["texts"][file][0]][start : start + self._slot].tobytes()
        fields = msgspec.json.decode(inflate(slot[2 : 2 + int.from_bytes(slot[:2], "little")]))
        rest = self._entry["rests"][file][0]
        if len(fields) == 2:
            fields = msgspec.json.decode(self._rest(rest, *fields))
        url, title, date, lang, topics, text, *place = fields
        tail = self._rest(rest, *place).decode() if place else ""
        return Shown(url, url, title, date, lang, tuple(topics), text, tail)

    def _rest(self, name: str, start: int, size: int) -> bytes:
        return inflate(self._files[name][start : start + size].tobytes())

    def topics(self) -> tuple[list[tuple[str, ...]], dict[str, str]]:
        """Return each document's topics, and the topics' names."""
        cursor = Cursor(inflate((self._folder / self._entry["facets"][0]).read_bytes()))
        listed = msgspec.json.decode(cursor.take(cursor.number()), type=list[tuple[str, str]])
        of = []
        for _ in range(self.count):
            of.append(tuple(listed[cursor.number()][0] for _ in range(cursor.number())))
        return of, dict(listed)


def scan(shard: bytes, key: bytes, exact: bool) -> list[tuple[int, int, bytes]]:
    """Return the entries of a shard that match: index, number of documents, postings."""
    cursor = Cursor(shard)
    found = []
    term = b""
    index = 0
    while cursor.at < len(shard):
        shared = cursor.number()
        term = term[:shared] + cursor.take(cursor.number())
        count = cursor.number()
        blob = cursor.take(cursor.number())
        if term == key or (not exact and term.startswith(key) and term[len(key) :] < FORMS_END):
            found.append((index, count, blob))
        elif term > key:
            break
        index += 1
    return found


def read_positions(shard: bytes, wanted: Sequence[int]) -> dict[int, list[list[int]]]:
    """Return the positions of the entries ``wanted``, by their index."""
    cursor = Cursor(shard)
    found = {}
    for index in range(wanted[-1] + 1 if wanted else 0):
        blob = cursor.take(cursor.number())
        if index in wanted:
            found[index] = undelta(blob)
    return found


class StaticArchive:
    """All segments of an exported search folder as one ``Library``."""

    def __init__(self, folder: Path) -> None:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
        head = Cursor(inflate((folder / manifest["head"][0]).read_bytes()))
        self.segments = [
            StaticSegment(folder, entry, manifest["slot"], head) for entry in manifest["segments"]
        ]
        sizes = [segment.count for segment in self.segments]
        self._bases = [sum(sizes[:at]) for at in range(len(sizes))]
        self.count = sum(sizes)
        self.total_length = sum(entry["length"] for entry in manifest["segments"])
        self._lengths = np.frombuffer(
            b"".join(segment.lengths for segment in self.segments), np.uint8
        )
        self._dates = [run for segment in self.segments for run in segment.dates]
        self._words: Callable[[], list[Word]] = lambda: unpack_words(
            (folder / manifest["words"][0]).read_bytes()
        )
        self.words = lru_cache(1)(self._words)
        self.topics = lru_cache(1)(self._topics)
        self._listed = lru_cache(MOST_LISTINGS)(self._listing)

    def lengths(self) -> NDArray[np.uint8]:
        """Return each document's length byte."""
        return self._lengths

    def dates(self) -> list[tuple[str, int]]:
        """Return the dates in ascending order, each with its number of documents."""
        return self._dates

    def listing(self, piece: Piece, positions: bool) -> Listing:
        """Return the documents of an exact term, or of all the forms of a stem."""
        return self._listed(piece.key.encode(), piece.exact, positions)

    def _listing(self, key: bytes, exact: bool, positions: bool) -> Listing:
        parts = []
        for base, segment in zip(self._bases, self.segments, strict=True):
            listing = merge(segment.listings(key, exact, positions), positions)
            parts.append(listing._replace(ids=listing.ids + np.int32(base)))
        return merge(parts, positions) if parts else EMPTY

    def filtered(self, field: str, value: str) -> Ids:
        """Return the documents that have ``value`` in a filter field."""
        return self._listed(filter_term(field, value), True, False).ids

    def shown(self, number: int) -> Shown:
        """Return what is shown of a document."""
        at = bisect_right(self._bases, number) - 1
        return self.segments[at].shown(number - self._bases[at])

    def _topics(self) -> TopicColumn:
        of: list[tuple[str, ...]] = []
        names: dict[str, str] = {}
        for segment in self.segments:
            some, named = segment.topics()
            of += some
            names.update(named)
        return TopicColumn(of, names)
