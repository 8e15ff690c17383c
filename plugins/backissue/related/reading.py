"""Further reading: which articles to read after one, and why."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backissue.article import Suggestion
from backissue.related.features import Features
from backissue.related.terms import Terms
from backissue.related.vectors import Frequencies, Weights, vector

# Chosen on the development corpus (see docs/related.md).
_TOPIC_WEIGHT: Final = 0.05
_DATE_WEIGHT: Final = 0.05
_SITE_WEIGHT: Final = 0.05
_DATE_SCALE: Final = 180.0  # days in which nearness falls to 1/e
_DUPLICATE: Final = 0.95
_LEAST: Final = 0.05  # articles with less text in common are no further reading
_SAME_STORY: Final = 0.4
_SAME_STORY_DAYS: Final = 14

Scores = NDArray[np.float64]


def further_reading(
    features: Sequence[Features], limit: int = 4
) -> dict[str, tuple[Suggestion, ...]]:
    """Return for each article up to ``limit`` others to read, the best first, with why.

    Suggested are articles published up to the article's own month, never itself, never its
    duplicate. The result depends on what the articles are, not on their order. Ties go to
    the later article, then by key. Keys must be unique.
    """
    articles = sorted(features, key=lambda article: (article.month, article.key))
    if len({article.key for article in articles}) != len(articles):
        raise ValueError("two articles have the same key")
    archive = _Archive(articles)
    return {
        article.key: archive.suggestions(place, limit) for place, article in enumerate(articles)
    }


class _Archive:
    """All articles as vectors, with the articles of each term."""

    def __init__(self, articles: list[Features]) -> None:
        self.articles = articles
        self.days = np.array([_day(article.date) for article in articles], np.float64)
        self.sites = _numbered([article.site for article in articles])
        self.upto: list[int] = []
        self.vectors: list[tuple[Terms, Weights]] = []
        known = Frequencies.empty()
        for _, group in groupby(articles, key=lambda article: article.month):
            month = list(group)
            judged_by = known if known.articles else known.plus(month)
            self.vectors.extend(vector(article, judged_by) for article in month)
            known = known.plus(month)
            self.upto.extend([len(self.vectors)] * len(month))
        self._index()

    def _index(self) -> None:
        lengths = [len(terms) for terms, _ in self.vectors]
        terms = np.concatenate([np.zeros(0, np.uint32), *(t for t, _ in self.vectors)])
        weights = np.concatenate([np.zeros(0), *(w for _, w in self.vectors)])
        owners = np.repeat(np.arange(len(lengths)), lengths)
        order = np.argsort(terms, kind="stable")
        self._owners, self._weights = owners[order], weights[order]
        self._terms, starts = np.unique(terms[order], return_index=True)
        self._starts = np.append(starts, len(terms))
        topics = [sorted(set(article.topics)) for article in self.articles]
        self._topic_sizes = np.array([max(1, len(slugs)) for slugs in topics], np.float64)
        self._with_topic: dict[str, list[int]] = {}
        for place, slugs in enumerate(topics):
            for slug in slugs:
                self._with_topic.setdefault(slug, []).append(place)

    def _cosines(self, place: int, upto: int) -> Scores:
        scores = np.zeros(upto)
        terms, weights = self.vectors[place]
        rows = np.searchsorted(self._terms, terms)
        for row, weight in zip(rows.tolist(), weights.tolist(), strict=True):
            start, stop = self._starts[row], self._starts[row + 1]
            stop = start + np.searchsorted(self._owners[start:stop], upto)
            scores[self._owners[start:stop]] += weight * self._weights[start:stop]
        return scores

    def suggestions(self, place: int, limit: int) -> tuple[Suggestion, ...]:
        upto = self.upto[place]
        cosines = self._cosines(place, upto)
        topics = np.zeros(upto)
        for slug in sorted(set(self.articles[place].topics)):
            holders = np.array(self._with_topic[slug])
            topics[holders[holders < upto]] += 1.0
        topics /= np.sqrt(self._topic_sizes[:upto] * self._topic_sizes[place])
        apart = np.abs(self.days[:upto] - self.days[place])
        scores = cosines + _TOPIC_WEIGHT * topics + _DATE_WEIGHT * np.exp(-apart / _DATE_SCALE)
        if self.articles[place].site:
            scores += _SITE_WEIGHT * (self.sites[:upto] == self.sites[place])
        scores /= 1.0 + _TOPIC_WEIGHT + _DATE_WEIGHT + _SITE_WEIGHT
        scores[(cosines < _LEAST) | (cosines >= _DUPLICATE)] = 0.0
        scores[place] = 0.0
        scores = np.round(scores, 4)
        # Newest first among equals: places ascend by month and key.
        order = np.lexsort((np.arange(upto), -self.days[:upto], -scores))[: limit + 1]
        chosen = [other for other in order.tolist() if scores[other] > 0.0][:limit]
        return tuple(
            Suggestion(
                self.articles[other].key,
                float(scores[other]),
                self._why(place, other, float(cosines[other])),
            )
            for other in chosen
        )

    def _why(self, place: int, other: int, cosine: float) -> str:
        near = abs(self.days[place] - self.days[other]) <= _SAME_STORY_DAYS
        if cosine >= _SAME_STORY and near:
            return "same story"
        theirs = set(self.articles[other].topics)
        shared = [slug for slug in self.articles[place].topics if slug in theirs]
        return "also on " + " and ".join(shared[:2]) if shared else ""


def _day(date: str) -> int:
    """Return the day as a number; of a bare month, its middle."""
    day = date[:10] if len(date) >= 10 else f"{date[:7]}-15"
    return datetime.date.fromisoformat(day).toordinal()


def _numbered(values: list[str]) -> NDArray[np.int64]:
    numbers = {value: number for number, value in enumerate(sorted(set(values)))}
    return np.array([numbers[value] for value in values], np.int64)
