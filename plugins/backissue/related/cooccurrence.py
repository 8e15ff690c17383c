"""Related topics: those that go together more often than chance would have it.

Strength is the log-likelihood ratio of the two-by-two table of articles with and without
each topic (T. Dunning, "Accurate methods for the statistics of surprise and coincidence",
Computational Linguistics 19(1), 1993): a popular topic is not related to everything, and a
single meeting of two rare ones is not taken for a rule.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import Final

LEAST_RATIO: Final = 3.84
"""Below this the meeting may be chance: the 5 % point of chi-squared with one degree."""

LEAST_TOGETHER: Final = 2
"""One article is not a pattern."""


def related_topics(
    topics_of: Mapping[str, tuple[str, ...]], limit: int = 6
) -> dict[str, tuple[str, ...]]:
    """Return for each topic up to ``limit`` topics that go with it, the strongest first.

    ``topics_of`` gives the topic slugs of each article, by its key. A topic is related to
    another one where they share at least LEAST_TOGETHER articles, more than expected by chance
    with a log-likelihood ratio of at least LEAST_RATIO. Ties go by slug.
    """
    alone: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for slugs in topics_of.values():
        unique = sorted(set(slugs))
        alone.update(unique)
        together.update(combinations(unique, 2))
    return related_by_counts(alone, together, len(topics_of), limit)


def related_by_counts(
    alone: Mapping[str, int], together: Mapping[tuple[str, str], int], articles: int, limit: int = 6
) -> dict[str, tuple[str, ...]]:
    """Return what related_topics does, from counts that somebody keeps.

    Of ``articles`` articles ``alone`` says how many have a topic, ``together`` how many have
    both topics of a pair (in the order of their slugs).
    """
    related: dict[str, list[tuple[float, str]]] = {slug: [] for slug in sorted(alone)}
    for (one, other), both in together.items():
        ratio = over_chance(both, alone[one], alone[other], articles)
        if both >= LEAST_TOGETHER and ratio >= LEAST_RATIO:
            related[one].append((-ratio, other))
            related[other].append((-ratio, one))
    return {slug: tuple(s for _, s in sorted(found)[:limit]) for slug, found in related.items()}


def over_chance(both: int, one: int, other: int, articles: int) -> float:
    """Return Dunning's log-likelihood ratio, or nought where two meet no more than by chance.

    ``both`` of ``articles`` have the two topics, ``one`` and ``other`` have each of them.
    """
    if both * articles <= one * other:
        return 0.0
    table = (both, one - both, other - both, articles - one - other + both)
    rows, columns = (one, articles - one), (other, articles - other)
    expected = (
        rows[0] * columns[0] / articles,
        rows[0] * columns[1] / articles,
        rows[1] * columns[0] / articles,
        rows[1] * columns[1] / articles,
    )
    return 2.0 * sum(n * math.log(n / e) for n, e in zip(table, expected, strict=True) if n)
