"""Postings as columns, made of documents; ``merging`` puts those of several parts together.

Reading 1.5 million postings back from Whoosh takes as long as writing them did, so the columns
are kept beside each index that is written from them; a test reads both and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from .analysis import Occurrences, form_of, words_of
from .codec import varint_sizes, varints
from .records import SearchDoc

# Filter values stand in the same lexicon, behind a byte that no word begins with.
FILTER_MARK: Final = b"\x01"
FILTER_KEYS: Final = {"authors": b"a", "lang": b"l", "source": b"s", "topics": b"t"}
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


class Mapped(msgspec.Struct, frozen=True):
    """``Columns`` where they are in a mapped file: what is not looked at takes no memory."""

    terms: memoryview
    counts: memoryview
    ids: memoryview
    weights: memoryview
    sizes: memoryview
    values: memoryview
    lengths: memoryview


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
    """Return the positions of each posting as ``codec.undelta`` reads them, and their sizes.

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
