"""Several months' indexes as the files of one static segment; docs/search.md has the format.

Every file is named by the hash of its bytes, so that a name is never used for anything else:

    p-<hash>.bin  shards, each a range of terms: the terms with their postings, then their
                  positions, both deflated, so that a word is one byte range
    t-<hash>.bin  the documents' slots (see ``record``)
    r-<hash>.bin  the rests of their texts
    f-<hash>.bin  the topics of each document, for facets

The head of a segment says where its shards stand; the heads of all are one file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from os import cpu_count
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from .archive import Archive, topics_of
from .codec import deflate, digest, varint, varints
from .columns import Merged, merge
from .record import SLOT, slot

SHARD_BYTES: Final = 16_000  # of terms and postings, before deflate
TERM_BYTES: Final = 3  # what a term takes beside its letters and its postings
PACK_BYTES: Final = 90_000_000  # below the largest file that GitHub takes (100 MB)
# In the newest segment a pack of documents ends, by the hash of a key, after so many on
# average: an article more rewrites the pack it is in and no other.
PACK_DOCS: Final = 128
AHEAD: Final = 64  # shards that wait to be deflated


class File(NamedTuple):
    """A file of the export: its name and its content."""

    name: str
    data: bytes


class Segment(NamedTuple):
    """A segment's files, its head and its entry in the manifest."""

    files: tuple[File, ...]
    head: bytes
    entry: dict[str, Any]


class RawShard(NamedTuple):
    """A range of terms: where it begins, its terms with their postings, its positions."""

    first: bytes
    postings: bytes
    positions: bytes


class Shard(NamedTuple):
    """A range of terms: where it begins, and both its parts, deflated."""

    first: bytes
    postings: bytes
    positions: bytes


def named(kind: str, data: bytes) -> File:
    """Return ``data`` as a file that is named by its content."""
    return File(f"{kind}-{digest((data,))}.bin", data)


def build_segment(archive: Archive, newest: bool, pack_bytes: int = PACK_BYTES) -> Segment:
    """Return the segment that holds all the months of ``archive``."""
    pairs = zip(archive.months, archive.bases, strict=True)
    runs = [run for month, base in pairs for run in month.runs(base)]
    shards = list(pack_shards(cut_shards(merge(runs))))
    postings = packs((shard.postings + shard.positions for shard in shards), pack_bytes)
    slots, rests = documents(archive, newest, pack_bytes)
    facets = named("f", deflate(topics_column(*topics_of(archive.months))))
    entry = {
        "docs": archive.count,
        "length": archive.total_length,
        "facets": [facets.name, len(facets.data)],
        "postings": [[file.name, len(file.data)] for file in postings],
        "texts": [[file.name, len(file.data)] for file in slots],
        "rests": [[file.name, len(file.data)] for file in rests],
    }
    return Segment((facets, *postings, *slots, *rests), head(archive, shards), entry)


def packs(pieces: Iterable[bytes], limit: int) -> list[File]:
    """Return ``pieces`` one after the other in files below ``limit`` bytes, none cut in two."""
    files: list[File] = []
    current: list[bytes] = []
    size = 0
    for piece in pieces:
        if current and size + len(piece) > limit:
            files.append(named("p", b"".join(current)))
            current, size = [], 0
        current.append(piece)
        size += len(piece)
    return [*files, named("p", b"".join(current))] if current else files


def documents(archive: Archive, newest: bool, limit: int) -> tuple[list[File], list[File]]:
    """Return the documents' slots and the rests of their texts, file beside file.

    A month's records are read when it is their turn, so that memory holds one month.
    """
    slots: list[File] = []
    rests: list[File] = []
    one, other = bytearray(), bytearray()
    rows = (row for month in archive.months for row in month.records())
    for number, (key, made) in enumerate(rows, 1):
        one += slot(made, len(other))
        other += made.rest
        full = max(len(one) + SLOT, len(other)) > limit
        border = newest and int(digest((key.encode(),)), 16) % PACK_DOCS == 0
        if full or border or number == archive.count:
            slots.append(named("t", bytes(one)))
            rests.append(named("r", bytes(other)))
            one, other = bytearray(), bytearray()
    return slots, rests


def cut_shards(chunks: Iterable[Merged]) -> Iterator[RawShard]:
    """Yield the terms in shards. A shard begins with as much of its first term as it takes."""
    before = b""
    for chunk in chunks:
        spelled = np.fromiter(map(len, chunk.terms), np.int64, len(chunk.terms))
        ends = (chunk.ends + np.cumsum(spelled + TERM_BYTES)).tolist()
        at = 0
        while at < len(chunk.terms):
            start = ends[at - 1] if at else 0
            end = max(bisect_right(ends, start + SHARD_BYTES), at + 1)
            first = chunk.terms[at][: common(before, chunk.terms[at]) + 1] if before else b""
            before = chunk.terms[end - 1]
            yield RawShard(first, _postings(chunk, at, end), _positions(chunk, at, end))
            at = end


def _postings(chunk: Merged, low: int, high: int) -> bytes:
    """Return terms with their numbers of documents and their postings, column by column."""
    terms = b"\n".join(chunk.terms[low:high])
    sizes = varints(np.diff(chunk.ends[low:high], prepend=chunk.ends[low - 1] if low else 0))
    start = int(chunk.ends[low - 1]) if low else 0
    blob = chunk.postings[start : int(chunk.ends[high - 1])]
    return b"".join((varint(len(terms)), terms, varints(chunk.docs[low:high]), sizes, blob))


def _positions(chunk: Merged, low: int, high: int) -> bytes:
    """Return the positions of the same terms: all sizes, then all positions."""
    start = int(chunk.places[low - 1]) if low else 0
    sizes = varints(np.diff(chunk.places[low:high], prepend=start))
    return sizes + chunk.positions[start : int(chunk.places[high - 1])]


def pack_shards(shards: Iterable[RawShard]) -> Iterator[Shard]:
    """Yield the shards deflated; zlib works on all cores at once."""
    with ThreadPoolExecutor(cpu_count()) as pool:
        waiting: deque[tuple[bytes, Future[bytes], Future[bytes]]] = deque()
        for first, postings, positions in shards:
            work = pool.submit(deflate, postings), pool.submit(deflate, positions)
            waiting.append((first, *work))
            if len(waiting) >= AHEAD:
                begin, one, other = waiting.popleft()
                yield Shard(begin, one.result(), other.result())
        for begin, one, other in waiting:
            yield Shard(begin, one.result(), other.result())


def common(one: bytes, other: bytes) -> int:
    """Return how many bytes ``one`` and ``other`` begin with together."""
    most = min(len(one), len(other))
    for at in range(most):
        if one[at] != other[at]:
            return at
    return most


def head(archive: Archive, shards: Sequence[Shard]) -> bytes:
    """Return the lengths of a segment's documents, their dates, and where its shards begin."""
    out = bytearray(varint(archive.count))
    out += archive.lengths().tobytes()
    dates = archive.dates()
    out += varint(len(dates))
    for date, count in dates:
        out += varint(len(date)) + date.encode() + varint(count)
    out += varint(len(shards))
    before = b""
    for shard in shards:
        shared = common(before, shard.first)
        out += varint(shared) + varint(len(shard.first) - shared) + shard.first[shared:]
        out += varint(len(shard.postings)) + varint(len(shard.positions))
        before = shard.first
    return bytes(out)


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
