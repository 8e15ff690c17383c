"""The output folder: what readers see is one whole publish, never half of one.

There are two trees. One lies at the output's own path, the *spare* lies aside, on the same
file system, and shares with it (by hard links) every file that is the same. A publish
brings the spare up to date and then exchanges the two in one step of the file system
(``renameat2`` with RENAME_EXCHANGE, Linux 3.15; ``renamex_np`` with RENAME_SWAP, macOS 10.12).
A publish that dies before that step has changed nothing that a reader can see; after it,
everything. Either way the store knows in which files the trees may differ, and the next
publish starts from there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from backissue.archive.digests import digest

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
AT_ONCE: Final = 16
_SYNC_EACH: Final = 400  # above this many files one sync of everything costs less


One = TypeVar("One")


class OutputError(OSError):
    """The output folder cannot be used as it is; says why and what to do."""


def check_places(root: Path, content: Path, cache: Path) -> None:
    """Raise OutputError where the output folder would take another's place.

    A publish exchanges the output folder as a whole and drops what it does not want in it: were it
    the folder that holds ``content/`` or the cache, or one with them, those would go with it.
    """
    output, raw, kept = root.resolve(), content.resolve(), cache.resolve()
    if output.is_relative_to(raw) or raw.is_relative_to(output) or kept.is_relative_to(output):
        other = cache if kept.is_relative_to(output) else content
        raise OutputError(
            f"the output folder {root} and {other} may not be one in the other: let OUTPUT_PATH "
            "(or -o) name a folder of its own, such as output."
        )


class OutputFolder:
    """The output folder at ``root`` with its spare tree at ``spare``.

    ``sync``: have everything on the disk before readers see it. ``at_once``: for how many files
    to wait at once; the disk then writes its journal once for many of them.
    """

    def __init__(self, root: Path, spare: Path, sync: bool = True, at_once: int = AT_ONCE) -> None:
        self.root = root
        self.spare = spare
        self.sync = sync
        self._at_once = at_once
        self.touched: set[str] = set()
        if root.exists() and (root.is_symlink() or os.path.ismount(root)):
            raise OutputError(
                f"{root} is a link or a mount point, which cannot be exchanged as a whole: "
                "let OUTPUT_PATH name a folder inside it."
            )

    @property
    def is_published(self) -> bool:
        """Whether there is a tree that readers see."""
        return self.root.is_dir()

    def prepare_anew(self) -> None:
        """Make the spare an empty tree: what readers see, if anything, is not ours."""
        self.discard()
        self.spare.mkdir(parents=True)

    def prepare(self, differing: Iterable[str]) -> None:
        """Make the spare a copy of what readers see, given the files in which they may differ."""
        if self._aside.is_dir() and not self.root.exists():
            self._aside.rename(self.root)  # an exchange in three steps died after the first
        if not self.spare.is_dir():
            self._clone()
            return
        held: list[str] = []
        for path in differing:
            if (self.root / path).is_file():
                held.append(path)
            else:
                _unlink(self.spare, path)
        self._each(self._take_over, held)

    def _take_over(self, path: str) -> None:
        """Let a file of the spare be what readers see."""
        target = self.spare / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _share(self.root / path, target)

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file of the spare, or None."""
        try:
            return (self.spare / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def write(self, path: str, data: bytes) -> None:
        """Put a file into the spare. Readers' copy of it, if shared, stays as it is."""
        target = self.spare / path
        try:
            target.unlink()
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.touched.add(path)

    def remove(self, path: str) -> bool:
        """Take a file out of the spare; return whether it was there."""
        self.touched.add(path)
        return _unlink(self.spare, path)

    def exchange(self, is_ours: Callable[[str], bool]) -> None:
        """Show readers the spare instead, in one step, with all of it on the disk before.

        ``is_ours`` tells of a name in the root of the site whether we published it; what
        others put there (a CNAME, a .git) is carried over.
        """
        self._sync()
        if not self.is_published:
            self.spare.rename(self.root)
        else:
            names = sorted(entry.name for entry in os.scandir(self.root))
            foreign = [name for name in names if not is_ours(name)]
            for name in foreign:
                if (self.root / name).is_file():
                    _share(self.root / name, self.spare / name)
            self._swap()
            for name in foreign:
                if not (self.root / name).exists():
                    (self.spare / name).rename(self.root / name)
                elif (self.spare / name).is_file():
                    (self.spare / name).unlink()
        for folder in {self.root.parent, self.spare.parent}:
            _sync_folder(folder)

    def stock(self) -> None:
        """Make the spare tree where there is none, so that the next publish need not."""
        if not self.spare.is_dir():
            self._clone()
            if self.sync:
                os.sync()  # else the first file that the next publish syncs waits for all of them

    def discard(self) -> None:
        """Throw the spare away: nobody knows any more what is in it."""
        if self.spare.is_dir():
            shutil.rmtree(self.spare)

    def traces(self) -> bytes:
        """Return a digest that shows whether somebody else changed the tree that readers see.

        Of name, mtime (ns) and inode of the folder and of those one and two levels below it:
        a file that goes or comes in one of them shows. Deeper changes do not.
        """
        found = []
        for folder in [self.root, *_folders(self.root)]:
            status = folder.stat()
            name = folder.relative_to(self.root).as_posix()
            found.append((name, status.st_mtime_ns, status.st_ino))
        return digest(sorted(found))

    def missing(self, paths: Iterable[str]) -> list[str]:
        """Return those of ``paths`` that are not in the tree that readers see."""
        return [path for path in paths if not (self.root / path).is_file()]

    def _each(self, do: Callable[[One], None], items: Iterable[One]) -> None:
        """Do for many files, several at once, what waits for the disk."""
        with ThreadPoolExecutor(self._at_once) as pool:
            deque(pool.map(do, items), maxlen=0)

    @property
    def _aside(self) -> Path:
        return self.root.with_name(f".{self.root.name}.aside")

    def _swap(self) -> None:
        try:
            _exchange(self.root, self.spare)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                raise
            # This file system cannot exchange: for a moment there is no site.
            self.root.rename(self._aside)
            self.spare.rename(self.root)
            self._aside.rename(self.spare)

    def _clone(self) -> None:
        making = self.spare.with_name(self.spare.name + ".making")
        if making.is_dir():
            shutil.rmtree(making)
        making.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.root, making, copy_function=_share_named, symlinks=True)
        making.rename(self.spare)

    def _sync(self) -> None:
        if not self.sync:
            return
        if len(self.touched) > _SYNC_EACH:
            os.sync()
            return
        targets = [self.spare / path for path in self.touched]
        self._each(_sync_file, (target for target in targets if target.is_file()))
        self._each(_sync_folder, {one.parent for one in targets if one.parent.is_dir()})


def _folders(root: Path) -> Iterator[Path]:
    for entry in os.scandir(root):
        if entry.is_dir(follow_symlinks=False):
            yield Path(entry)
            yield from (Path(one) for one in os.scandir(entry) if one.is_dir(follow_symlinks=False))


def _unlink(root: Path, path: str) -> bool:
    """Remove a file and the folders that this leaves empty; return whether it was there."""
    target = root / path
    try:
        target.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    folder = target.parent
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            break  # not empty
        folder = folder.parent
    return True


def _share(source: Path, target: Path) -> None:
    """Give a file a second name; copy it where the file system has no hard links."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


def _share_named(source: str, target: str) -> None:
    _share(Path(source), Path(target))


def _exchange(one: Path, other: Path) -> None:
    """Exchange two folders in one step. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    flag = ctypes.c_uint(_RENAME_EXCHANGE)
    if sys.platform == "darwin":
        done = libc.renamex_np(*names, flag)
    elif sys.platform == "linux":
        at = ctypes.c_int(_AT_FDCWD)
        done = libc.renameat2(at, names[0], at, names[1], flag)
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if done != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one), None, str(other))


def _sync_file(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sync_folder(path: Path) -> None:
    number = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(number)
    finally:
        os.close(number)
