"""The pages of the archive, made section by section.

A plan says which sections a publish looks at; whichever process takes one makes its pages from
the store. A section is a few words, so that it can be sent to another process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from backissue.archive.pages.article_pages import ArticlePages
from backissue.archive.pages.list_pages import ListPages
from backissue.archive.pages.lists import Span
from backissue.archive.pages.story_pages import StoryPages
from backissue.archive.pages.views import Page
from backissue.archive.settings import Settings
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.store.store import Store
from backissue.related import related_by_counts
from backissue.topics import Vocabulary

RELATED_TOPICS: Final = 4
CACHE_KIB: Final = 16 * 1024  # what is read once need not stay in memory
KNOWN: Final = 4096  # articles that are remembered, some 2 kB each

Related = dict[str, tuple[str, ...]]


class ArticlesOf(NamedTuple):
    """The pages of some articles of a month."""

    month: str
    keys: tuple[str, ...]


class ListOf(NamedTuple):
    """Some pages of the list of a month's articles (on a topic)."""

    month: str
    topic: str
    spans: tuple[Span, ...]


class TopicOf(NamedTuple):
    """The page of a topic; ``near`` are those related to it."""

    topic: str
    near: tuple[str, ...]


class StoryOf(NamedTuple):
    """The timeline of a story; ``head`` is its first article."""

    head: str


class StoriesOf(NamedTuple):
    """The list of the stories that began in a month."""

    month: str


class Entrances(NamedTuple):
    """The front page, the lists of months, topics and stories, search and *not found*."""


Section = ArticlesOf | ListOf | TopicOf | StoryOf | StoriesOf | Entrances


def size(section: Section) -> int:
    """Return how many pages a section has, about."""
    match section:
        case ArticlesOf(_, several) | ListOf(_, _, several):
            return len(several)
        case _:
            return 1


class Pages:
    """Makes the pages of sections."""

    def __init__(self, store: Store, settings: Settings, vocabulary: Vocabulary, lang: str) -> None:
        self.store = store
        self._given = settings, vocabulary, lang
        self._catalogue = _Remembering(store.db)
        self._articles = ArticlePages(store, self._catalogue, settings, vocabulary)
        self._lists = ListPages(self._catalogue, settings, vocabulary, lang)
        self._stories = StoryPages(self._catalogue, vocabulary, lang)
        self._beyond: dict[str, Related] = {}

    def elsewhere(self) -> Pages:
        """Return the same in another process: a connection must not be used on both sides."""
        return Pages(Store(self.store.path, CACHE_KIB), *self._given)

    def of(self, section: Section) -> Iterator[Page]:
        """Yield the pages of a section."""
        match section:
            case ArticlesOf(month, keys):
                beyond = self.beyond(month)
                for key in keys:
                    if entry := self._catalogue.entry(key):
                        yield self._articles.page(entry, beyond)
            case ListOf(month, "", spans):
                yield from self._lists.month(month, spans)
            case ListOf(month, topic, spans):
                yield from self._lists.topic_month(topic, month, spans)
            case TopicOf(topic, near):
                yield from self._lists.topic(topic, near)
            case StoryOf(head):
                yield from self._stories.story(head)
            case StoriesOf(month):
                yield self._stories.month(month)
            case Entrances():
                yield from self._lists.entrances()
                yield self._stories.index()

    def beyond(self, month: str) -> Related:
        """Return the topics that go with each topic, as pages of a month name them.

        A closed month's pages must not change with later months: what goes together is judged
        by the months before.
        """
        if month not in self._beyond:
            self._beyond[month] = self.related(month, RELATED_TOPICS)
        return self._beyond[month]

    def know_beyond(self, month: str, beyond: Related) -> None:
        """Take what ``beyond`` would find for a month, where somebody remembers it."""
        self._beyond[month] = beyond

    def related(self, before: str, limit: int) -> Related:
        """Return the topics that go with each topic in the months before one."""
        return related_by_counts(*self._catalogue.meetings(before), limit)


class _Remembering(Catalogue):
    """A catalogue that nobody changes meanwhile: it remembers the articles that it gave last.

    One article stands on its own page and in the lists of some ten others, mostly neighbours.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self._known = lru_cache(KNOWN)(super().entry)

    def entry(self, key: str) -> Entry | None:
        """Return the article with this key, or None."""
        return self._known(key)
