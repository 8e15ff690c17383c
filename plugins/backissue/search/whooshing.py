"""Writes the files of a Whoosh index: an index is written once, and whole.

The terms come ready and sorted from ``columns``; Whoosh's codec writes them as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from pickle import dumps
from struct import Struct, pack
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.system import pack_int, pack_long, pack_ushort
from whoosh.util.numlists import GrowableArray

from .whooshed import TEXT, length_byte, schema

BLOCK: Final = 128  # postings, as Whoosh has it
# Whoosh's own is 2, in which a byte string is a call with a name: twice the bytes, nine times the
# time. What it reads it gives to ``pickle.loads``, which knows them all.
PICKLE: Final = 5
_CRC32: Final = 1  # the second of Whoosh's hash functions; its own choice, MD5, takes longer
_ROW: Final = Struct("!ii").pack  # how long a key and its value are
# What W3TermInfo writes of a term: a flag, its weight, its documents, the least and the greatest
# length (as bytes), its greatest weight, its first and its last document.
_TERM: Final = Struct("!BfIBBfII").pack


class Document(NamedTuple):
    """A document on its way into Whoosh: its stored fields and its length in words."""

    stored: Mapping[str, str]
    length: int


class Entries(NamedTuple):
    """The postings of a field: its terms in the order of their bytes, with ``counts`` of each.

    One after the other, the terms' ascending numbers of documents, weights, encoded positions.
    """

    field: str
    terms: Sequence[bytes]
    counts: NDArray[np.int32]
    ids: NDArray[np.int32]
    weights: NDArray[np.int32]
    values: Sequence[bytes]


def write_index(folder: Path, docs: Sequence[Document], entries: Iterable[Entries]) -> None:
    """Write a new index of ``docs`` as one segment into an empty ``folder``.

    ``entries`` come once for each field that has terms.
    """
    storage = FileStorage(str(folder))
    index = storage.create_index(schema())
    # A compound file would be read into memory whole when it is opened.
    writer = index.writer(codec=_Codec(), compound=False)
    writer.pool = _Ready(writer.pool, entries, [doc.length for doc in docs])
    for doc in docs:
        writer.add_document(**doc.stored, text=doc.length)
    writer.commit(merge=False)
    index.close()
    storage.close()


class _Ready:
    """Stands where Whoosh gathers and sorts postings: ours come gathered and sorted."""

    def __init__(self, pool: Any, entries: Iterable[Entries], lengths: Sequence[int]) -> None:
        self._pool = pool
        self.entries, self.lengths = entries, lengths

    def add(self, item: object) -> None:
        """Leave the one item of ``Terms``, which was made for its length."""

    def iter_postings(self) -> _Ready:
        """Return what Whoosh hands to ``_FieldWriter``."""
        return self

    def cleanup(self) -> None:
        """Remove the files of Whoosh's own pool."""
        self._pool.cleanup()


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec, written a term at a time instead of a posting at a time.

    Uncompressed postings take a quarter less time to write, and no more than a quarter more
    room.
    """

    length_stats = False  # it would read each length back for each posting

    def __init__(self) -> None:
        super().__init__(blocklimit=BLOCK, compression=0)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the index name Whoosh's codec: only the writing is ours."""
        return W3Codec, ()

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """Return a writer of terms."""
        return _FieldWriter(self, storage, segment)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes what Whoosh's own reader reads, a field at a time.

    Whoosh's writer asks several objects about each posting, which takes most of the time of
    indexing.
    """

    def __init__(self, codec: W3Codec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        own = self._tindex
        own.dbfile.seek(0)  # ours begins as Whoosh's own table did
        self._tindex: Any = _Table(own.dbfile)
        self._tindex.extras = own.extras

    def add_postings(self, schema: Schema, lengths: object, items: _Ready) -> None:
        """Write all the postings."""
        sizes = np.array([length_byte(length) for length in items.lengths], np.int32)
        offset = self._postfile.tell()
        for entries in items.entries:
            self.start_field(entries.field, schema[entries.field])
            offset = self._add(entries, sizes, offset)
            self.finish_field()

    def _add(self, entries: Entries, sizes: NDArray[np.int32], offset: int) -> int:
        """Write a field at ``offset``, return where the next goes.

        ``sizes`` are the documents' length bytes.
        """
        # A filter has no lengths. A term that counts nothing (a sign) can be all of a document.
        ids = entries.ids
        lengths = sizes[ids] if entries.field == TEXT else np.zeros(len(ids), np.int32)
        table = _Columns(entries, lengths)
        field, key, add = pack_ushort(self._fieldid), WHOOSH3_HEADER_MAGIC, self._tindex.add
        written = []
        for term, facts in zip(entries.terms, table.terms(), strict=True):
            start, end, low, high, most, total, first, last = facts
            if end - start <= BLOCK:
                info = _facts(end - start, last, most, low, high)
                data = key + _block(info, table.postings(start, end), -1)
            else:
                data = b"".join((key, *table.blocks(start, end)))
            # Not inlined, as the flag says.
            told = _TERM(0, total, end - start, low, high, most, first, last)
            add(field + term, told + pack_long(offset) + pack_int(len(data)))
            written.append(data)
            offset += len(data)
        self._postfile.write(b"".join(written))
        return offset


class _Columns:
    """The postings of a field as lists, and what is told of each of its terms."""

    def __init__(self, entries: Entries, lengths: NDArray[np.int32]) -> None:
        """Take the postings, and the length byte of the document of each."""
        self._counts, self._values = entries.counts, entries.values
        self._arrays = entries.ids, entries.weights, lengths
        ends = np.cumsum(self._counts, dtype=np.int64)
        self._starts = ends - self._counts
        gaps = np.diff(entries.ids, prepend=0)
        gaps[self._starts] = entries.ids[self._starts]
        self._ids, self._gaps = entries.ids.tolist(), gaps.tolist()
        self._weights, self._lengths = entries.weights.tolist(), lengths.tolist()

    def terms(self) -> Iterator[tuple[int, ...]]:
        """Yield of each term: where its postings begin and end, the least and the greatest length,
        its greatest weight, its weight, its first and its last document.
        """
        ids, weights, lengths = self._arrays
        starts, ends = self._starts, self._starts + self._counts
        columns = (
            starts,
            ends,
            np.minimum.reduceat(lengths, starts),
            np.maximum.reduceat(lengths, starts),
            np.maximum.reduceat(weights, starts),
            np.add.reduceat(weights, starts, dtype=np.int64),
            ids[starts],
            ids[ends - 1],
        )
        yield from zip(*(column.tolist() for column in columns), strict=True)

    def postings(self, start: int, end: int, first: int | None = None) -> bytes:
        """Return the postings of a block as Whoosh keeps them.

        ``first`` is the first document, where the block is not the first of its term.
        """
        gaps, weights = self._gaps[start:end], self._weights[start:end]
        if first is not None:
            gaps[0] = first
        kept: object = None
        if weights.count(weights[0]) < len(weights):
            kept = tuple(map(float, weights))
        elif weights[0] != 1:
            kept = float(weights[0])
        return dumps((tuple(gaps), kept, tuple(self._values[start:end])), PICKLE)

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the blocks of a term's postings, the last marked as that."""
        for at in range(start, end, BLOCK):
            to = min(at + BLOCK, end)
            own = self._lengths[at:to]
            info = _facts(to - at, self._ids[to - 1], max(self._weights[at:to]), min(own), max(own))
            yield _block(info, self.postings(at, to, self._ids[at]), -1 if to == end else 1)


