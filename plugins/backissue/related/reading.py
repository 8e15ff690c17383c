"""Further reading: which articles to read after one, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from backissue.article import Suggestion
from backissue.related.archive import Archive
from backissue.related.features import Features
from backissue.related.months import Block
from backissue.related.plan import Plan, State, plan, plan_all
from backissue.related.pools import NOBODY, Pool, pack_pools
from backissue.related.ranking import Scope, Standing, candidates, pools, rankers
from backissue.related.vectors import SCALE, Floats, Ints, sums_of

SAME_STORY: Final = 0.35
SAME_STORY_WHY: Final = "same story"
SAME_STORY_DAYS: Final = 14
"""Articles this near in text and time are on one event."""

SAME_SERIES_WHY: Final = "same series"
SAME_SERIES: Final = 0.75
"""Titles are of one series where they share this much of their words, numbers aside."""

COPIES: Final = 0.8
"""Of articles nearer to one another than this only one is suggested: they tell one event."""

LOOKED_AT: Final = 4
"""How many times as many candidates as suggestions are looked at for the sake of diversity."""


def further_reading(
    features: Sequence[Features], limit: int = 4
) -> dict[str, tuple[Suggestion, ...]]:
    """Return for each article up to ``limit`` others to read, the best first, with why.

    Suggested are articles published up to the article's own month, never itself, never its
    duplicate, and of several near copies one. The result depends on what the articles are, not
    on their order; articles of later months change nothing. Raises ValueError where two have
    the same key.
    """
    return dict(sorted(_read(plan_all(features), limit)[0].items()))


class Reading(NamedTuple):
    """Further reading that was found anew, and the blocks to keep for the next time."""

    found: dict[str, tuple[Suggestion, ...]]
    blocks: dict[str, Block]


def update_reading(state: State, limit: int = 4) -> Reading:
    """Return the further reading of the articles of which it may have changed.

    ``state`` has the keys of all articles by month, a way to get the features of one, the
    blocks returned the last time and the keys that came or changed since. What is found, and
    what is not found because it stays, is together exactly what ``further_reading`` gives for
    all. Blocks of another VERSION or limit must not be given.
    """
    found, blocks = _read(plan(state), limit)
    return Reading(dict(sorted(found.items())), {block.month: block for block in blocks})


def _read(planned: Plan, limit: int) -> tuple[dict[str, tuple[Suggestion, ...]], tuple[Block, ...]]:
    archive, forest = planned.archive, rankers().earlier
    standing = Standing(archive)
    found: dict[str, tuple[Suggestion, ...]] = {}
    blocks: list[Block] = []
    batches = candidates(planned, Scope.MONTH, standing)
    for month, block, batch in zip(planned.months, archive.blocks, batches, strict=True):
        if not batch:
            blocks.append(block)
            continue
        asked = set(month.asked)
        held = block.pools.pools() or [NOBODY] * len(block.keys)
        for place, pool in pools(batch, forest):
            n = place - month.first
            held[n] = pool if place in asked else held[n].joined(pool)
            found[archive.keys[place]] = _suggestions(archive, place, held[n], limit)
        blocks.append(
            msgspec.structs.replace(block, surroundings=standing.of(month), pools=pack_pools(held))
        )
    return found, tuple(blocks)


def _suggestions(archive: Archive, place: int, pool: Pool, limit: int) -> tuple[Suggestion, ...]:
    order = pool.best_first()
    near, scores, cosines = pool.near[order], pool.scores[order], pool.cosines[order]
    return tuple(
        Suggestion(
            archive.keys[int(near[rank])],
            round(1.0 / (1.0 + math.exp(-float(scores[rank]))), 4),
            why(archive, place, int(near[rank]), float(cosines[rank])),
        )
        for rank in diverse(archive, near, limit)
    )


def diverse(archive: Archive, near: Ints, limit: int) -> list[int]:
    """Return the ranks of the first ``limit`` candidates of which no two are near copies."""
    chosen: list[int] = []
    for rank in range(min(len(near), limit * LOOKED_AT)):
        if len(chosen) == limit:
            break
        if not chosen or cosines_between(archive, int(near[rank]), near[chosen]).max() < COPIES:
            chosen.append(rank)
    return chosen


def cosines_between(archive: Archive, place: int, others: Ints) -> Floats:
    """Return the cosine of one article with each of ``others``."""
    terms, weights = archive.full.row(place)
    archive.scratch[terms] = weights
    where, lengths = archive.full.spread(others)
    products = archive.full.weights[where] * archive.scratch[archive.full.terms[where]]
    archive.scratch[terms] = 0
    return sums_of(products.astype(np.float64), lengths) / (SCALE * SCALE)


def why(archive: Archive, place: int, other: int, cosine: float) -> str:
    """Return in a few words why ``other`` is worth reading after the article at ``place``."""
    series = archive.series.overlaps(place, np.array([other]))[0] >= SAME_SERIES
    site = archive.sites[place]
    if series and site == archive.sites[other] and site != archive.unknown_site:
        return SAME_SERIES_WHY  # nobody tells one event twice under one title: a weekly, a release
    near = abs(int(archive.days[place] - archive.days[other])) <= SAME_STORY_DAYS
    if cosine >= SAME_STORY and near:
        return SAME_STORY_WHY
    others = archive.topics.of(other)
    shared = [topic for topic in archive.topics.of(place).tolist() if topic in others]
    if shared:
        return "also on " + " and ".join(archive.topic_names[topic] for topic in shared[:2])
    return SAME_SERIES_WHY if series else ""
