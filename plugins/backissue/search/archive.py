"""The months' Whoosh indexes as one archive, with one numbering and one set of statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from .analysis import normal
from .codec import undelta
from .column import TopicColumn
from .lexicon import Word, top_words
from .query import Piece
from .rank import Ids, Listing, merge
from .record import record
from .records import SearchDoc
from .store import Month, open_months
from .whooshed import TEXT

MOST_KNOWN: Final = 256  # listings kept
FORMS_END: Final = b"\x20"  # a stem's forms go on with a byte below this one


class Shown(NamedTuple):
    """What is shown of a document; ``head`` and ``tail`` are its text, cut as exported."""

    key: str
    url: str
    title: str
    date: str
    lang: str
    topics: tuple[str, ...]
    head: str
    tail: str


class Archive:
    """Reads the indexes below a root as a ``rank.Source``. Closes them as a context manager."""

    def __init__(self, months: Sequence[Month]) -> None:
        self.months = tuple(months)
        sizes = [month.facts.count for month in self.months]
        self.bases = tuple(sum(sizes[:at]) for at in range(len(sizes)))
        self.count = sum(sizes)
        self.total_length = sum(month.facts.length for month in self.months)
        self._lengths = np.frombuffer(
            b"".join(month.facts.lengths for month in self.months), np.uint8
        )
        self._dates = [run for month in self.months for run in month.facts.dates]
        self._words: list[Word] | None = None
        self._topics: TopicColumn | None = None
        self._known: dict[tuple[Piece, bool], Listing] = {}

    @classmethod
    def open(cls, root: Path) -> Self:
        """Open all the months below ``root``."""
        return cls(tuple(open_months(root)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the months' files."""
        for month in self.months:
            month.index.close()

    def lengths(self) -> NDArray[np.uint8]:
        """Return each document's length byte."""
        return self._lengths

    def dates(self) -> list[tuple[str, int]]:
        """Return the dates in ascending order, each with its number of documents."""
        return self._dates

    def listing(self, piece: Piece, positions: bool) -> Listing:
        """Return the documents of an exact term, or of all the forms of a stem."""
        asked = (piece._replace(offset=0), positions)
        if asked not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[asked] = merge(list(self._listings(piece, positions)), positions)
        return self._known[asked]

    def words(self) -> list[Word]:
        """Return the words that a misspelt one may stand for."""
        if self._words is None:
            self._words = top_words(month.words() for month in self.months)
        return self._words

    def _listings(self, piece: Piece, positions: bool) -> Iterator[Listing]:
        key = piece.key.encode()
        for base, month in zip(self.bases, self.months, strict=True):
            for term in [key] if piece.exact else forms(month, key):
                found = month.index.postings(TEXT, term)
                if found is not None:
                    places = [undelta(value)[0] for value in found.values] if positions else None
                    yield Listing(found.ids + base, found.weights.astype(np.int64), places)

    def filtered(self, field: str, value: str) -> Ids:
        """Return the documents that have ``value`` in a filter field."""
        parts = [np.zeros(0, np.int32)]
        for base, month in zip(self.bases, self.months, strict=True):
            found = month.index.postings(field, value.encode())
            if found is not None:
                parts.append(found.ids + base)
        return np.concatenate(parts)

    def shown(self, number: int) -> Shown:
        """Return what is shown of a document, its text cut where the export cuts it."""
        doc = self.doc(number)
        made = record(doc, 0)
        title = normal(doc.title)
        return Shown(doc.key, doc.url, title, doc.date, doc.lang, doc.topics, made.head, made.tail)

    def topics(self) -> TopicColumn:
        """Return the topics of all documents."""
        if self._topics is None:
            docs = [doc for month in self.months for doc in month.docs]
            names: dict[str, str] = {}
            for doc in docs:
                names.update(zip(doc.topics, doc.topic_names, strict=False))
            self._topics = TopicColumn((doc.topics for doc in docs), names)
        return self._topics

    def doc(self, number: int) -> SearchDoc:
        """Return the document of a number."""
        at = int(np.searchsorted(np.array(self.bases), number, side="right")) - 1
        return self.months[at].docs[number - self.bases[at]]


def forms(month: Month, stem: bytes) -> list[bytes]:
    """Return the terms of all the forms of ``stem`` that a month has."""
    found: list[bytes] = []
    for term in month.index.lexicon(TEXT, stem):
        if term != stem and (not term.startswith(stem) or term[len(stem) :] >= FORMS_END):
            break
        found.append(term)
    return found