@lru_cache(maxsize=1 << 14)
def _facts(count: int, last: int, most: int, low: int, high: int) -> bytes:
    """Return the facts of a block: its postings, its last document, its greatest weight, that
    nothing is compressed, the least and the greatest length.
    """
    return dumps((count, last, float(most), 0, low, high), PICKLE)


def _block(info: bytes, data: bytes, sign: int) -> bytes:
    """Return a block: its size (below nought for the last), its facts, its postings."""
    return b"".join((pack_int(sign * (len(info) + len(data))), info, data))


class _Table(OrderedHashWriter):  # type: ignore[misc]
    """Whoosh's table of terms, written in one go.

    That one asks its file where it stands and writes three times for each term, and once for
    each place of the table.
    """

    def __init__(self, dbfile: Any) -> None:
        HashWriter.__init__(self, dbfile, hashtype=_CRC32)
        self._at: int = dbfile.tell()
        self._rows: list[bytes] = []
        self._places: list[int] = []

    def add(self, key: bytes, value: bytes) -> None:
        """Add a row; keys ascend."""
        row = _ROW(len(key), len(value)) + key + value
        hashed = crc32(key)
        self.buckets[hashed & 255].append((hashed, self._at))
        self._rows.append(row)
        self._places.append(self._at)
        self._at += len(row)

    def _write_hashes(self) -> None:
        """Write the rows, then the tables in which a key's hash leads to its row."""
        self.dbfile.write(b"".join(self._rows))
        self.index = GrowableArray("H")
        self.index.extend(self._places)
        for rows in self.buckets:
            self.directory.append((self.dbfile.tell(), 2 * len(rows)))
            self.dbfile.write(_hash_table(rows))


def _hash_table(rows: Sequence[tuple[int, int]]) -> bytes:
    """Return the places of hashed keys, each with a hash and the place of a row (0: empty)."""
    size = 2 * len(rows)
    table = [0] * (2 * size)
    for hashed, place in rows:
        at = (hashed >> 8) % size
        while table[2 * at + 1]:
            at = (at + 1) % size
        table[2 * at], table[2 * at + 1] = hashed, place
    return pack(f"!{'Iq' * size}", *table)
