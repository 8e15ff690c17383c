"""Search the months' Whoosh indexes: the first way in, and what the browser must equal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from .archive import Archive
from .forgive import forgive, missing
from .query import Query, parse
from .rank import rank
from .record import record
from .records import Facet, Hit, Results
from .snippet import snippet

MOST_TOPICS = 20


def search(root: Path, query: str, limit: int = 10) -> Results:
    """Return what the indexes below ``root`` answer to ``query``, the best ``limit`` of it."""
    with Archive.open(root) as archive:
        return search_archive(archive, query, limit)


def search_archive(
    archive: Archive, query: str, limit: int = 10, offset: int = 0, typing: bool = False
) -> Results:
    """Return what an open archive answers, from the result numbered ``offset`` on.

    ``typing`` says that the last word may be unfinished.
    """
    parsed, suggestion = understood(query, archive, typing)
    ranked = rank(parsed, archive)
    hits = []
    shown = slice(offset, offset + limit)
    for number, score in zip(
        ranked.ids[shown].tolist(), ranked.scores[shown].tolist(), strict=True
    ):
        doc = archive.doc(number)
        made = record(doc, 0)
        hits.append(
            Hit(
                key=doc.key,
                url=doc.url,
                title=doc.title,
                date=doc.date,
                lang=doc.lang,
                score=score,
                snippet=snippet(made.head, made.tail, parsed),
                topics=doc.topics,
            )
        )
    topics, months = facets(archive, ranked.ids)
    return Results(
        total=len(ranked.ids),
        hits=tuple(hits),
        topics=topics,
        months=months,
        suggestion=suggestion,
        whole=ranked.whole,
    )


def understood(text: str, source: Archive, typing: bool = False) -> tuple[Query, str | None]:
    """Return the query that ``text`` is taken as, and the text put right if it was misspelt."""
    parsed = parse(text)
    absent = missing(parsed, lambda piece: len(source.listing(piece, False).ids) > 0)
    if not absent:
        return parsed, None
    return forgive(parsed, text, absent, source.words(), typing)


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
