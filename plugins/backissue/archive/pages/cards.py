"""From records of the catalogue to what lists show of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from backissue.archive.addresses import month_address, topic_address
from backissue.archive.dates import date_name, month_name
from backissue.archive.pages.views import Card, MonthRef, Tally, TopicRef
from backissue.archive.store.catalogue import Entry
from backissue.topics import Topic, Vocabulary

Ref = TypeVar("Ref", TopicRef, MonthRef)

# How further reading says why.
SHARING = "also on "
SAME_STORY = "same story"


def topic_ref(topic: Topic) -> TopicRef:
    """Return what pages show of a topic."""
    return TopicRef(topic.name, topic.slug, topic_address(topic.slug), topic.description)


def topic_refs(slugs: Iterable[str], vocabulary: Vocabulary) -> tuple[TopicRef, ...]:
    """Return what pages show of topics, without those that the vocabulary does not know."""
    return tuple(topic_ref(topic) for slug in slugs if (topic := vocabulary.by_slug(slug)))


def month_ref(month: str, lang: str) -> MonthRef:
    """Return what pages show of a month ``YYYY-MM``."""
    return MonthRef(month, month_name(month, lang), month_address(month))


def card(
    entry: Entry,
    vocabulary: Vocabulary,
    lang: str,
    why: str = "",
    mentions: tuple[str, ...] = (),
) -> Card:
    """Return what lists show of an article, its date in the language of the page.

    ``why`` is the reason of a suggestion; the topics that it names by slug are called by name.
    ``mentions`` are words that are a better one.
    """
    begin, shares, slugs = why.partition(SHARING)
    shared = topic_refs(slugs.split(" and "), vocabulary) if shares else ()
    return Card(
        title=entry.brief.title,
        url=entry.url,
        excerpt=entry.brief.excerpt,
        dateline=date_name(entry.published, lang),
        iso=entry.published.day or entry.month,
        lang=entry.brief.lang,
        topics=tuple(
            TopicRef(ref.name, ref.slug, ref.url)
            for ref in topic_refs(entry.brief.topics, vocabulary)
        ),
        why=begin,
        shared=tuple(topic.name for topic in shared),
        mentions=mentions,
        site=entry.brief.site,
    )


def tallies(counts: Mapping[str, int], refs: Mapping[str, Ref]) -> tuple[Tally, ...]:
    """Return topics or months with their counts, in the order of ``counts``."""
    most = max(counts.values(), default=1)
    return tuple(
        Tally(refs[key], count, round(count / most, 3))
        for key, count in counts.items()
        if key in refs
    )


def most(counts: Mapping[str, int], refs: Mapping[str, TopicRef], limit: int) -> tuple[Tally, ...]:
    """Return the ``limit`` topics with the most articles of those in ``refs``."""
    known = [(slug, count) for slug, count in counts.items() if slug in refs]
    known.sort(key=lambda item: (-item[1], item[0]))
    return tallies(dict(known[:limit]), refs)
