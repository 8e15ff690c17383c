"""What stops a whole build, in words for whoever can put it right."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

from pelican.writers import FileOverwriteFailedError

from backissue.archive.publishing.output import OutputError

EXIT_FAILED: Final = 1
EXIT_STOPPED: Final = 130  # what shells say of a command that Ctrl-C ended

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_NOT_ALLOWED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class CannotBuildError(Exception):
    """A build cannot go on; the error says itself why and what to do."""


def explain_failure(error: BaseException) -> str | None:
    """Return why a build stopped and what to do, or None where only its code can tell."""
    if isinstance(error, KeyboardInterrupt):
        return "stopped by Ctrl-C. The next build goes on from here."
    if isinstance(error, CannotBuildError | OutputError):
        return str(error)
    if isinstance(error, FileOverwriteFailedError):
        return f"{error}. Give one of them another name (a page of content/pages: another slug)."
    if isinstance(error, sqlite3.DatabaseError):
        return _explain_store(error)
    return _explain_system(error) if isinstance(error, OSError) else None


def _explain_system(error: OSError) -> str | None:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return f"the disk is full{where}. Make room and build again."
    if error.errno in _NOT_ALLOWED:
        return f"{error.strerror}{where}. Look at who may read and write there."
    return None


def _explain_store(error: sqlite3.DatabaseError) -> str | None:
    code = getattr(error, "sqlite_errorcode", None)  # none where SQLite did not fail itself
    if code == sqlite3.SQLITE_FULL:
        return "the disk is full. Make room and build again."
    if code in _DAMAGED:
        return (
            "store.sqlite in the cache folder is damaged. Remove that folder (make clean) and "
            "build again: all of it can be made anew."
        )
    if code == sqlite3.SQLITE_READONLY:
        return "store.sqlite in the cache folder may not be written. Look at who owns it."
    return None
