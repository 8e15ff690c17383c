"""The one module that imports Whoosh: it writes and reads an index.

It keeps to what whoosh 2.7.4, whoosh-reloaded 2.7.5 and whoosh3 have in common, so that
each of them can take the others' place. What it steers clear of, each fault reproduced in
2.7.4: the query parser (a crafted query stalls it), collectors with a limit over nested
``Or`` (``UnionMatcher.replace`` prunes wrongly), coordination, numeric ranges, and a
directory in which a reader can meet a commit half-way: an index is written once, in a
directory of its own, and never changed (see ``store``).

The terms come ready and sorted from ``columns``; Whoosh's codec writes them as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import sub
from pathlib import Path
from pickle import dumps
from struct import Struct
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter
from whoosh.fields import STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Format
from whoosh.lang.porter import stem as _porter
from whoosh.query import Term
from whoosh.scoring import BM25F
from whoosh.searching import Searcher
from whoosh.system import pack_int, pack_long, pack_ushort
from whoosh.util.numeric import byte_to_length, length_to_byte

LENGTHS: Final = tuple(int(byte_to_length(byte)) for byte in range(256))
BLOCK: Final = 128  # postings, as Whoosh has it
# What W3TermInfo writes of a term: a flag, its weight, its documents, the least and the greatest
# length (as bytes), its greatest weight, its first and its last document.
_TERM: Final = Struct("!BfIBBfII").pack
TEXT: Final = "text"
FILTERS: Final = ("topics", "lang", "authors", "source")
FIELDS: Final = (TEXT, *FILTERS)


class Document(NamedTuple):
    """A document on its way into Whoosh: its stored fields and its length in words."""

    stored: Mapping[str, str]
    length: int


class Entries(NamedTuple):
    """The postings of one term of a field: numbers of documents, weights, encoded positions."""

    field: str
    term: bytes
    ids: Sequence[int]
    weights: Sequence[int]
    values: Sequence[bytes]


class Postings(NamedTuple):
    """The documents of one term: ascending numbers, weights, encoded positions."""

    ids: NDArray[np.int32]
    weights: NDArray[np.int32]
    values: list[bytes]


def stem(word: str) -> str:
    """Return the stem of a lower-case English word by Whoosh's Porter stemmer."""
    return str(_porter(word))


def length_byte(length: int) -> int:
    """Return the byte in which Whoosh keeps a document's length."""
    return int(length_to_byte(length))


class Positions(Format):  # type: ignore[misc]
    """Postings whose value is a byte string that we have encoded ourselves."""

    def fixed_value_size(self) -> int | None:
        """Return None: values are of any length."""
        return None

    def decode_value(self, value: bytes) -> bytes:
        """Return the value as it was stored."""
        return value


