"""Which topics a month is about more than the month before was, by more than chance."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Final

import msgspec

# Chi-squared with one degree of freedom, 5 in 100: what chance alone seldom does.
LEAST: Final = 3.84
FEWEST: Final = 3  # articles of the month, below which a share says nothing


class Rise(msgspec.Struct, frozen=True):
    """A topic that has grown: its articles now, and its share now over its share before.

    ``times`` is 0 where there were none before.
    """

    slug: str
    count: int
    times: float


class Shares(msgspec.Struct, frozen=True):
    """A month: how many articles each topic has, of how many."""

    topics: Mapping[str, int]
    articles: int


def rising(now: Shares, before: Shares, limit: int) -> tuple[Rise, ...]:
    """Return up to ``limit`` topics with a larger share than before, the surest first.

    Sureness is the log-likelihood ratio of the two shares against one share for both months
    (G², Dunning, *Computational Linguistics* 19, 1993). Ties go to the slug.
    """
    found: list[tuple[float, Rise]] = []
    if not now.articles or not before.articles:
        return ()
    for slug, count in now.topics.items():
        was = before.topics.get(slug, 0)
        if count < FEWEST or count * before.articles <= was * now.articles:
            continue
        sure = _likelihood(count, now.articles, was, before.articles)
        if sure >= LEAST:
            times = (count / now.articles) / (was / before.articles) if was else 0.0
            found.append((sure, Rise(slug, count, round(times, 1))))
    found.sort(key=lambda one: (-round(one[0], 6), one[1].slug))
    return tuple(rise for _, rise in found[:limit])


def _likelihood(one: int, of_one: int, other: int, of_other: int) -> float:
    """Return G² of two counts out of two totals, against one share for both."""
    both = (one + other) / (of_one + of_other)
    return 2 * sum(
        seen * log(seen / expected)
        for seen, expected in (
            (one, of_one * both),
            (of_one - one, of_one * (1 - both)),
            (other, of_other * both),
            (of_other - other, of_other * (1 - both)),
        )
        if seen
    )
