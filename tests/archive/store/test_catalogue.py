"""What the catalogue asks of the store is found by an index, however long a month is."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.store.store import Store
from backissue.archive.stories import Stories
from tests.archive.test_guarantee import Make, start

ASKED: dict[str, Callable[[Catalogue, Entry], object]] = {
    "entry": lambda held, one: held.entry(one.key),
    "at": lambda held, one: held.at(one.month, one.slug),
    "namesakes": lambda held, one: held.namesakes(one),
    "titled": lambda held, one: held.titled(one.title_key),
    "neighbours": lambda held, one: held.neighbours(one.place),
    "suggesting": lambda held, one: held.suggesting(one.key),
    "referring": lambda held, one: held.referring(one.title_key),
    "head": lambda held, one: Stories(held).head(one.key),
    "members": lambda held, one: Stories(held).members(one.key),
    "count": lambda held, one: held.count(one.month),
}


class Watched:
    """A connection that keeps how SQLite finds what it is asked for."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.plans: list[str] = []

    def execute(self, query: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        rows = self._db.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
        self.plans += [row[3] for row in rows]
        return self._db.execute(query, values)


@pytest.mark.parametrize("name", ASKED)
def test_what_a_page_asks_walks_through_no_month(site: Make, tmp_path: Path, name: str) -> None:
    one = site(start())
    one.build()
    watched = Watched(Store(one.root / "cache" / "store.sqlite").db)
    held = Catalogue(watched)  # type: ignore[arg-type]
    (entry, *_) = held.entries("2026-04")
    watched.plans.clear()
    ASKED[name](held, entry)
    assert watched.plans
    for plan in watched.plans:
        assert "SCAN" not in plan
        # The month alone is not enough, except where the walk ends at the first row.
        assert not plan.endswith("(month=?)")
