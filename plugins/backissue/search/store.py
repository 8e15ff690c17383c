"""The months' indexes on disk.

    root/2026-05/current          the name of the generation to read
    root/2026-05/<generation>/    one index, complete, never changed: Whoosh's files;
                                  docs.msgpack, the documents in their order; its postings
                                  in columns; its words; facts for the ranking

A generation is named by the hash of its documents and of our version. It is written under
another name, made durable, renamed into place, and only then does ``current`` (replaced by
one rename) name it: a reader meets the old index or the new one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec

from .analysis import terms, words_of
from .codec import delta, digest
from .extract import Collector, Extract
from .records import SearchDoc
from .whooshed import Item, MonthIndex, Row, length_byte, write_index

VERSION: Final = "1"
DOCS: Final = "docs.msgpack"
CURRENT: Final = "current"
FACTS: Final = "facts.msgpack"
EXTRACT: Final = "extract.msgpack"
WORDS: Final = "words.msgpack"
NOWHERE: Final = delta(())  # not empty: Whoosh loses its place over empty values


def order(docs: Iterable[SearchDoc]) -> list[SearchDoc]:
    """Return the documents by date, then key: the numbers they go by."""
    return sorted(docs, key=lambda doc: (doc.date, doc.key))


def generation(docs: Sequence[SearchDoc]) -> str:
    """Return the name of the index of ``docs`` (in order)."""
    return digest((VERSION.encode(), msgspec.msgpack.encode(docs)))


def row(doc: SearchDoc) -> Row:
    """Return ``doc`` as Whoosh takes it."""
    text = [
        Item(term.encode(), entry.freq, float(entry.weight), delta(entry.positions))
        for term, entry in terms(doc).items()
    ]
    names = {
        "topics": doc.topics,
        "lang": (doc.lang.lower(), doc.lang.lower().split("-")[0]),
        "authors": tuple(word for name in doc.authors for word in words_of(name)),
        "source": words_of(doc.source),
        "month": (doc.month,),
    }
    items = {
        field: [Item(value.encode(), 1, 1.0, NOWHERE) for value in dict.fromkeys(values) if value]
        for field, values in names.items()
    }
    stored = {"key": doc.key, "url": doc.url, "date": doc.date}
    return Row(stored, {"text": text, **items})


def write_month(root: Path, month: str, docs: Sequence[SearchDoc]) -> None:
    """Write the index of ``month`` below ``root`` anew, unless it holds just these documents."""
    ordered = order(docs)
    if not ordered:
        drop_month(root, month)
        return
    folder = root / month
    name = generation(ordered)
    if _current(folder) == name:
        return
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / name).is_dir():
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
        try:
            _fill(draft, ordered)
            draft.chmod(0o755)
            for file in draft.iterdir():
                _sync(file)
            _sync(draft)
            draft.rename(folder / name)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    pointer = folder / f"{CURRENT}.new"
    pointer.write_text(name, encoding="ascii")
    _sync(pointer)
    pointer.replace(folder / CURRENT)
    _sync(folder)
    for old in folder.iterdir():
        if old.is_dir() and old.name != name:
            shutil.rmtree(old, ignore_errors=True)


def _fill(folder: Path, docs: Sequence[SearchDoc]) -> None:
    collector = Collector()
    write_index(folder, collector.through(row(doc) for doc in docs))
    lengths = bytes(length_byte(length) for length in collector.lengths)
    dates = tuple((date, sum(1 for _ in some)) for date, some in groupby(doc.date for doc in docs))
    facts = Facts(len(docs), sum(collector.lengths), lengths, dates)
    (folder / FACTS).write_bytes(msgspec.msgpack.encode(facts))
    (folder / DOCS).write_bytes(msgspec.msgpack.encode(docs))
    (folder / EXTRACT).write_bytes(msgspec.msgpack.encode(collector.extract()))
    (folder / WORDS).write_bytes(msgspec.msgpack.encode(collector.words(), order="sorted"))


def drop_month(root: Path, month: str) -> None:
    """Remove the index of ``month``, if there is one."""
    folder = root / month
    (folder / CURRENT).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def months(root: Path) -> tuple[str, ...]:
    """Return the months that have an index, oldest first."""
    if not root.is_dir():
        return ()
    return tuple(sorted(entry.name for entry in root.iterdir() if _current(entry) is not None))


class Facts(msgspec.Struct, frozen=True):
    """What a ranking asks of a month: how many documents, their lengths and dates."""

    count: int
    length: int
    lengths: bytes
    dates: tuple[tuple[str, int], ...]


class Month:
    """An open month: its documents, in the order of their numbers, and its Whoosh index."""

    def __init__(self, folder: Path, name: str) -> None:
        self.month = folder.name
        self.generation = name
        self._folder = folder / name
        self._docs = self._folder / DOCS
        self._loaded: tuple[SearchDoc, ...] | None = None
        self.facts: Facts = msgspec.msgpack.decode((self._folder / FACTS).read_bytes(), type=Facts)
        # Opened now, for a publish may take the files away; what is open stays readable.
        self.index = MonthIndex(self._folder)

    @property
    def docs(self) -> tuple[SearchDoc, ...]:
        """The documents, read when they are first asked for."""
        if self._loaded is None:
            self._loaded = self.read()
        return self._loaded

    def read(self) -> tuple[SearchDoc, ...]:
        """Return the documents, read at this moment and not kept."""
        return msgspec.msgpack.decode(self._docs.read_bytes(), type=tuple[SearchDoc, ...])

    def extract(self) -> Extract:
        """Return the postings as columns."""
        return msgspec.msgpack.decode((self._folder / EXTRACT).read_bytes(), type=Extract)

    def words(self) -> dict[str, int]:
        """Return the words that a misspelt one may stand for, with their documents' number."""
        return msgspec.msgpack.decode((self._folder / WORDS).read_bytes(), type=dict[str, int])


def open_months(root: Path) -> Iterator[Month]:
    """Yield the months below ``root``, oldest first, each as it is at that moment."""
    for month in months(root):
        opened = _open(root / month)
        if opened is not None:
            yield opened


def _open(folder: Path) -> Month | None:
    # A publish can take a generation away between reading its name and opening it; it has
    # put the next one's name in place by then.
    for _ in range(20):
        name = _current(folder)
        if name is None:
            return None
        try:
            return Month(folder, name)
        except FileNotFoundError:
            if _current(folder) == name and not (folder / name).is_dir():
                raise
    raise OSError(f"{folder}: its index changes faster than it can be opened")


def _current(folder: Path) -> str | None:
    try:
        return (folder / CURRENT).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
