"""Answers: a query understood, ranked, and shown with snippets and facets."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple, Protocol

from .archive import Archive, Shown
from .column import TopicColumn, month_facets
from .forgive import forgive, missing
from .lexicon import Lexicon
from .query import Filter, Query, like, parse
from .rank import Source, rank
from .records import Hit, Results
from .snippet import Marker, leaves_of, snippet


class Library(Source, Protocol):
    """A ``Source`` whose documents can be shown."""

    def words(self) -> Lexicon:
        """Return the words that a misspelt one may stand for."""
        ...

    def shown(self, number: int) -> Shown:
        """Return what is shown of a document."""
        ...

    def topics(self) -> TopicColumn:
        """Return the topics of all documents."""
        ...


class Page(NamedTuple):
    """Which part of an answer is wanted, in which order, and within what limits."""

    limit: int = 10
    offset: int = 0
    sort: str = "relevance"
    topic: str = ""
    month: str = ""
    typing: bool = False


FIRST_PAGE: Final = Page()


def search(root: Path, query: str, limit: int = 10) -> Results:
    """Return what the indexes below ``root`` answer to ``query``, the best ``limit`` of it."""
    with Archive.open(root) as archive:
        return answer(archive, query, Page(limit=limit))


def answer(library: Library, text: str, page: Page = FIRST_PAGE) -> Results:
    """Return what an open archive answers; browser/engine.js gives the same."""
    query, suggestion = understood(text, library, page.typing)
    query = limited(query, page)
    ranked = rank(query, library, page.offset + page.limit)
    ids, scores = ranked.ids, ranked.scores
    if page.sort == "date":
        # By date there is no "others follow": they would come between.
        kept = slice(ranked.whole or None)
        newest = (-ids[kept]).argsort(kind="stable")
        ids, scores = ids[kept][newest], scores[kept][newest]
    here = slice(page.offset, page.offset + page.limit)
    marker = Marker(leaves_of(query))
    hits = []
    for number, score in zip(ids[here].tolist(), scores[here].tolist(), strict=True):
        doc = library.shown(number)
        hits.append(
            Hit(
                key=doc.key,
                url=doc.url,
                title=doc.title,
                date=doc.date,
                lang=doc.lang,
                score=score,
                snippet=snippet(doc.text, doc.more, marker),
                topics=doc.topics,
                like=like(doc.title),
            )
        )
    return Results(
        total=len(ids),
        hits=tuple(hits),
        topics=library.topics().facets(ids),
        related=library.topics().related(ids, text, page.topic),
        months=month_facets(library.dates(), ids),
        suggestion=suggestion,
        whole=ranked.whole,
    )


def limited(query: Query, page: Page) -> Query:
    """Return ``query`` with the limits of ``page``."""
    limits = [("topics", page.topic), ("month", page.month)]
    more = tuple(Filter(field, (value,), False) for field, value in limits if value)
    return query._replace(filters=query.filters + more)


def understood(text: str, library: Library, typing: bool = False) -> tuple[Query, str | None]:
    """Return the query that ``text`` is taken as, and the text put right if it was misspelt."""
    parsed = parse(text)
    absent = missing(parsed, lambda piece: len(library.listing(piece).ids) > 0)
    if not absent:
        return parsed, None
    return forgive(parsed, text, absent, library.words(), typing)
