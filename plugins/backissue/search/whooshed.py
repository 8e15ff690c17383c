"""What we need of Whoosh, and a reader of its index; ``whooshing`` writes it.

No other module imports Whoosh. Both keep to what whoosh 2.7.4, whoosh-reloaded 2.7.5 and
whoosh3 have in common, so that each of them can take the others' place. What they steer clear
of, each fault reproduced in 2.7.4: the query parser (a crafted query stalls it), collectors
with a limit over nested ``Or`` (``UnionMatcher.replace`` prunes wrongly), coordination,
numeric ranges, and a directory in which a reader can meet a commit half-way: an index is
written once, in a directory of its own, and never changed (see ``store``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Format
from whoosh.lang.porter import stem as _porter
from whoosh.query import Term
from whoosh.scoring import BM25F
from whoosh.searching import Searcher
from whoosh.util.numeric import byte_to_length, length_to_byte

LENGTHS: Final = tuple(int(byte_to_length(byte)) for byte in range(256))
TEXT: Final = "text"
FILTERS: Final = ("topics", "lang", "authors", "source")
FIELDS: Final = (TEXT, *FILTERS)


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


class PartIndex:
    """Reads the Whoosh index of one part of an archive."""

    def __init__(self, folder: Path) -> None:
        self._storage = FileStorage(str(folder))
        self._index = self._storage.open_index(schema=schema())
        self.reader = self._index.reader()
        self.count: int = self.reader.doc_count()

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
