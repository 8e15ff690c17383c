"""What follows from further reading: later coverage of an article, and story threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from backissue.article import Suggestion
from backissue.related.reading import SAME_STORY_WHY

LEAST_THREAD: Final = 3
"""Two articles on one event are further reading; from three on they are a thread."""


class Thread(msgspec.Struct, frozen=True):
    """Articles on one event, by date. ``key`` is that of the first: it names the thread."""

    key: str
    articles: tuple[str, ...]


def later_coverage(
    reading: Mapping[str, tuple[Suggestion, ...]], dates: Mapping[str, str], limit: int = 4
) -> dict[str, tuple[Suggestion, ...]]:
    """Return for each article up to ``limit`` later ones that follow it up, the best first.

    ``reading`` is the further reading of all articles, ``dates`` their datelines' values. A
    later article follows an earlier one up where it names it in its own further reading. An
    article gains one only where that is among its ``limit`` best. Ties go to the earlier
    follower, then by key. Articles without later coverage are left out.
    """
    followers: dict[str, list[tuple[float, str, str, str]]] = {}
    for key, suggestions in reading.items():
        for one in suggestions:
            if dates[key] > dates[one.key]:
                followers.setdefault(one.key, []).append((-one.score, dates[key], key, one.why))
    return {
        key: tuple(Suggestion(k, -score, why) for score, _, k, why in sorted(found)[:limit])
        for key, found in sorted(followers.items())
    }


def story_threads(
    reading: Mapping[str, tuple[Suggestion, ...]], dates: Mapping[str, str]
) -> tuple[Thread, ...]:
    """Return the groups of at least LEAST_THREAD articles that tell one event over days.

    Two articles belong together where one names the other as the same story, and so do
    articles that are joined through others. Threads come by their first article's date.
    """
    head: dict[str, str] = {}

    def find(key: str) -> str:
        while head.setdefault(key, key) != key:
            head[key] = head[head[key]]
            key = head[key]
        return key

    for key in sorted(reading):
        for one in reading[key]:
            if one.why == SAME_STORY_WHY:
                first, second = sorted((find(key), find(one.key)))
                head[second] = first
    groups: dict[str, list[str]] = {}
    for key in head:
        groups.setdefault(find(key), []).append(key)
    threads = []
    for keys in groups.values():
        keys.sort(key=lambda key: (dates[key], key))
        if len(keys) >= LEAST_THREAD:
            threads.append(Thread(keys[0], tuple(keys)))
    return tuple(sorted(threads, key=lambda thread: (dates[thread.key], thread.key)))
