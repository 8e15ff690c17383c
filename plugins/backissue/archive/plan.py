"""Which pages a publish has to look at: all of them, or those that follow from what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import msgspec

from backissue.archive.addresses import file_of, is_article
from backissue.archive.article_pages import RELATED_TOPICS, ArticlePages
from backissue.archive.catalogue import Catalogue, Entry
from backissue.archive.digests import code_version
from backissue.archive.files import (
    File,
    Site,
    counts_stylesheet,
    feed_path,
    feeds,
    month_feed_path,
    month_feeds,
    opensearch,
    sitemaps,
)
from backissue.archive.follow import Follow, changed_spans, follow
from backissue.archive.list_pages import TOP_TOPICS, ListPages
from backissue.archive.pictures import picture_path, pictures
from backissue.archive.records import record_path, records
from backissue.archive.settings import Settings
from backissue.archive.store import Store
from backissue.archive.views import Page
from backissue.related import related_by_counts
from backissue.topics import Vocabulary

END_OF_TIME = "9999-99"

Related = dict[str, tuple[str, ...]]


class Plan:
    """What one publish looks at.

    ``changes`` is None for everything, otherwise what the articles that changed were at the
    last publish. ``gone`` are the files that the site has no more, ``facts`` what the store has
    to remember once the publish is done.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        vocabulary: Vocabulary,
        site: Site,
        changes: Mapping[str, Entry | None] | None,
    ) -> None:
        self.store, self.settings, self.vocabulary, self.site = store, settings, vocabulary, site
        self.catalogue = Catalogue(store.db)
        self.facts: dict[str, bytes] = {}
        self.gone: list[str] = []
        self._articles = ArticlePages(store, settings, vocabulary)
        self._lists = ListPages(self.catalogue, settings, vocabulary, site.lang)
        self._follow: Follow | None = None
        if changes is not None:
            self._follow = follow(self.catalogue, changes, settings.page_size)
            self._find_gone(self._follow)

    def pages(self) -> Iterator[Page]:
        """Yield the pages to look at."""
        yield from self._article_pages()
        near, changed = self._related_now()
        if self._follow is None:
            yield from self._all_lists(near)
        else:
            yield from self._changed_lists(self._follow, near, changed)
        if self._follow is None or self._follow.articles:
            yield from self._lists.entrances()

    def files(self) -> Iterator[File]:
        """Yield the files to look at that no template renders."""
        if self._follow is not None and not self._follow.articles:
            return
        months = None if self._follow is None else self._follow.months
        topics = None if self._follow is None else self._follow.topics
        yield opensearch(self.site)
        yield counts_stylesheet(self.catalogue)
        keys = None if self._follow is None else self._follow.articles
        yield from feeds(self.store, self.settings, self.vocabulary, self.site, topics)
        yield from month_feeds(self.store, self.settings, self.site, months)
        yield from records(self.store, self.vocabulary, self.site, keys)
        yield from pictures(self.catalogue, self.settings, self.site.name, keys)
        yield from sitemaps(self.catalogue, self.site, self.settings.page_size, months)

    # -- articles -------------------------------------------------------------------------

    def _article_pages(self) -> Iterator[Page]:
        changed = {} if self._follow is None else _by_month(self.catalogue, self._follow.articles)
        first = min(self._follow.months, default=END_OF_TIME) if self._follow else ""
        for month in self.catalogue.months():
            if self._follow is not None and month <= first and month not in changed:
                continue
            # A closed month's pages must not change with later months: what goes together is
            # judged by the months before.
            beyond = self._related(month, RELATED_TOPICS)
            was = self._remember(f"beyond {month}", beyond)
            if self._follow is None:
                entries: Iterable[Entry] = list(self.catalogue.entries(month))
            else:
                keys = set(changed.get(month, ())) | self._judged_anew(month, was, beyond)
                entries = [entry for key in sorted(keys) if (entry := self.catalogue.entry(key))]
            for entry in entries:
                yield self._articles.page(entry, beyond)

    def _judged_anew(self, month: str, was: Related, beyond: Related) -> set[str]:
        """Return the articles of a month one of whose topics is related to others than it was."""
        topics = [topic for topic in {*was, *beyond} if was.get(topic) != beyond.get(topic)]
        return {
            entry.key
            for topic in topics
            for entry in self.catalogue.slice(0, -1, month=month, topic=topic)
        }

    def _related(self, before: str, limit: int) -> Related:
        alone, together, articles = self.catalogue.meetings(before)
        return related_by_counts(alone, together, articles, limit)

    def _related_now(self) -> tuple[Related, set[str]]:
        """Return the topics related to each topic, and for which of them that changed."""
        near = self._related(END_OF_TIME, TOP_TOPICS)
        was = self._remember("near", near)
        return near, {topic for topic in {*was, *near} if was.get(topic) != near.get(topic)}

    def _remember(self, name: str, related: Related) -> Related:
        value = msgspec.msgpack.encode(sorted(related.items()))
        self.facts[name] = value
        known = self.store.fact(name)
        if not known:
            return {}
        return dict(msgspec.msgpack.decode(known, type=list[tuple[str, tuple[str, ...]]]))

    # -- lists ----------------------------------------------------------------------------

    def _all_lists(self, near: Related) -> Iterator[Page]:
        for month in self.catalogue.months():
            yield from self._lists.month(month)
        for topic in self.catalogue.topics():
            yield from self._lists.topic(topic, near.get(topic, ()))
            for month in self.catalogue.months(topic):
                yield from self._lists.topic_month(topic, month)

    def _changed_lists(self, changes: Follow, near: Related, topics: set[str]) -> Iterator[Page]:
        held = list(self.catalogue.months())
        for month, change in changes.months.items():
            if month in held:
                yield from self._lists.month(month, partial(changed_spans, change=change))
        for month in _beside(held, changes.months):
            yield from self._lists.month(month, lambda pages: pages[-1:])
        for topic in sorted({*changes.topics, *topics}):
            yield from self._lists.topic(topic, near.get(topic, ()))
        for (topic, month), change in changes.topic_months.items():
            choose = partial(changed_spans, change=change)
            yield from self._lists.topic_month(topic, month, choose)

    def _find_gone(self, changes: Follow) -> None:
        self.gone = [file_of(address) for address in changes.gone]
        self.gone += [record_path(one) for one in changes.gone if is_article(one)]
        if self.settings.pictures:
            self.gone += [picture_path(one) for one in changes.gone if is_article(one)]
        for topic in changes.topics:
            if not self.catalogue.months(topic):
                self.gone.append(feed_path(topic))
        held = self.catalogue.months()
        for month in changes.months:
            if month not in held:
                self.gone += [f"sitemaps/{month}.xml", month_feed_path(month)]


def planning_version() -> bytes:
    """Return the version of all code between the store and the templates."""
    return code_version("archive", "lxml", "feedgenerator", "jinja2", "pelican")


def _by_month(catalogue: Catalogue, keys: Iterable[str]) -> dict[str, list[str]]:
    months: dict[str, list[str]] = {}
    for key in keys:
        if entry := catalogue.entry(key):
            months.setdefault(entry.month, []).append(key)
    return months


def _beside(held: list[str], changed: Iterable[str]) -> list[str]:
    """Return the months next to those that changed: their newest pages name them."""
    found: set[str] = set()
    for month in changed:
        earlier = [one for one in held if one < month]
        later = [one for one in held if one > month]
        found.update((*earlier[-1:], *later[:1]))
    return sorted(found - set(changed))
