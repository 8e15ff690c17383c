"""The static search: the archive's segments, their manifest and the engine that reads them.

Every byte is a function of the documents: of no clock, no order of arrival, no earlier
export. The calendar that matters is the archive's own newest month.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec

from .archive import Archive
from .bundle import bundle
from .codec import deflate, digest
from .lexicon import offer, pack_words, top_words
from .record import SLOT
from .segment import PACK_BYTES, build_segment, named
from .store import groups, open_months

FORMAT: Final = 2
MANIFEST: Final = "manifest.json"
KEPT: Final = "segments"


class Notes(msgspec.Struct, frozen=True):
    """What is kept of a segment that was exported: all but the files' content."""

    files: tuple[str, ...]
    head: bytes
    entry: dict[str, Any]
    words: dict[str, int]


def export(root: Path, pack_bytes: int = PACK_BYTES) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the static search, paths relative to the site's ``search/``.

    ``pack_bytes`` is the largest a file of postings or texts may be: lower it for a host
    that takes no large files, or does not serve byte ranges.
    """
    for name, data in export_changes(root, (), pack_bytes):
        if data is not None:
            yield name, data


def export_changes(
    root: Path, held: Container[str], pack_bytes: int = PACK_BYTES
) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files as ``export`` does, those that are there already without their content.

    ``held`` are the names of files that are there. A segment that was exported before, and
    whose files all are, is not made again: its files come with None. Names say what a file
    holds, but for the manifest's and the engine's.
    """
    opened = {month.month: month for month in open_months(root)}
    notes = []
    kept = set()
    seen: set[str] = set()
    try:
        parts = groups({name: month.facts.count for name, month in opened.items()})
        for group in parts:
            months = [opened[name] for name in group]
            newest = group == parts[-1]
            facts = (FORMAT, SLOT, pack_bytes, newest, [month.facts.generation for month in months])
            path = root / KEPT / f"{digest((msgspec.msgpack.encode(facts),))}.msgpack"
            kept.add(path)
            known = _recall(path)
            if known is None or not all(name in held for name in known.files):
                segment = build_segment(Archive(months), newest, pack_bytes)
                yield from _once(segment.files, seen)
                words = offer(month.words() for month in months)
                names = tuple(file.name for file in segment.files)
                known = Notes(names, segment.head, segment.entry, words)
                _keep(path, known)
            else:
                yield from _once(((name, None) for name in known.files), seen)
            notes.append(known)
    finally:
        for month in opened.values():
            month.close()
    words_file = named("w", pack_words(top_words(segment.words for segment in notes)))
    head = named("h", deflate(b"".join(segment.head for segment in notes)))
    yield from (words_file, head)
    manifest = {
        "format": FORMAT,
        "slot": SLOT,
        "head": [head.name, len(head.data)],
        "words": [words_file.name, len(words_file.data)],
        "segments": [segment.entry for segment in notes],
    }
    yield MANIFEST, msgspec.json.encode(manifest)
    yield from engine()
    _forget(root / KEPT, kept)


def _once(
    files: Iterable[tuple[str, bytes | None]], seen: set[str]
) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files that were not ``seen``: two of the same content are one."""
    for name, data in files:
        if name not in seen:
            seen.add(name)
            yield name, data


def _recall(path: Path) -> Notes | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Notes)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _keep(path: Path, notes: Notes) -> None:
    path.parent.mkdir(exist_ok=True)
    making = path.with_suffix(".making")
    making.write_bytes(msgspec.msgpack.encode(notes))
    making.replace(path)


def _forget(folder: Path, kept: Container[Path]) -> None:
    """Remove what is noted of segments that are no more."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path not in kept:
            path.unlink()


def engine() -> Iterator[tuple[str, bytes]]:
    """Yield the browser's engine."""
    folder = files(__package__) / "browser"
    modules = {
        entry.name.removesuffix(".js"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".js")
    }
    yield "engine.js", bundle(modules, "engine").encode()
