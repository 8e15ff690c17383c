"""The catalogue: which articles the archive holds, by month, topic, slug and title.

It is kept in the store and moved by what changed. Lists are read from its indexes, a page
of a list at a time, so that no more of the archive is in memory than a page shows.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final

import msgspec

from backissue.archive.addresses import article_address, asked_for, slug_of, tell_apart
from backissue.article import Article, Dateline, Suggestion, TopicMatch
from backissue.patterns import pattern

_NO_LETTER: Final = pattern(r"[\W_]+")
_COLUMNS: Final = "key, source, month, date, slug, title_key, article, derived, brief"
_COUNT: Final = (
    "INSERT INTO tally VALUES (?, ?, ?) "
    "ON CONFLICT (month, topic) DO UPDATE SET count = count + excluded.count"
)
_COUNT_PAIR: Final = (
    "INSERT INTO pair VALUES (?, ?, ?, ?) "
    "ON CONFLICT (month, one, other) DO UPDATE SET count = count + excluded.count"
)


class Brief(msgspec.Struct, frozen=True):
    """What lists show of an article; ``pictures`` are the names of those beside its page."""

    title: str
    excerpt: str
    lang: str
    site: str
    topics: tuple[str, ...]
    pictures: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """An article of the catalogue. ``article`` and ``derived`` are keys of the store."""

    key: str
    source: str
    month: str
    date: str
    slug: str
    title_key: str
    article: bytes
    derived: bytes
    brief: Brief

    @property
    def url(self) -> str:
        """Its address."""
        return article_address(self.month, self.slug)

    @property
    def published(self) -> Dateline:
        """Its date."""
        return Dateline(self.date)

    @property
    def place(self) -> tuple[str, str, str]:
        """Its place in the archive, which runs by month, date and key."""
        return (self.month, self.date, self.key)


_decode_brief = msgspec.msgpack.Decoder(Brief).decode
_encode = msgspec.msgpack.encode


def title_key(title: str) -> str:
    """Return a title folded for comparing: letters and digits only, no case, no accents."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    return _NO_LETTER.sub("", folded)


