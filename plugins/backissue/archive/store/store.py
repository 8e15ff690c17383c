"""The store: one SQLite file that holds all that was derived, and what was published."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from backissue.archive.store.schema import SCHEMA, SCHEMA_VERSION
from backissue.article import Rejected

CACHE_KIB: Final = 128 * 1024  # SQLite's own 2 MB would read a large store again and again


def pack(value: bytes) -> bytes:
    """Return a value as the store keeps it; a third of its size, for a third of a millisecond."""
    return zlib.compress(value, 1)


def unpack(packed: bytes) -> bytes:
    """Return the value that was packed."""
    return zlib.decompress(packed)


class Store:
    """An open store. What is done in a transaction is kept whole or not at all."""

    def __init__(self, path: Path, cache_kib: int = CACHE_KIB) -> None:
        """Open the store at ``path``, with so much memory for what was read."""
        self._cache_kib = cache_kib
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, timeout=60)
        db.execute("PRAGMA journal_mode = WAL")
        # Every commit is on the disk before the next step: the output folder is exchanged on
        # the strength of what the store says, also after a power cut.
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA cache_size = -{self._cache_kib}")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, SCHEMA_VERSION):
            # Everything in the store can be derived again; an old one is not worth migrating.
            db.close()
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            return self._open()
        if version == 0:
            db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
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

    # -- what stages made -----------------------------------------------------------------

    def recall(self, stage: str, key: bytes) -> bytes | None:
        """Return what ``stage`` made under ``key``, or None."""
        packed = self.recall_packed(stage, key)
        return unpack(packed) if packed else None

    def recall_packed(self, stage: str, key: bytes) -> bytes:
        """Return it as ``pack`` packed it, b"" where there is nothing."""
        row = self.db.execute(
            "SELECT value FROM memo WHERE stage = ? AND key = ?", (stage, key)
        ).fetchone()
        return row[0] if row else b""

    def knows(self, stage: str, key: bytes) -> bool:
        """Return whether what ``stage`` made is kept under ``key``."""
        found = self.db.execute("SELECT 1 FROM memo WHERE stage = ? AND key = ?", (stage, key))
        return found.fetchone() is not None

    def knows_any(self, stage: str) -> bool:
        """Return whether anything is kept of a stage."""
        found = self.db.execute("SELECT 1 FROM memo WHERE stage = ? LIMIT 1", (stage,))
        return found.fetchone() is not None

    def keep(self, stage: str, key: bytes, packed: bytes) -> None:
        """Keep what ``stage`` made under ``key``, as ``pack`` packed it."""
        self.db.execute("INSERT OR REPLACE INTO memo VALUES (?, ?, ?)", (stage, key, packed))

    # -- raw files ------------------------------------------------------------------------

    def sources(self, folders: Collection[str] | None = None) -> dict[str, bytes]:
        """Return the raw files of the last build (right in some folders) with their stamps."""
        return dict(self._within("SELECT name, stamp FROM source", "name", folders))

    def _within(
        self, query: str, name: str, folders: Collection[str] | None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that name a file which is right in one of the folders (None: anywhere)."""
        if folders is None:
            yield from self.db.execute(f"{query} ORDER BY {name}")
            return
        for folder in sorted(folders):
            where = f"WHERE instr(substr({name}, ?), '/') = 0"
            values: list[int | str] = [len(folder) + 2 if folder else 1]
            if folder:  # what begins with it and "/", which "0" follows
                where += f" AND {name} > ? || '/' AND {name} < ? || '0'"
                values += [folder, folder]
            yield from self.db.execute(f"{query} {where} ORDER BY {name}", values)

    def listed(self) -> dict[str, bytes]:
        """Return what folders held at the last build: see ``sources.Found``."""
        known = self.fact("listed")
        return msgspec.msgpack.decode(known, type=dict[str, bytes]) if known else {}

    def put_listed(self, listed: Mapping[str, bytes]) -> None:
        """Keep that; in the transaction in which the raw files are put."""
        self.put_fact("listed", msgspec.msgpack.encode(listed, order="sorted"))

    def cleaned(self, name: str) -> bytes:
        """Return the key under which the cleaning of a raw file is kept, b"" if it is new."""
        row = self.db.execute("SELECT cleaned FROM source WHERE name = ?", (name,)).fetchone()
        return row[0] if row else b""

    def put_source(self, name: str, stamp: bytes, cleaned: bytes) -> None:
        """Keep a raw file's stamp and the key under which its cleaning is kept."""
        self.db.execute("INSERT OR REPLACE INTO source VALUES (?, ?, ?)", (name, stamp, cleaned))

    def drop_source(self, name: str) -> None:
        """Forget a raw file that is gone."""
        self.db.execute("DELETE FROM source WHERE name = ?", (name,))
        self.db.execute("DELETE FROM refused WHERE source = ?", (name,))
        self.db.execute("DELETE FROM beside WHERE source = ?", (name,))

    def beside(self, folders: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
        """Return the paths of the pictures that raw files (right in some folders) ask for."""
        found: dict[str, tuple[str, ...]] = {}
        rows = sorted(self._within("SELECT source, picture FROM beside", "source", folders))
        for source, picture in rows:
            found[source] = (*found.get(source, ()), picture)
        return found

    def put_beside(self, name: str, pictures: Iterable[str]) -> None:
        """Keep the paths of the pictures that a raw file asks for."""
        self.db.execute("DELETE FROM beside WHERE source = ?", (name,))
        rows = ((name, picture) for picture in pictures)
        self.db.executemany("INSERT INTO beside VALUES (?, ?)", rows)

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

    # -- what was published ---------------------------------------------------------------

    def shows(self, path: str) -> bytes:
        """Return the digest of what a published file shows, b"" where there is none."""
        row = self.db.execute("SELECT shows FROM output WHERE path = ?", (path,)).fetchone()
        return row[0] if row else b""

    def outputs(self) -> dict[str, bytes]:
        """Return all published files with the digest of what each shows."""
        return dict(self.db.execute("SELECT path, shows FROM output"))

    def has_output(self, name: str) -> bool:
        """Return whether a file or folder of the root of the site is one that we published."""
        row = self.db.execute(
            "SELECT 1 FROM output WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')",
            (name,),
        ).fetchone()
        return row is not None

    def outputs_showing(self, shows: bytes) -> list[str]:
        """Return the published files that show just this."""
        rows = self.db.execute("SELECT path FROM output WHERE shows = ? ORDER BY path", (shows,))
        return [path for (path,) in rows]

    def put_outputs(self, outputs: Iterable[tuple[str, bytes]]) -> None:
        """Keep what published files show."""
        self.db.executemany("INSERT OR REPLACE INTO output VALUES (?, ?)", outputs)

    def drop_outputs(self, paths: Iterable[str]) -> None:
        """Forget published files that are gone."""
        self.db.executemany("DELETE FROM output WHERE path = ?", ((path,) for path in paths))

    def differing(self) -> list[str]:
        """Return the files in which the two trees of the output may differ."""
        return [path for (path,) in self.db.execute("SELECT path FROM differs ORDER BY path")]

    def add_differing(self, paths: Iterable[str]) -> None:
        """Note files in which the two trees may differ from now on."""
        self.db.executemany("INSERT OR IGNORE INTO differs VALUES (?)", ((path,) for path in paths))

    def clear(self, table: str) -> None:
        """Empty the table ``output``, ``differs`` or ``pending``."""
        if table not in ("output", "differs", "pending"):
            raise ValueError(table)
        self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - one of three names

    def pending(self) -> list[tuple[str, bytes | None]]:
        """Return the articles that changed since the last publish, as they were then."""
        return self.db.execute("SELECT key, old FROM pending ORDER BY key").fetchall()

    def add_pending(self, changes: Iterable[tuple[str, bytes | None]]) -> None:
        """Note articles that changed; what they were at the last publish is kept."""
        self.db.executemany("INSERT OR IGNORE INTO pending VALUES (?, ?)", changes)

    def fact(self, name: str) -> bytes:
        """Return a small fact that was kept, or b"" if there is none."""
        row = self.db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else b""

    def put_fact(self, name: str, value: bytes) -> None:
        """Keep a small fact."""
        self.db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))
