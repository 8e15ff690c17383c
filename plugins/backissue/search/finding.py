"""Search the months' Whoosh indexes: the first way in, and what the browser must equal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from .archive import Archive
from .query import parse
from .rank import rank
from .records import Facet, Hit, Results
from .snippet import snippet

MOST_TOPICS = 20


def search(root: Path, query: str, limit: int = 10) -> Results:
    """Return what the indexes below ``root`` answer to ``query``, the best ``limit`` of it."""
    with Archive.open(root) as archive:
        return search_archive(archive, query, limit)


def search_archive(archive: Archive, query: str, limit: int = 10, offset: int = 0) -> Results:
    """Return what an open archive answers, from the result numbered ``offset`` on."""
    parsed = parse(query)
    ranked = rank(parsed, archive)
    hits = []
    shown = slice(offset, offset + limit)
    for number, score in zip(
        ranked.ids[shown].tolist(), ranked.scores[shown].tolist(), strict=True
    ):
        doc = archive.doc(number)
        hits.append(
            Hit(
                key=doc.key,
                url=doc.url,
                title=doc.title,
                date=doc.date,
                lang=doc.lang,
                score=score,
                snippet=snippet(doc.text or doc.excerpt, parsed),
                topics=doc.topics,
            )
        )
    topics, months = facets(archive, ranked.ids)
    return Results(
        total=len(ranked.ids),
        hits=tuple(hits),
        topics=topics,
        months=months,
        whole=ranked.whole,
    )


def facets(
    archive: Archive, ids: np.typing.NDArray[np.int64]
) -> tuple[tuple[Facet, ...], tuple[Facet, ...]]:
    """Return how the documents ``ids`` spread over topics (the first twenty) and months."""
    names: dict[str, str] = {}
    topics: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for number in ids.tolist():
        doc = archive.doc(number)
        months[doc.month] += 1
        topics.update(doc.topics)
        names.update(zip(doc.topics, doc.topic_names, strict=False))
    most = sorted(topics.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOPICS]
    return (
        tuple(Facet(slug, names.get(slug, slug), count) for slug, count in most),
        tuple(Facet(month, month, months[month]) for month in sorted(months, reverse=True)),
    )
