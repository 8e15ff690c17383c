"""What changed in a folder between two moments, and whether two folders are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

Snapshot = Mapping[str, tuple[int, int, int]]


class Written(msgspec.Struct, frozen=True):
    """Which files of a folder were written, new or anew, and which were removed."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def snapshot(folder: Path) -> Snapshot:
    """Return inode, size and mtime (ns) of every file below a folder, by path."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            status = path.stat()
            key = path.relative_to(folder).as_posix()
            found[key] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found


def compare(before: Snapshot, after: Snapshot) -> Written:
    """Return what was written between two snapshots, also where the bytes are the same again."""
    return Written(
        tuple(sorted(path for path, stamp in after.items() if before.get(path) != stamp)),
        tuple(sorted(before.keys() - after.keys())),
    )


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found
