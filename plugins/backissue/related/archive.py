"""All articles side by side: their vectors, and how near each is to the others.

Places are positions in the list of articles sorted by month, then key.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backissue.related.features import Features
from backissue.related.terms import BUCKETS, Terms
from backissue.related.vectors import (
    LEAST_JUDGES,
    SCALE,
    Floats,
    Frequencies,
    Ints,
    Rows,
    stack,
    title_vector,
    vector,
)

CROWD: Final = 20
"""How crowded the surroundings of an article are: the cosine of its CROWD-th nearest one."""


class Month(NamedTuple):
    """The places of a month's articles, and up to where others judge them."""

    first: int
    end: int
    judges: int


class Archive:
    """Articles as vectors, by month."""

    def __init__(self, features: Iterable[Features], by_month: bool = True) -> None:
        """Take ``features`` in any order; without ``by_month`` all count as of one month."""
        articles = sorted(features, key=lambda a: (a.month if by_month else "", a.key))
        self.articles = articles
        self.places = {article.key: place for place, article in enumerate(articles)}
        if len(self.places) != len(articles):
            raise ValueError("two articles have the same key")
        self.days = np.array([day_number(article.date) for article in articles], np.int64)
        self.sites = _numbered([article.site for article in articles])
        self.sizes = np.array([len(article.terms) // 4 for article in articles], np.int64)
        self.series = [frozenset(_series(article)) for article in articles]
        self.topics = [frozenset(article.topics) for article in articles]
        self.with_topic = _holders(self.topics)
        self.topic_counts = np.array([len(slugs) for slugs in self.topics], np.int64)
        self.scratch = np.zeros(BUCKETS, np.float32)  # both are always left as zeros
        self.numbers = np.zeros(BUCKETS, np.int32)
        self.months: list[Month] = []
        self._vectors(by_month)

    def _vectors(self, by_month: bool) -> None:
        known = Frequencies()
        full: list[tuple[Terms, NDArray[np.uint16]]] = []
        titles: list[tuple[Terms, NDArray[np.uint16]]] = []
        self.rarities: list[NDArray[np.float32]] = []
        for _, group in groupby(self.articles, key=lambda a: a.month if by_month else ""):
            month = list(group)
            first, end = len(full), len(full) + len(month)
            young = known.articles < LEAST_JUDGES
            if young:
                known.add(month)
            rarities = [known.rarity(article.term_array()) for article in month]
            full.extend(vector(*pair) for pair in zip(month, rarities, strict=True))
            self.rarities.extend(rarities)
            titles.extend(title_vector(article, known) for article in month)
            if not young:
                known.add(month)
            self.months.append(Month(first, end, end if young else first))
        self.full: Rows = stack(full)
        self.titles: Rows = stack(titles)

    def cosines(self, place: int) -> Floats:
        """Return the cosine of one article with every article."""
        terms, weights = self.full.row(place)
        self.scratch[terms] = weights
        products = self.full.all_products(self.scratch)
        self.scratch[terms] = 0
        return products / (SCALE * SCALE)


class Postings:
    """The articles of each term, so that a cosine costs only the terms that are shared.

    ``advance`` must be called as the months go by; only the articles before that are seen.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        counts = np.bincount(rows.terms, minlength=BUCKETS)
        self._starts = np.cumsum(counts) - counts
        self._stops = self._starts.copy()
        order = np.argsort(rows.terms, kind="stable")
        owners = np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start))
        self._owners = owners[order].astype(np.int32)
        self._weights = rows.weights[order]
        self.upto = 0

    def advance(self, upto: int) -> None:
        """See the articles at places below ``upto`` too."""
        seen = slice(int(self._rows.start[self.upto]), int(self._rows.start[upto]))
        terms, counts = np.unique(self._rows.terms[seen], return_counts=True)
        self._stops[terms] += counts
        self.upto = upto

    def cosines(self, place: int) -> Floats:
        """Return the cosine of one article with each article seen so far."""
        terms, weights = self._rows.row(place)
        starts = self._starts[terms]
        lengths = self._stops[terms] - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        where = np.repeat(starts - (ends - lengths), lengths) + np.arange(total)
        products = self._weights[where] * np.repeat(weights.astype(np.float64), lengths)
        sums = np.bincount(self._owners[where], weights=products, minlength=self.upto)
        cosines: Floats = sums / (SCALE * SCALE)
        return cosines


def crowd(cosines: Floats) -> float:
    """Return the CROWD-th greatest of ``cosines``, nought where there are fewer."""
    if len(cosines) < CROWD:
        return 0.0
    return float(-np.partition(-cosines, CROWD - 1)[CROWD - 1])


def day_number(date: str) -> int:
    """Return the day of a date as a number; of a bare month, its middle."""
    day = date[:10] if len(date) >= 10 else f"{date[:7]}-15"
    return datetime.date.fromisoformat(day).toordinal()


def _series(article: Features) -> list[int]:
    words: list[int] = np.frombuffer(article.series, dtype="<u4").tolist()
    return words


def _holders(topics: list[frozenset[str]]) -> dict[str, Ints]:
    """Return the places of the articles that have each topic."""
    lists: dict[str, list[int]] = {}
    for place, slugs in enumerate(topics):
        for slug in slugs:
            lists.setdefault(slug, []).append(place)
    return {slug: np.array(places, np.int64) for slug, places in lists.items()}


def _numbered(values: list[str]) -> Ints:
    numbers = {value: number for number, value in enumerate(sorted(set(values)))}
    return np.array([numbers[value] for value in values], np.int64)
