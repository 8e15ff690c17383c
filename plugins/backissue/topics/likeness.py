"""How like one another articles are in their words: what the learned part of tagging stands on.

Sublinear TF-IDF vectors of unit length (G. Salton and C. Buckley, "Term-weighting approaches
in automatic text retrieval", Information Processing & Management 24(5), 1988) over hashed
terms: words, and pairs of characters in Chinese. The heaviest MAX_TERMS of an article are kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.article import Article
from backissue.topics.names import HAN, words

BUCKETS: Final = 1 << 20
MAX_TERMS: Final = 128
TITLE_TIMES: Final = 3
COMMON: Final = 0.4  # terms in more of the articles than this say nothing

Floats = NDArray[np.float64]
Terms = NDArray[np.uint32]


class Row(msgspec.Struct, frozen=True):
    """An article's vector: term hashes (uint32, ascending) and weights (float32), packed."""

    terms: bytes
    weights: bytes

    def arrays(self) -> tuple[Terms, NDArray[np.float32]]:
        """Return the terms and their weights."""
        return np.frombuffer(self.terms, "<u4"), np.frombuffer(self.weights, "<f4")


class Rarity(msgspec.Struct, frozen=True):
    """In how many of ``articles`` articles each term occurs: terms (uint32), counts (uint32)."""

    articles: int
    terms: bytes
    counts: bytes

    def table(self) -> Floats:
        """Return the weight of each term hash: its idf; nought where it is common or unique."""
        counts = np.zeros(BUCKETS)
        counts[np.frombuffer(self.terms, "<u4")] = np.frombuffer(self.counts, "<u4")
        idf: Floats = np.log((1.0 + self.articles) / (1.0 + counts)) + 1.0
        idf[(counts < 2) | (counts > max(2.0, COMMON * self.articles))] = 0.0
        return idf


def term_counts(article: Article) -> tuple[Terms, Floats]:
    """Return the hashes of the terms of an article, ascending, and how often each occurs."""
    found = _terms(article.title) * TITLE_TIMES + _terms(article.lead) + _terms(article.text)
    terms, counts = np.unique(np.array(found, np.uint32), return_counts=True)
    return terms, counts.astype(np.float64)


def rarity_of(counts: list[tuple[Terms, Floats]]) -> Rarity:
    """Return in how many of the articles each term occurs."""
    table = np.zeros(BUCKETS, np.int64)
    for terms, _ in counts:
        table[terms] += 1
    known = np.flatnonzero(table)
    return Rarity(len(counts), known.astype("<u4").tobytes(), table[known].astype("<u4").tobytes())


def row(counted: tuple[Terms, Floats], idf: Floats) -> Row:
    """Return the vector of an article whose terms are ``counted``."""
    terms, counts = counted
    weights = (1.0 + np.log(counts)) * idf[terms]
    kept = np.flatnonzero(weights > 0)
    if len(kept) > MAX_TERMS:
        kept = np.sort(kept[np.argsort(-weights[kept], kind="stable")[:MAX_TERMS]])
    terms, weights = terms[kept], weights[kept]
    length = float(np.sqrt(np.sum(weights * weights)))
    weights = np.round(weights / length, 4) if length else weights
    return Row(terms.astype("<u4").tobytes(), weights.astype("<f4").tobytes())


class Rows:
    """Many vectors, to be compared with one at a time."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        arrays = [one.arrays() for one in rows]
        lengths = np.array([len(terms) for terms, _ in arrays], np.int64)
        self._ends = np.cumsum(lengths)
        self._starts = self._ends - lengths
        self._terms = np.concatenate([np.zeros(0, np.uint32), *(terms for terms, _ in arrays)])
        self._weights = np.concatenate([np.zeros(0, np.float32), *(w for _, w in arrays)])

    def cosines(self, one: Row) -> Floats:
        """Return the cosine of every vector with ``one``."""
        table = np.zeros(BUCKETS, np.float32)
        terms, weights = one.arrays()
        table[terms] = weights
        products = table[self._terms].astype(np.float64) * self._weights
        sums = np.concatenate([np.zeros(1), np.cumsum(products)])
        cosines: Floats = sums[self._ends] - sums[self._starts]
        return cosines


def _terms(text: str) -> list[int]:
    found: list[int] = []
    before = ""
    for word in words(text.lower()):
        if len(word) > 1:
            found.append(_hash(word))
            before = ""
        elif word >= HAN[0]:  # a single Chinese character
            if before:
                found.append(_hash(before + word))
            before = word
    return found


@lru_cache(maxsize=1 << 17)
def _hash(term: str) -> int:
    return crc32(term.encode("utf-8")) & (BUCKETS - 1)