class Catalogue:
    """The articles of the archive, over the tables of an open store.

    ``before`` remembers what each article that was touched had been, None where it was not
    there.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.before: dict[str, Entry | None] = {}

    # -- what changes it ------------------------------------------------------------------

    def drop(self, source: str) -> None:
        """Take out the articles that came from a raw file."""
        rows = self.db.execute("SELECT key, wish FROM entry WHERE source = ?", (source,))
        for key, wish in rows.fetchall():
            entry = self._remember(key)
            if entry is None:
                continue
            self._tally(entry.month, entry.brief.topics, -1)
            self.db.executemany(
                "DELETE FROM entry_topic WHERE topic = ? AND month = ? AND date = ? AND key = ?",
                ((topic, *entry.place) for topic in entry.brief.topics),
            )
            self.db.execute("DELETE FROM reference WHERE key = ?", (key,))
            self.db.execute("DELETE FROM entry WHERE key = ?", (key,))
            self._settle(entry.month, wish)

    def add(
        self,
        source: str,
        article: Article,
        keys: tuple[bytes, bytes],
        topics: Sequence[TopicMatch],
        pictures: tuple[str, ...] = (),
    ) -> None:
        """Put in an article; ``keys`` are those of it and of what follows from it."""
        self._remember(article.key)
        month, date = article.published.month, article.published.value
        wish = slug_of(article.slug or article.title)
        slugs = tuple(dict.fromkeys(match.slug for match in topics))
        brief = Brief(article.title, article.excerpt, article.lang, article.site, slugs, pictures)
        self.db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(article.key, source, month, date, wish, wish, title_key(article.title)),
                *(*keys, _encode(brief)),
            ),
        )
        self.db.executemany(
            "INSERT INTO entry_topic VALUES (?, ?, ?, ?)",
            ((slug, month, date, article.key) for slug in slugs),
        )
        self.db.executemany(
            "INSERT OR IGNORE INTO reference VALUES (?, ?)",
            ((title_key(reference.title), article.key) for reference in article.references),
        )
        self._tally(month, slugs, 1)
        self._settle(month, wish)

    def put_further(self, key: str, suggestions: Sequence[Suggestion]) -> bool:
        """Replace the further reading of an article; return whether it changed."""
        if self.further(key) == tuple(suggestions):
            return False
        self.db.execute("DELETE FROM further WHERE key = ?", (key,))
        self.db.executemany(
            "INSERT INTO further VALUES (?, ?, ?, ?, ?, ?)",
            (
                (key, n, one.key, one.score, one.why, array("I", one.shares).tobytes())
                for n, one in enumerate(suggestions)
            ),
        )
        return True

    def _remember(self, key: str) -> Entry | None:
        entry = self.entry(key)
        self.before.setdefault(key, entry)
        return entry

    def _settle(self, month: str, wish: str) -> None:
        rows = self.db.execute(
            "SELECT date, key, slug FROM entry WHERE month = ? AND wish = ?", (month, wish)
        ).fetchall()
        suffixes = tell_apart((date, key) for date, key, _ in rows)
        for _, key, slug in rows:
            if slug != wish + suffixes[key]:
                self._remember(key)
                self.db.execute(
                    "UPDATE entry SET slug = ? WHERE key = ?", (wish + suffixes[key], key)
                )

    def _tally(self, month: str, topics: Iterable[str], by: int) -> None:
        slugs = sorted(topics)
        self.db.executemany(_COUNT, ((month, slug, by) for slug in ("", *slugs)))
        pairs = [(month, one, other, by) for one, other in combinations(slugs, 2)]
        self.db.executemany(_COUNT_PAIR, pairs)
        if by < 0:
            self.db.execute("DELETE FROM tally WHERE month = ? AND count = 0", (month,))
            self.db.execute("DELETE FROM pair WHERE month = ? AND count = 0", (month,))

    # -- articles -------------------------------------------------------------------------

    def entry(self, key: str) -> Entry | None:
        """Return the article with this key, or None."""
        return self._one("WHERE key = ?", key)

    def at(self, month: str, slug: str) -> Entry | None:
        """Return the article that has an address, or None."""
        return self._one("WHERE month = ? AND slug = ?", month, slug)

    def namesakes(self, entry: Entry) -> list[Entry]:
        """Return the other articles of its month that ask for the same slug, oldest first."""
        rows = self.db.execute(
            # The signs keep SQLite from walking the whole month for the sake of the order.
            f"SELECT {_COLUMNS} FROM entry WHERE month = ? AND wish = ? AND key != ? "
            "ORDER BY +date, +key",
            (entry.month, asked_for(entry.slug, entry.key), entry.key),
        )
        return list(map(_entry, rows))

    def titled(self, key: str) -> Entry | None:
        """Return the first article whose title has this ``title_key``, or None."""
        return self._one("WHERE title_key = ? ORDER BY month, date, key LIMIT 1", key)

    def entries(self, month: str | None = None) -> Iterator[Entry]:
        """Yield the articles (of a month), oldest first."""
        where, values = ("WHERE month = ?", (month,)) if month else ("", ())
        rows = self.db.execute(
            f"SELECT {_COLUMNS} FROM entry {where} ORDER BY month, date, key", values
        )
        return map(_entry, rows)

    def of_source(self, source: str) -> list[Entry]:
        """Return the articles that came from a raw file."""
        rows = self.db.execute(f"SELECT {_COLUMNS} FROM entry WHERE source = ?", (source,))
        return sorted(map(_entry, rows), key=lambda one: one.key)

    def keys_by_month(self) -> dict[str, list[str]]:
        """Return the keys of all articles by month, oldest first."""
        keys: dict[str, list[str]] = {}
        for month, key in self.db.execute("SELECT month, key FROM entry ORDER BY month, date, key"):
            keys.setdefault(month, []).append(key)
        return keys

    def keys(self, month: str) -> list[str]:
        """Return the keys of the articles of a month, oldest first."""
        rows = self.db.execute("SELECT key FROM entry WHERE month = ? ORDER BY date, key", (month,))
        return [key for (key,) in rows]

    def slice(
        self, start: int, count: int, month: str | None = None, topic: str | None = None
    ) -> list[Entry]:
        """Return ``count`` articles (of a month, of a topic) from place ``start``, oldest first."""
        table, where, values = _scope(month, topic)
        keys = self.db.execute(
            f"SELECT key FROM {table} {where} ORDER BY month, date, key LIMIT ? OFFSET ?",
            (*values, count, start),
        ).fetchall()
        return [entry for (key,) in keys if (entry := self.entry(key))]

    def latest(self, count: int, topic: str | None = None) -> list[Entry]:
        """Return the newest articles (of a topic), newest first."""
        table, where, values = _scope(None, topic)
        keys = self.db.execute(
            f"SELECT key FROM {table} {where} ORDER BY month DESC, date DESC, key DESC LIMIT ?",
            (*values, count),
        ).fetchall()
        return [entry for (key,) in keys if (entry := self.entry(key))]

    def rank(self, place: tuple[str, str, str], topic: str | None = None) -> int:
        """Return how many articles of the place's month (and a topic) stand before the place."""
        table, where, values = _scope(place[0], topic)
        row = self.db.execute(
            f"SELECT COUNT(*) FROM {table} {where} AND (date, key) < (?, ?)",
            (*values, *place[1:]),
        ).fetchone()
        return int(row[0])

    def neighbours(self, place: tuple[str, str, str]) -> tuple[Entry | None, Entry | None]:
        """Return the articles before and after a place in the archive."""
        return (
            self._one(
                "WHERE (month, date, key) < (?, ?, ?) "
                "ORDER BY month DESC, date DESC, key DESC LIMIT 1",
                *place,
            ),
            self._one(
                "WHERE (month, date, key) > (?, ?, ?) ORDER BY month, date, key LIMIT 1", *place
            ),
        )

    def further(self, key: str) -> tuple[Suggestion, ...]:
        """Return the further reading of an article."""
        rows = self.db.execute(
            "SELECT other, score, why, shares FROM further WHERE key = ? ORDER BY place", (key,)
        )
        return tuple(
            Suggestion(other, score, why, tuple(array("I", shares)))
            for other, score, why, shares in rows
        )

    def suggesting(self, key: str, why: str = "") -> list[str]:
        """Return the articles whose further reading names this one (for just this reason)."""
        rows = self.db.execute(
            "SELECT key FROM further WHERE other = ? AND (? = '' OR why = ?) ORDER BY key",
            (key, why, why),
        )
        return [row[0] for row in rows]

    def referring(self, folded_title: str) -> list[str]:
        """Return the articles whose own page refers to this title."""
        rows = self.db.execute(
            "SELECT key FROM reference WHERE title_key = ? ORDER BY key", (folded_title,)
        )
        return [row[0] for row in rows]

    # -- counts ---------------------------------------------------------------------------

    def count(self, month: str, topic: str = "") -> int:
        """Return how many articles there are in a month (on a topic)."""
        row = self.db.execute(
            "SELECT count FROM tally WHERE month = ? AND topic = ?", (month, topic)
        ).fetchone()
        return int(row[0]) if row else 0

    def months(self, topic: str = "") -> dict[str, int]:
        """Return the months that hold articles (on a topic) with how many, oldest first."""
        rows = self.db.execute(
            "SELECT month, count FROM tally WHERE topic = ? ORDER BY month", (topic,)
        )
        return dict(rows.fetchall())

    def days(self, month: str) -> dict[str, int]:
        """Return the days of a month that are known, with how many articles each has."""
        rows = self.db.execute(
            "SELECT substr(date, 1, 10), COUNT(*) FROM entry "
            "WHERE month = ? AND length(date) >= 10 GROUP BY 1 ORDER BY 1",
            (month,),
        )
        return dict(rows.fetchall())

    def topics(self, month: str | None = None) -> dict[str, int]:
        """Return the topics (of a month) with how many articles each has, by slug."""
        where, values = ("AND month = ?", (month,)) if month else ("", ())
        rows = self.db.execute(
            f"SELECT topic, SUM(count) FROM tally WHERE topic != '' {where} GROUP BY 1 ORDER BY 1",
            values,
        )
        return dict(rows.fetchall())

    def meetings(self, before: str) -> tuple[dict[str, int], dict[tuple[str, str], int], int]:
        """Return how often topics, and pairs of them, occur in the months before one, of how many.

        Articles of ``before`` itself are not counted.
        """
        alone = dict(
            self.db.execute(
                "SELECT topic, SUM(count) FROM tally WHERE month < ? GROUP BY 1 ORDER BY 1",
                (before,),
            ).fetchall()
        )
        articles = alone.pop("", 0)
        pairs = self.db.execute(
            "SELECT one, other, SUM(count) FROM pair WHERE month < ? GROUP BY 1, 2 ORDER BY 1, 2",
            (before,),
        )
        return alone, {(one, other): count for one, other, count in pairs}, articles

    def _one(self, where: str, *values: str) -> Entry | None:
        row = self.db.execute(f"SELECT {_COLUMNS} FROM entry {where}", values).fetchone()
        return _entry(row) if row else None


def _scope(month: str | None, topic: str | None) -> tuple[str, str, tuple[str, ...]]:
    """Return table, condition and values for the articles of a month, of a topic, of both."""
    if topic is None:
        return ("entry", "WHERE month = ?", (month,)) if month else ("entry", "", ())
    if month is None:
        return "entry_topic", "WHERE topic = ?", (topic,)
    return "entry_topic", "WHERE topic = ? AND month = ?", (topic, month)


def _entry(row: Sequence[Any]) -> Entry:
    *values, brief = row
    key, source, month, date, slug, folded, article, derived = values
    return Entry(key, source, month, date, slug, folded, article, derived, _decode_brief(brief))
