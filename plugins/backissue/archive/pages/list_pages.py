"""The pages that list articles: months, topics, and the ways into the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from backissue.archive.addresses import month_address, numbered
from backissue.archive.dates import month_name
from backissue.archive.pages.cards import card, month_ref, most, tallies, topic_ref, topic_refs
from backissue.archive.pages.lists import Span
from backissue.archive.pages.rising import Shares, rising
from backissue.archive.pages.views import (
    Card,
    Day,
    Group,
    MonthRef,
    Mover,
    Page,
    Tally,
    Year,
)
from backissue.archive.settings import Settings
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.stories import Stories, story_address
from backissue.topics import Vocabulary

TOP_TOPICS: Final = 8
FRONT_TOPICS: Final = 12
FRONT_MONTHS: Final = 12
TOPIC_LATEST: Final = 20
RISEN: Final = 8
MOVERS: Final = 6
DRAWN: Final = 12  # months of a mover's curve
FULL: Final = 30  # articles from which a month's shares say something
THREAD: Final = 4  # more articles of one story on the front page


class ListPages:
    """Makes the pages that list articles, in the language of the site."""

    def __init__(
        self, catalogue: Catalogue, settings: Settings, vocabulary: Vocabulary, lang: str
    ) -> None:
        self.catalogue = catalogue
        self.stories = Stories(catalogue)
        self.settings = settings
        self.vocabulary = vocabulary
        self.lang = lang
        self._refs = {topic.slug: topic_ref(topic) for topic in vocabulary.topics}

    def month(self, month: str, pages: Iterable[Span]) -> Iterator[Page]:
        """Yield these pages of a month."""
        count = self.catalogue.count(month)
        order = list(self.catalogue.months())
        place = order.index(month)
        around = [
            month_ref(order[one], self.lang) if 0 <= one < len(order) else None
            for one in (place - 1, place + 1)
        ]
        before = order[place - 1] if place else ""
        for span in pages:
            page = self._month_page(month_ref(month, self.lang), count, span, around)
            if span.newest:
                page.data["days"] = self._days(month, count, span)
                page.data["risen"] = self._risen(month, before, RISEN)
            yield page

    def _month_page(
        self, own: MonthRef, count: int, span: Span, around: list[MonthRef | None]
    ) -> Page:
        newest = span.newest
        top = self.catalogue.topics(own.key) if newest else {}
        entries = self.catalogue.slice(span.start, span.count, month=own.key)
        return Page(
            "month",
            span.address,
            self.lang,
            {
                "title": month_name(own.key, self.lang),
                "month": own,
                "count": count if newest else 0,
                "articles": self._cards(entries[::-1]),
                "page": span.number,
                "is_newest": newest,
                "older": span.older,
                "newer": span.newer,
                "top_topics": self._most(top, TOP_TOPICS),
                "days": (),
                "risen": (),
                "previous_month": around[0] if newest else None,
                "next_month": around[1] if newest else None,
            },
        )

    def _days(self, month: str, count: int, newest: Span) -> tuple[Day, ...]:
        """Return the days of a month that are known, each with the page that has its last article.

        Of a list only the newest page names them: the others must not change.
        """
        days = self.catalogue.days(month)
        place = count - sum(days.values())  # those without a day come first
        found = []
        for iso, number in days.items():
            place += number
            page = (place - 1) // self.settings.page_size + 1
            address = month_address(month)
            url = address if place > newest.start else numbered(address, page)
            found.append(Day(int(iso[8:10]), iso, number, url))
        return tuple(found)

    def _risen(self, month: str, before: str, limit: int, drawn: int = 0) -> tuple[Mover, ...]:
        """Return the topics of a month with a larger share than in the month ``before``.

        ``drawn``: with their articles in so many months up to this one.
        """
        if not before:
            return ()
        return tuple(
            Mover(
                self._refs[rise.slug], rise.count, rise.times, self._drawn(rise.slug, month, drawn)
            )
            for rise in rising(self._shares(month), self._shares(before), limit)
        )

    def _shares(self, month: str) -> Shares:
        held = self.catalogue.topics(month)
        known = {slug: count for slug, count in held.items() if slug in self._refs}
        return Shares(known, self.catalogue.count(month))

    def _drawn(self, slug: str, month: str, count: int) -> tuple[Tally, ...]:
        months = [one for one in self.catalogue.months() if one <= month][-count:] if count else []
        held = self.catalogue.months(slug) if months else {}
        refs = {one: month_ref(one, self.lang) for one in months}
        return tallies({one: held.get(one, 0) for one in months}, refs)

    def topic(self, slug: str, near: tuple[str, ...]) -> Iterator[Page]:
        """Yield the page of a topic, if it has articles; ``near`` are the related topics."""
        ref = self._refs.get(slug)
        months = self.catalogue.months(slug)
        if ref is None or not months:
            return
        refs = {month: month_ref(month, self.lang) for month in months}
        yield Page(
            "topic",
            ref.url,
            self.lang,
            {
                "title": ref.name,
                "topic": ref,
                "count": sum(months.values()),
                "latest": self._cards(self.catalogue.latest(TOPIC_LATEST, topic=slug)),
                "months": tallies(months, refs),
                "related_topics": topic_refs(near, self.vocabulary),
            },
        )

    def topic_month(self, slug: str, month: str, pages: Iterable[Span]) -> Iterator[Page]:
        """Yield these pages of a topic's month, if the vocabulary has the topic."""
        ref = self._refs.get(slug)
        if ref is None:
            return
        count = self.catalogue.count(month, slug)
        own = month_ref(month, self.lang)
        for span in pages:
            entries = self.catalogue.slice(span.start, span.count, month=month, topic=slug)
            yield Page(
                "topic_month",
                span.address,
                self.lang,
                {
                    "title": f"{ref.name}, {own.name}",
                    "topic": ref,
                    "month": own,
                    "articles": self._cards(entries[::-1]),
                    "count": count if span.newest else 0,
                    "page": span.number,
                    "is_newest": span.newest,
                    "older": span.older,
                    "newer": span.newer,
                },
            )

    def entrances(self) -> Iterator[Page]:
        """Yield the front page, the lists of months and topics, search and *not found*."""
        months = self.catalogue.months()
        refs = {month: month_ref(month, self.lang) for month in months}
        by_month = tallies(months, refs)
        topics = self.catalogue.topics()
        total = sum(months.values())
        latest = self._stories(self.catalogue.latest(self.settings.front_size))
        lead = max(latest, key=lambda story: len(story.more), default=None)
        order = list(months)
        full = [place for place, month in enumerate(order) if months[month] >= FULL]
        of = full[-1] if full else 0
        yield Page(
            "index",
            "",
            self.lang,
            {
                "title": "",
                "lead": lead,
                "latest": tuple(story for story in latest if story is not lead),
                "months": by_month[::-1][:FRONT_MONTHS],
                "topics": self._most(topics, FRONT_TOPICS),
                "movers": self._risen(order[of], order[of - 1], MOVERS, DRAWN) if of else (),
                "movers_month": refs[order[of]] if of else None,
                "count": total,
            },
        )
        years: dict[str, list[Tally]] = {}
        for tally in by_month:
            years.setdefault(tally.ref.url[:4], []).append(tally)
        yield Page(
            "archive",
            "archive/",
            self.lang,
            {
                "title": "Archive",
                "years": tuple(Year(year, tuple(held)) for year, held in years.items())[::-1],
                "count": total,
            },
        )
        yield Page("topics", "topics/", self.lang, self._index(topics))
        yield Page("search", "search/", self.lang, {"title": "Search"})
        yield Page("404", "404.html", self.lang, {"title": "Not found"})

    def _index(self, counts: Mapping[str, int]) -> dict[str, object]:
        known = sorted(self._refs.keys() & counts.keys())
        held = {slug: counts[slug] for slug in sorted(known, key=self._sort_name)}
        by_slug = dict(zip(held, tallies(held, self._refs), strict=True))
        roots: dict[str, list[str]] = {}
        for slug in by_slug:
            topic = self.vocabulary.by_slug(slug)
            parent = topic.parent if topic and topic.parent in by_slug else ""
            roots.setdefault(parent or slug, [])
            if parent:
                roots[parent].append(slug)
        groups = tuple(
            Group(by_slug[slug], tuple(by_slug[child] for child in roots.get(slug, ())))
            for slug in by_slug
            if slug in roots
        )
        return {"title": "Topics", "topics": tuple(by_slug.values()), "groups": groups}

    def _stories(self, entries: list[Entry]) -> tuple[Card, ...]:
        """Return the newest article of each story, with the others of the story below it."""
        stories: list[Card] = []
        told: set[str] = set()
        for entry in entries:
            if entry.key in told:
                continue
            head = self.catalogue.entry(self.stories.head(entry.key))
            thread = self.stories.entries(head.key)[::-1] if head else []
            others = [one for one in thread if one.key != entry.key]
            told.update((entry.key, *(one.key for one in others)))
            stories.append(
                msgspec.structs.replace(
                    card(entry, self.vocabulary, self.lang),
                    more=self._cards(others[:THREAD]),
                    story=story_address(head) if head else "",
                )
            )
        return tuple(stories)

    def _cards(self, entries: list[Entry]) -> tuple[Card, ...]:
        return tuple(card(entry, self.vocabulary, self.lang) for entry in entries)

    def _most(self, counts: Mapping[str, int], limit: int) -> tuple[Tally, ...]:
        return most(counts, self._refs, limit)

    def _sort_name(self, slug: str) -> str:
        return self._refs[slug].name.casefold()
