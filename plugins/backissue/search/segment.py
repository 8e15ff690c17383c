"""Some of an archive's documents as the files of one static segment; docs/search.md has the format.

Every file is named by the hash of its bytes, so that a name is never used for anything else:

    p-<hash>.bin  shards (see ``shard``), each a range of terms: the terms with their postings,
                  then their positions, so that a word is one byte range; then those of pairs of
                  frequent words (see ``pairs``)
    t-<hash>.bin  the documents' slots (see ``record``)
    r-<hash>.bin  records that are larger than their slots: seldom any
    f-<hash>.bin  the topics of each document, for facets

The head of a segment says where its shards stand; the heads of all are one file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from math import isqrt
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from .archive import Archive, topics_of
from .codec import Cursor, deflate, digest, inflate, varint, varints
from .merging import Merging, Run
from .pairs import pair_shards
from .record import Record, fits, slot
from .shard import UNIT, RawShard, common, cut_shards

# The bytes of terms and postings in a shard: so many and, for each unit of the square root of
# the number of documents, so many more. What a word takes to fetch and what the list of shards
# takes are then in balance over segments of all sizes.
SHARD_BYTES: Final = 400
MORE_BYTES: Final = 42
PACK_BYTES: Final = 90_000_000  # below the largest file that GitHub takes (100 MB)
# The newest months are cut into two segments before the last document whose key has the
# smallest hash of all within so many on either side: mostly an article more rewrites the
# files of the second, which has some 200 to 700 documents.
REACH: Final = 192
# A word is frequent whose shard has so many bytes of positions. Pairs grow fast with a lower
# border; with a higher one, a phrase of words that are just below it fetches more.
FREQUENT: Final = 12_288
PAIRS_BYTES: Final = 3.0  # shards of pairs are so many times as large: the head has their sizes
WORTH: Final = 3  # chunks of terms for which other processes are asked to help

Columns = tuple[bytes, ...]
COLUMNS: Final = 7  # of a head


class File(NamedTuple):
    """A file of the export: its name and its content."""

    name: str
    data: bytes


class Segment(NamedTuple):
    """A segment's files, its head and its entry in the manifest."""

    files: tuple[File, ...]
    head: Columns
    entry: dict[str, Any]


class Shard(NamedTuple):
    """A range of terms: where it begins, and both its parts, as they are written."""

    first: bytes
    postings: bytes
    positions: bytes


Work = Callable[[int], list[Shard]]
Each = Callable[[Work, Sequence[int]], Iterator[list[Shard]]]


class Edge(NamedTuple):
    """What the head says of a shard: where it begins, and how long its parts are."""

    first: bytes
    postings: int
    positions: int


class Span(NamedTuple):
    """The documents ``low`` to ``high`` of some months."""

    archive: Archive
    low: int
    high: int

    @property
    def size(self) -> int:
        """How many they are."""
        return self.high - self.low

    @property
    def lengths(self) -> NDArray[np.uint8]:
        """Their length bytes."""
        return self.archive.lengths()[self.low : self.high]

    def length(self) -> int:
        """Return the sum of their lengths."""
        months = self.archive.months
        if self.size == self.archive.count:
            return self.archive.total_length
        every = chain.from_iterable(month.exact_lengths() for month in months)
        return sum(islice(every, self.low, self.high))

    def runs(self) -> list[Run]:
        """Return the columns of the parts that have any of them, numbered from 0 on."""
        found = []
        for month, base in zip(self.archive.months, self.archive.bases, strict=True):
            for at, part in enumerate(month.parts):
                numbers = month.numbers(at, base)
                numbers = np.where(
                    (numbers >= self.low) & (numbers < self.high), numbers - self.low, -1
                ).astype(np.int32)
                if numbers.max(initial=-1) >= 0:
                    found.append(part.run(numbers))
        return found

    def dates(self) -> list[tuple[str, int]]:
        """Return their dates in ascending order, each with its number of documents."""
        found = []
        at = 0
        for date, many in self.archive.dates():
            here = min(at + many, self.high) - max(at, self.low)
            if here > 0:
                found.append((date, here))
            at += many
        return found

    def rows(self) -> Iterator[tuple[str, Record]]:
        """Yield the key and the record of each, a month's at a time."""
        every = chain.from_iterable(month.records() for month in self.archive.months)
        return islice(every, self.low, self.high)


