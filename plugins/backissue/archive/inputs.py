"""All that a build depends on, told in one digest: is there anything to do at all?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from backissue.archive.digests import code_version, digest, digest_files
from backissue.archive.intake.sources import ALL_PICTURES, SIDECAR, Found, find_changed, stamp
from backissue.archive.publishing.output import OutputFolder

LIBRARIES = ("pelican", "jinja2", "beautifulsoup4", "lxml", "nh3", "whoosh", "numpy", "msgspec")


class Inputs(NamedTuple):
    """What goes into a build: a digest of all of it, and the raw files that changed."""

    state: bytes
    found: Found


def read_inputs(settings: Mapping[str, Any], known: Mapping[str, bytes]) -> Inputs:
    """Return what goes into a build; the digest is also of the folder that came out of one.

    Raw files are told by their stamps, the rest by bytes or stamps. The digest is empty where
    there is nothing yet that could be up to date. ``known`` is what was listed before.
    """
    content, root = Path(settings["PATH"]), Path(settings["OUTPUT_PATH"])
    folder = OutputFolder(root, Path(settings["CACHE_PATH"]) / "spare")
    found = find_changed(content, raw_folders(settings), known)
    if not folder.is_published:
        return Inputs(b"", found)
    beside = [(name, stamp(path.stat())) for name, path in _beside(content, settings)]
    everything = digest(
        found.listed,
        beside,
        look(settings),
        code_version("", *LIBRARIES),
        [(name, stamp(path.stat())) for name, path in _files(_theme_static(settings))],
        str(root),
    )
    return Inputs(everything, found)


def folder_times(content: Path, listed: Iterable[str]) -> bytes:
    """Return when something last came into, or went from, each folder that raw files are in."""
    names = sorted({"", *listed} - {ALL_PICTURES})
    return msgspec.msgpack.encode([(name, _changed(content / name)) for name in names])


def has_moved(content: Path, times: bytes) -> bool:
    """Return whether raw files came or went since ``times``. An edit in place is not seen."""
    if not times:
        return True
    known = msgspec.msgpack.decode(times, type=list[tuple[str, int]])
    return any(_changed(content / name) != time for name, time in known)


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0  # gone: that is another time too


def raw_folders(settings: Mapping[str, Any]) -> frozenset[str]:
    """Return the names in the content folder that are no raw files."""
    own = settings.get("BACKISSUE", {})
    topics = own.get("vocabulary", "topics.toml"), own.get("model", "topics.model")
    return frozenset({*settings["PAGE_PATHS"], *settings["STATIC_PATHS"], *topics})


def look(settings: Mapping[str, Any]) -> bytes:
    """Return a digest of what every page depends on: the theme's templates and the settings."""
    theme = Path(settings["THEME"])
    places = [*map(Path, settings["THEME_TEMPLATES_OVERRIDES"]), theme / "templates"]
    templates = [
        digest_files((path for path in place.rglob("*") if path.is_file()), place)
        for place in places
    ]
    return digest(templates, _plain(settings))


def _plain(settings: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    """Return the settings that a template could show and that can be compared."""
    plain = []
    for name, value in sorted(settings.items()):
        try:
            plain.append((name, msgspec.msgpack.encode(value)))
        except (TypeError, ValueError):
            continue  # a function or a class
    return plain


def _beside(content: Path, settings: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """Yield the files of the content folder that are no raw files."""
    for name in sorted(raw_folders(settings)):
        place = content / name
        yield from _files([place]) if place.is_dir() else [(name, place)] * place.is_file()


def _theme_static(settings: Mapping[str, Any]) -> list[Path]:
    return [Path(settings["THEME"]) / place for place in settings["THEME_STATIC_PATHS"]]


def _files(places: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for place in places:
        for path in sorted(place.rglob("*")):
            if path.is_file() and path.suffix != SIDECAR:
                yield path.as_posix(), path
