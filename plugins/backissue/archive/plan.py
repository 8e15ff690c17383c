"""Which pages a publish has to look at: all of them, or those that follow from what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from backissue.archive.addresses import (
    file_of,
    is_article,
    month_address,
    topic_month_address,
)
from backissue.archive.digests import code_version, digest
from backissue.archive.files.files import (
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
from backissue.archive.files.pictures import picture_path, pictures
from backissue.archive.files.records import record_path, records
from backissue.archive.follow import Follow, changed_spans, follow
from backissue.archive.intake.beside import read_picture
from backissue.archive.intake.derive import recall_derived
from backissue.archive.pages.list_pages import TOP_TOPICS
from backissue.archive.pages.lists import Span, spans
from backissue.archive.pages.pages import (
    ArticlesOf,
    Entrances,
    ListOf,
    Pages,
    Related,
    Section,
    StoriesOf,
    StoryOf,
    TopicOf,
)
from backissue.archive.settings import Settings
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.store.store import Store
from backissue.archive.stories import Stories, stories_address, story_address
from backissue.topics import Vocabulary

END_OF_TIME: Final = "9999-99"

TOGETHER: Final = 16  # pages of a section

Choice = Callable[[list[Span]], list[Span]]


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
        self.pages = Pages(store, settings, vocabulary, site.lang)
        self.stories = Stories(self.catalogue)
        self._follow: Follow | None = None
        # The months of the stories that changed, and of those that are gone.
        self._story_months: set[str] = set()
        if changes is not None:
            self._follow = follow(self.catalogue, changes, settings.page_size)
            self._find_gone(self._follow)
            self._find_gone_stories(changes.values())
            self._find_gone_pictures(changes.values())

    def sections(self) -> Iterator[Section]:
        """Yield the sections whose pages to look at."""
        yield from self._articles()
        near, changed = self._related_now()
        if self._follow is None:
            yield from self._all_lists(near)
        else:
            yield from self._changed_lists(self._follow, near, changed)
        yield from self._stories()
        if self._follow is None or self._follow.articles:
            yield Entrances()

    def files(self, content: Path) -> Iterator[File]:
        """Yield the files to look at that no template renders; pictures lie below ``content``."""
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
        yield from self._pictures(content, keys)
        listed = None if months is None else sorted({*months, *self._story_months})
        yield from sitemaps(self.catalogue, self.site, self.settings.page_size, listed)

    # -- articles -------------------------------------------------------------------------

    def _articles(self) -> Iterator[Section]:
        changed = {} if self._follow is None else _by_month(self.catalogue, self._follow.articles)
        first = min(self._follow.months, default=END_OF_TIME) if self._follow else ""
        by_month = self.catalogue.keys_by_month() if self._follow is None else {}
        for month in self.catalogue.months():
            if self._follow is not None and month <= first and month not in changed:
                continue
            if self._follow is None:
                self._remember(f"beyond {month}", self.pages.beyond(month))
                keys = by_month[month]
            else:
                keys = sorted({*changed.get(month, ())} | self._judged_anew(month, first))
            for start in range(0, len(keys), TOGETHER):
                yield ArticlesOf(month, tuple(keys[start : start + TOGETHER]))

    def _judged_anew(self, month: str, first: str) -> set[str]:
        """Return the articles of a month one of whose topics goes with others than it did.

        ``first`` is the first month in which something changed: those up to it are judged as
        they were.
        """
        if month <= first and (was := self._remembered(f"beyond {month}")):
            self.pages.know_beyond(month, was)
            return set()
        beyond = self.pages.beyond(month)
        was = self._remember(f"beyond {month}", beyond)
        topics = [topic for topic in {*was, *beyond} if was.get(topic) != beyond.get(topic)]
        return {
            entry.key
            for topic in topics
            for entry in self.catalogue.slice(0, -1, month=month, topic=topic)
        }

    def _related_now(self) -> tuple[Related, set[str]]:
        """Return the topics related to each topic, and for which of them that changed."""
        near = self.pages.related(END_OF_TIME, TOP_TOPICS)
        was = self._remember("near", near)
        return near, {topic for topic in {*was, *near} if was.get(topic) != near.get(topic)}

    def _remember(self, name: str, related: Related) -> Related:
        """Let a fact be kept once the publish is done; return what it was."""
        self.facts[name] = msgspec.msgpack.encode(sorted(related.items()))
        return self._remembered(name)

    def _remembered(self, name: str) -> Related:
        known = self.store.fact(name)
        if not known:
            return {}
        return dict(msgspec.msgpack.decode(known, type=list[tuple[str, tuple[str, ...]]]))

    def _stories(self) -> Iterator[Section]:
        """Yield the timelines in which one of the articles may be another than it was, and lists.

        The list of a month is looked at where a story that began in it changed, or is gone.
        """
        held = self.stories.months()
        if self._follow is None:
            heads = [head.key for head in self.stories.heads()]
            self._story_months.update(held)
        else:
            heads = sorted({*map(self.stories.head, self._follow.articles)} - {""})
            begun = (self.catalogue.entry(head) for head in heads)
            self._story_months.update(head.month for head in begun if head)
        yield from map(StoryOf, heads)
        for month in sorted(self._story_months):
            path = file_of(stories_address(month))
            if month in held:
                yield StoriesOf(month)
            elif self.store.shows(path):
                self.gone.append(path)

    # -- lists ----------------------------------------------------------------------------

    def _all_lists(self, near: Related) -> Iterator[Section]:
        for month in self.catalogue.months():
            yield from self._list(month)
        for topic in self.catalogue.topics():
            yield TopicOf(topic, near.get(topic, ()))
            for month in self.catalogue.months(topic):
                yield from self._list(month, topic)

    def _changed_lists(self, changes: Follow, near: Related, topics: set[str]) -> Iterator[Section]:
        held = list(self.catalogue.months())
        for month, change in changes.months.items():
            if month in held:
                yield from self._list(month, choose=partial(changed_spans, change=change))
        for month in _beside(held, changes.months):
            yield from self._list(month, choose=lambda pages: pages[-1:])
        for topic in sorted({*changes.topics, *topics}):
            yield TopicOf(topic, near.get(topic, ()))
        for (topic, month), change in changes.topic_months.items():
            yield from self._list(month, topic, partial(changed_spans, change=change))

    def _list(self, month: str, topic: str = "", choose: Choice = list) -> Iterator[Section]:
        """Yield those pages that ``choose`` picks of the list of a month (on a topic)."""
        count = self.catalogue.count(month, topic)
        if not count:
            return
        address = topic_month_address(topic, month) if topic else month_address(month)
        pages = choose(spans(address, count, self.settings.page_size))
        for start in range(0, len(pages), TOGETHER):
            yield ListOf(month, topic, tuple(pages[start : start + TOGETHER]))

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

    def _find_gone_stories(self, before: Iterable[Entry | None]) -> None:
        for old in before:
            if old is None or self.stories.is_current(old):
                continue
            path = file_of(story_address(old))
            if self.store.shows(path):
                self.gone.append(path)
                self._story_months.add(old.month)

    # -- pictures -------------------------------------------------------------------------

    def _pictures(self, content: Path, keys: Iterable[str] | None) -> Iterator[File]:
        """Yield the pictures of articles (None: of all) that lay beside their raw files."""
        if keys is None:
            entries = [
                one for name in self.store.beside() for one in self.catalogue.of_source(name)
            ]
        else:
            entries = [one for key in keys if (one := self.catalogue.entry(key))]
        for entry in entries:
            if entry.brief.pictures:
                for picture in recall_derived(self.store, entry.derived).pictures:
                    make = partial(read_picture, content, picture)
                    yield File(entry.url + picture.name, picture.digest, make)

    def _find_gone_pictures(self, before: Iterable[Entry | None]) -> None:
        for old in before:
            if old and old.brief.pictures:
                now = self.catalogue.at(old.month, old.slug)
                kept = now.brief.pictures if now else ()
                self.gone += [old.url + name for name in old.brief.pictures if name not in kept]


def planning_version() -> bytes:
    """Return the version of all code between the store and the templates."""
    archive = code_version("archive", "lxml", "feedgenerator", "jinja2", "pelican")
    words = [code_version(f"related/{name}.py", "numpy") for name in ("mentions", "terms")]
    return digest(archive, words)


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
