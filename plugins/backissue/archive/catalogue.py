"""The catalogue: which articles the archive holds, by month, topic, slug and title.

It is kept in the store and moved by what changed. Lists are read from its indexes, a page
of a list at a time, so that no more of the archive is in memory than a page shows.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from backissue.archive.addresses import article_address, slug_of, tell_apart
from backissue.article import Article, Dateline, Suggestion, TopicMatch

_COLUMNS: Final = "key, source, month, date, slug, article, derived, brief"


class Brief(msgspec.Struct, frozen=True):
    """What lists show of an article."""

    title: str
    excerpt: str
    lang: str
    site: str
    topics: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True):
    """An article of the catalogue. ``article`` and ``derived`` are keys of the store."""

    key: str
    source: str
    month: str
    date: str
    slug: str
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


_decode_brief = msgspec.msgpack.Decoder(Brief).decode
_decode_list = msgspec.msgpack.Decoder(tuple[Suggestion, ...]).decode
_encode = msgspec.msgpack.encode


def title_key(title: str) -> str:
    """Return a title folded for comparing: letters and digits only, no case, no accents."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    return "".join(char for char in folded if char.isalnum())


class Catalogue:
    """The articles of the archive, over the tables of an open store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    # -- what changes it ------------------------------------------------------------------

    def drop(self, source: str) -> None:
        """Take out the articles that came from a raw file."""
        rows = self.db.execute("SELECT key, month, wish FROM entry WHERE source = ?", (source,))
        for key, month, wish in rows.fetchall():
            self.db.execute("DELETE FROM entry_topic WHERE key = ?", (key,))
            self.db.execute("DELETE FROM entry WHERE key = ?", (key,))
            self._settle(month, wish)

    def add(
        self,
        source: str,
        article: Article,
        article_key: bytes,
        derived_key: bytes,
        topics: Sequence[TopicMatch],
    ) -> None:
        """Put in an article that came from a raw file."""
        month, date = article.published.month, article.published.value
        wish = slug_of(article.slug or article.title)
        brief = Brief(
            article.title,
            article.excerpt,
            article.lang,
            article.site,
            tuple(match.slug for match in topics),
        )
        self.db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.key,
                source,
                month,
                date,
                wish,
                wish,
                title_key(article.title),
                article_key,
                derived_key,
                _encode(brief),
            ),
        )
        self.db.executemany(
            "INSERT INTO entry_topic VALUES (?, ?, ?, ?)",
            ((match.slug, month, date, article.key) for match in topics),
        )
        self._settle(month, wish)

    def _settle(self, month: str, wish: str) -> None:
        claims = self.db.execute(
            "SELECT date, key FROM entry WHERE month = ? AND wish = ?", (month, wish)
        ).fetchall()
        self.db.executemany(
            "UPDATE entry SET slug = ? WHERE key = ?",
            ((wish + suffix, key) for key, suffix in tell_apart(claims).items()),
        )

    def put_further(self, lists: Mapping[str, Sequence[Suggestion]]) -> None:
        """Replace all lists of further reading."""
        self.db.execute("DELETE FROM further")
        self.db.executemany(
            "INSERT INTO further VALUES (?, ?)",
            ((key, _encode(tuple(suggestions))) for key, suggestions in lists.items()),
        )

    # -- what reads it --------------------------------------------------------------------

    def entry(self, key: str) -> Entry | None:
        """Return the article with this key, or None."""
        row = self.db.execute(f"SELECT {_COLUMNS} FROM entry WHERE key = ?", (key,)).fetchone()
        return _entry(row) if row else None

    def titled(self, title: str) -> Entry | None:
        """Return the first article that has this title, or None."""
        row = self.db.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE title_key = ? ORDER BY month, date, key LIMIT 1",
            (title_key(title),),
        ).fetchone()
        return _entry(row) if row else None

    def entries(self, month: str | None = None) -> Iterator[Entry]:
        """Yield the articles (of a month), oldest first."""
        where, values = ("WHERE month = ?", (month,)) if month else ("", ())
        rows = self.db.execute(
            f"SELECT {_COLUMNS} FROM entry {where} ORDER BY month, date, key", values
        )
        return map(_entry, rows)

    def slice(
        self, start: int, count: int, month: str | None = None, topic: str | None = None
    ) -> list[Entry]:
        """Return ``count`` articles (of a month, of a topic) from place ``start``, oldest first."""
        table, where, values = _scope(month, topic)
        columns = ", ".join(f"entry.{name.strip()}" for name in _COLUMNS.split(","))
        rows = self.db.execute(
            f"SELECT {columns} FROM {table} {where} "
            f"ORDER BY {table.split()[0]}.month, {table.split()[0]}.date, {table.split()[0]}.key "
            "LIMIT ? OFFSET ?",
            (*values, count, start),
        )
        return [_entry(row) for row in rows]

    def latest(self, count: int, topic: str | None = None) -> list[Entry]:
        """Return the newest articles (of a topic), newest first."""
        total = self.count(topic=topic)
        start = max(0, total - count)
        return self.slice(start, total - start, topic=topic)[::-1]

    def count(self, month: str | None = None, topic: str | None = None) -> int:
        """Return how many articles there are (in a month, on a topic)."""
        table, where, values = _scope(month, topic)
        name = table.split()[0]
        row = self.db.execute(f"SELECT COUNT({name}.key) FROM {table} {where}", values).fetchone()
        return int(row[0])

    def months(self, topic: str | None = None) -> dict[str, int]:
        """Return the months that hold articles (on a topic) with how many, oldest first."""
        table, where, values = _scope(None, topic)
        name = table.split()[0]
        rows = self.db.execute(
            f"SELECT {name}.month, COUNT(*) FROM {table} {where} GROUP BY 1 ORDER BY 1", values
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
        where, values = ("WHERE month = ?", (month,)) if month else ("", ())
        rows = self.db.execute(
            f"SELECT topic, COUNT(*) FROM entry_topic {where} GROUP BY 1 ORDER BY 1", values
        )
        return dict(rows.fetchall())

    def topic_months(self) -> list[tuple[str, str, int]]:
        """Return (topic, month, how many articles), in that order."""
        rows = self.db.execute(
            "SELECT topic, month, COUNT(*) FROM entry_topic GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return rows.fetchall()

    def neighbours(self, entry: Entry) -> tuple[Entry | None, Entry | None]:
        """Return the articles before and after one in the archive."""
        place = (entry.month, entry.date, entry.key)
        before = self.db.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE (month, date, key) < (?, ?, ?) "
            "ORDER BY month DESC, date DESC, key DESC LIMIT 1",
            place,
        ).fetchone()
        after = self.db.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE (month, date, key) > (?, ?, ?) "
            "ORDER BY month, date, key LIMIT 1",
            place,
        ).fetchone()
        return _entry(before) if before else None, _entry(after) if after else None

    def further(self, key: str) -> tuple[Suggestion, ...]:
        """Return the further reading of an article."""
        row = self.db.execute("SELECT list FROM further WHERE key = ?", (key,)).fetchone()
        return _decode_list(row[0]) if row else ()


def _scope(month: str | None, topic: str | None) -> tuple[str, str, tuple[str, ...]]:
    """Return table, condition and values for the articles of a month, of a topic, of both."""
    if topic is None:
        return ("entry", "WHERE month = ?", (month,)) if month else ("entry", "", ())
    table = "entry_topic JOIN entry USING (key)"
    if month is None:
        return table, "WHERE topic = ?", (topic,)
    return table, "WHERE topic = ? AND entry_topic.month = ?", (topic, month)


def _entry(row: Sequence[Any]) -> Entry:
    key, source, month, date, slug, article, derived, brief = row
    return Entry(key, source, month, date, slug, article, derived, _decode_brief(brief))
