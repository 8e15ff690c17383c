"""What relating needs to know of one article."""

from __future__ import annotations

from typing import Final
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.article import Article, TopicMatch
from backissue.patterns import pattern
from backissue.related.terms import BUCKETS, HAN, Terms, firsts, packed, terms, terms_by_line
from backissue.related.titlenames import title_names

_SERIES_WORD: Final = pattern(rf"[{HAN}]|[^\W\d_{HAN}]+")

MAX_PASSAGES: Final = 48
LEAST_PASSAGE: Final = 4
"""A line of fewer terms is a label, not a passage."""


class Features(msgspec.Struct, frozen=True):
    """What relating needs of one article; small, and made of that article alone.

    ``month`` is ``YYYY-MM``, ``date`` the dateline's value. ``terms`` are the hashes of the
    terms of title, lead and body (uint32, ascending) and ``counts`` how often each occurs
    (uint8); ``title_terms`` and ``title_counts`` are those of the title again. ``series`` are
    hashes of the words of the title without its numbers: equal for the parts of a series.
    ``passages`` are the distinct terms of each of up to MAX_PASSAGES passages, one after the
    other, ``passage_lengths`` how many each has (uint16). ``names`` are those in the title.
    """

    key: str
    month: str
    date: str
    lang: str
    site: str
    title: str
    topics: tuple[str, ...]
    terms: bytes
    counts: bytes
    title_terms: bytes
    title_counts: bytes
    series: bytes
    passages: bytes
    passage_lengths: bytes
    names: tuple[str, ...] = ()

    def term_array(self) -> Terms:
        """Return the hashes of all terms, ascending."""
        return np.frombuffer(self.terms, dtype="<u4")

    def title_array(self) -> Terms:
        """Return the hashes of the title's terms, ascending."""
        return np.frombuffer(self.title_terms, dtype="<u4")

    def passage_arrays(self) -> tuple[Terms, NDArray[np.int64]]:
        """Return the terms of the passages, one after the other, and how many each has."""
        lengths = np.frombuffer(self.passage_lengths, dtype="<u2").astype(np.int64)
        return np.frombuffer(self.passages, dtype="<u4"), lengths

    def count_array(self) -> NDArray[np.float64]:
        """Return how often each term occurs, a term of the title three times more."""
        counts = np.frombuffer(self.counts, dtype=np.uint8).astype(np.float64)
        places = np.searchsorted(self.term_array(), self.title_array())
        counts[places] += 2.0 * np.frombuffer(self.title_counts, dtype=np.uint8)
        return counts


def features(article: Article, topics: tuple[TopicMatch, ...]) -> Features:
    """Return what relating needs of ``article``, which has these topics (strongest first)."""
    title = np.array(terms(article.title), np.uint32)
    text, lines = terms_by_line(article.text)
    all_terms, counts = packed(
        np.concatenate([title, np.array(terms(article.lead), np.uint32), text])
    )
    title_terms, title_counts = packed(title)
    passages, lengths = _passages(text, lines)
    return Features(
        key=article.key,
        month=article.published.month,
        date=article.published.value,
        lang=article.lang,
        site=article.site,
        title=article.title,
        topics=tuple(match.slug for match in topics),
        terms=all_terms,
        counts=counts,
        title_terms=title_terms,
        title_counts=title_counts,
        series=series_words(article.title),
        passages=passages,
        passage_lengths=lengths,
        names=title_names(article.title, article.text),
    )


def series_words(title: str) -> bytes:
    """Return the hashes of the words of a title, its numbers aside, packed."""
    words = _SERIES_WORD.findall(title.casefold())
    return packed(np.array([crc32(word.encode()) for word in words], np.uint32))[0]


def _passages(text: Terms, lines: NDArray[np.int64]) -> tuple[bytes, bytes]:
    """Return the terms of the passages, packed, and their numbers, packed."""
    terms_of = np.bincount(lines)
    kept = np.flatnonzero(terms_of >= LEAST_PASSAGE)[:MAX_PASSAGES]
    numbers = np.full(len(terms_of), len(kept))
    numbers[kept] = np.arange(len(kept))
    distinct = np.sort(numbers[lines] * BUCKETS + text)
    distinct = distinct[: np.searchsorted(distinct, len(kept) * BUCKETS)]
    distinct = distinct[firsts(distinct)]
    lengths = np.bincount(distinct // BUCKETS, minlength=len(kept))
    return (distinct % BUCKETS).astype("<u4").tobytes(), lengths.astype("<u2").tobytes()
