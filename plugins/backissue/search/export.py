"""The static search: the archive's segments, their manifest and the engine that reads them.

Every byte is a function of the documents: of no clock, no order of arrival, no earlier
export. The calendar that matters is the archive's own newest month.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from .archive import Archive
from .bundle import bundle
from .codec import digest
from .lexicon import offer, pack_words, top_words
from .segment import (
    PACK_BYTES,
    REACH,
    Columns,
    Each,
    Span,
    borders,
    build_segment,
    named,
    one_by_one,
    pack_heads,
)
from .store import Month, groups, open_months

FORMAT: Final = 8
MANIFEST: Final = "manifest.json"
KEPT: Final = "segments"
JOINED: Final = ("engine", "worker")  # each with what it imports: a round trip fewer
T = TypeVar("T")


class Notes(msgspec.Struct, frozen=True):
    """What is kept of a segment that was exported: all but the files' content."""

    files: tuple[str, ...]
    head: Columns
    entry: dict[str, Any]


def export(root: Path, pack_bytes: int = PACK_BYTES) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the static search, paths relative to the site's ``search/``.

    ``pack_bytes`` is the largest a file of postings or texts may be: lower it for a host
    that takes no large files, or does not serve byte ranges.
    """
    for name, data in export_changes(root, (), pack_bytes):
        if data is not None:
            yield name, data


def export_changes(
    root: Path, held: Container[str], pack_bytes: int = PACK_BYTES, each: Each = one_by_one
) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files as ``export`` does, those that are there already without their content.

    ``held`` are the names of files that are there. A segment that was exported before, and
    whose files all are, is not made again: its files come with None. Names say what a file
    holds, but for the manifest's and the engine's. ``each`` may share the work among processes.
    """
    opened = {month.month: month for month in open_months(root)}
    kept = _Kept(root / KEPT)
    notes: list[Notes] = []
    words = []
    seen: set[str] = set()
    try:
        parts = groups({name: month.facts.count for name, month in opened.items()})
        for group in parts:
            months = [opened[name] for name in group]
            newest = group == parts[-1]
            for span, state in _spans(Archive(months), newest):
                facts = (FORMAT, pack_bytes, state)
                known = kept.recall(facts, Notes)
                if known is None or not all(name in held for name in known.files):
                    segment = build_segment(span, pack_bytes, each)
                    yield from _once(segment.files, seen)
                    names = tuple(file.name for file in segment.files)
                    known = kept.keep(facts, Notes(names, segment.head, segment.entry))
                else:
                    yield from _once(((name, None) for name in known.files), seen)
                notes.append(known)
            words.append(_words(months, kept))
    finally:
        for month in opened.values():
            month.close()
    words_file = named("w", pack_words(top_words(words)))
    head = named("h", pack_heads(segment.head for segment in notes))
    yield from (words_file, head)
    manifest = {
        "format": FORMAT,
        "head": [head.name, len(head.data)],
        "words": [words_file.name, len(words_file.data)],
        "segments": [segment.entry for segment in notes],
    }
    yield MANIFEST, msgspec.json.encode(manifest)
    yield from engine()
    kept.forget()


def _once(
    files: Iterable[tuple[str, bytes | None]], seen: set[str]
) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files that were not ``seen``: two of the same content are one."""
    for name, data in files:
        if name not in seen:
            seen.add(name)
            yield name, data


def _spans(archive: Archive, newest: bool) -> Iterator[tuple[Span, object]]:
    """Yield the segments of some months, each with what its files are a function of."""
    if not newest:
        yield Span(archive, 0, archive.count), [month.facts.generation for month in archive.months]
        return
    states = [state for month in archive.months for state in month.states()]
    # Mostly an article is of the newest days: the others' files are let alone.
    last = borders([key for key, _ in states], REACH)[-1:]
    for low, high in pairwise([0, *last, len(states)]):
        yield Span(archive, low, high), states[low:high]


def _words(months: Sequence[Month], kept: _Kept) -> dict[str, int]:
    """Return the words of some months that a misspelt one may stand for."""
    facts = (FORMAT, "words", [month.facts.generation for month in months])
    known = kept.recall(facts, dict[str, int])
    return kept.keep(facts, offer(month.words() for month in months)) if known is None else known


class _Kept:
    """What was computed in earlier exports, by a digest of what it is a function of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[Path] = set()

    def _path(self, facts: object) -> Path:
        path = self._folder / f"{digest((msgspec.msgpack.encode(facts),))}.msgpack"
        self._used.add(path)
        return path

    def recall(self, facts: object, kind: type[T]) -> T | None:
        """Return what was kept under ``facts``, or None."""
        try:
            return msgspec.msgpack.decode(self._path(facts).read_bytes(), type=kind)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def keep(self, facts: object, value: T) -> T:
        """Keep ``value`` under ``facts``, and return it."""
        path = self._path(facts)
        path.parent.mkdir(exist_ok=True)
        making = path.with_suffix(".making")
        making.write_bytes(msgspec.msgpack.encode(value))
        making.replace(path)
        return value

    def forget(self) -> None:
        """Remove what was kept under facts that nothing has asked for."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path not in self._used:
                path.unlink()


def engine() -> Iterator[tuple[str, bytes]]:
    """Yield what a browser runs: the engine, and the workers that are files of their own."""
    folder = files(__package__) / "browser"
    modules = {
        entry.name.removesuffix(".js"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".js")
    }
    for name in JOINED:
        yield f"{name}.js", bundle(modules, name).encode()
    yield "offline.js", modules["offline"].encode()