def named(kind: str, data: bytes) -> File:
    """Return ``data`` as a file that is named by its content."""
    return File(f"{kind}-{digest((data,))}.bin", data)


def borders(keys: Sequence[str], reach: int) -> list[int]:
    """Return before which of ``keys`` they are cut in two: a function of the keys near by."""
    if len(keys) <= 2 * reach:
        return []
    hashes = np.array([int(digest((key.encode(),)), 16) for key in keys], np.uint64)
    near = np.lib.stride_tricks.sliding_window_view(hashes, 2 * reach + 1)
    found: list[int] = (np.flatnonzero(near.min(axis=1) == near[:, reach]) + reach).tolist()
    return found


def one_by_one(work: Work, numbers: Sequence[int]) -> Iterator[list[Shard]]:
    """Yield what ``work`` makes of each number: all is done here."""
    return map(work, numbers)


def build_segment(span: Span, pack_bytes: int = PACK_BYTES, each: Each = one_by_one) -> Segment:
    """Return the segment of some documents; ``each`` may share the work among processes."""
    merging = Merging(span.runs())
    spread = each if merging.chunks >= WORTH else one_by_one
    shards = spread(partial(chunk_shards, merging, span), range(merging.chunks))
    edges: list[Edge] = []
    often: list[Shard] = []
    words = written(chain.from_iterable(shards), edges, often, FREQUENT)
    pairs: list[Edge] = []
    # Only once all words are written it is known which are frequent: the second comes after them.
    pieces = chain(words, written(beside(often, span), pairs))
    postings = packs("p", pieces, pack_bytes)
    others: list[bytes] = []
    slots = packs("t", documents(span, others), pack_bytes)
    rests = [named("r", b"".join(others))] if others else []
    of, names = topics_of(span.archive.months)
    facets = named("f", deflate(topics_column(of[span.low : span.high], names)))
    entry = {
        "docs": span.size,
        "length": span.length(),
        "facets": [facets.name, len(facets.data)],
        "postings": [[file.name, len(file.data)] for file in postings],
        "texts": [[file.name, len(file.data)] for file in slots],
        "rests": [[file.name, len(file.data)] for file in rests],
    }
    made = head(span, edges, pairs)
    return Segment((facets, *postings, *slots, *rests), made, entry)


def written(
    shards: Iterable[Shard], edges: list[Edge], often: list[Shard] | None = None, least: int = 0
) -> Iterator[bytes]:
    """Yield the bytes of ``shards``; add to ``edges`` what the head says of them.

    Those whose positions take ``least`` bytes are added to ``often``.
    """
    for shard in shards:
        edges.append(Edge(shard.first, len(shard.postings), len(shard.positions)))
        if often is not None and len(shard.positions) >= least:
            often.append(shard)
        yield shard.postings + shard.positions


def beside(often: Sequence[Shard], span: Span) -> Iterator[Shard]:
    """Yield the shards of the pairs of frequent words."""
    shards = [(shard.postings, shard.positions) for shard in often]
    size = int(PAIRS_BYTES * shard_size(span))
    for raw in pair_shards(shards, span.size, span.lengths, size):
        yield packed(raw) if raw else Shard(b"", b"", b"")


def packs(kind: str, pieces: Iterable[bytes], limit: int) -> list[File]:
    """Return ``pieces`` one after the other in files below ``limit`` bytes, none cut in two."""
    files: list[File] = []
    current: list[bytes] = []
    size = 0
    for piece in pieces:
        if current and size + len(piece) > limit:
            files.append(named(kind, b"".join(current)))
            current, size = [], 0
        current.append(piece)
        size += len(piece)
    return [*files, named(kind, b"".join(current))] if current else files


