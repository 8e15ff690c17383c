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

from backissue.related.archive import Archive, Query
from backissue.related.candidates import Near, allowed, plain_scores
from backissue.related.features import Features
from backissue.related.months import EMPTY, Block, count_more, count_terms, make_block, merge
from backissue.related.vectors import LEAST_JUDGES, Frequencies


class Month(NamedTuple):
    """A month of the archive: its places, how many articles judge it, whom to ask for.

    ``reached`` are others of it whose pools the newcomers in each may join.
    """

    first: int
    end: int
    judges: int
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
    return plan(State(keys, by_key.__getitem__, {}, frozenset()))


def plan(state: State) -> Plan:
    """Plan what to ask for: everything that may differ from what was found before."""
    walk = _Walk(state)
    for month in sorted(state.keys):
        walk.step(month, sorted(state.keys[month]))
    return Plan(Archive(walk.blocks, walk.queries), tuple(walk.months))


class _Walk:
    """The months, one after the other."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known = Frequencies()
        self._counted = 0  # months whose articles are in ``_known``
        self._as_before = True
        self._gone_by = sorted(state.previous)
        self.blocks: list[Block] = []
        self.months: list[Month] = []
        self.queries: dict[int, Query] = {}

    def step(self, month: str, keys: Sequence[str]) -> None:
        """Take a month: keep its block, mend it, or make it anew."""
        # A month that is no more was there before this one: what follows is judged otherwise.
        if any(gone < month and gone not in self._state.keys for gone in self._gone_by):
            self._as_before = False
        first = sum(len(block.keys) for block in self.blocks)
        young = first < LEAST_JUDGES
        old = self._state.previous.get(month)
        same = old is not None and list(old.keys) == list(keys)
        end = first + len(keys)
        found = Month(first, end, end if young else first)
        if self._as_before and same and not self._state.touched & set(keys):
            assert old is not None
            block = old
        elif self._as_before and not young and old is not None and old.surroundings:
            self._as_before = False
            block, found = self._mend(old, keys, found)
        else:
            self._as_before = False
            block, found = self._make(month, keys, found)
        self.blocks.append(block)
        self.months.append(found)

    def _count_before(self) -> None:
        """Let the articles of all months before be known."""
        for number, block in enumerate(self.blocks[self._counted :], self._counted):
            if block.keys and not len(block.seen_terms):
                block = count_terms(block, map(self._state.features_of, block.keys))  # noqa: PLW2901
                self.blocks[number] = block
            self._count(block)

    def _count(self, block: Block) -> None:
        terms = np.frombuffer(block.seen_terms, "<u4")
        self._known.add(terms, np.frombuffer(block.seen_counts, "<u4"), len(block.keys))
        self._counted += 1

    def _make(self, month: str, keys: Sequence[str], found: Month) -> tuple[Block, Month]:
        articles = [self._state.features_of(key) for key in keys]
        self._count_before()
        seen = count_terms(EMPTY, articles)
        if found.judges == found.end:
            self._count(msgspec.structs.replace(seen, keys=tuple(keys)))
        self._ask(articles, range(found.first, found.end))
        block = make_block(month, articles, self._known)
        block = msgspec.structs.replace(
            block, seen_terms=seen.seen_terms, seen_counts=seen.seen_counts
        )
        return block, found._replace(asked=tuple(range(found.first, found.end)))

    def _mend(self, old: Block, keys: Sequence[str], found: Month) -> tuple[Block, Month]:
        self._count_before()
        kept = frozenset(old.keys) & frozenset(keys) - self._state.touched
        new = [self._state.features_of(key) for key in keys if key not in kept]
        block = merge(old, kept, make_block(old.month, new, self._known), found.first)
        if len(kept) == len(old.keys) and len(old.seen_terms):
            block = count_more(block, old, new)
        gone = np.array([n for n, key in enumerate(old.keys) if key not in kept], np.int64)
        left = {old.keys[n] for n in old.pools.having(gone + found.first).tolist()}
        newcomers = [n for n, key in enumerate(block.keys) if key not in kept]
        left_ones = [n for n, key in enumerate(block.keys) if key in left]
        asked = tuple(found.first + n for n in sorted({*newcomers, *left_ones}))
        near = _reached(block, newcomers, found.first)
        reached = tuple(one for one in near if one.place not in asked)
        places = (*asked, *(one.place for one in reached))
        keys = [block.keys[place - found.first] for place in places]
        self._ask(map(self._state.features_of, keys), places)
        return block, found._replace(asked=asked, reached=reached)

    def _ask(self, articles: Iterable[Features], places: Iterable[int]) -> None:
        for place, article in zip(places, articles, strict=True):
            self.queries[place] = Query(article, self._known.rarity(article.term_array()))


def _reached(block: Block, newcomers: Sequence[int], first: int) -> Iterator[Near]:
    """Yield who of a block, by number in it, has newcomers near enough to come into the pool.

    The plain score of two articles is the same from either side.
    """
    archive = Archive([block], {})
    floors = block.pools.floors()
    joining: dict[int, list[tuple[float, int, float]]] = {}
    for newcomer in newcomers:
        cosines = archive.cosines(newcomer)
        plain = plain_scores(archive, newcomer, cosines)
        for n in np.flatnonzero(allowed(cosines) & (plain >= floors)).tolist():
            joining.setdefault(n, []).append((-plain[n], newcomer, cosines[n]))
    pools = block.pools.pools()
    for n, found in sorted(joining.items()):
        plain, near, cosines = map(np.array, zip(*sorted(found), strict=True))
        judges = pools[n].plain[pools[n].near < first]
        # Judges come first in the archive, so before a newcomer that is just as near.
        ranks = np.array([np.count_nonzero(judges >= -one) for one in plain])
        yield Near(first + n, first + near, ranks, cosines, -plain)
