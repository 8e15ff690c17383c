"""The store: one SQLite file that holds all that was derived, and what was published.

``memo``: what a stage made of its input, under the digest of (input, code, settings).
``source``: the raw files as they were at the last build.
``output``: the files of a site as they were written, under the digest of what they show.
The catalogue (catalogue.py) keeps its tables in the same file, so that one commit moves
all of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from backissue.article import Rejected

SCHEMA_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE memo (
    stage TEXT, key BLOB, value BLOB NOT NULL, PRIMARY KEY (stage, key)
) WITHOUT ROWID;
CREATE TABLE source (
    name TEXT PRIMARY KEY, stamp BLOB NOT NULL, cleaned BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE refused (source TEXT PRIMARY KEY, list BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE output (
    root TEXT, path TEXT, shows BLOB NOT NULL, PRIMARY KEY (root, path)
) WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (
    key TEXT PRIMARY KEY, source TEXT NOT NULL, month TEXT NOT NULL, date TEXT NOT NULL,
    wish TEXT NOT NULL, slug TEXT NOT NULL, title_key TEXT NOT NULL,
    article BLOB NOT NULL, derived BLOB NOT NULL, brief BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX entry_by_date ON entry (month, date, key);
CREATE INDEX entry_by_source ON entry (source);
CREATE INDEX entry_by_wish ON entry (month, wish);
CREATE INDEX entry_by_title ON entry (title_key);
CREATE TABLE entry_topic (
    topic TEXT, month TEXT, date TEXT, key TEXT, PRIMARY KEY (topic, month, date, key)
) WITHOUT ROWID;
CREATE INDEX entry_topic_by_key ON entry_topic (key);
CREATE TABLE further (key TEXT PRIMARY KEY, list BLOB NOT NULL) WITHOUT ROWID;
"""


class Store:
    """An open store. A build is one transaction: all of it or nothing of it is kept."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, timeout=60)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, SCHEMA_VERSION):
            # Everything in the store can be derived again; an old one is not worth migrating.
            db.close()
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            return self._open()
        if version == 0:
            db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
        return db

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is done inside, or nothing of it if an exception leaves."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def recall(self, stage: str, key: bytes) -> bytes | None:
        """Return what ``stage`` made under ``key``, or None."""
        row = self.db.execute(
            "SELECT value FROM memo WHERE stage = ? AND key = ?", (stage, key)
        ).fetchone()
        return row[0] if row else None

    def keep(self, stage: str, key: bytes, value: bytes) -> None:
        """Keep what ``stage`` made under ``key``."""
        self.db.execute("INSERT OR REPLACE INTO memo VALUES (?, ?, ?)", (stage, key, value))

    def sources(self) -> dict[str, tuple[bytes, bytes]]:
        """Return the raw files of the last build: name -> (stamp, key of its cleaning)."""
        rows = self.db.execute("SELECT name, stamp, cleaned FROM source")
        return {name: (stamp, cleaned) for name, stamp, cleaned in rows}

    def put_source(self, name: str, stamp: bytes, cleaned: bytes) -> None:
        """Keep a raw file's stamp and the key under which its cleaning is kept."""
        self.db.execute("INSERT OR REPLACE INTO source VALUES (?, ?, ?)", (name, stamp, cleaned))

    def drop_source(self, name: str) -> None:
        """Forget a raw file that is gone."""
        self.db.execute("DELETE FROM source WHERE name = ?", (name,))
        self.db.execute("DELETE FROM refused WHERE source = ?", (name,))

    def put_refused(self, name: str, refused: Sequence[Rejected]) -> None:
        """Keep why a raw file, or parts of it, could not be published; nothing clears it."""
        self.db.execute("DELETE FROM refused WHERE source = ?", (name,))
        if refused:
            value = msgspec.msgpack.encode(refused)
            self.db.execute("INSERT INTO refused VALUES (?, ?)", (name, value))

    def refused(self) -> list[Rejected]:
        """Return all that could not be published, by the name of the raw file."""
        rows = self.db.execute("SELECT list FROM refused ORDER BY source")
        return [
            one for (value,) in rows for one in msgspec.msgpack.decode(value, type=list[Rejected])
        ]

    def outputs(self, root: str) -> dict[str, bytes]:
        """Return the files written below ``root``: path -> digest of what each shows.

        The digest is empty where a build did not live to say that the file was written.
        """
        return dict(self.db.execute("SELECT path, shows FROM output WHERE root = ?", (root,)))

    def put_outputs(self, root: str, outputs: Iterable[tuple[str, bytes]]) -> None:
        """Keep what files below ``root`` show."""
        self.db.executemany(
            "INSERT OR REPLACE INTO output VALUES (?, ?, ?)",
            ((root, path, shows) for path, shows in outputs),
        )

    def drop_outputs(self, root: str, paths: Iterable[str]) -> None:
        """Forget files below ``root`` that are gone."""
        self.db.executemany(
            "DELETE FROM output WHERE root = ? AND path = ?", ((root, path) for path in paths)
        )

    def fact(self, name: str) -> bytes:
        """Return a small fact that was kept, or b"" if there is none."""
        row = self.db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else b""

    def put_fact(self, name: str, value: bytes) -> None:
        """Keep a small fact."""
        self.db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))
