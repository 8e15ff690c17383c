"""Further reading: which articles to read after one, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.article import Suggestion
from backissue.related.archive import Archive
from backissue.related.features import Features
from backissue.related.months import Block
from backissue.related.plan import Plan, State, plan, plan_all
from backissue.related.pools import Pool
from backissue.related.ranking import Scope, Standing, candidates, pools, rankers
from backissue.related.terms import terms as terms_of
from backissue.related.titlenames import LEAST_COLUMN
from backissue.related.vectors import SCALE, Ints

SAME_STORY: Final = 0.35
SAME_STORY_WHY: Final = "same story"
SAME_STORY_DAYS: Final = 14
"""Articles this near in text and time are on one event."""

SAME_SERIES_WHY: Final = "same series"
BOTH_ABOUT: Final = "both about "
HEAVY: Final = 0.2
"""A term of this weight or more is what an article is about: it makes 4 % of its vector."""

SAME_SERIES: Final = 0.75
"""Titles are of one series where they share this much of their words, numbers aside."""

SAME_PUBLISHER_WHY: Final = "same publisher"
TOLD: Final = 12
"""So many of the strongest shared terms are kept: some are numbers, forms of others, half words."""

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
        held = block.pools.these(near.place - month.first for near in month.reached)
        for place, pool in pools(batch, forest):
            n = place - month.first
            held[n] = pool if place in asked else held[n].joined(pool)
            found[archive.keys[place]] = _suggestions(archive, place, held[n], limit)
        kept = block.pools.replaced(held, len(block.keys))
        blocks.append(msgspec.structs.replace(block, surroundings=standing.of(month), pools=kept))
    return found, tuple(blocks)


def _suggestions(archive: Archive, place: int, pool: Pool, limit: int) -> tuple[Suggestion, ...]:
    order = pool.best_first()
    near, scores, cosines = pool.near[order], pool.scores[order], pool.cosines[order]
    found = []
    for rank in diverse(archive, near, limit):
        other, score = int(near[rank]), 1.0 / (1.0 + math.exp(-float(scores[rank])))
        reason = why(archive, place, other, float(cosines[rank]))
        shares = () if reason else shared_terms(archive, place, other)
        if not reason and _is_of_same_site(archive, place, other):
            reason = SAME_PUBLISHER_WHY
        found.append(Suggestion(archive.keys[other], round(score, 4), reason, shares))
    return tuple(found)


def diverse(archive: Archive, near: Ints, limit: int) -> list[int]:
    """Return the ranks of the first ``limit`` candidates of which no two are near copies."""
    ranks = range(min(len(near), limit * LOOKED_AT))
    alike = near_copies(archive, near[:limit])
    if not alike.any():
        return list(ranks[:limit])
    alike = near_copies(archive, near[: len(ranks)])
    chosen: list[int] = []
    for rank in ranks:
        if len(chosen) < limit and not alike[rank, chosen].any():
            chosen.append(rank)
    return chosen


def near_copies(archive: Archive, places: Ints) -> NDArray[np.bool_]:
    """Return of each two articles at ``places`` whether they are near copies; nobody is its own.

    Cosines are sums of products of whole numbers below 2**53: no order of adding rounds them.
    """
    rows = [archive.full.row(place) for place in places.tolist()]
    every = np.concatenate([np.zeros(0, np.uint32), *(terms for terms, _ in rows)])
    dense = np.zeros((len(rows), len(every)))
    owners = np.repeat(np.arange(len(rows)), [len(terms) for terms, _ in rows])
    weights = np.concatenate([np.zeros(0, np.uint16), *(weights for _, weights in rows)])
    dense[owners, archive.numbers.any_of(every)] = weights
    alike: NDArray[np.bool_] = dense @ dense.T >= COPIES * SCALE * SCALE
    np.fill_diagonal(alike, False)
    return alike


def why(archive: Archive, place: int, other: int, cosine: float) -> str:
    """Return in a few words why ``other`` is worth reading after the article at ``place``."""

    same_site = _is_of_same_site(archive, place, other)
    if same_site and in_series(archive, place, other):
        return SAME_SERIES_WHY  # nobody tells one event twice under one title: a weekly, a release
    near = abs(int(archive.days[place] - archive.days[other])) <= SAME_STORY_DAYS
    if cosine >= SAME_STORY and near:
        return SAME_STORY_WHY
    others = set(archive.topics.of(other).tolist())
    shared = [topic for topic in archive.topics.of(place).tolist() if topic in others]
    if shared:
        return "also on " + " and ".join(archive.topic_name(place, topic) for topic in shared[:2])
    if not same_site and in_series(archive, place, other):
        return SAME_SERIES_WHY
    name = shared_name(archive, place, other)
    return f"{BOTH_ABOUT}{name}" if name else ""


def _is_of_same_site(archive: Archive, place: int, other: int) -> bool:
    site = archive.sites[place]
    return bool(site == archive.sites[other] and site != archive.unknown_site)


def shared_terms(archive: Archive, place: int, other: int) -> tuple[int, ...]:
    """Return the hashes of the strongest terms that two articles share, the strongest first."""
    (own, weights), (terms, others) = archive.full.row(place), archive.full.row(other)
    if not len(own):
        return ()
    where = np.minimum(np.searchsorted(own, terms), len(own) - 1)
    same = np.flatnonzero(own[where] == terms)
    products = weights[where[same]].astype(np.int64) * others[same]
    return tuple(terms[same[np.argsort(-products, kind="stable")[:TOLD]]].tolist())


def in_series(archive: Archive, place: int, other: int) -> bool:
    """Return whether two articles are parts of one column, or their titles those of one series."""
    own = archive.queries[place].column
    if len(own) >= LEAST_COLUMN and own.issubset(archive.series.of(other).tolist()):
        return True
    return archive.series.overlap(place, other) >= SAME_SERIES


def shared_name(archive: Archive, place: int, other: int) -> str:
    """Return the longest name in the title of an article that another is about too, or "".

    Another is about it where its own title has it, or its text has it among its heaviest terms.
    """
    (title, _), (full, weights) = archive.titles.row(other), archive.full.row(place=other)
    about = {*title.tolist(), *full[weights >= HEAVY * SCALE].tolist()}
    best: tuple[int, str] = (0, "")
    for name in archive.queries[place].names:
        runs = groupby(name.split(), lambda word: about.issuperset(terms_of(word)))
        for shared, words in runs:
            run = [*words]
            if shared and len(run) > best[0]:
                best = len(run), " ".join(run)
    return best[1]
