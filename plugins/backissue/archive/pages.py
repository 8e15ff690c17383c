"""Which pages the site has, and what each of them shows.

Every function yields pages for one kind of address. A page names all that it depends on in
its data; the planner compares a digest of that with what was published before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from backissue.archive.addresses import month_address, topic_month_address
from backissue.archive.cards import card, month_ref, tallies, topic_ref, topic_refs
from backissue.archive.catalogue import Catalogue, Entry, title_key
from backissue.archive.dates import date_name, month_name
from backissue.archive.derive import recall_article, recall_derived
from backissue.archive.lists import spans
from backissue.archive.settings import Settings
from backissue.archive.store import Store
from backissue.archive.views import (
    Answered,
    ArticleView,
    Card,
    Day,
    Group,
    Page,
    Tally,
    TopicRef,
    Year,
)
from backissue.article import Article
from backissue.related import related_topics
from backissue.topics import Vocabulary

TOP_TOPICS: Final = 8
FRONT_TOPICS: Final = 12
FRONT_MONTHS: Final = 12
TOPIC_LATEST: Final = 20
RELATED_TOPICS: Final = 4


class Planner:
    """The pages of an archive, read from its store."""

    def __init__(self, store: Store, settings: Settings, vocabulary: Vocabulary, lang: str) -> None:
        self.store = store
        self.catalogue = Catalogue(store.db)
        self.settings = settings
        self.vocabulary = vocabulary
        self.lang = lang
        self._refs = {topic.slug: topic_ref(topic) for topic in vocabulary.topics}

    def pages(self) -> Iterator[Page]:
        """Yield every page of the archive."""
        yield from self.articles()
        yield from self.months()
        yield from self.topics()
        yield from self.entrances()

    # -- articles -------------------------------------------------------------------------

    def articles(self) -> Iterator[Page]:
        """Yield the page of each article, oldest first."""
        beyond: dict[str, tuple[str, ...]] = {}
        for month in self.catalogue.months():
            # A closed month's pages must not change with later months: what goes together is
            # judged by the months before.
            beyond = related_topics(self._topics_before(month), RELATED_TOPICS)
            for entry in list(self.catalogue.entries(month)):
                yield self.article(entry, beyond)

    def article(self, entry: Entry, beyond: Mapping[str, tuple[str, ...]]) -> Page:
        """Return the page of an article; ``beyond`` names topics related to a topic."""
        article = recall_article(self.store, entry.article)
        lang = article.lang
        own = entry.brief.topics
        more = [slug for topic in own for slug in beyond.get(topic, ()) if slug not in own]
        before, after = self.catalogue.neighbours(entry)
        return Page(
            "article",
            entry.url,
            lang,
            {
                "title": article.title,
                "article": self._view(entry, article),
                "month": month_ref(entry.month, lang),
                "related_topics": topic_refs(
                    (*own, *list(dict.fromkeys(more))[:RELATED_TOPICS]), self.vocabulary
                ),
                "further_reading": self._further(entry, article),
                "later_coverage": (),
                "previous": card(before, self.vocabulary, lang) if before else None,
                "next": card(after, self.vocabulary, lang) if after else None,
            },
        )

    def _view(self, entry: Entry, article: Article) -> ArticleView:
        derived = recall_derived(self.store, entry.derived)
        updated = article.updated
        return ArticleView(
            title=article.title,
            url=entry.url,
            lead=article.lead,
            body=derived.body.html,
            toc=derived.body.toc,
            dateline=date_name(article.published, article.lang),
            iso=article.published.value,
            updated=date_name(updated, article.lang) if updated else "",
            updated_iso=updated.value if updated else "",
            authors=article.authors,
            lang=article.lang,
            topics=topic_refs(entry.brief.topics, self.vocabulary),
            site=article.site,
            canonical=article.canonical,
            image=None,
            faq=tuple(
                Answered(question.question, answer, question.lang)
                for question, answer in zip(article.faq, derived.answers, strict=True)
            ),
            sha256=article.sha256,
            source_name=entry.source,
            words=derived.body.words,
            minutes=derived.body.minutes,
        )

    def _further(self, entry: Entry, article: Article) -> tuple[Card, ...]:
        """Return what the page itself names, then what we found, then what nobody holds."""
        cards: list[Card] = []
        elsewhere: list[Card] = []
        seen = {title_key(article.title)}
        for reference in article.references:
            if (key := title_key(reference.title)) in seen:
                continue
            seen.add(key)
            held = self.catalogue.titled(reference.title)
            if held:
                cards.append(card(held, self.vocabulary, article.lang))
            else:
                elsewhere.append(Card(title=reference.title, excerpt=reference.excerpt))
        for suggestion in self.catalogue.further(entry.key):
            other = self.catalogue.entry(suggestion.key)
            if other is None or title_key(other.brief.title) in seen:
                continue
            if len(cards) >= self.settings.further:
                break
            seen.add(title_key(other.brief.title))
            cards.append(card(other, self.vocabulary, article.lang, suggestion.why))
        return (*cards, *elsewhere)

    def _topics_before(self, month: str) -> dict[str, tuple[str, ...]]:
        rows = self.store.db.execute(
            "SELECT key, topic FROM entry_topic WHERE month < ? ORDER BY key, topic", (month,)
        )
        topics_of: dict[str, tuple[str, ...]] = {}
        for key, topic in rows:
            topics_of[key] = (*topics_of.get(key, ()), topic)
        return topics_of

    # -- months ---------------------------------------------------------------------------

    def months(self) -> Iterator[Page]:
        """Yield the numbered pages of each month."""
        counts = self.catalogue.months()
        order = [None, *(month_ref(month, self.lang) for month in counts), None]
        for place, (month, count) in enumerate(counts.items()):
            earlier, own, later = order[place : place + 3]
            top = self._most(self.catalogue.topics(month), TOP_TOPICS)
            days = tuple(
                Day(int(iso[8:10]), iso, number)
                for iso, number in self.catalogue.days(month).items()
            )
            for span in spans(month_address(month), count, self.settings.page_size):
                entries = self.catalogue.slice(span.start, span.count, month=month)
                yield Page(
                    "month",
                    span.address,
                    self.lang,
                    {
                        "title": month_name(month, self.lang),
                        "month": own,
                        "count": count if span.newest else 0,
                        "articles": self._cards(entries[::-1]),
                        "page": span.number,
                        "is_newest": span.newest,
                        "older": span.older,
                        "newer": span.newer,
                        "top_topics": top if span.newest else (),
                        "days": days if span.newest else (),
                        "previous_month": earlier if span.newest else None,
                        "next_month": later if span.newest else None,
                    },
                )

    # -- topics ---------------------------------------------------------------------------

    def topics(self) -> Iterator[Page]:
        """Yield the page of each topic that has articles, and its months."""
        near = related_topics(self._topics_before("9999-99"), TOP_TOPICS)
        for slug, count in self.catalogue.topics().items():
            ref = self._refs.get(slug)
            if ref is None:
                continue
            months = self.catalogue.months(topic=slug)
            refs = {month: month_ref(month, self.lang) for month in months}
            yield Page(
                "topic",
                ref.url,
                self.lang,
                {
                    "title": ref.name,
                    "topic": ref,
                    "count": count,
                    "latest": self._cards(self.catalogue.latest(TOPIC_LATEST, topic=slug)),
                    "months": tallies(months, refs),
                    "related_topics": topic_refs(near.get(slug, ()), self.vocabulary),
                },
            )
            for month, number in months.items():
                yield from self._topic_month(ref, month, number)

    def _topic_month(self, ref: TopicRef, month: str, count: int) -> Iterator[Page]:
        own = month_ref(month, self.lang)
        address = topic_month_address(ref.slug, month)
        for span in spans(address, count, self.settings.page_size):
            entries = self.catalogue.slice(span.start, span.count, month=month, topic=ref.slug)
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

    # -- the ways in ----------------------------------------------------------------------

    def entrances(self) -> Iterator[Page]:
        """Yield the front page, the lists of months and topics, search and *not found*."""
        months = self.catalogue.months()
        refs = {month: month_ref(month, self.lang) for month in months}
        by_month = tallies(months, refs)
        topics = self.catalogue.topics()
        total = sum(months.values())
        latest = self._cards(self.catalogue.latest(self.settings.front_size))
        yield Page(
            "index",
            "",
            self.lang,
            {
                "title": "",
                "lead": latest[0] if latest else None,
                "latest": latest[1:],
                "months": by_month[::-1][:FRONT_MONTHS],
                "topics": self._most(topics, FRONT_TOPICS),
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

    # -- helpers --------------------------------------------------------------------------

    def _cards(self, entries: list[Entry]) -> tuple[Card, ...]:
        return tuple(card(entry, self.vocabulary, self.lang) for entry in entries)

    def _most(self, counts: Mapping[str, int], limit: int) -> tuple[Tally, ...]:
        known = [(slug, count) for slug, count in counts.items() if slug in self._refs]
        known.sort(key=lambda item: (-item[1], item[0]))
        return tallies(dict(known[:limit]), self._refs)

    def _sort_name(self, slug: str) -> str:
        return self._refs[slug].name.casefold()
