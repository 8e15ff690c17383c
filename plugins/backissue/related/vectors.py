"""Articles as vectors: sublinear TF-IDF, judged by the months before the article's own.

An article's vector depends on its own terms and on how many articles of the months before
its own have each term (for the first month: of that month). An article that comes later
changes no vector of a month that is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backissue.related.features import Features
from backissue.related.terms import Terms

MAX_TERMS: Final = 128
"""The terms kept of an article: its heaviest. More gain nothing and cost space and time."""

Weights = NDArray[np.float64]


class Frequencies:
    """In how many of ``articles`` articles each term occurs."""

    def __init__(self, terms: Terms, counts: NDArray[np.int64], articles: int) -> None:
        self.terms = terms
        self.counts = counts
        self.articles = articles

    @classmethod
    def empty(cls) -> Frequencies:
        """Return the frequencies in no article."""
        return cls(np.zeros(0, np.uint32), np.zeros(0, np.int64), 0)

    def plus(self, month: Sequence[Features]) -> Frequencies:
        """Return these frequencies with the articles of a month added."""
        pieces = [self.terms, *(article.term_array() for article in month)]
        counts = [self.counts, *(np.ones(len(piece), np.int64) for piece in pieces[1:])]
        terms, where = np.unique(np.concatenate(pieces), return_inverse=True)
        total = np.bincount(where, weights=np.concatenate(counts), minlength=len(terms))
        return Frequencies(terms, total.astype(np.int64), self.articles + len(month))

    def rarity(self, terms: Terms) -> Weights:
        """Return the smoothed inverse document frequency of each of ``terms``."""
        found = np.zeros(len(terms), np.int64)
        if len(self.terms):
            places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
            known = self.terms[places] == terms
            found[known] = self.counts[places[known]]
        rarity: Weights = np.log((1.0 + self.articles) / (1.0 + found)) + 1.0
        return rarity


def vector(article: Features, frequencies: Frequencies) -> tuple[Terms, Weights]:
    """Return the MAX_TERMS heaviest terms of ``article``, ascending, with weights of length 1."""
    terms = article.term_array()
    weights = (1.0 + np.log(article.count_array())) * frequencies.rarity(terms)
    if len(terms) > MAX_TERMS:
        # A stable sort of the negated weights breaks ties by the term's hash.
        keep = np.sort(np.argsort(-weights, kind="stable")[:MAX_TERMS])
        terms, weights = terms[keep], weights[keep]
    length = float(np.sqrt(np.sum(weights * weights)))
    return terms, weights / length if length else weights
