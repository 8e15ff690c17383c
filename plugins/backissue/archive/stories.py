"""Stories: articles that tell one event over days, each with a timeline page.

Which articles are one story follows from further reading: those that name one another as the same
story, and those that are joined through others. It is kept in the store and moved by what changed,
as far as what changed is joined to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from backissue.archive.addresses import month_address
from backissue.archive.cards import SAME_STORY
from backissue.archive.catalogue import Catalogue, Entry
from backissue.archive.digests import code_version, digest
from backissue.archive.store import Store
from backissue.article import Suggestion
from backissue.related import story_threads

# What hangs together by more steps than this is no event but a subject, or a column.
MOST: Final = 100
# Titles of one publisher that share this much of their words, numbers aside, are parts of a series:
# a release after the other, a weekly letter. They are alike without being about one event.
SERIES: Final = 0.5

_WORD: Final = re.compile(r"[^\W\d_]+|[\u3400-\u9fff]")


class Stories:
    """The stories of an archive, over the tables of the store that its catalogue is in.

    A story is known by its ``head``: its first article whose day is known. A newcomer that comes
    later, as most do, leaves the head, and with it the address, as it was.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._db = catalogue.db

    def head(self, key: str) -> str:
        """Return the head of the story that an article is in, or ""."""
        place = self._place(key)
        return place[0] if place else ""

    def members(self, head: str) -> list[str]:
        """Return the articles of a story; none where no story has this head."""
        rows = self._db.execute("SELECT key FROM story WHERE head = ? ORDER BY key", (head,))
        return [key for (key,) in rows]

    def entries(self, head: str) -> list[Entry]:
        """Return the articles of a story, oldest first."""
        found = (self._catalogue.entry(key) for key in self.members(head))
        return sorted((one for one in found if one), key=lambda one: one.place)

    def heads(self, month: str | None = None) -> list[Entry]:
        """Return the heads of the stories (that began in a month), oldest first."""
        if month is None:
            rows = self._db.execute("SELECT DISTINCT head FROM story")
        else:
            rows = self._db.execute("SELECT DISTINCT head FROM story WHERE month = ?", (month,))
        found = (self._catalogue.entry(head) for (head,) in rows.fetchall())
        return sorted((one for one in found if one), key=lambda one: one.place)

    def is_current(self, entry: Entry) -> bool:
        """Return whether the address that the story of ``entry`` would have is one of a story."""
        now = self._catalogue.at(entry.month, entry.slug)
        return now is not None and bool(self.members(now.key))

    def settle(self, store: Store) -> None:
        """Let the stories follow from the further reading as it is now.

        ``catalogue.before`` says which articles were touched: all whose further reading changed,
        and all that it named. Articles whose story changed are remembered there too.
        """
        version = digest(code_version("archive/stories.py"), code_version("related/stories.py"))
        touched = set(self._catalogue.before)
        if store.fact("stories") != version:
            touched.update(key for (key,) in self._db.execute("SELECT key FROM entry"))
            store.put_fact("stories", version)
        reached = self._reach(touched)
        held = {key: entry for key in reached if (entry := self._catalogue.entry(key))}
        reading = {
            key: tuple(Suggestion(one, 1, SAME_STORY) for one in reached[key] if one in held)
            for key in held
        }
        dates = {key: entry.date for key, entry in held.items()}
        now: dict[str, tuple[str, str]] = {}
        for thread in story_threads(reading, dates):
            if len(thread.articles) <= MOST:
                head = min((held[key] for key in thread.articles), key=_from_its_day)
                now.update(dict.fromkeys(thread.articles, (head.key, head.month)))
        was = {key: place for key in reached if (place := self._place(key))}
        moved = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
        for key in moved:
            # The page of a story is looked at where one of its articles changed: the head stands
            # for those that left it.
            for one in (key, *was.get(key, ())[:1], *now.get(key, ())[:1]):
                if entry := self._catalogue.entry(one):
                    self._catalogue.before.setdefault(one, entry)
        self._db.executemany("DELETE FROM story WHERE key = ?", ((key,) for key in moved))
        self._db.executemany(
            "INSERT INTO story VALUES (?, ?, ?)",
            ((key, *now[key]) for key in moved if key in now),
        )

    def _place(self, key: str) -> tuple[str, str] | None:
        row = self._db.execute("SELECT head, month FROM story WHERE key = ?", (key,)).fetchone()
        return (row[0], row[1]) if row else None

    def _reach(self, touched: Iterable[str]) -> dict[str, list[str]]:
        """Return all articles that a change may have moved, with those that each is joined to."""
        joined: dict[str, list[str]] = {}
        words: dict[str, tuple[str, set[str]]] = {}
        waiting = sorted(touched)
        while waiting:
            key = waiting.pop()
            if key in joined:
                continue
            near = [one for one in self._named(key) if self._is_no_series(key, one, words)]
            joined[key] = near
            head = self.head(key)
            waiting += (one for one in (*near, *self.members(head)) if one not in joined)
        return joined

    def _named(self, key: str) -> list[str]:
        """Return the articles that name one, or that it names, as the same story."""
        rows = self._db.execute(
            "SELECT other FROM further WHERE key = ?1 AND why = ?2 "
            "UNION SELECT key FROM further WHERE other = ?1 AND why = ?2 ORDER BY 1",
            (key, SAME_STORY),
        )
        return [other for (other,) in rows]

    def _is_no_series(self, key: str, other: str, words: dict[str, tuple[str, set[str]]]) -> bool:
        for one in (key, other):
            if one not in words:
                entry = self._catalogue.entry(one)
                title = entry.brief.title.casefold() if entry else ""
                words[one] = (entry.brief.site if entry else "", set(_WORD.findall(title)))
        (site, some), (where, others) = words[key], words[other]
        return site != where or len(some & others) < SERIES * len(some | others)


def story_address(head: Entry) -> str:
    """Return the address of a story's timeline, ``stories/2026/05/<slug of its head>/``."""
    return f"stories/{month_address(head.month)}{head.slug}/"


def _from_its_day(entry: Entry) -> tuple[str, bool, str, str]:
    """Order by date, of a month those last whose day is not known: they may be late ones."""
    return (entry.month, entry.published.day is None, entry.date, entry.key)