def documents(span: Span, others: list[bytes]) -> Iterator[bytes]:
    """Yield the documents' slots; add records that are larger to ``others``.

    Months' records are read when it is their turn, so that memory holds one month.
    """
    at = 0
    for (_, made), length in zip(span.rows(), span.lengths.tolist(), strict=True):
        yield slot(made, length, at)
        if not fits(made, length):
            others.append(made.packed)
            at += len(made.packed)


def chunk_shards(merging: Merging, span: Span, number: int) -> list[Shard]:
    """Return the shards of a chunk of terms as they are written."""
    chunk, before = merging.chunk(number), merging.before(number)
    size = shard_size(span)
    return [packed(raw) for raw in cut_shards(chunk, before, span.size, span.lengths, size)]


def shard_size(span: Span) -> int:
    """Return about how many bytes of terms and postings a shard of words has."""
    return SHARD_BYTES + MORE_BYTES * isqrt(span.size)


def packed(shard: RawShard) -> Shard:
    """Return a shard as it is written."""
    terms = deflate(shard.terms)
    postings = b"".join((varint(len(terms)), terms, shard.postings))
    return Shard(shard.first, _padded(postings), _padded(shard.positions))


def _padded(data: bytes) -> bytes:
    return data.ljust(-len(data) % UNIT + len(data), b"\0")


def head(span: Span, shards: Sequence[Edge], pairs: Sequence[Edge]) -> Columns:
    """Return what is read before the first query, as columns, which deflate better than rows.

    They are: how many documents, dates, shards of words and of pairs there are, how many bytes of
    positions make a word frequent, and the dates; the documents' length bytes; how much of
    each shard's first term is that of the one before; how long its rest is; the rests; the sizes
    of the postings and of the positions, of pairs after those of words.
    """
    dates = span.dates()
    numbers = span.size, len(dates), len(shards), len(pairs), FREQUENT // UNIT
    facts = bytearray(b"".join(map(varint, numbers)))
    for date, count in dates:
        facts += varint(len(date)) + date.encode() + varint(count)
    firsts = [shard.first for shard in shards]
    shared = [common(*pair) for pair in zip(firsts, [b"", *firsts], strict=False)]
    rests = [first[same:] for first, same in zip(firsts, shared, strict=True)]
    return (
        bytes(facts),
        span.lengths.tobytes(),
        _listed(shared),
        _listed(map(len, rests)),
        b"".join(rests),
        _listed(shard.postings // UNIT for shard in (*shards, *pairs)),
        _listed(shard.positions // UNIT for shard in (*shards, *pairs)),
    )


def _listed(numbers: Iterable[int]) -> bytes:
    return varints(np.array(list(numbers), np.int64))


def pack_heads(heads: Iterable[Columns]) -> bytes:
    """Return the heads of all segments as one file: each column deflated by itself."""
    columns = list(zip(*heads, strict=True)) or [()] * COLUMNS
    packed = [deflate(b"".join(column)) for column in columns]
    return _listed(map(len, packed)) + b"".join(packed)


def unpack_heads(data: bytes) -> list[bytes]:
    """Return the columns of a file that ``pack_heads`` made."""
    cursor = Cursor(data)
    sizes = [cursor.number() for _ in range(COLUMNS)]
    return [inflate(cursor.take(size)) for size in sizes]


def topics_column(of: Sequence[Sequence[str]], names: Mapping[str, str]) -> bytes:
    """Return the topics that occur, with their names, and the numbers of each document's."""
    slugs = sorted({slug for topics in of for slug in topics})
    numbers = {slug: number for number, slug in enumerate(slugs)}
    out = bytearray()
    for topics in of:
        out += varint(len(topics))
        for slug in topics:
            out += varint(numbers[slug])
    listed = msgspec.json.encode([[slug, names.get(slug, slug)] for slug in slugs])
    return varint(len(listed)) + listed + bytes(out)
