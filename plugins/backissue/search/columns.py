"""Postings as columns: made of documents, and merged from several parts of an archive.

Reading 1.5 million postings back from Whoosh takes as long as writing them did, so the columns
are kept beside each index that is written from them; a test reads both and compares.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from .analysis import Occurrences, form_of, words_of
from .codec import read_varints, varint_sizes, varints
from .records import SearchDoc

# Filter values stand in the same lexicon, behind a byte that no word begins with.
FILTER_MARK: Final = b"\x01"
FILTER_KEYS: Final = {"authors": b"a", "lang": b"l", "source": b"s", "topics": b"t"}
CHUNK: Final = 16_384  # terms merged at a time
MUCH_SMALLER: Final = 8  # times: parts whose terms are looked up in those of another
WORD_LENGTHS: Final = range(3, 25)  # of words that a misspelt one may stand for

Numbers = NDArray[np.int32]
Wide = NDArray[np.int64]


class Columns(msgspec.Struct, frozen=True):
    """The postings of documents in the order of their terms, then of their documents.

    ``terms`` are parted by line feeds (no term has one). ``counts`` has a number a term,
    ``ids``, ``weights`` and ``sizes`` one a posting, all int32; ``values`` holds the
    encoded positions, ``sizes`` bytes each. ``lengths`` are the documents' (int32).
    """

    terms: bytes
    counts: bytes
    ids: bytes
    weights: bytes
    sizes: bytes
    values: bytes
    lengths: bytes


def filter_term(field: str, value: str) -> bytes:
    """Return the term under which a value of a filter field is filed."""
    return FILTER_MARK + FILTER_KEYS[field] + value.encode()


def columns_of(docs: Iterable[SearchDoc]) -> Columns:
    """Return the postings of ``docs``, numbered from 0 in their order."""
    seen = Occurrences()
    for doc in docs:
        seen.read(doc, (filter_term(field, value).decode() for field, value in filters(doc)))
    signed = np.array(seen.terms, np.int32)
    counted = signed >= 0
    owners, weights = _spread(seen.runs)
    documents = seen.runs[-1][0] + 1 if seen.runs else 0
    lengths = np.bincount(owners[counted], weights[counted], documents).astype(np.int32)

    names = [term.encode() for term in seen.numbers]
    by_bytes = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int64)
    rank[by_bytes] = np.arange(len(names))
    posting = rank[np.where(counted, signed, ~signed)] * documents + owners
    order = np.argsort(posting, kind="stable")
    posting = posting[order]
    starts = np.flatnonzero(np.diff(posting, prepend=-1))
    sizes, values = _values(np.array(seen.positions, np.int64)[order], starts)
    term = posting[starts] // documents if documents else starts
    return Columns(
        terms=b"\n".join(names[at] for at in by_bytes),
        counts=np.bincount(term, minlength=len(names)).astype(np.int32).tobytes(),
        ids=(posting[starts] - term * documents).astype(np.int32).tobytes(),
        weights=_sums(weights[order], starts).astype(np.int32).tobytes(),
        sizes=sizes.astype(np.int32).tobytes(),
        values=values,
        lengths=lengths.tobytes(),
    )


def filters(doc: SearchDoc) -> Iterator[tuple[str, str]]:
    """Yield the values by which ``doc`` can be filtered, each once, with their fields."""
    lang = doc.lang.lower()
    values: dict[str, Iterable[str]] = {
        "topics": doc.topics,
        "lang": (lang, lang.split("-")[0]),
        "authors": [word for name in doc.authors for word in words_of(name)],
        "source": words_of(doc.source),
    }
    for field, some in values.items():
        yield from ((field, value) for value in dict.fromkeys(some) if value)


def _spread(runs: Sequence[tuple[int, int, int]]) -> tuple[Wide, Wide]:
    """Return the document and the weight of each occurrence."""
    table = np.array(runs, np.int64).reshape(-1, 3)
    return np.repeat(table[:, 0], table[:, 1]), np.repeat(table[:, 2], table[:, 1])


def _sums(numbers: Wide, starts: Wide) -> Wide:
    return np.add.reduceat(numbers, starts) if len(starts) else numbers


def _values(positions: Wide, starts: Wide) -> tuple[Wide, bytes]:
    """Return the positions of each posting as ``codec.delta`` encodes them, and their sizes.

    ``positions`` ascend within a posting, -1 where there is none; ``starts`` is where each
    posting begins.
    """
    new = np.zeros(len(positions), np.bool_)
    new[starts] = True
    before = np.concatenate(([-1], positions[:-1]))
    before[starts] = -1
    placed = positions > before
    # Postings without any position keep one mark, a zero.
    of = np.cumsum(new) - 1
    empty = np.bincount(of[placed], minlength=len(starts)) == 0
    kept = placed.copy()
    kept[starts[empty]] = True
    of = of[kept]
    steps = (positions[kept] - before[kept]) << 1
    last = np.diff(of, append=len(starts)) > 0
    steps[last] |= 1
    steps[np.searchsorted(np.flatnonzero(kept), starts[empty])] = 0
    sizes = np.bincount(of, varint_sizes(steps), len(starts)).astype(np.int64)
    return sizes, varints(steps)


def words(columns: Columns) -> dict[str, int]:
    """Return the words that a misspelt one may stand for, each with its number of documents.

    They are all letters (of English).
    """
    counts = np.frombuffer(columns.counts, np.int32).tolist()
    terms = zip(split(columns.terms), counts, strict=True)
    return {word: count for term, count in terms if (word := _word(term))}


def words_in(columns: Columns, docs: Numbers) -> dict[str, int]:
    """Return those of the ``words`` that some documents have, each with how many have it."""
    those = np.flatnonzero(np.isin(np.frombuffer(columns.ids, np.int32), docs))
    ends = np.cumsum(np.frombuffer(columns.counts, np.int32), dtype=np.int64)
    places, counts = np.unique(np.searchsorted(ends, those, "right"), return_counts=True)
    terms = split(columns.terms)
    found = (
        (_word(terms[place]), count)
        for place, count in zip(places.tolist(), counts.tolist(), strict=True)
    )
    return {word: count for word, count in found if word}


def _word(term: bytes) -> str:
    """Return the word that a term stands for, or "" where nobody would misspell it."""
    if not term.isascii() or term[:1] == FILTER_MARK:
        return ""
    word = form_of(term.decode())
    return word if len(word) in WORD_LENGTHS and word.isalpha() else ""


def split(terms: bytes) -> list[bytes]:
    """Return the terms of ``Columns.terms``."""
    return terms.split(b"\n") if terms else []


class Run(NamedTuple):
    """A part among others: its columns, and the number of each of its documents in all.

    The numbers ascend; -1 stands for a document that is no more.
    """

    columns: Columns
    numbers: Numbers


class Merged(NamedTuple):
    """Some terms of several parts together, in the order of their bytes.

    ``docs`` are their numbers of documents, ``starts`` where the postings of each begin and the
    last end. ``ids``, ``weights`` and ``times`` (how many positions) have a number a posting;
    ``steps`` has one a position: how many stand between it and the one before in its posting.
    """

    terms: list[bytes]
    docs: Wide
    starts: Wide
    ids: Wide
    weights: Wide
    times: Wide
    steps: Wide


class _Part:
    """A run as arrays: where each term of it stands in its own columns and in all."""

    def __init__(self, run: Run) -> None:
        columns = run.columns
        self.terms = split(columns.terms)
        self.counts = np.frombuffer(columns.counts, np.int32)
        self.ids = run.numbers[np.frombuffer(columns.ids, np.int32)]
        self.weights = np.frombuffer(columns.weights, np.int32)
        self.sizes = np.frombuffer(columns.sizes, np.int32)
        self.values = np.frombuffer(columns.values, np.uint8)
        live = self.ids >= 0
        if not live.all():
            self._keep(live)
        self.starts = np.concatenate(([0], np.cumsum(self.counts, dtype=np.int64)))
        self.places = np.concatenate(([0], np.cumsum(self.sizes, dtype=np.int64)))
        self.of: Numbers = np.zeros(0, np.int32)

    def _keep(self, live: NDArray[np.bool_]) -> None:
        """Leave the postings that are live, and the terms that have any.

        Terms of documents that are gone must not count where terms are cut into chunks.
        """
        of = np.repeat(np.arange(len(self.counts)), self.counts)
        counts = np.bincount(of[live], minlength=len(self.counts))
        held = np.flatnonzero(counts)
        self.terms = [self.terms[at] for at in held.tolist()]
        self.counts = counts[held].astype(np.int32)
        ends = np.cumsum(self.sizes, dtype=np.int64)
        places, sizes = (ends - self.sizes)[live], self.sizes[live].astype(np.int64)
        self.values = _gather(self.values, places, sizes)
        self.ids, self.weights, self.sizes = self.ids[live], self.weights[live], self.sizes[live]

    def slice(self, start: int, end: int) -> tuple[Wide, NDArray[np.uint8]]:
        """Return the postings of terms ``start`` to ``end`` (of all), and the bytes they are in.

        A row each of terms (from ``start`` on), documents, weights, sizes and places of bytes.
        """
        low, high = np.searchsorted(self.of, (start, end)).tolist()
        first, last = int(self.starts[low]), int(self.starts[high])
        here = slice(first, last)
        table = np.empty((5, last - first), np.int64)
        table[0] = np.repeat(self.of[low:high] - start, self.counts[low:high])
        table[1:4] = self.ids[here], self.weights[here], self.sizes[here]
        table[4] = self.places[here] - self.places[first]
        return table, self.values[self.places[first] : self.places[last]]


def merge(runs: Sequence[Run]) -> Iterator[Merged]:
    """Yield the terms of all runs that have documents, ``CHUNK`` and fewer at a time."""
    parts = [_Part(run) for run in runs]
    largest = max(parts, key=lambda part: len(part.terms), default=None)
    others = [part for part in parts if part is not largest]
    if largest and MUCH_SMALLER * sum(len(part.terms) for part in others) < len(largest.terms):
        terms = _put_among(largest, others)
    else:
        terms = _put_together(parts)
    for start in range(0, len(terms), CHUNK):
        yield _chunk(terms[start : start + CHUNK], start, parts)


def _put_among(largest: _Part, others: Sequence[_Part]) -> list[bytes]:
    """Return the terms of all parts in order, where most are those of one; number each part's."""
    known = largest.terms
    added = sorted(set().union(*(part.terms for part in others)))
    places = [bisect_left(known, term) for term in added]
    pairs = zip(places, added, strict=True)
    new = [(at, term) for at, term in pairs if at == len(known) or known[at] != term]
    terms: list[bytes] = []
    before = 0
    for at, term in new:
        terms += known[before:at]
        terms.append(term)
        before = at
    terms += known[before:]
    own = np.arange(len(known), dtype=np.int32)
    largest.of = own + np.searchsorted([at for at, _ in new], own, side="right").astype(np.int32)
    for part in others:
        part.of = np.array([bisect_left(terms, term) for term in part.terms], np.int32)
    return terms


