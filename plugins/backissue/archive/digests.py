"""Hashes of values, of files and of code: the names under which things are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import msgspec

DIGEST_BYTES = 16
_PACKAGE = Path(__file__).resolve().parent.parent
_SHARED: Final = (_PACKAGE / "article.py", _PACKAGE / "patterns.py")  # all rooms lean on them
_encode = msgspec.msgpack.Encoder(order="sorted").encode


def digest(*values: Any) -> bytes:
    """Return the digest (16 bytes, BLAKE2b) of any values that msgspec can encode."""
    return hashlib.blake2b(_encode(values), digest_size=DIGEST_BYTES).digest()


def digest_files(files: Iterable[Path], root: Path) -> bytes:
    """Return the digest of files' names below ``root`` and of their bytes, in any order."""
    state = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for path in sorted(files):
        state.update(path.relative_to(root).as_posix().encode())
        state.update(b"\0")
        state.update(hashlib.blake2b(path.read_bytes(), digest_size=DIGEST_BYTES).digest())
    return state.digest()


@cache
def code_version(room: str, *libraries: str) -> bytes:
    """Return the version of a room (or file) of the package and of libraries it leans on.

    A hash of its files (source, learned models), so that nobody has to remember to raise a
    number: what an older version of the code derived is never taken for what this one would.
    """
    place = _PACKAGE / room
    files = [*_SHARED, *(place.rglob("*") if place.is_dir() else [place])]
    files = [path for path in files if path.is_file() and not _is_beside(path)]
    return digest(
        digest_files(files, _PACKAGE), [(name, metadata.version(name)) for name in libraries]
    )


def _is_beside(path: Path) -> bool:
    """Return whether a file has no part in what a room derives: caches, Pelican's shells."""
    return path.suffix == ".pyc" or path.name == "shell.py"
