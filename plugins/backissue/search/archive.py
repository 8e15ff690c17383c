"""The months' Whoosh indexes as one archive, with one numbering and one set of statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from .analysis import normal
from .codec import undelta
from .column import TopicColumn
from .dates import Dates
from .lexicon import Lexicon, offer, top_words
from .query import Leaf, Piece
from .rank import PLACE_BITS, Ids, Listing, Places, merge, stand
from .record import record, shown_text
from .records import SearchDoc
from .store import Month, groups, open_months
from .whooshed import TEXT, PartIndex

MOST_KNOWN: Final = 256  # listings kept
FORMS_END: Final = b"\x20"  # a stem's forms go on with a byte below this one


class Shown(NamedTuple):
    """What is shown of a document: its text is cut as it is exported, ``more`` says whether."""

    key: str
    url: str
    title: str
    date: str
    lang: str
    topics: tuple[str, ...]
    text: str
    more: bool


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
        self._dates = Dates(run for month in self.months for run in month.facts.dates)
        self._words: Lexicon | None = None
        self._topics: TopicColumn | None = None
        self._known: dict[tuple[Piece, bool], Listing] = {}
        self._opened: list[tuple[PartIndex, Ids]] | None = None

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
            month.close()

    def lengths(self) -> NDArray[np.uint8]:
        """Return each document's length byte."""
        return self._lengths

    def dates(self) -> Dates:
        """Return the dates of the documents."""
        return self._dates

    def listing(self, piece: Piece) -> Listing:
        """Return the documents of an exact term, or of all the forms of a stem."""
        return self._known_listing(piece, False)

    def doc_frequency(self, piece: Piece) -> int:
        """Return how many documents a piece of a phrase has."""
        return len(self._known_listing(piece, True).ids)

    def standing(self, leaf: Leaf, title: bool) -> Listing:
        """Return where the pieces of a leaf stand at their distances, counted with weights."""
        parts = [(piece.offset, self._known_listing(piece, True)) for piece in leaf.pieces]
        return stand(parts, title)

    def _known_listing(self, piece: Piece, positions: bool) -> Listing:
        asked = (piece._replace(offset=0), positions)
        if asked not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[asked] = merge(list(self._listings(piece, positions)), positions)
        return self._known[asked]

    def words(self) -> Lexicon:
        """Return the words that a misspelt one may stand for."""
        if self._words is None:
            by_name = {month.month: month for month in self.months}
            counts = {name: month.facts.count for name, month in by_name.items()}
            self._words = Lexicon(
                top_words(
                    offer(by_name[name].words() for name in group) for group in groups(counts)
                )
            )
        return self._words

    def _listings(self, piece: Piece, positions: bool) -> Iterator[Listing]:
        key = piece.key.encode()
        for index, numbers in self._indexes():
            for term in [key] if piece.exact else forms(index, key):
                found = index.postings(TEXT, term)
                if found is None:
                    continue
                ids = numbers[found.ids]
                places = _places(ids, found.values) if positions else None
                weights = found.weights.astype(np.int64)
                if len(ids) and ids.min() < 0:
                    live = ids >= 0
                    ids, weights = ids[live], weights[live]
                    places = None if places is None else places[places >= 0]
                yield Listing(ids, weights, places)

    def filtered(self, field: str, value: str) -> Ids:
        """Return the documents that have ``value`` in a filter field."""
        found = [np.zeros(0, np.int32)]
        for index, numbers in self._indexes():
            postings = index.postings(field, value.encode())
            if postings is not None:
                found.append(numbers[postings.ids])
        every = np.concatenate(found)
        return np.sort(every[every >= 0])

    def _indexes(self) -> Iterator[tuple[PartIndex, Ids]]:
        """Yield the parts' Whoosh indexes, each with the numbers of its documents in all."""
        if self._opened is None:
            self._opened = [
                (part.index, month.numbers(at, base))
                for base, month in zip(self.bases, self.months, strict=True)
                for at, part in enumerate(month.parts)
            ]
        return iter(self._opened)

    def shown(self, number: int) -> Shown:
        """Return what is shown of a document, its text cut where the export cuts it."""
        doc = self.doc(number)
        cut = record(doc, int(self._lengths[number])).cut
        title, text = normal(doc.title), shown_text(doc)
        more = cut < len(text)
        return Shown(doc.key, doc.url, title, doc.date, doc.lang, doc.topics, text[:cut], more)

    def topics(self) -> TopicColumn:
        """Return the topics of all documents."""
        if self._topics is None:
            self._topics = TopicColumn(*topics_of(self.months))
        return self._topics

    def doc(self, number: int) -> SearchDoc:
        """Return the document of a number."""
        at = int(np.searchsorted(np.array(self.bases), number, side="right")) - 1
        return self.months[at].doc(number - self.bases[at])


def _places(ids: Ids, values: Sequence[bytes]) -> Places:
    lists = undelta(b"".join(values))
    owners = np.repeat(ids.astype(np.int64) << PLACE_BITS, [len(some) for some in lists])
    places: Places = owners + np.fromiter(chain.from_iterable(lists), np.int64, len(owners))
    return places


def topics_of(months: Sequence[Month]) -> tuple[list[tuple[str, ...]], dict[str, str]]:
    """Return the topics of each document, and the names of all topics."""
    of: list[tuple[str, ...]] = []
    names: dict[str, str] = {}
    for month in months:
        parts = [part.shown().topics for part in month.parts]
        for owner, place in zip(month.owners.tolist(), month.places.tolist(), strict=True):
            topics = parts[owner][place]
            of.append(tuple(slug for slug, _ in topics))
            names.update(topics)
    return of, names


def forms(index: PartIndex, stem: bytes) -> list[bytes]:
    """Return the terms of all the forms of ``stem`` that an index has."""
    found: list[bytes] = []
    for term in index.lexicon(TEXT, stem):
        if term != stem and (not term.startswith(stem) or term[len(stem) :] >= FORMS_END):
            break
        found.append(term)
    return found
