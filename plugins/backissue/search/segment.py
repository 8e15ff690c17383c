"""Several months' indexes as the files of one static segment; docs/search.md has the format.

A segment is four kinds of file, each named by the hash of its bytes, so that a name is
never used for anything else:

    p-<hash>.bin  shards, each a range of terms: the terms with their postings, then their
                  positions, both deflated, so that a word is one byte range
    t-<hash>.bin  the documents, each deflated on its own
    f-<hash>.bin  the topics of each document, for facets
    h-<hash>.bin  the head: where all of this stands, the lengths, the dates
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from .archive import Archive
from .codec import deflate, digest, gaps, varint
from .records import SearchDoc
from .store import Month
from .whooshed import TEXT, Postings

SHARD_BYTES: Final = 24_000  # of postings, before deflate: about 10 kB after it
PACK_BYTES: Final = 24_000_000  # below what hosts of static sites take (25 MiB, 100 MB)
# Filter values stand in the same lexicon, behind a byte that no word begins with.
FILTER_MARK: Final = b"\x01"
FILTER_KEYS: Final = {"authors": b"a", "lang": b"l", "source": b"s", "topics": b"t"}


class File(NamedTuple):
    """A file of the export: its name and its content."""

    name: str
    data: bytes


class Segment(NamedTuple):
    """A segment's files and its entry in the manifest."""

    files: tuple[File, ...]
    entry: dict[str, Any]


class _Shard(NamedTuple):
    first: bytes
    postings: bytes
    positions: bytes


def build_segment(archive: Archive, pack_bytes: int = PACK_BYTES) -> Segment:
    """Return the segment that holds all the months of ``archive``."""
    docs = [doc for month in archive.months for doc in month.docs]
    shards = list(_shards(_terms(archive)))
    texts = [deflate(record(doc)) for doc in docs]
    pieces = [part for shard in shards for part in (shard.postings + shard.positions,)]
    postings = packs("p", pieces, pack_bytes)
    documents = packs("t", texts, pack_bytes)
    head = _named("h", deflate(_head(archive, docs, texts, shards)))
    facets = _named("f", deflate(_facets(docs)))
    entry = {
        "docs": archive.count,
        "length": archive.total_length,
        "head": [head.name, len(head.data)],
        "facets": [facets.name, len(facets.data)],
        "postings": [[file.name, len(file.data)] for file in postings],
        "texts": [[file.name, len(file.data)] for file in documents],
    }
    return Segment((head, facets, *postings, *documents), entry)


def packs(kind: str, pieces: Iterable[bytes], limit: int) -> list[File]:
    """Return ``pieces`` one after the other in files below ``limit`` bytes, none cut in two."""
    files: list[File] = []
    current: list[bytes] = []
    size = 0
    for piece in pieces:
        if current and size + len(piece) > limit:
            files.append(_named(kind, b"".join(current)))
            current, size = [], 0
        current.append(piece)
        size += len(piece)
    return [*files, _named(kind, b"".join(current))] if current else files


def _named(kind: str, data: bytes) -> File:
    return File(f"{kind}-{digest((data,))}.bin", data)


def record(doc: SearchDoc) -> bytes:
    """Return what a browser must know of a document to show it."""
    text = doc.text or doc.excerpt
    return msgspec.json.encode([doc.url, doc.title, doc.date, doc.lang, doc.topics, text])


_Run = tuple[bytes, int, Postings]


def _terms(archive: Archive) -> Iterator[tuple[bytes, Postings]]:
    """Yield every term of the archive in the order of its bytes, with its postings."""
    opened = zip(archive.months, archive.bases, strict=True)
    runs = [_month_terms(month, base) for month, base in opened]
    for term, same in groupby(merge(*runs, key=itemgetter(0, 1)), key=itemgetter(0)):
        found = list(same)
        if len(found) == 1:
            yield term, found[0][2]
            continue
        yield (
            term,
            Postings(
                np.concatenate([postings.ids for _, _, postings in found]),
                np.concatenate([postings.weights for _, _, postings in found]),
                [value for _, _, postings in found for value in postings.values],
            ),
        )


def _month_terms(month: Month, base: int) -> Iterator[_Run]:
    index = month.index
    fields = [(FILTER_MARK + key, field) for field, key in FILTER_KEYS.items()]
    for prefix, field in [*sorted(fields), (b"", TEXT)]:
        for term in index.lexicon(field):
            postings = index.postings(field, term)
            if postings is not None:
                yield prefix + term, base, postings._replace(ids=postings.ids + base)


def _shards(terms: Iterable[tuple[bytes, Postings]]) -> Iterator[_Shard]:
    first: bytes | None = None
    before = b""
    postings, positions = bytearray(), bytearray()
    for term, found in terms:
        blob = gaps(found.ids, found.weights)
        if first is not None and len(postings) + len(blob) > SHARD_BYTES:
            yield _Shard(first, deflate(bytes(postings)), deflate(bytes(positions)))
            first = None
        if first is None:
            first, before = term, b""
            postings, positions = bytearray(), bytearray()
        shared = common(before, term)
        postings += varint(shared) + varint(len(term) - shared) + term[shared:]
        postings += varint(len(found.ids)) + varint(len(blob)) + blob
        places = b"".join(found.values)
        positions += varint(len(places)) + places
        before = term
    if first is not None:
        yield _Shard(first, deflate(bytes(postings)), deflate(bytes(positions)))


def common(one: bytes, other: bytes) -> int:
    """Return how many bytes ``one`` and ``other`` begin with together."""
    most = min(len(one), len(other))
    for at in range(most):
        if one[at] != other[at]:
            return at
    return most


def _head(
    archive: Archive, docs: Sequence[SearchDoc], texts: Sequence[bytes], shards: Sequence[_Shard]
) -> bytes:
    out = bytearray(varint(len(docs)))
    out += archive.lengths().tobytes()
    dates = archive.dates()
    out += varint(len(dates))
    for date, count in dates:
        out += varint(len(date)) + date.encode() + varint(count)
    for text in texts:
        out += varint(len(text))
    out += varint(len(shards))
    before = b""
    for shard in shards:
        shared = common(before, shard.first)
        out += varint(shared) + varint(len(shard.first) - shared) + shard.first[shared:]
        out += varint(len(shard.postings)) + varint(len(shard.positions))
        before = shard.first
    return bytes(out)


def _facets(docs: Sequence[SearchDoc]) -> bytes:
    names: dict[str, str] = {}
    for doc in docs:
        names.update(zip(doc.topics, doc.topic_names, strict=False))
    slugs = sorted({slug for doc in docs for slug in doc.topics})
    numbers = {slug: number for number, slug in enumerate(slugs)}
    out = bytearray()
    for doc in docs:
        out += varint(len(doc.topics))
        for slug in doc.topics:
            out += varint(numbers[slug])
    listed = msgspec.json.encode([[slug, names.get(slug, slug)] for slug in slugs])
    return varint(len(listed)) + listed + bytes(out)
