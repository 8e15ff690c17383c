"""The records of search: what is indexed, and what is found."""

from __future__ import annotations

import msgspec


class SearchDoc(msgspec.Struct, frozen=True, kw_only=True):
    """One article as search sees it. ``url`` is site-relative, texts are plain text.

    ``date`` is in the precision known (``2026-05`` or ``2026-05-20``), ``month`` its first
    seven characters. ``topics`` are slugs and ``topic_names`` their names, in one order.
    """

    key: str
    url: str
    title: str
    month: str
    date: str
    lead: str = ""
    headings: tuple[str, ...] = ()
    body: str = ""
    faq: str = ""
    topics: tuple[str, ...] = ()
    topic_names: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    source: str = ""
    lang: str = "en"
    excerpt: str = ""

    @property
    def text(self) -> str:
        """What a snippet is cut from: lead, body and questions, blocks parted by lines."""
        return "\n\n".join(part for part in (self.lead, self.body, self.faq) if part)


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """An article found. ``snippet`` is escaped HTML whose only element is ``<mark>``.

    ``like`` is a query for more articles like it.
    """

    key: str
    url: str
    title: str
    date: str
    lang: str
    score: float
    snippet: str
    topics: tuple[str, ...] = ()
    like: str = ""


class Facet(msgspec.Struct, frozen=True):
    """How many of the articles found have this topic, or are of this month."""

    key: str
    name: str
    count: int


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a query: how many articles match, the best of them, counts, advice.

    ``suggestion`` is a query with its misspelt words put right, or None. The first
    ``whole`` articles have all the words; where those are few, others with some follow.
    ``related`` are searches to go on with: names of topics.
    """

    total: int
    hits: tuple[Hit, ...]
    topics: tuple[Facet, ...] = ()
    months: tuple[Facet, ...] = ()
    suggestion: str | None = None
    whole: int = 0
    related: tuple[str, ...] = ()
