"""The exported files as a ``Library``: what the browser reads, read by the service.

The files hold what Whoosh's index holds, and answer many times faster.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from .archive import FORMS_END, Shown
from .codec import inflate, read_varints, undelta
from .column import TopicColumn
from .columns import filter_term
from .lexicon import Word, unpack_words
from .query import Piece
from .rank import EMPTY, Ids, Listing, merge
from .record import HEADER

MOST_SHARDS: Final = 512  # of a segment, kept open
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
    """Return the documents and weights that ``columns.encode_postings`` wrote."""
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
        self._shard = lru_cache(MOST_SHARDS)(self._open_shard)
        self._positions = lru_cache(MOST_SHARDS)(self._open_positions)

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

    def _open_shard(self, number: int) -> OpenShard:
        name, start, postings, _ = self._places[number]
        return OpenShard.read(inflate(self._files[name][start : start + postings].tobytes()))

    def _open_positions(self, number: int) -> Positions:
        name, start, postings, size = self._places[number]
        start += postings
        data = inflate(self._files[name][start : start + size].tobytes())
        return Positions.read(data, len(self._shard(number).terms))

    def _numbers(self, key: bytes, exact: bool) -> range:
        low = max(bisect_right(self._firsts, key) - 1, 0)
        high = bisect_right(self._firsts, key if exact else key + FORMS_END)
        return range(low, max(high, low + 1) if self._firsts else 0)

    def listings(self, key: bytes, exact: bool, positions: bool) -> list[Listing]:
        """Return the documents of a term, or of each form of a stem."""
        found: list[Listing] = []
        for number in self._numbers(key, exact):
            shard = self._shard(number)
            for at in shard.range(key, exact):
                blob = shard.postings[shard.starts[at] : shard.starts[at + 1]]
                ids, weights = decode_postings(blob, shard.docs[at])
                lists = None
                if positions:
                    places = self._positions(number)
                    lists = undelta(places.positions[places.starts[at] : places.starts[at + 1]])
                found.append(Listing(ids, weights, lists))
        return found

    def shown(self, number: int) -> Shown:
        """Return what is shown of a document."""
        start = number * self._slot
        file = 0
        while start >= self._entry["texts"][file][1]:
            start -= self._entry["texts"][file][1]
            file += 1
        slot = self._files[self._entry["texts"][file][0]][start : start + self._slot].tobytes()
        size, offset, length = HEADER.unpack_from(slot)
        rest = self._rest(self._entry["rests"][file][0], offset, length) if length else b""
        packed = inflate(slot[HEADER.size : HEADER.size + size]) if size else rest
        url, title, date, lang, topics, text = msgspec.json.decode(packed)
        tail = rest.decode() if size else ""
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


class OpenShard(NamedTuple):
    """A range of terms: their numbers of documents, and where the postings of each begin."""

    terms: list[bytes]
    docs: list[int]
    starts: list[int]
    postings: bytes

    @classmethod
    def read(cls, data: bytes) -> OpenShard:
        """Return what ``segment`` wrote."""
        cursor = Cursor(data)
        terms = cursor.take(cursor.number()).split(b"\n")
        docs = [cursor.number() for _ in terms]
        starts = list(accumulate((cursor.number() for _ in terms), initial=0))
        return cls(terms, docs, starts, data[cursor.at :])

    def range(self, key: bytes, exact: bool) -> range:
        """Return the places of a term, or of a stem and its forms, which follow it."""
        end = key + b"\0" if exact else key + FORMS_END
        return range(bisect_left(self.terms, key), bisect_left(self.terms, end))


class Positions(NamedTuple):
    """The positions of a shard's terms, and where those of each begin."""

    starts: list[int]
    positions: bytes

    @classmethod
    def read(cls, data: bytes, terms: int) -> Positions:
        """Return what ``segment`` wrote of so many terms."""
        cursor = Cursor(data)
        starts = list(accumulate((cursor.number() for _ in range(terms)), initial=0))
        return cls(starts, data[cursor.at :])


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
