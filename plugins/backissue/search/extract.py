"""What a month's Whoosh index says, in columns that several months are merged from quickly.

Reading 1.5 million postings back from Whoosh takes as long as writing them did, so the
columns are made of the same rows, beside the index; a test reads both and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from .analysis import form_of
from .codec import varint_sizes, varints
from .whooshed import TEXT, Row

# Filter values stand in the same lexicon, behind a byte that no word begins with.
FILTER_MARK: Final = b"\x01"
FILTER_KEYS: Final = {"authors": b"a", "lang": b"l", "source": b"s", "topics": b"t"}
CHUNK: Final = 16_384  # terms merged at a time
WORD_LENGTHS: Final = range(3, 25)  # of words that a misspelt one may stand for

Numbers = NDArray[np.int32]


class Extract(msgspec.Struct, frozen=True):
    """The postings of a month in the order of their terms, as columns.

    ``terms`` are parted by line feeds (no term has one). ``counts`` has a number a term,
    ``ids``, ``weights`` and ``sizes`` one a posting, all int32; ``values`` holds the
    encoded positions, ``sizes`` bytes each.
    """

    terms: bytes
    counts: bytes
    ids: bytes
    weights: bytes
    sizes: bytes
    values: bytes


def filter_term(field: str, value: str) -> bytes:
    """Return the term under which a value of a filter field is filed."""
    return FILTER_MARK + FILTER_KEYS[field] + value.encode()


class Collector:
    """Gathers the postings of rows that pass through on their way into Whoosh."""

    def __init__(self) -> None:
        self._found: dict[bytes, tuple[list[int], list[int], list[bytes]]] = {}
        self._number = 0
        self.lengths: list[int] = []

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows, each seen."""
        for row in rows:
            length = 0
            for field, items in row.items.items():
                prefix = FILTER_MARK + FILTER_KEYS[field] if field in FILTER_KEYS else b""
                if field != TEXT and not prefix:
                    continue
                for item in items:
                    self._add(prefix + item.term, int(item.weight), item.value)
                    length += item.freq if field == TEXT else 0
            self.lengths.append(length)
            self._number += 1
            yield row

    def _add(self, term: bytes, weight: int, value: bytes) -> None:
        found = self._found.get(term)
        if found is None:
            found = self._found[term] = ([], [], [])
        found[0].append(self._number)
        found[1].append(weight)
        found[2].append(value)

    def extract(self) -> Extract:
        """Return the columns."""
        terms = sorted(self._found)
        rows = [self._found[term] for term in terms]
        values = [value for row in rows for value in row[2]]
        return Extract(
            terms=b"\n".join(terms),
            counts=_column(len(row[0]) for row in rows),
            ids=_column(number for row in rows for number in row[0]),
            weights=_column(weight for row in rows for weight in row[1]),
            sizes=_column(len(value) for value in values),
            values=b"".join(values),
        )

    def words(self) -> dict[str, int]:
        """Return the words that are all letters, each with its number of documents."""
        found = {}
        for term, row in self._found.items():
            if term.isascii() and term[:1] != FILTER_MARK:
                word = form_of(term.decode())
                if len(word) in WORD_LENGTHS and word.isalpha():
                    found[word] = len(row[0])
        return found


def _column(numbers: Iterable[int]) -> bytes:
    return np.fromiter(numbers, np.int32).tobytes()


class Merged(NamedTuple):
    """A term of several months together: its number of documents, and both byte strings."""

    term: bytes
    docs: int
    postings: bytes
    positions: bytes


class _Run:
    """A month among others: its columns, where each term of it stands in them and in all."""

    def __init__(self, extract: Extract, base: int) -> None:
        self.terms = extract.terms.split(b"\n") if extract.terms else []
        self.counts = np.frombuffer(extract.counts, np.int32)
        self.ids = np.frombuffer(extract.ids, np.int32) + np.int32(base)
        self.weights = np.frombuffer(extract.weights, np.int32)
        self.starts = np.concatenate(([0], np.cumsum(self.counts, dtype=np.int64)))
        sizes = np.frombuffer(extract.sizes, np.int32)
        ends = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        self.places = ends[self.starts]
        self.values = extract.values
        self.of: Numbers = np.zeros(0, np.int32)


class Holder(Protocol):
    """Something that has an extract, as a month has."""

    def extract(self) -> Extract:
        """Return it."""
        ...


def merge_months(months: Sequence[Holder], bases: Sequence[int]) -> Iterator[Merged]:
    """Yield every term of the months in the order of its bytes; ids go on from ``bases``."""
    runs = [_Run(month.extract(), base) for month, base in zip(months, bases, strict=True)]
    terms = runs[0].terms if len(runs) == 1 else sorted(set().union(*(run.terms for run in runs)))
    number = {term: at for at, term in enumerate(terms)}
    for run in runs:
        run.of = np.fromiter((number[term] for term in run.terms), np.int32, len(run.terms))
    for start in range(0, len(terms), CHUNK):
        yield from _chunk(terms[start : start + CHUNK], start, runs)


def _chunk(terms: Sequence[bytes], start: int, runs: Sequence[_Run]) -> Iterator[Merged]:
    positions: list[list[bytes]] = [[] for _ in terms]
    parts: list[tuple[Numbers, Numbers, Numbers]] = []
    for run in runs:
        low, high = np.searchsorted(run.of, (start, start + len(terms))).tolist()
        here = slice(int(run.starts[low]), int(run.starts[high]))
        of = np.repeat(run.of[low:high] - start, run.counts[low:high])
        parts.append((of, run.ids[here], run.weights[here]))
        bounds = run.places[low : high + 1].tolist()
        for at, place in enumerate((run.of[low:high] - start).tolist()):
            positions[place].append(run.values[bounds[at] : bounds[at + 1]])
    of, ids, weights = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(of, kind="stable")
    data, ends = encode_postings(of[order], ids[order], weights[order], len(terms))
    counts = np.bincount(of, minlength=len(terms)).tolist()
    before = 0
    for at, term in enumerate(terms):
        yield Merged(term, counts[at], data[before : ends[at]], b"".join(positions[at]))
        before = ends[at]


def encode_postings(
    of: Numbers, ids: Numbers, weights: Numbers, terms: int
) -> tuple[bytes, list[int]]:
    """Return postings as varints, and where those of each term end.

    A posting is its gap to the one before, doubled, plus one if its weight is 1; else its
    weight follows. ``of`` (ascending) says which of the ``terms`` a posting is of.
    """
    wide = ids.astype(np.int64)
    before = np.concatenate(([-1], wide[:-1]))
    before[np.flatnonzero(np.diff(of, prepend=-1))] = -1
    one = weights == 1
    heads = (wide - before - 1) << 1 | one
    extra = np.cumsum(~one)
    mixed = np.zeros(len(ids) + (int(extra[-1]) if len(ids) else 0), np.int64)
    places = np.arange(len(ids)) + extra - ~one
    mixed[places] = heads
    mixed[places[~one] + 1] = weights[~one]
    sizes = np.cumsum(varint_sizes(mixed))
    last = places + ~one
    counts = np.cumsum(np.bincount(of, minlength=terms))
    ends = np.concatenate(([0], sizes[last]))[counts] if len(ids) else np.zeros(terms, np.int64)
    return varints(mixed), ends.tolist()
