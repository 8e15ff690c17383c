"""The ranking of an article's candidates, and what it was learned from.

The forests of ranker.json were grown by ``backissue related train`` on the links that authors
put in their articles (see docs/related.md). One ranks among all articles, the other among
those up to the article's own time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec
import numpy as np

from backissue.related.archive import Archive, Postings, crowd
from backissue.related.candidates import COLUMNS, POOL, plain_scores, pool, table
from backissue.related.months import Block, judged
from backissue.related.plan import Plan
from backissue.related.trees import Forest, Growth, grow
from backissue.related.vectors import Floats, Ints

DUPLICATE: Final = 0.93
"""Articles whose cosine is this or more are one article twice: neither is read after the other."""

LEAST_COSINE: Final = 0.03
"""Articles with less in common are no further reading."""


FEW: Final = 24


class Scope(Enum):
    """Which articles may be read after one: those up to its month, up to its day, or all."""

    MONTH = "month"
    DAY = "day"
    ALL = "all"


class Rankers(msgspec.Struct, frozen=True):
    """The forest for candidates up to the article's own time, and the one for all."""

    earlier: Forest
    all: Forest


class Candidates(NamedTuple):
    """The candidates of the article at ``place``, best first by the plain score."""

    place: int
    near: Ints
    cosines: Floats
    known: Floats


@cache
def rankers() -> Rankers:
    """Return the forests that come with the package. Raises ValidationError where it is torn."""
    data = files("backissue.related").joinpath("ranker.json").read_bytes()
    return msgspec.json.decode(data, type=Rankers)


class Standing:
    """How crowded each article's surroundings are, and what a newcomer must reach."""

    def __init__(self, archive: Archive) -> None:
        """Take what was found before from the blocks, nought where nothing was."""
        self.crowds = np.zeros(len(archive.keys))
        self.floors = np.full(len(archive.keys), -1.0)
        for first, block in zip(archive.firsts, archive.blocks, strict=False):
            if len(block.crowds):
                self.crowds[first : first + len(block.keys)] = block.array_of("crowds")
                self.floors[first : first + len(block.keys)] = block.array_of("floors")

    def blocks(self, planned: Plan) -> tuple[Block, ...]:
        """Return the archive's blocks with what has been found; the others as they are."""
        return tuple(
            judged(
                block, self.crowds[month.first : month.end], self.floors[month.first : month.end]
            )
            if month.asked
            else block
            for month, block in zip(planned.months, planned.archive.blocks, strict=True)
        )


def candidates(planned: Plan, scope: Scope, standing: Standing) -> Iterator[list[Candidates]]:
    """Yield the candidates of the articles asked for, a list a month, the months in their order.

    ``standing`` learns what is found of them.
    """
    archive, months = planned
    # With few to ask for, looking through all articles costs less than making the postings.
    asked = [place for month in months for place in month.asked]
    postings = None if len(asked) <= FEW else Postings(archive.full, asked)
    for month in months:
        if not month.asked:
            continue
        if postings is not None:
            postings.advance(month.end)
        pools: list[tuple[int, Ints, Floats]] = []
        for place in month.asked:
            cosines = (
                archive.cosines(place)[: month.end] if postings is None else postings.cosines(place)
            )
            standing.crowds[place] = crowd_of(cosines, place, month.judges)
            near, standing.floors[place] = _pool(archive, place, cosines, scope)
            pools.append((place, near, cosines[near]))
        yield [
            Candidates(place, near, cosines, table(archive, standing.crowds, place, near, cosines))
            for place, near, cosines in pools
        ]


def crowd_of(cosines: Floats, place: int, judges: int) -> float:
    """Return how crowded an article's surroundings are among the first ``judges`` articles."""
    judged = cosines[:judges]
    return crowd(np.delete(judged, place) if place < judges else judged)


def _pool(archive: Archive, place: int, cosines: Floats, scope: Scope) -> tuple[Ints, float]:
    """Return the candidates, and the plain score of the last where there is no room for more."""
    allowed = (cosines >= LEAST_COSINE) & (cosines < DUPLICATE)
    if scope is Scope.DAY:
        allowed &= archive.days[: len(cosines)] <= archive.days[place]
    scores = plain_scores(archive, place, cosines)
    near = pool(archive, place, scores, allowed)
    return near, float(scores[near[-1]]) if len(near) == POOL else -1.0


def ranked(batch: list[Candidates], forest: Forest) -> Iterator[tuple[int, Ints, Floats, Floats]]:
    """Yield (place, candidates, their scores, their cosines), the best candidate first."""
    tables = [candidate.known for candidate in batch if len(candidate.near)]
    scores = forest.score(np.concatenate(tables)) if tables else np.zeros(0)
    at = 0
    for place, near, cosines, _ in batch:
        own = scores[at : at + len(near)]
        at += len(near)
        order = np.lexsort((np.arange(len(near)), -own))
        yield place, near[order], own[order], cosines[order]


class Lessons(NamedTuple):
    """What a ranker learns from: candidates in groups, and which of them the author links to."""

    keys: list[str]
    table: Floats
    wanted: Floats
    groups: Ints

    def only(self, taken: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Lessons:
        """Return the lessons of the articles that are ``taken``."""
        rows = np.repeat(taken, self.groups)
        keys = [key for key, kept in zip(self.keys, taken, strict=True) if kept]
        return Lessons(keys, self.table[rows], self.wanted[rows], self.groups[taken])


def lessons(planned: Plan, links: Mapping[str, frozenset[str]], scope: Scope) -> Lessons:
    """Return the candidates of each article that links to others in its pool."""
    keys, tables, wanted = [], [], []
    archive = planned.archive
    for batch in candidates(planned, scope, Standing(archive)):
        for candidate in batch:
            key = archive.keys[candidate.place]
            linked = links.get(key, frozenset())
            right = [archive.keys[place] in linked for place in candidate.near.tolist()]
            if any(right):
                keys.append(key)
                tables.append(candidate.known)
                wanted.append(np.array(right, np.float64))
    groups = np.array([len(right) for right in wanted], np.int64)
    return Lessons(keys, np.concatenate(tables), np.concatenate(wanted), groups)


def learn(learned_from: Lessons, growth: Growth) -> Forest:
    """Return a forest that ranks first what authors link to."""
    return grow(COLUMNS, learned_from.table, learned_from.wanted, learned_from.groups, growth)
