"""What lies in ``content/``: which files are articles, and which of them changed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping, Set
from operator import attrgetter
from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple

import msgspec

from backissue.archive.digests import digest
from backissue.patterns import pattern

SIDECAR: Final = ".toml"
ALL_PICTURES: Final = "/"  # what is told of them stands where no folder can
_STAMP: Final = Struct("<4Q").pack
_WORD: Final = 2**64 - 1
_HIDDEN: Final = (".", "#", "~$")
# Editors' back-up files, and what Windows leaves in a folder that somebody looked at.
_LEFT_BEHIND: Final = ("~", ".swp", "Thumbs.db", "thumbs.db", "Desktop.ini", "desktop.ini")
_NO_ARTICLES: Final = (*_LEFT_BEHIND, SIDECAR)
# What "save page, complete" puts beside a page: the page's pictures, scripts and frames.
ASSET_FOLDERS: Final = ("_files", ".files", "_fichiers", "-Dateien", "_archivos", "_文件")

_ENDING: Final = pattern(r"\.[A-Za-z]\w*$")
_NO_TEXT: Final = pattern(r"[\ud800-\udfff]")  # bytes of a name that are not UTF-8
_SPELLED: Final = pattern(r"\\x[89a-f][0-9a-f]")  # how ``_spelled`` shows them

PICTURES: Final = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".avif")
_LAST: Final = frozenset(letter for one in PICTURES for letter in (one[-1], one[-1].upper()))

_Row = tuple[str, bytes]  # a name within its folder, a stamp


class Source(msgspec.Struct, frozen=True):
    """A raw file or a picture: its name below the content folder and a stamp.

    The stamp, which changes when the file does, is size, mtime, ctime and inode of the file and of
    its sidecar, packed. An edit that keeps the mtime still moves the ctime, which no program can
    set.
    """

    name: str
    stamp: bytes


class Found(NamedTuple):
    """What there is: a digest of the files of each folder, and the files of those that changed.

    ``listed`` has the folders that hold raw files or pictures; under ``ALL_PICTURES`` one of all
    pictures. ``pictures`` are all, ``own`` the raw files.
    """

    listed: dict[str, bytes]
    pictures: tuple[Source, ...]
    own: tuple[Source, ...]


def find_sources(content: Path, skip: Set[str]) -> list[Source]:
    """Return the raw files and the pictures below ``content``, in the order of their names.

    ``skip`` names files and folders of the content folder that hold no articles (pages,
    pictures, the vocabulary). Hidden files, what programs leave behind, sidecars and the asset
    folders of saved pages are no articles either, but pictures count there too. What looks like a
    raw file and is none is found too, for somebody to say so: a sidecar without its file (cleaning
    does), a symbolic link, which is not followed, a pipe, an empty folder with an ending
    (``read_source`` does). What has no name in UTF-8 is named as it is spelled, ``\\xff`` for
    such a byte; ``read_source`` says so too.
    """
    return _sources(_folders(content, skip))


def find_changed(content: Path, skip: Set[str], known: Mapping[str, bytes]) -> Found:
    """Return the raw files of the folders that are not as ``known``, and all pictures.

    ``known`` is what was ``listed`` before. Where a picture is another than it was, or nothing is
    known, all raw files are given: any of them may show it.
    """
    own, pictures, listed = {}, {}, {}
    for folder, rows in _folders(content, skip).items():
        if shown := [row for row in rows if is_picture(row[0])]:
            pictures[folder] = shown
        own[folder] = [row for row in rows if not is_picture(row[0])] if shown else rows
        listed[folder] = digest(sorted(own[folder]))
    held = _sources(pictures)
    listed[ALL_PICTURES] = digest(held)
    if listed[ALL_PICTURES] == known.get(ALL_PICTURES):
        own = {folder: rows for folder, rows in own.items() if listed[folder] != known.get(folder)}
    return Found(listed, tuple(held), tuple(_sources(own)))


def _sources(folders: Mapping[str, list[_Row]]) -> list[Source]:
    found = [
        Source(f"{folder}/{name}" if folder else name, told)
        for folder, rows in folders.items()
        for name, told in rows
    ]
    found.sort(key=attrgetter("name"))
    return found


def _folders(content: Path, skip: Set[str]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    _walk(str(content), "", skip, found)
    return {folder: rows for folder, rows in found.items() if rows}


def is_picture(name: str) -> bool:
    """Return whether a name is one of a picture."""
    # Of many thousand names hardly one is: the last letter tells nearly all of them apart.
    return name[-1:] in _LAST and name[-5:].lower().endswith(PICTURES)


def read_source(content: Path, name: str, limit: int) -> tuple[bytes, bytes | None]:
    """Return a file's bytes (at most ``limit`` + 1 of them) and those of its sidecar, or None.

    Raises OSError; of a name that is not UTF-8 with EILSEQ, of what is no regular file with EINVAL.
    """
    path = content / name
    if _SPELLED.search(name) and not path.exists():
        raise OSError(errno.EILSEQ, "its name is not UTF-8")
    data = _read_file(path, limit)
    sidecar = content / (name + SIDECAR)
    beside = None
    if sidecar.is_file() and not sidecar.is_symlink():
        beside = _read_file(sidecar, limit)
    return data, beside


def _read_file(path: Path, limit: int) -> bytes:
    """Return at most ``limit`` + 1 bytes of a regular file. Never waits, as a pipe would have one.

    Raises OSError, with EINVAL for what is a link, a folder, a pipe or a device.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, f"it is {_kind(status.st_mode)}, not a file")
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read(limit + 1)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    return "an empty folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"


