"""What relating needs to know of one article."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.article import Article, TopicMatch
from backissue.related.terms import Terms, counted, hashed


class Features(msgspec.Struct, frozen=True):
    """What relating needs of one article; small, and made of that article alone.

    ``month`` is ``YYYY-MM``, ``date`` the dateline's value. ``terms`` are the hashes of the
    terms of title, lead and body (uint32, ascending) and ``counts`` how often each occurs
    (uint8); ``title_terms`` and ``title_counts`` are those of the title again.
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

    def term_array(self) -> Terms:
        """Return the hashes of all terms, ascending."""
        return np.frombuffer(self.terms, dtype="<u4")

    def count_array(self) -> NDArray[np.float64]:
        """Return how often each term occurs, a term of the title three times more."""
        counts = np.frombuffer(self.counts, dtype=np.uint8).astype(np.float64)
        title = np.frombuffer(self.title_terms, dtype="<u4")
        places = np.searchsorted(self.term_array(), title)
        counts[places] += 2.0 * np.frombuffer(self.title_counts, dtype=np.uint8)
        return counts


def features(article: Article, topics: tuple[TopicMatch, ...]) -> Features:
    """Return what relating needs of ``article``, which has these topics (strongest first)."""
    title = counted(article.title)
    every = counted(article.text)
    every.update(counted(article.lead))
    every.update(title)
    terms, counts = hashed(every)
    title_terms, title_counts = hashed(title)
    return Features(
        key=article.key,
        month=article.published.month,
        date=article.published.value,
        lang=article.lang,
        site=article.site,
        title=article.title,
        topics=tuple(match.slug for match in topics),
        terms=terms,
        counts=counts,
        title_terms=title_terms,
        title_counts=title_counts,
    )
