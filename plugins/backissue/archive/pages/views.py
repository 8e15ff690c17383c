"""What templates are given: small records of what a page shows, and nothing else.

A page is rendered anew exactly when one of these changes (or the theme, or the site's
settings), so nothing stands here that changes with every article.
"""

from __future__ import annotations

from typing import Any

import msgspec

from backissue.archive.intake.body import TocLine


class TopicRef(msgspec.Struct, frozen=True):
    """A topic that a page names."""

    name: str
    slug: str
    url: str
    description: str = ""


class MonthRef(msgspec.Struct, frozen=True):
    """A month that a page names."""

    key: str
    name: str
    url: str


class Tally(msgspec.Struct, frozen=True):
    """A topic or month with how many articles it has; ``share`` is that over the largest."""

    ref: TopicRef | MonthRef
    count: int
    share: float


class Group(msgspec.Struct, frozen=True):
    """A topic of the vocabulary with those below it."""

    topic: Tally
    children: tuple[Tally, ...]


class Year(msgspec.Struct, frozen=True):
    """A year of the archive with its months, oldest first."""

    year: str
    months: tuple[Tally, ...]


class Day(msgspec.Struct, frozen=True):
    """A day of a month with how many articles it has, and the page of the list that has them."""

    day: int
    iso: str
    count: int
    url: str = ""


class Mover(msgspec.Struct, frozen=True):
    """A topic that grew: its articles of the month, its share over that of the month before.

    ``times`` is 0 where it had none; ``months`` are those to draw, oldest first.
    """

    ref: TopicRef
    count: int
    times: float
    months: tuple[Tally, ...] = ()


class StoryRef(msgspec.Struct, frozen=True):
    """A story that a page names: the title of its first article, its timeline."""

    title: str
    url: str
    lang: str


class StoryLine(msgspec.Struct, frozen=True):
    """A story in a list: its articles (``latest``: the newest, newest first), when it began."""

    ref: StoryRef
    count: int
    dateline: str
    iso: str
    latest: tuple[Card, ...]


class Card(msgspec.Struct, frozen=True):
    """An article in a list. ``url`` is empty where the archive does not hold it.

    ``why`` it is worth reading, in English; where that is for topics that it shares, ``shared``
    are their names; where it is for words, ``mentions`` are two of those. ``more`` are others of
    the same story, the newest first, ``story`` is the address of its timeline.
    """

    title: str
    url: str = ""
    excerpt: str = ""
    dateline: str = ""
    iso: str = ""
    lang: str = ""
    topics: tuple[TopicRef, ...] = ()
    why: str = ""
    shared: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    site: str = ""
    more: tuple[Card, ...] = ()
    story: str = ""


class Translation(msgspec.Struct, frozen=True):
    """An article in a language: its BCP 47 tag, the language's own name, the address."""

    lang: str
    name: str
    url: str


class Answered(msgspec.Struct, frozen=True):
    """A question of an FAQ; ``answer`` is HTML that is ready for the page."""

    question: str
    answer: str
    lang: str


class Corrected(msgspec.Struct, frozen=True):
    """A correction: its date in words and as ISO 8601, and what was put right."""

    date: str
    iso: str
    note: str


class MainPicture(msgspec.Struct, frozen=True):
    """A picture of an article, with the address at which it is published."""

    src: str
    alt: str
    caption: str
    width: int
    height: int


class ArticleView(msgspec.Struct, frozen=True):
    """An article on its own page; ``body`` is HTML that is ready for the page.

    ``modified_iso`` is the later of its last update and its last correction, empty without.
    ``image`` is shown above the body. ``picture`` is the address of what others show beside a link
    to it, empty without; ``picture_size`` its width and height.
    """

    title: str
    url: str
    lead: str
    body: str
    toc: tuple[TocLine, ...]
    dateline: str
    iso: str
    updated: str
    updated_iso: str
    authors: tuple[str, ...]
    lang: str
    topics: tuple[TopicRef, ...]
    site: str
    canonical: str
    image: MainPicture | None
    faq: tuple[Answered, ...]
    sha256: str
    source_name: str
    words: int
    minutes: int
    translations: tuple[Translation, ...] = ()
    picture: str = ""
    picture_size: tuple[int, int] = (1200, 630)
    modified_iso: str = ""
    corrections: tuple[Corrected, ...] = ()


class Page(msgspec.Struct, frozen=True):
    """A page to publish: its template, its address and all that the template is given."""

    template: str
    address: str
    lang: str
    data: dict[str, Any]