def _put_together(parts: Sequence[_Part]) -> list[bytes]:
    """Return the terms of all parts in order; number each part's."""
    # Sorted runs, one after the other, are what this sort is quickest at.
    terms = list(dict.fromkeys(sorted(chain.from_iterable(part.terms for part in parts))))
    number = {term: at for at, term in enumerate(terms)}
    for part in parts:
        part.of = np.fromiter(map(number.__getitem__, part.terms), np.int32, len(part.terms))
    return terms


def _chunk(terms: list[bytes], start: int, parts: Sequence[_Part]) -> Merged:
    tables: list[Wide] = []
    blobs: list[NDArray[np.uint8]] = []
    base = 0
    for part in parts:
        table, blob = part.slice(start, start + len(terms))
        table[4] += base
        tables.append(table)
        blobs.append(blob)
        base += len(blob)
    every = np.concatenate(tables, axis=1)
    if len(parts) > 1:
        every = every[:, np.argsort(every[0] * (1 << 32) + every[1], kind="stable")]
    of, ids, weights, sizes, places = every
    blob = np.concatenate(blobs)
    if len(parts) > 1:
        blob = _gather(blob, places, sizes)
    docs = np.bincount(of, minlength=len(terms))
    times, steps = _steps(blob)
    starts = np.concatenate(([0], np.cumsum(docs)))
    return Merged(terms, docs, starts, ids, weights, times, steps)


def _steps(values: NDArray[np.uint8]) -> tuple[Wide, Wide]:
    """Return how many positions each posting has that ``_values`` wrote, and what is between."""
    numbers = read_varints(values.tobytes())
    none = numbers == 0
    ends = np.flatnonzero(none | (numbers & 1 == 1))
    times = np.diff(ends, prepend=-1) - none[ends]
    return times, (numbers[~none] >> 1) - 1


def _gather(blob: NDArray[np.uint8], places: Wide, sizes: Wide) -> NDArray[np.uint8]:
    """Return the pieces of ``blob`` at ``places``, ``sizes`` bytes each, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    return blob[np.repeat(places - (ends - sizes), sizes) + np.arange(total)]
