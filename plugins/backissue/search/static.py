"""The exported files as a ``Library``: what the browser reads, read by the service.

The files hold what Whoosh's index holds, and answer many times faster.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from .archive import FORMS_END, Shown
from .codec import Cursor, inflate
from .column import TopicColumn
from .columns import filter_term
from .dates import Dates
from .export import FORMAT
from .kept import Kept
from .lexicon import Lexicon, unpack_words
from .opened import OpenShard, Positions
from .pairs import Term, bucket, cover, is_pair
from .query import Leaf, Piece
from .rank import EMPTY, Ids, Listing, merge, stand
from .record import ELSEWHERE, HEADER, places
from .segment import unpack_heads
from .shard import UNIT

MOST_KEPT: Final = 256 << 20  # bytes of shards that are kept open
MOST_LISTED: Final = 64 << 20  # bytes of listings made of them
Spend = Callable[[int, int], None]  # told of so many documents and positions that are read


def _mapped(path: Path) -> mmap:
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


class StaticSegment:
    """One segment of the exported files."""

    def __init__(self, folder: Path, entry: dict[str, Any], head: list[Cursor], kept: Kept) -> None:
        self._folder = folder
        self._entry = entry
        self._kept = kept
        self._name = msgspec.json.encode(entry)  # the same of a segment that a publish left alone
        facts, lengths, *shards = head
        self.count, dates, total, self._pairs, least = (facts.number() for _ in range(5))
        self._frequent = least * UNIT
        self.lengths = lengths.take(self.count)
        self._length_bytes = np.frombuffer(self.lengths, np.uint8)
        self._slots: list[int] = places(self._length_bytes).tolist()
        self.dates = []
        for _ in range(dates):
            date = facts.take(facts.number()).decode()
            self.dates.append((date, facts.number()))
        self._firsts: list[bytes] = []
        self._places: list[tuple[str, int, int, int]] = []
        self._read_shards(shards, total)
        self._files = {
            name: _mapped(folder / name)
            for kind in ("postings", "texts", "rests")
            for name, size in entry[kind]
            if size
        }

    def _read_shards(self, columns: list[Cursor], total: int) -> None:
        rests = columns.pop(2)
        numbers = (total, total, total + self._pairs, total + self._pairs)
        shared, sizes, postings, positions = (
            [column.number() for _ in range(many)]
            for column, many in zip(columns, numbers, strict=True)
        )
        first = b""
        for at in range(total):
            first = first[: shared[at]] + rests.take(sizes[at])
            self._firsts.append(first)
        file = start = 0
        for one, other in zip(postings, positions, strict=True):
            if start >= self._entry["postings"][file][1]:
                file, start = file + 1, 0
            self._places.append((self._entry["postings"][file][0], start, one * UNIT, other * UNIT))
            start += (one + other) * UNIT

    def _shard(self, number: int) -> OpenShard:
        return self._kept.get((self._name, number), partial(self._open_shard, number))

    def _positions(self, number: int) -> Positions:
        return self._kept.get((self._name, number, "at"), partial(self._open_positions, number))

    def _open_shard(self, number: int) -> OpenShard:
        name, start, postings, _ = self._places[number]
        data = self._files[name][start : start + postings]
        return OpenShard(data, self.count, self._length_bytes)

    def _open_positions(self, number: int) -> Positions:
        name, start, postings, size = self._places[number]
        start += postings
        return self._shard(number).positions(self._files[name][start : start + size])

    def _numbers(self, key: bytes, exact: bool) -> range:
        """Return the numbers of the shards that can hold a word or a pair."""
        if is_pair(key):
            at = len(self._firsts) + (bucket(key, self._pairs) if self._pairs else 0)
            return range(at, at + (1 if self._pairs and self._places[at][2] else 0))
        low = max(bisect_right(self._firsts, key) - 1, 0)
        high = bisect_right(self._firsts, key if exact else key + FORMS_END)
        return range(low, max(high, low + 1) if self._firsts else 0)

    def listings(self, key: bytes, exact: bool, positions: bool) -> list[Listing]:
        """Return the documents of a term, or of each form of a stem."""
        found: list[Listing] = []
        for number in self._numbers(key, exact):
            shard = self._shard(number)
            several = shard.range(key, exact)
            if not several:
                continue
            if not positions and not (exact and shard.joined):
                lists = range(1) if shard.joined else several
                bounds = [(int(shard.starts[at]), int(shard.starts[at + 1])) for at in lists]
                found += [Listing(shard.ids[a:b], shard.weights[a:b], None) for a, b in bounds]
                continue
            terms = self._positions(number)
            for low, high in ((int(terms.starts[at]), int(terms.starts[at + 1])) for at in several):
                places = terms.places(low, high) if positions else None
                found.append(Listing(terms.ids[low:high], terms.weights[low:high], places))
        return found

    def doc_frequency(self, key: bytes, exact: bool) -> int:
        """Return how many documents have a term, or any of the forms of a stem."""
        if not exact:
            return len(merge(self.listings(key, False, False), False).ids)
        shards = [self._shard(number) for number in self._numbers(key, True)]
        return sum(int(one.docs[at]) for one in shards for at in one.range(key, True))

    def standing(self, terms: Sequence[Term], title: bool, spend: Spend) -> Listing:
        """Return where ``terms`` stand at their offsets, counted with weights.

        ``spend`` is told how much is read for it.
        """
        taken = cover(terms, self._often)
        if len(taken) == 1 and taken[0].exact and not title:
            listings = self.listings(taken[0].key, True, False)
            spend(sum(len(listing.ids) for listing in listings), 0)
            return merge(listings, False)
        placed = []
        for term in taken:
            listing = self._placed(term)
            spend(len(listing.ids), 0 if listing.places is None else len(listing.places))
            placed.append((term.offset, listing))
        return stand(placed, title)

    def _often(self, term: Term) -> bool:
        """Whether a word is frequent: of a stem, the last shard that can have it decides."""
        numbers = self._numbers(term.key, term.exact)
        return len(numbers) > 0 and self._places[numbers[-1]][3] >= self._frequent

    def _placed(self, term: Term) -> Listing:
        asked = (self._name, term.key, term.exact)
        return self._kept.get(asked, lambda: merge(self.listings(term.key, term.exact, True), True))

    def shown(self, number: int) -> Shown:
        """Return what is shown of a document."""
        start, end = self._slots[number], self._slots[number + 1]
        file = before = 0
        for size in (size for _, size in self._entry["texts"]):
            if start < before + size:
                break
            file, before = file + 1, before + size
        data = self._files[self._entry["texts"][file][0]]
        slot = data[start - before : end - before]
        (used,) = HEADER.unpack_from(slot)
        packed = slot[HEADER.size : HEADER.size + used]
        if not used:
            _, start, length = ELSEWHERE.unpack_from(slot)
            packed = self._files[self._entry["rests"][0][0]][start : start + length]
        url, title, date, lang, topics, text, more = msgspec.json.decode(inflate(packed))
        return Shown(url, url, title, date, lang, tuple(topics), text, bool(more))

    def topics(self) -> tuple[list[tuple[str, ...]], dict[str, str]]:
        """Return each document's topics, and the topics' names."""
        cursor = Cursor(inflate((self._folder / self._entry["facets"][0]).read_bytes()))
        listed = msgspec.json.decode(cursor.take(cursor.number()), type=list[tuple[str, str]])
        of = []
        for _ in range(self.count):
            of.append(tuple(listed[cursor.number()][0] for _ in range(cursor.number())))
        return of, dict(listed)


def _unmeasured(documents: int, places: int) -> None:
    """Take no notice of what is read."""


def _joined(parts: Sequence[Listing]) -> Listing:
    """Return listings one after the other: their documents ascend. None has places."""
    filled = [part for part in parts if len(part.ids)]
    if len(filled) <= 1:
        return filled[0] if filled else EMPTY
    ids = np.concatenate([part.ids for part in filled])
    return Listing(ids, np.concatenate([part.weights for part in filled]), None)


class OtherFormatError(FileNotFoundError):
    """The search was exported by another version: there is none that this one can read."""


class StaticArchive:
    """All segments of an exported search folder as one ``Library``.

    ``kept`` is what one that was open before has read: of the segments that are the same, nothing
    is read again. Raises FileNotFoundError where a file is missing, OtherFormatError where another
    version of this package has written them.
    """

    def __init__(self, folder: Path, kept: Kept | None = None) -> None:
        self.kept = kept or Kept(MOST_KEPT)
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
        if manifest["format"] != FORMAT:
            raise OtherFormatError(
                f"the search is of format {manifest['format']} and this backissue reads format"
                f" {FORMAT}: publish the site again with this version"
            )
        head = [Cursor(data) for data in unpack_heads((folder / manifest["head"][0]).read_bytes())]
        self.segments = [
            StaticSegment(folder, entry, head, self.kept) for entry in manifest["segments"]
        ]
        sizes = [segment.count for segment in self.segments]
        self._bases = [sum(sizes[:at]) for at in range(len(sizes))]
        self.count = sum(sizes)
        self.total_length = sum(entry["length"] for entry in manifest["segments"])
        self._lengths = np.frombuffer(
            b"".join(segment.lengths for segment in self.segments), np.uint8
        )
        self._dates = Dates(run for segment in self.segments for run in segment.dates)
        self._words: Callable[[], Lexicon] = lambda: Lexicon(
            unpack_words((folder / manifest["words"][0]).read_bytes())
        )
        self.words = lru_cache(1)(self._words)
        self.topics = lru_cache(1)(self._topics)
        self._listings = Kept(MOST_LISTED)

    def lengths(self) -> NDArray[np.uint8]:
        """Return each document's length byte."""
        return self._lengths

    def dates(self) -> Dates:
        """Return the dates of the documents."""
        return self._dates

    def listing(self, piece: Piece) -> Listing:
        """Return the documents of an exact term, or of all the forms of a stem."""
        return self._listed(piece.key.encode(), piece.exact)

    def _listed(self, key: bytes, exact: bool) -> Listing:
        return self._listings.get((key, exact), partial(self._listing, key, exact))

    def _listing(self, key: bytes, exact: bool) -> Listing:
        found = (merge(segment.listings(key, exact, False), False) for segment in self.segments)
        return self._together(found)

    def _together(self, found: Iterable[Listing]) -> Listing:
        """Return what the segments have, in the numbers of the archive."""
        pairs = zip(self._bases, found, strict=True)
        return _joined([listing.moved(base) for base, listing in pairs])

    def doc_frequency(self, piece: Piece) -> int:
        """Return how many documents a piece of a phrase has."""
        key = piece.key.encode()
        return sum(segment.doc_frequency(key, piece.exact) for segment in self.segments)

    def standing(self, leaf: Leaf, title: bool, spend: Spend = _unmeasured) -> Listing:
        """Return where the pieces of a leaf stand at their distances, counted with weights.

        ``spend`` is told how many documents and positions are read for it.
        """
        terms = [Term(piece.key.encode(), piece.exact, piece.offset) for piece in leaf.pieces]
        return self._together(segment.standing(terms, title, spend) for segment in self.segments)

    def filtered(self, field: str, value: str) -> Ids:
        """Return the documents that have ``value`` in a filter field."""
        return self._listed(filter_term(field, value), True).ids

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