def stamp(status: os.stat_result) -> bytes:
    """Return what changes when a file does: size, mtime and ctime (ns), inode, 8 bytes each."""
    # A clock that was wrong dates files before 1970, or far behind 2500.
    changed, noted = status.st_mtime_ns & _WORD, status.st_ctime_ns & _WORD
    return _STAMP(status.st_size, changed, noted, status.st_ino)


def _walk(
    folder: str, prefix: str, skip: Set[str], found: dict[str, list[_Row]], saved: bool = False
) -> bool:
    """Add a folder with its raw files to ``found``; return whether it holds anything at all.

    Each of many thousand is asked once. ``saved``: this is what a browser put beside a page, of
    which only pictures count.
    """
    with os.scandir(folder) as listing:
        entries = list(listing)
    sidecars = {one.name: one for one in entries if one.name.endswith(SIDECAR)}
    passed = {one.removeprefix(prefix) for one in skip if one.startswith(prefix)}
    rows: list[_Row] = []
    for entry in entries:
        name = entry.name
        if name.startswith(_HIDDEN) or name.endswith(_NO_ARTICLES) or name in passed:
            continue
        if not name.isascii() and _NO_TEXT.search(name):
            rows.append((_spelled(name), stamp(entry.stat(follow_symlinks=False))))
        elif entry.is_file(follow_symlinks=False):
            if saved and not is_picture(name):
                continue
            told = stamp(entry.stat(follow_symlinks=False))
            sidecar = sidecars.get(name + SIDECAR) if sidecars else None
            if sidecar is not None and sidecar.is_file(follow_symlinks=False):
                told += stamp(sidecar.stat(follow_symlinks=False))
            rows.append((name, told))
        elif entry.is_dir(follow_symlinks=False):
            beside = saved or name.endswith(ASSET_FOLDERS)
            holds = _walk(entry.path, f"{prefix}{name}/", skip, found, beside)
            if not holds and not beside and _ENDING.search(name):
                rows.append((name, stamp(entry.stat(follow_symlinks=False))))
        elif not saved and not is_picture(name):
            rows.append((name, stamp(entry.stat(follow_symlinks=False))))
    if sidecars and not saved:
        files = {one.name for one in entries if not one.is_dir(follow_symlinks=False)}
        for name, entry in sidecars.items():
            alone = name.removesuffix(SIDECAR) not in files and name not in passed
            if alone and not name.startswith(_HIDDEN) and entry.is_file(follow_symlinks=False):
                named = _spelled(name) if _NO_TEXT.search(name) else name
                rows.append((named, stamp(entry.stat(follow_symlinks=False))))
    found[prefix.rstrip("/")] = rows
    return bool(entries)


def _spelled(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
