"""Which pages follow from what changed.

The rules may name a page that turns out to show the same (it is then not rendered), but must
never miss one that does not: tests/archive/test_guarantee.py holds them against clean builds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from backissue.archive.addresses import (
    month_address,
    topic_address,
    topic_month_address,
)
from backissue.archive.pages.cards import SAME_STORY
from backissue.archive.pages.lists import Span, spans
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.stories import Stories

Change = tuple[Entry | None, Entry | None]


class ListChange(msgspec.Struct, frozen=True):
    """A list in which articles moved: from which place on, and how many it held before."""

    first: int
    count_before: int


class Follow(msgspec.Struct, frozen=True):
    """What follows from changes: keys of articles whose pages may show something else, lists.

    ``months`` and ``topic_months`` are the lists that changed, ``topics`` the topics;
    ``gone`` are addresses that the site has no more.
    """

    articles: tuple[str, ...]
    months: dict[str, ListChange]
    topics: tuple[str, ...]
    topic_months: dict[tuple[str, str], ListChange]
    gone: tuple[str, ...]


def follow(catalogue: Catalogue, changes: Mapping[str, Entry | None], page_size: int) -> Follow:
    """Return what follows from ``changes`` (key -> what the article was at the last publish)."""
    pairs: list[Change] = [(old, catalogue.entry(key)) for key, old in changes.items()]
    moved = [(old, new) for old, new in pairs if old != new]
    months = _lists(catalogue, moved, lambda entry: [(entry.month, "")])
    topic_months = _lists(
        catalogue,
        moved,
        lambda entry: [(entry.month, topic) for topic in entry.brief.topics],
    )
    by_month = {month: change for (month, _), change in months.items()}
    by_topic = {(topic, month): change for (month, topic), change in topic_months.items()}
    topics = tuple(sorted({topic for topic, _ in by_topic}))
    gone = [
        *_gone_articles(catalogue, moved),
        *_gone_lists(catalogue, by_month, by_topic, page_size),
        *(topic_address(topic) for topic in topics if not catalogue.months(topic)),
    ]
    return Follow(
        articles=tuple(sorted({*changes, *_showing(catalogue, moved)})),
        months=by_month,
        topics=topics,
        topic_months=by_topic,
        gone=tuple(sorted(gone)),
    )


def changed_spans(pages: list[Span], change: ListChange) -> list[Span]:
    """Return the pages of a list that may show something else after a change of it.

    Those from the place of the change on, the one before (its way on may lead elsewhere), and
    the newest, which tells how many articles there are.
    """
    before = [page for page in pages[:-1] if page.start + page.count <= change.first]
    return pages[max(0, len(before) - 1) :]


def _showing(catalogue: Catalogue, moved: Iterable[Change]) -> set[str]:
    """Return the articles whose pages show one that changed.

    Its neighbours, who names it, whom it names (they show it as later coverage), those it may be a
    translation of, and those of a story that is called by its title.
    """
    keys: set[str] = set()
    stories = Stories(catalogue)
    for old, new in moved:
        for entry in (old, new):
            if entry is None:
                continue
            beside = catalogue.neighbours(entry.place)
            keys.update(one.key for one in beside if one)
            keys.update(catalogue.suggesting(entry.key))
            keys.update(one.key for one in catalogue.further(entry.key) if one.why == SAME_STORY)
            keys.update(catalogue.referring(entry.title_key))
            keys.update(one.key for one in catalogue.namesakes(entry))
            keys.update(stories.members(entry.key))
    return keys


def _lists(
    catalogue: Catalogue,
    moved: Iterable[Change],
    lists_of: Callable[[Entry], list[tuple[str, str]]],
) -> dict[tuple[str, str], ListChange]:
    """Return the lists (month, topic or "") in which articles moved, and from where on."""
    places: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    growth: dict[tuple[str, str], int] = {}
    for old, new in moved:
        for entry, by in ((old, -1), (new, 1)):
            if entry is None:
                continue
            for name in lists_of(entry):
                places.setdefault(name, []).append(entry.place)
                growth[name] = growth.get(name, 0) + by
    return {
        (month, topic): ListChange(
            catalogue.rank(min(held), topic or None),
            catalogue.count(month, topic) - growth[month, topic],
        )
        for (month, topic), held in sorted(places.items())
    }


def _gone_articles(catalogue: Catalogue, moved: Iterable[Change]) -> list[str]:
    """Return the addresses of articles that no article has any more."""
    return [
        old.url
        for old, new in moved
        if old and (new is None or new.url != old.url) and not catalogue.at(old.month, old.slug)
    ]


def _gone_lists(
    catalogue: Catalogue,
    months: Mapping[str, ListChange],
    topic_months: Mapping[tuple[str, str], ListChange],
    size: int,
) -> list[str]:
    changed = [
        *((month_address(month), catalogue.count(month), one) for month, one in months.items()),
        *(
            (topic_month_address(topic, month), catalogue.count(month, topic), one)
            for (topic, month), one in topic_months.items()
        ),
    ]
    gone: list[str] = []
    for address, count, change in changed:
        now = {span.address for span in spans(address, count, size)} if count else set()
        if change.count_before:
            was = spans(address, change.count_before, size)
            gone += [span.address for span in was if span.address not in now]
    return gone
