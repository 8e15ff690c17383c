"""The static search: the archive's segments, their manifest and the engine that reads them.

Every byte is a function of the documents: of no clock, no order of arrival, no earlier
export. The calendar that matters is the archive's own newest month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec

from .archive import Archive
from .bundle import bundle
from .codec import deflate
from .lexicon import pack_words, top_words
from .record import SLOT
from .segment import PACK_BYTES, build_segment, named
from .store import open_months

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"


def groups(months: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return how ``months`` (ascending) are put together into segments, oldest first.

    The newest month stands alone, so that an article added to it rewrites its files only.
    The months before it, back to January of the year before, are one segment, written anew
    when a month opens; what is older is another, written anew when a year does.
    """
    if not months:
        return ()
    *closed, newest = months
    border = f"{int(newest[:4]) - 1:04d}-01"
    old = tuple(month for month in closed if month < border)
    recent = tuple(month for month in closed if month >= border)
    return tuple(group for group in (old, recent, (newest,)) if group)


def export(root: Path, pack_bytes: int = PACK_BYTES) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the static search, paths relative to the site's ``search/``.

    ``pack_bytes`` is the largest a file of postings or texts may be: lower it for a host
    that takes no large files, or does not serve byte ranges.
    """
    opened = {month.month: month for month in open_months(root)}
    entries = []
    heads = []
    written: set[str] = set()
    try:
        parts = groups(tuple(opened))
        for group in parts:
            months = Archive([opened[name] for name in group])
            segment = build_segment(months, group == parts[-1], pack_bytes)
            entries.append(segment.entry)
            heads.append(segment.head)
            for file in segment.files:
                if file.name not in written:
                    written.add(file.name)
                    yield file.name, file.data
        words = named("w", pack_words(top_words(month.words() for month in opened.values())))
    finally:
        for month in opened.values():
            month.index.close()
    head = named("h", deflate(b"".join(heads)))
    yield from (words, head)
    manifest = {
        "format": FORMAT,
        "slot": SLOT,
        "head": [head.name, len(head.data)],
        "words": [words.name, len(words.data)],
        "segments": entries,
    }
    yield MANIFEST, msgspec.json.encode(manifest)
    yield from engine()


def engine() -> Iterator[tuple[str, bytes]]:
    """Yield the browser's engine."""
    folder = files(__package__) / "browser"
    modules = {
        entry.name.removesuffix(".js"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".js")
    }
    yield "engine.js", bundle(modules, "engine").encode()
