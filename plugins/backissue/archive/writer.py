"""Pelican's writer, writing whole files and only those that change."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pelican.writers import FileOverwriteFailedError, Writer

from backissue.archive.output import present_files, remove_files, write_whole
from backissue.archive.store import Store


class ArchiveWriter(Writer):  # type: ignore[misc]
    """Writes the site below one folder and knows what it wrote there before.

    A file that shows what it showed is left alone; a file that no build asks for any more
    is removed, if we wrote it. Nothing else in the folder is touched.
    """

    def __init__(self, output_path: str, settings: dict[str, Any] | None = None) -> None:
        super().__init__(output_path, settings)
        self.root = Path(output_path)
        self.written = 0
        self.shown: dict[str, bytes] = {}
        self._known: dict[str, bytes] = {}
        self._store: Store | None = None
        self._site = os.path.abspath(output_path)  # noqa: PTH100 - no link is to be resolved

    def open_store(self, store: Store) -> None:
        """Learn what was written before."""
        self._store = store
        known = store.outputs(self._site)
        present = present_files(self.root) if self.root.is_dir() else set()
        self._known = {path: shows if path in present else b"" for path, shows in known.items()}

    def announce(self, paths: Iterable[str]) -> None:
        """Say what will be written, so that a build that dies leaves no file nobody owns."""
        if self._store:
            new = [path for path in paths if path not in self._known]
            with self._store.transaction():
                self._store.put_outputs(self._site, ((path, b"") for path in new))
            self._known.update(dict.fromkeys(new, b""))

    def is_current(self, path: str, shows: bytes) -> bool:
        """Return whether the file is there and shows just this; remember that it is wanted."""
        self._claim(path)
        self.shown[path] = shows
        return bool(shows) and self._known.get(path) == shows

    def showing(self, shows: bytes) -> list[str]:
        """Return the files that were written to show just this, where all are still there."""
        return sorted(path for path, known in self._known.items() if known == shows)

    def put(self, path: str, data: bytes) -> None:
        """Write a file of the site, whole."""
        if path not in self.shown:
            self._claim(path)
            self.shown[path] = b""
            self.announce([path])
        self.written += write_whole(self.root, path, data)

    def finish(self) -> int:
        """Remove what no build asks for any more, remember the rest; return how many went."""
        if self._store is None:
            return 0
        stale = sorted(self._known.keys() - self.shown.keys())
        removed = remove_files(self.root, stale)
        with self._store.transaction():
            self._store.drop_outputs(self._site, stale)
            changed = (item for item in self.shown.items() if self._known.get(item[0]) != item[1])
            self._store.put_outputs(self._site, changed)
        return removed

    def _claim(self, path: str) -> None:
        if path in self.shown:
            raise FileOverwriteFailedError(f"two pages of the site want the address {path!r}")

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> io.TextIOBase:
        path = Path(os.path.relpath(filename, self.root)).as_posix()
        return _WholeFile(self, path, encoding)


class _WholeFile(io.StringIO):
    """A text file that is put in its place when it is closed."""

    def __init__(self, writer: ArchiveWriter, path: str, encoding: str) -> None:
        super().__init__(newline="")
        self._to = (writer, path, encoding)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        writer, path, encoding = self._to
        if kind is None:
            writer.put(path, self.getvalue().encode(encoding))
        super().__exit__(kind, error, trace)
