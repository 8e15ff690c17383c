"""Stories: articles that tell one event over days, each with a timeline page.

Which articles are one story follows from further reading: those that name one another as the same
story, and those that are joined through others. It is kept in the store and moved by what changed,
as far as what changed is joined to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final

from backissue.archive.addresses import month_address
from backissue.archive.digests import code_version, digest
from backissue.archive.pages.cards import SAME_STORY
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.store.store import Store
from backissue.article import Suggestion
from backissue.patterns import pattern
from backissue.related import story_threads

STORIES: Final = "stories/"
"""The address of the list of stories."""

# What hangs together by more steps than this is no event but a subject, or a column.
MOST: Final = 100
# Titles of one publisher that share this much of their words, numbers aside, are parts of a series:
# a release after the other, a weekly letter. They are alike without being about one event.
SERIES: Final = 0.5

_WORD: Final = pattern(r"[^\W\d_]+|[\u3400-\u9fff]")


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

    def latest(self, count: int) -> list[Entry]:
        """Return the heads of the stories that the newest articles are in, newest first."""
        rows = self._db.execute(
            "SELECT story.head FROM entry JOIN story USING (key) "
            "ORDER BY entry.month DESC, entry.date DESC, entry.key DESC"
        )
        heads: dict[str, None] = {}
        for (head,) in rows:  # as far as needed, in the order of the index
            heads.setdefault(head)
            if len(heads) == count:
                break
        return [one for head in heads if (one := self._catalogue.entry(head))]

    def months(self) -> dict[str, int]:
        """Return how many stories began in each month in which any did, oldest first."""
        rows = self._db.execute(
            "SELECT month, COUNT(DISTINCT head) FROM story GROUP BY month ORDER BY month"
        )
        return dict(rows.fetchall())

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

    def _reach(self, touched: Iterable[str]) -> dict[str, Sequence[str]]:
        """Return all articles whose story may have changed, with those that each is joined to.

        An article that hangs together with more than MOST is in no story, and is given as joined
        to nobody. Of such a crowd no more is looked at than shows that it is one: a story that it
        swallowed has one of the ``touched`` in it, or one that these name or that names them.
        """
        titles = _Titles(self._catalogue)
        named, joined = cache(self._named), cache(lambda key: titles.no_series(key, named(key)))
        near = {one for key in touched for one in (key, *named(key))}
        asked = {*near, *(one for key in near for one in self.members(self.head(key)))}
        crowd: set[str] = set()
        reached: dict[str, Sequence[str]] = {}
        for key in sorted(asked):
            if key not in reached and key not in crowd:
                found = _hanging_together(key, joined, crowd)
                if found is not None:
                    reached.update((one, joined(one)) for one in found)
        return reached | dict.fromkeys(crowd, ())

    def _named(self, key: str) -> list[str]:
        """Return the articles that name one, or that it names, as the same story."""
        rows = self._db.execute(
            "SELECT other FROM further WHERE key = ?1 AND why = ?2 "
            "UNION SELECT key FROM further WHERE other = ?1 AND why = ?2 ORDER BY 1",
            (key, SAME_STORY),
        )
        return [other for (other,) in rows]


class _Titles:
    """Tells by their titles which articles are parts of a series."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._of = cache(lambda key: self._read(catalogue.entry(key)))

    def no_series(self, key: str, others: Iterable[str]) -> list[str]:
        """Return those of ``others`` that are not of one series with an article."""
        site, some = self._of(key)
        found = []
        for other in others:
            where, words = self._of(other)
            if site != where or len(some & words) < SERIES * len(some | words):
                found.append(other)
        return found

    def _read(self, entry: Entry | None) -> tuple[str, frozenset[str]]:
        if entry is None:
            return "", frozenset()
        return entry.brief.site, frozenset(_WORD.findall(entry.brief.title.casefold()))


def _hanging_together(
    key: str, joined: Callable[[str], Sequence[str]], crowd: set[str]
) -> set[str] | None:
    """Return all that hang together with an article; None, and more in ``crowd``, if too many."""
    found, waiting = {key}, [key]
    while waiting:
        new = set(joined(waiting.pop())) - found
        found |= new
        if len(found) > MOST or not crowd.isdisjoint(new):
            crowd |= found
            return None
        waiting += new
    return found


def story_address(head: Entry) -> str:
    """Return the address of a story's timeline, ``stories/2026/05/<slug of its head>/``."""
    return f"{stories_address(head.month)}{head.slug}/"


def stories_address(month: str) -> str:
    """Return the address of the list of stories that began in a month, ``stories/2026/05/``."""
    return f"{STORIES}{month_address(month)}"


def _from_its_day(entry: Entry) -> tuple[str, bool, str, str]:
    """Order by date, of a month those last whose day is not known: they may be late ones."""
    return (entry.month, entry.published.day is None, entry.date, entry.key)
