"""Files of the output folder: written whole or not at all, and gone when they should be."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TEMPORARY: Final = ".backissue-"


def write_whole(root: Path, path: str, data: bytes) -> bool:
    """Put ``data`` at ``path`` below ``root`` in one move; return whether anything changed.

    A reader sees the old file or the new one. Raises OSError (no space, no permission).
    """
    target = root / path
    try:
        if target.stat().st_size == len(data) and target.read_bytes() == data:
            return False
    except (FileNotFoundError, NotADirectoryError):
        target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(TEMPORARY + target.name)
    temporary.write_bytes(data)
    temporary.replace(target)
    return True


def remove_files(root: Path, paths: Iterable[str]) -> int:
    """Remove files below ``root``, and folders that this leaves empty; return how many."""
    removed = 0
    for path in paths:
        target = root / path
        try:
            target.unlink()
            removed += 1
        except (FileNotFoundError, NotADirectoryError):
            continue
        folder = target.parent
        while folder != root:
            try:
                folder.rmdir()
            except OSError:
                break  # not empty
            folder = folder.parent
    return removed


def present_files(root: Path) -> set[str]:
    """Return the paths of all files below ``root``."""
    found: set[str] = set()
    for folder, _, names in os.walk(root):
        prefix = os.path.relpath(folder, root)
        prefix = "" if prefix == "." else prefix.replace(os.sep, "/") + "/"
        found.update(prefix + name for name in names)
    return found