class Terms(FieldType):  # type: ignore[misc]
    """A field whose postings come by themselves: of a document it is given the length only."""

    def __init__(self, scorable: bool) -> None:
        self.format = Positions()
        self.analyzer = None
        self.scorable = scorable
        self.stored = False
        self.unique = False

    def index(self, value: int, **kwargs: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Return one item that has the document's length."""
        return iter(((b"", value, 1.0, b""),))


def schema() -> Schema:
    """Return the schema: one weighted text field, the filters, and the stored key and date.

    Title, lead, headings, body and FAQ share the field ``text``: BM25F adds up weighted
    frequencies over fields *before* saturation (Robertson, Zaragoza and Taylor 2004), which
    is one field with weighted terms. The zone of an occurrence shows in its position.
    """
    fields: dict[str, FieldType] = {TEXT: Terms(scorable=True)}
    fields.update({name: Terms(scorable=False) for name in FILTERS})
    return Schema(key=STORED(), url=STORED(), date=STORED(), **fields)


def write_index(folder: Path, docs: Sequence[Document], entries: Iterable[Entries]) -> None:
    """Write a new index of ``docs`` as one segment into an empty ``folder``.

    ``entries`` come a field after the other, the terms of each in the order of their bytes.
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
    """Writes what Whoosh's own writer does, byte for byte, a term in one go.

    That one asks several objects about each posting, which takes most of the time of indexing.
    """

    def add_postings(self, schema: Schema, lengths: object, items: _Ready) -> None:
        """Write all the postings."""
        sizes = [length_byte(length) for length in items.lengths]
        before, offset = None, self._postfile.tell()
        for entries in items.entries:
            if entries.field != before:
                if before is not None:
                    self.finish_field()
                self.start_field(entries.field, schema[entries.field])
                before = entries.field
            offset = self._add(entries, sizes, offset)
        if before is not None:
            self.finish_field()

    def _add(self, entries: Entries, sizes: Sequence[int], offset: int) -> int:
        """Write one term at ``offset``, return where the next goes.

        ``sizes`` are the documents' length bytes.
        """
        _, term, ids, weights, values = entries
        # A filter has no lengths. A term that counts nothing (a sign) can be all of a document.
        lengths = [sizes[number] for number in ids] if entries.field == TEXT else [0]
        count, low, high, most = len(ids), min(lengths), max(lengths), max(weights)
        if count <= BLOCK:
            blocks = [_block(ids, weights, values, (count, ids[-1], float(most), 0, low, high), -1)]
        else:
            blocks = list(_blocks(entries, lengths))
        data = b"".join((WHOOSH3_HEADER_MAGIC, *blocks))
        self._postfile.write(data)
        # Not inlined, as the flag says.
        info = _TERM(0, sum(weights), count, low, high, most, ids[0], ids[-1])
        where = pack_long(offset) + pack_int(len(data))
        self._tindex.add(pack_ushort(self._fieldid) + term, info + where)
        return offset + len(data)


def _blocks(entries: Entries, lengths: Sequence[int]) -> Iterator[bytes]:
    """Yield the blocks of a term's postings, the last marked as that."""
    count = len(entries.ids)
    for start in range(0, count, BLOCK):
        here = slice(start, start + BLOCK)
        ids, weights, own = entries.ids[here], entries.weights[here], lengths[here] or lengths
        facts = (len(ids), ids[-1], float(max(weights)), 0, min(own), max(own))
        sign = -1 if start + BLOCK >= count else 1
        yield _block(ids, weights, entries.values[here], facts, sign)


def _block(
    ids: Sequence[int],
    weights: Sequence[int],
    values: Sequence[bytes],
    facts: tuple[int, int, float, int, int, int],
    sign: int,
) -> bytes:
    """Return a block: its size (below nought for the last), its ``facts``, its postings.

    The facts are how many postings there are, the last document, the greatest weight, that
    nothing is compressed, the least and the greatest length.
    """
    kept: object = None
    if weights.count(weights[0]) < len(weights):
        kept = tuple(map(float, weights))
    elif weights[0] != 1:
        kept = float(weights[0])
    data = dumps(((ids[0], *map(sub, ids[1:], ids)), kept, tuple(values)), 2)
    info = dumps(facts, 2)
    return b"".join((pack_int(sign * (len(info) + len(data))), info, data))


class PartIndex:
    """Reads the Whoosh index of one part of an archive."""

    def __init__(self, folder: Path) -> None:
        self._storage = FileStorage(str(folder))
        self._index = self._storage.open_index(schema=schema())
        self.reader = self._index.reader()
        self.count: int = self.reader.doc_count()

    def length_bytes(self) -> bytes:
        """Return each document's length as Whoosh's own byte."""
        length = self.reader.doc_field_length
        return bytes(length_byte(length(number, TEXT, 0)) for number in range(self.count))

    def total_length(self) -> int:
        """Return the sum of the documents' exact lengths."""
        return int(self.reader.field_length(TEXT))

    def stored(self) -> list[dict[str, str]]:
        """Return the stored fields of each document."""
        return [dict(self.reader.stored_fields(number)) for number in range(self.count)]

    def lexicon(self, field: str, start: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of a field from ``start`` on, in the order of their bytes."""
        for name, term in self.reader.terms_from(field, start):
            if name != field:
                return
            yield term

    def postings(self, field: str, term: bytes) -> Postings | None:
        """Return the postings of a term, or None where the index does not have it."""
        if (field, term) not in self.reader:
            return None
        return _drain(self.reader.postings(field, term))

    def close(self) -> None:
        """Close the files."""
        self.reader.close()
        self._index.close()
        self._storage.close()


class _Robertson(BM25F):  # type: ignore[misc]
    """Whoosh's BM25F with Robertson's inverse document frequency in place of its own."""

    use_final = False

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:
        """Return ln(1 + (N - n + 0.5) / (n + 0.5))."""
        count, found = searcher.doc_count_all(), searcher.reader().doc_frequency(fieldname, text)
        return math.log(1.0 + (count - found + 0.5) / (found + 0.5))


def exhaustive_scores(
    index: PartIndex, terms: Iterable[str], b: float, k1: float
) -> dict[int, float]:
    """Return every document with one of ``terms`` and its score by Whoosh's own scorer.

    A reference for the ranking: it scores all documents, so that no pruning takes part.
    """
    searcher = Searcher(index.reader, weighting=_Robertson(B=b, K1=k1))
    scores: dict[int, float] = {}
    for term in terms:
        matcher = Term(TEXT, term.encode()).matcher(searcher)
        while matcher.is_active():
            scores[matcher.id()] = scores.get(matcher.id(), 0.0) + matcher.score()
            matcher.next()
    return scores


def _drain(matcher: Any) -> Postings:
    ids: list[int] = []
    weights: list[int] = []
    values: list[bytes] = []
    while matcher.is_active():
        ids.append(matcher.id())
        weights.append(int(matcher.weight()))
        values.append(matcher.value())
        matcher.next()
    return Postings(np.array(ids, np.int32), np.array(weights, np.int32), values)
