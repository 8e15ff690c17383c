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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from .archive import Archive
from .codec import deflate, digest, varint
from .extract import Merged, merge_months
from .record import SLOT, record

SHARD_BYTES: Final = 16_000  # of postings, before deflate
PACK_BYTES: Final = 90_000_000  # below the largest file that GitHub takes (100 MB)
# In the newest segment a pack of documents ends, by the hash of a key, after so many on
# average: an article more rewrites the pack it is in and no other.
PACK_DOCS: Final = 128


class File(NamedTuple):
    """A file of the export: its name and its content."""

    name: str
    data: bytes


class Segment(NamedTuple):
    """A segment's files, its head and its entry in the manifest."""

    files: tuple[File, ...]
    head: bytes
    entry: dict[str, Any]


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
    shards = list(cut_shards(merge_months(archive.months, archive.bases)))
    postings = packs((shard.postings + shard.positions for shard in shards), pack_bytes)
    slots, rests, facets = documents(archive, newest, pack_bytes)
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


def documents(archive: Archive, newest: bool, limit: int) -> tuple[list[File], list[File], File]:
    """Return the documents' slots and the rests of their texts, file beside file; the topics.

    A month's documents are read when it is their turn, so that memory holds one month.
    """
    slots: list[File] = []
    rests: list[File] = []
    one, other = bytearray(), bytearray()
    topics: list[tuple[str, ...]] = []
    names: dict[str, str] = {}
    for doc in (doc for month in archive.months for doc in month.read()):
        topics.append(doc.topics)
        names.update(zip(doc.topics, doc.topic_names, strict=False))
        made = record(doc, len(other))
        one += made.slot
        other += made.rest
        full = max(len(one) + SLOT, len(other)) > limit
        border = newest and int(digest((doc.key.encode(),)), 16) % PACK_DOCS == 0
        if full or border or len(topics) == archive.count:
            slots.append(named("t", bytes(one)))
            rests.append(named("r", bytes(other)))
            one, other = bytearray(), bytearray()
    return slots, rests, named("f", deflate(topics_column(topics, names)))


def cut_shards(terms: Iterable[Merged]) -> Iterator[Shard]:
    """Yield the terms in shards. A shard begins with as much of its first term as it takes."""
    start = b""
    before = b""
    postings, positions = bytearray(), bytearray()
    for term, count, blob, places in terms:
        if postings and len(postings) + len(blob) > SHARD_BYTES:
            yield Shard(start, deflate(bytes(postings)), deflate(bytes(positions)))
            start = term[: common(before, term) + 1]
            before = b""
            postings, positions = bytearray(), bytearray()
        shared = common(before, term)
        postings += varint(shared) + varint(len(term) - shared) + term[shared:]
        postings += varint(count) + varint(len(blob)) + blob
        positions += varint(len(places)) + places
        before = term
    if postings:
        yield Shard(start, deflate(bytes(postings)), deflate(bytes(positions)))


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
