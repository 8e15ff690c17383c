"""A part of a month's index: some of its articles, written once and never changed.

part/            Whoosh's files, beside which stand
  facts.msgpack    which articles, in the order of their numbers, and their dates
  docs.msgpack     the articles themselves
  columns.msgpack  the postings that Whoosh's index was written from
  records.msgpack  what a browser shows of each
  words.msgpack    the words that a misspelt one may stand for
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from .columns import (
    FILTER_KEYS,
    FILTER_MARK,
    Columns,
    Mapped,
    Numbers,
    columns_of,
    split,
    words,
    words_in,
)
from .merging import Run
from .record import Record, record
from .records import SearchDoc
from .whooshed import TEXT, PartIndex, length_byte
from .whooshing import Document, Entries, write_index

FACTS: Final = "facts.msgpack"
DOCS: Final = "docs.msgpack"
COLUMNS: Final = "columns.msgpack"
RECORDS: Final = "records.msgpack"
WORDS: Final = "words.msgpack"
_FIELDS: Final = {
    FILTER_MARK + key: field for field, key in sorted(FILTER_KEYS.items(), key=lambda pair: pair[1])
}
_WORDS: Final = bytes([FILTER_MARK[0] + 1])  # no word's term begins below


class Facts(msgspec.Struct, frozen=True):
    """The articles of a part: their keys, what each was (a digest), their dates and lengths."""

    keys: tuple[str, ...]
    states: tuple[bytes, ...]
    dates: tuple[str, ...]
    lengths: tuple[int, ...]


class Shown(msgspec.Struct, frozen=True):
    """What a browser shows of a part's articles, and their topics: (slug, name) each."""

    records: tuple[Record, ...]
    topics: tuple[tuple[tuple[str, str], ...], ...]


def fill(folder: Path, docs: Sequence[SearchDoc], states: Sequence[bytes]) -> None:
    """Write the part of ``docs``, whose digests are ``states``, into an empty folder."""
    columns = columns_of(docs)
    lengths = np.frombuffer(columns.lengths, np.int32).tolist()
    stored = ({"key": doc.key, "url": doc.url, "date": doc.date} for doc in docs)
    rows = [Document(*pair) for pair in zip(stored, lengths, strict=True)]
    write_index(folder, rows, entries(columns))
    dates = tuple(doc.date for doc in docs)
    topics = (tuple(zip(doc.topics, doc.topic_names, strict=True)) for doc in docs)
    made = Shown(tuple(map(record, docs, map(length_byte, lengths))), tuple(topics))
    facts = Facts(tuple(doc.key for doc in docs), tuple(states), dates, tuple(lengths))
    files = {
        FACTS: facts,
        DOCS: docs,
        COLUMNS: columns,
        RECORDS: made,
        WORDS: words(columns),
    }
    for name, value in files.items():
        (folder / name).write_bytes(msgspec.msgpack.encode(value))


def entries(columns: Columns) -> Iterator[Entries]:
    """Yield the postings of ``columns`` as Whoosh takes them, field by field."""
    terms = split(columns.terms)
    counts = np.frombuffer(columns.counts, np.int32)
    ids = np.frombuffer(columns.ids, np.int32)
    weights = np.frombuffer(columns.weights, np.int32)
    ends = np.cumsum(np.frombuffer(columns.sizes, np.int32), dtype=np.int64).tolist()
    values = [columns.values[start:end] for start, end in pairwise([0, *ends])]
    places = np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).tolist()
    # Values of filters come before all words, those of one filter together.
    borders = [bisect_left(terms, mark) for mark in (*_FIELDS, _WORDS)]
    for (start, end), field in zip(
        pairwise([*borders, len(terms)]), (*_FIELDS.values(), TEXT), strict=True
    ):
        names = terms[start:end]
        if field != TEXT:
            names = [name[len(FILTER_MARK) + 1 :] for name in names]
        here = slice(places[start], places[end])
        if names:
            yield Entries(field, names, counts[start:end], ids[here], weights[here], values[here])


class Part:
    """An open part. What it holds is read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {
            name: (folder / name).open("rb") for name in (FACTS, DOCS, COLUMNS, RECORDS, WORDS)
        }

    def _read(self, name: str) -> bytes:
        # Opened before: a publish may take the files away, what is open stays readable.
        file = self._files[name]
        file.seek(0)
        return file.read()

    @cached_property
    def index(self) -> PartIndex:
        """The Whoosh index."""
        return PartIndex(self._folder)

    @cached_property
    def facts(self) -> Facts:
        """Which articles it has."""
        return msgspec.msgpack.decode(self._read(FACTS), type=Facts)

    @cached_property
    def docs(self) -> tuple[SearchDoc, ...]:
        """The articles."""
        return msgspec.msgpack.decode(self._read(DOCS), type=tuple[SearchDoc, ...])

    def columns(self) -> Columns:
        """Return the postings, read at this moment and not kept."""
        return msgspec.msgpack.decode(self._read(COLUMNS), type=Columns)

    def run(self, numbers: Numbers) -> Run:
        """Return the postings where they are in their file, numbered for a merge."""
        pages = mmap(self._files[COLUMNS].fileno(), 0, access=ACCESS_READ)
        return Run(msgspec.msgpack.decode(pages, type=Mapped), numbers, pages)

    def shown(self) -> Shown:
        """Return what a browser shows, read at this moment and not kept."""
        return msgspec.msgpack.decode(self._read(RECORDS), type=Shown)

    def words(self, without: Numbers) -> dict[str, int]:
        """Return the words that a misspelt one may stand for, not counting some documents."""
        found = msgspec.msgpack.decode(self._read(WORDS), type=dict[str, int])
        for word, count in words_in(self.columns(), without).items() if len(without) else ():
            found[word] -= count
        return {word: count for word, count in found.items() if count}

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        if "index" in self.__dict__:
            self.index.close()
