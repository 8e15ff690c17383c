"""What must be found anew when articles come, change or go, and what stays as it was.

An article is judged by the months before its own, and its candidates are those up to its month.
So months before the first one that changed stay as they were, to the last byte. In that month an
article is asked for again only where one that came, changed or went reaches its candidates. All
later months are asked for again: the statistics by which they are judged have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import NamedTuple

import msgspec
import numpy as np

from backissue.related.archive import Archive, Query
from backissue.related.candidates import plain_scores
from backissue.related.features import Features
from backissue.related.months import EMPTY, Block, count_more, count_terms, make_block, merge
from backissue.related.vectors import LEAST_JUDGES, Frequencies


class Month(NamedTuple):
    """A month of the archive: its places, how many articles judge it, whom to ask for."""

    first: int
    end: int
    judges: int
    asked: tuple[int, ...]


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
        asked: tuple[int, ...] = ()
        if self._as_before and same and not self._state.touched & set(keys):
            assert old is not None
            block = old
        elif self._as_before and not young and old is not None and len(old.floors):
            self._as_before = False
            block, asked = self._mend(old, keys, first)
        else:
            self._as_before = False
            block, asked = self._make(month, keys, first, young)
        self.blocks.append(block)
        end = first + len(keys)
        self.months.append(Month(first, end, end if young else first, asked))

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

    def _make(
        self, month: str, keys: Sequence[str], first: int, young: bool
    ) -> tuple[Block, tuple[int, ...]]:
        articles = [self._state.features_of(key) for key in keys]
        self._count_before()
        seen = count_terms(EMPTY, articles)
        if young:
            self._count(msgspec.structs.replace(seen, keys=tuple(keys)))
        for place, article in enumerate(articles, first):
            self.queries[place] = Query(article, self._known.rarity(article.term_array()))
        block = make_block(month, articles, self._known)
        block = msgspec.structs.replace(
            block, seen_terms=seen.seen_terms, seen_counts=seen.seen_counts
        )
        return block, tuple(range(first, first + len(keys)))

    def _mend(self, old: Block, keys: Sequence[str], first: int) -> tuple[Block, tuple[int, ...]]:
        self._count_before()
        kept = frozenset(old.keys) & frozenset(keys) - self._state.touched
        new = [self._state.features_of(key) for key in keys if key not in kept]
        block = merge(old, kept, make_block(old.month, new, self._known))
        if len(kept) == len(old.keys) and len(old.seen_terms):
            block = count_more(block, old, new)
        asked = {key for key in keys if key not in kept}
        asked |= _reached(old, frozenset(old.keys) - kept)
        asked |= _reached(block, frozenset(keys) - kept)
        places = tuple(first + n for n, key in enumerate(block.keys) if key in asked)
        for place in places:
            article = self._state.features_of(block.keys[place - first])
            self.queries[place] = Query(article, self._known.rarity(article.term_array()))
        return block, places


def _reached(block: Block, others: frozenset[str]) -> set[str]:
    """Return the articles of a block among whose candidates one of ``others`` may be.

    The plain score of two articles is the same from either side.
    """
    archive = Archive([block], {})
    floors = block.array_of("floors")
    reached: set[str] = set()
    for place, key in enumerate(block.keys):
        if key in others:
            scores = plain_scores(archive, place, archive.cosines(place))
            reached.update(block.keys[n] for n in np.flatnonzero(scores >= floors).tolist())
    return reached
