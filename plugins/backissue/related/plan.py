"""What must be found anew when articles come, change or go, and what stays as it was.

An article is judged by the months before its own, and its candidates are those up to its month.
So months before the first one that changed stay as they were, to the last byte. In that month an
article is asked for again only where one that came, changed or went reaches its candidates. All
later months are asked for again: the statistics by which they are judged have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.related.archive import Archive, Query
from backissue.related.candidates import Near, allowed, plain_scores
from backissue.related.features import Features
from backissue.related.judges import ALL, LEAST_JUDGES, Judges, own_judges
from backissue.related.months import (
    Block,
    Seen,
    count_more,
    count_terms,
    day_number,
    make_block,
    merge,
)
from backissue.related.strings import Strings
from backissue.related.vectors import Frequencies


class Month(NamedTuple):
    """A month of the archive: its places, who judges it, whom to ask for.

    ``reached`` are others of it whose pools the newcomers in each may join.
    """

    first: int
    end: int
    judges: Judges
    asked: tuple[int, ...] = ()
    reached: tuple[Near, ...] = ()


class Plan(NamedTuple):
    """The archive, and its months in their order."""

    archive: Archive
    months: tuple[Month, ...]


class State(NamedTuple):
    """What is there: the keys of each month, how to get features, the blocks kept from before."""

    keys: Mapping[str, Iterable[str]]
    features_of: Callable[[str], Features]
    previous: Mapping[str, Block]
    touched: Set[str]


def plan_all(features: Iterable[Features], by_month: bool = True) -> Plan:
    """Plan to ask for all articles; without ``by_month`` they count as of one month.

    Raises ValueError where two have the same key.
    """
    by_key: dict[str, Features] = {}
    keys: dict[str, list[str]] = {}
    for article in features:
        if article.key in by_key:
            raise ValueError("two articles have the same key")
        by_key[article.key] = article
        keys.setdefault(article.month if by_month else "", []).append(article.key)
    state = State(keys, by_key.__getitem__, {}, frozenset())
    return plan(state, LEAST_JUDGES if by_month else ALL)


def plan(state: State, least: int | None = None) -> Plan:
    """Plan what to ask for: everything that may differ from what was found before.

    ``least`` is how many articles judge each month at least, LEAST_JUDGES if not given.
    """
    walk = _Walk(state, LEAST_JUDGES if least is None else least)
    for month in sorted(state.keys):
        keys, old = state.keys[month], state.previous.get(month)
        walk.step(month, old.keys if old is not None and keys is old.keys else sorted(keys))
    return Plan(Archive(walk.blocks, walk.queries), tuple(walk.months))


_Taken = tuple[Block, tuple[int, ...], tuple[Near, ...]]


class _Walk:
    """The months, one after the other."""

    def __init__(self, state: State, least: int) -> None:
        self._state, self._least = state, least
        self._known = Frequencies()
        self._counted = 0  # months whose articles are in ``_known``
        self._as_before = True
        self._gone_by = sorted(state.previous)
        self.blocks: list[Block] = []
        self.months: list[Month] = []
        self.queries: dict[int, Query] = {}

    def step(self, month: str, keys: Strings | list[str]) -> None:
        """Take a month: keep its block, mend it, or make it anew."""
        # A month that is no more was there before this one: what follows is judged otherwise.
        if any(gone < month and gone not in self._state.keys for gone in self._gone_by):
            self._as_before = False
        first = sum(len(block.keys) for block in self.blocks)
        old = self._state.previous.get(month)
        kept: frozenset[str] = frozenset()
        if self._as_before and old is not None and old.surroundings:
            same = keys is old.keys or [*old.keys] == keys
            if same and not old.keys.has_any(self._state.touched):
                self.blocks.append(old)
                self.months.append(Month(first, first + len(keys), Judges(first)))
                return
            kept = frozenset(old.keys).intersection(keys) - self._state.touched
            # Where one that judges the month itself comes or goes, all of it is judged anew.
            if not {old.keys[n] for n in own_judges(old.day_numbers(), first, self._least)} <= kept:
                kept = frozenset()
        self._as_before = False
        mended = self._mend(old, kept, keys, first) if old is not None and kept else None
        block, asked, reached = mended or self._make(month, keys, first)
        own = own_judges(block.day_numbers(), first, self._least)
        self.blocks.append(block)
        self.months.append(
            Month(first, first + len(keys), Judges(first, own + first), asked, reached)
        )

    def _count_before(self) -> None:
        """Let the articles of all months before be known."""
        for number, block in enumerate(self.blocks[self._counted :], self._counted):
            seen = block.seen
            if block.keys and not len(seen.terms):
                seen = count_terms(map(self._state.features_of, block.keys))
                self.blocks[number] = msgspec.structs.replace(block, seen=seen)
            self._known.add(*seen.arrays(), len(block.keys))
            self._counted += 1

    def _make(self, month: str, keys: Strings | list[str], first: int) -> _Taken:
        articles = [self._state.features_of(key) for key in keys]
        self._count_before()
        own = [
            articles[n]
            for n in own_judges([day_number(a.date) for a in articles], first, self._least)
        ]
        seen_by_own = count_terms(own)
        known = self._known.with_more(*seen_by_own.arrays(), len(own)) if own else self._known
        rarities = known.rarities(articles)
        self._ask(articles, range(first, first + len(keys)), rarities)
        block = make_block(month, articles, rarities)
        block = msgspec.structs.replace(block, seen=count_terms(articles), seen_by_own=seen_by_own)
        return block, tuple(range(first, first + len(keys))), ()

    def _mend(
        self, old: Block, kept: frozenset[str], keys: Strings | list[str], first: int
    ) -> _Taken | None:
        """Return a month where most stays, None where others judge it than did."""
        self._count_before()
        new = [self._state.features_of(key) for key in keys if key not in kept]
        own = own_judges(old.day_numbers(), first, self._least)
        known = self._known
        if len(own):
            known = known.with_more(*old.seen_by_own.arrays(), len(own))
        block = merge(old, kept, make_block(old.month, new, known.rarities(new)), first)
        judging = own_judges(block.day_numbers(), first, self._least)
        if {block.keys[n] for n in judging} != {old.keys[n] for n in own}:
            return None
        everybody = len(kept) == len(old.keys) and len(old.seen.terms)
        seen = count_more(old.seen, new) if everybody else Seen()
        block = msgspec.structs.replace(block, seen=seen, seen_by_own=old.seen_by_own)
        gone = []
        if len(kept) < len(old.keys):
            gone = [first + n for n, key in enumerate(old.keys) if key not in kept]
        left = {old.keys[n] for n in old.pools.having(np.array(gone, np.int64)).tolist()}
        newcomers = [n for n, key in enumerate(keys) if key not in kept]
        left_ones = [n for n, key in enumerate(keys) if key in left] if left else []
        asked = tuple(first + n for n in sorted({*newcomers, *left_ones}))
        near = _reached(block, newcomers, Judges(first, judging + first))
        reached = tuple(one for one in near if one.place not in asked)
        places = (*asked, *(one.place for one in reached))
        articles = [self._state.features_of(block.keys[n - first]) for n in places]
        self._ask(articles, places, known.rarities(articles))
        return block, asked, reached

    def _ask(
        self,
        articles: Iterable[Features],
        places: Iterable[int],
        rarities: Iterable[NDArray[np.float32]],
    ) -> None:
        for place, article, rarity in zip(places, articles, rarities, strict=True):
            self.queries[place] = Query.of(article, rarity)


def _reached(block: Block, newcomers: Sequence[int], judges: Judges) -> Iterator[Near]:
    """Yield who of a block, by number in it, has newcomers near enough to come into the pool.

    The plain score of two articles is the same from either side.
    """
    archive = Archive([block], {})
    floors = block.pools.floors()
    joining: dict[int, list[tuple[float, int, float]]] = {}
    for newcomer in newcomers:
        cosines = archive.cosines(newcomer)
        near = allowed(cosines)
        plain = plain_scores(archive, newcomer, near, cosines[near])
        joined = plain >= floors[near]
        for n, score in zip(near[joined].tolist(), plain[joined].tolist(), strict=True):
            joining.setdefault(n, []).append((-score, newcomer, cosines[n]))
    pools = block.pools.these(joining)
    for n, found in sorted(joining.items()):
        plain, near, cosines = map(np.array, zip(*sorted(found), strict=True))
        pool, places = pools[n], judges.first + near
        judging = judges.among(pool.near)
        ranks = np.array(
            [
                np.count_nonzero(judging & pool.before(one, place))
                for one, place in zip(-plain, places, strict=True)
            ]
        )
        yield Near(judges.first + n, places, ranks, cosines, -plain)
