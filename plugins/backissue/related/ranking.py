"""The ranking of an article's candidates, and what it was learned from.

The forests of ranker.json were grown by ``backissue related train`` on the links that authors
put in their articles (see docs/related.md). One ranks among all articles, the other among
those up to the article's own time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec
import numpy as np

from backissue.related.archive import Archive, Postings
from backissue.related.candidates import (
    COLUMNS,
    DUPLICATE,
    LEAST_COSINE,
    Near,
    Surroundings,
    allowed,
    plain_scores,
    pool,
    table,
)
from backissue.related.judges import Judges
from backissue.related.plan import Month, Plan
from backissue.related.pools import Pool
from backissue.related.trees import Forest, Growth, grow
from backissue.related.vectors import Floats, Ints

CROWD: Final = 20
"""How crowded the surroundings of an article are: the cosine of its CROWD-th nearest judge."""

FOURTH: Final = 4
"""There are four to read after each."""

LOOKED_AT: Final = 32
"""The nearest judges: among them are the CROWD-th and, duplicates aside, mostly the fourth."""

FEW: Final = 24

AT_ONCE: Final = 16
"""Articles whose candidates are compared at once: what it takes stays near the processor."""


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
    """Candidates of an article, and a row of ``candidates.COLUMNS`` for each."""

    found: Near
    known: Floats


@cache
def rankers() -> Rankers:
    """Return the forests that come with the package. Raises ValidationError where it is torn."""
    data = files("backissue.related").joinpath("ranker.json").read_bytes()
    return msgspec.json.decode(data, type=Rankers)


class Standing:
    """What is known of each article's surroundings, and learned as the months go by."""

    def __init__(self, archive: Archive) -> None:
        """Take what was found before from the blocks, nought where nothing was."""
        self.known = Surroundings(*(np.zeros(len(archive.keys)) for _ in Surroundings._fields))
        for first, block in zip(archive.firsts, archive.blocks, strict=False):
            for own, kept in zip(self.known, block.surroundings, strict=False):
                own[first : first + len(block.keys)] = np.frombuffer(kept, "<f8")

    def judge(self, place: int, cosines: Floats, judges: Judges) -> None:
        """Learn from its ``cosines`` how near the judges of an article come to it."""
        judged = judges.of(cosines, place)
        near = judged[judged >= LEAST_COSINE]  # few; mostly enough to know
        crowd = near if len(near) >= CROWD else judged
        if len(crowd) > LOOKED_AT:
            crowd = np.partition(crowd, len(crowd) - LOOKED_AT)[-LOOKED_AT:]
        self.known.crowds[place] = nth_greatest(crowd, CROWD)
        others = crowd[crowd < DUPLICATE]
        if len(others) < FOURTH:
            others = judged[judged < DUPLICATE]
        self.known.fourths[place] = nth_greatest(others, FOURTH)
        self.known.bests[place] = nth_greatest(others, 1)

    def of(self, month: Month) -> tuple[memoryview, ...]:
        """Return what is known of a month's articles, to be stored in its block."""
        span = slice(month.first, month.end)
        return tuple(memoryview(one[span].astype("<f8").tobytes()) for one in self.known)


def candidates(planned: Plan, scope: Scope, standing: Standing) -> Iterator[list[Candidates]]:
    """Yield for each month the candidates of the articles asked for, then those newly reached.

    ``standing`` learns what is found of them.
    """
    archive, months = planned
    # With few to ask for, looking through all articles costs less than making the postings.
    asked = [place for month in months for place in month.asked]
    postings = None if len(asked) <= FEW else Postings(archive.full.whole, asked)
    for month in months:
        if postings is not None:
            postings.advance(month.end)
        found: list[Near] = []
        for place in month.asked:
            cosines = (
                archive.cosines(place)[: month.end] if postings is None else postings.cosines(place)
            )
            standing.judge(place, cosines, month.judges)
            found.append(_nearest(archive, place, cosines, month.judges, scope))
        every = [*found, *month.reached]
        yield [
            candidate
            for n in range(0, len(every), AT_ONCE)
            for candidate in _told(archive, standing.known, every[n : n + AT_ONCE])
        ]


def _told(archive: Archive, known: Surroundings, found: Sequence[Near]) -> Iterator[Candidates]:
    told = table(archive, known, found)
    first = 0
    for near in found:
        yield Candidates(near, told[first : first + len(near.near)])
        first += len(near.near)


def _nearest(archive: Archive, place: int, cosines: Floats, judges: Judges, scope: Scope) -> Near:
    wanted = allowed(cosines)
    wanted = wanted[wanted != place]
    if scope is Scope.DAY:
        wanted = wanted[archive.days[wanted] <= archive.days[place]]
    plain = plain_scores(archive, place, wanted, cosines[wanted])
    which = pool(wanted, plain)
    near = wanted[which]
    judging = judges.among(near)
    return Near(place, near, np.cumsum(judging) - judging, cosines[near], plain[which])


def pools(batch: list[Candidates], forest: Forest) -> Iterator[tuple[int, Pool]]:
    """Yield (place, its candidates with their scores) for each of a batch."""
    tables = [candidate.known for candidate in batch]
    scores = forest.score(np.concatenate(tables)) if tables else np.zeros(0)
    ends = np.cumsum([len(table) for table in tables])
    for (found, _), own in zip(batch, np.split(scores, ends[:-1]), strict=False):
        yield found.place, Pool(found.near, found.cosines, found.plain, own)


def nth_greatest(cosines: Floats, n: int) -> float:
    """Return the ``n``-th greatest of ``cosines``, nought where there are fewer."""
    return float(-np.partition(-cosines, n - 1)[n - 1]) if len(cosines) >= n else 0.0


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
            key = archive.keys[candidate.found.place]
            linked = links.get(key, frozenset())
            right = [archive.keys[place] in linked for place in candidate.found.near.tolist()]
            if any(right):
                keys.append(key)
                tables.append(candidate.known)
                wanted.append(np.array(right, np.float64))
    groups = np.array([len(right) for right in wanted], np.int64)
    return Lessons(keys, np.concatenate(tables), np.concatenate(wanted), groups)


def learn(learned_from: Lessons, growth: Growth) -> Forest:
    """Return a forest that ranks first what authors link to."""
    return grow(COLUMNS, learned_from.table, learned_from.wanted, learned_from.groups, growth)
