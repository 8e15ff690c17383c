"""The archive in a theme made for any Pelican site, such as ``simple`` and ``notmyidea``.

Such a theme knows Pelican's articles, tags and paginators, and has no template for a month's
pages, a search or a page not found. What a page shows (views.py) is given to the templates that
it does have, in Pelican's own terms: an article's category is its month, tags are topics, the
tag of a topic lists its latest articles and then its months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, TemplateNotFound
from markupsafe import Markup

from backissue.archive.addresses import month_address
from backissue.archive.dates import date_name, month_name
from backissue.archive.digests import digest
from backissue.archive.files.file import File
from backissue.archive.files.files import moment
from backissue.archive.pages.views import ArticleView, Card, MonthRef, Page, Tally, TopicRef
from backissue.article import Dateline

SCRIPT: Final = "search/page.js"
OWN: Final = "topic_month.html"  # only a theme made for archives has it

EMPTY: Final = Markup()


class Name(str):
    """A name that links to a page: a tag, a category, an author."""

    url: str
    slug: str

    def __new__(cls, name: str, url: str, slug: str = "") -> Name:
        """Return the name."""
        made = super().__new__(cls, name)
        made.url, made.slug = url, slug
        return made


@dataclass(frozen=True)
class StockArticle:
    """What Pelican's templates ask of an article; ``content`` and ``summary`` are HTML."""

    title: str
    url: str
    date: datetime
    locale_date: str
    content: Markup = EMPTY
    summary: Markup = EMPTY
    lang: str = ""
    slug: str = ""
    status: str = "published"
    description: str = ""
    modified: datetime | None = None
    locale_modified: str = ""
    authors: Sequence[Name] = ()
    category: Name | None = None
    tags: Sequence[Name] = ()
    translations: Sequence[Any] = ()
    related_topics: Sequence[Name] = ()
    further_reading: Sequence[Card] = ()

    @property
    def author(self) -> Name | None:
        """The first of its authors."""
        return self.authors[0] if self.authors else None


@dataclass(frozen=True)
class StockPage:
    """What Pelican's templates ask of a page that is no article."""

    title: str
    content: Markup
    url: str
    lang: str
    slug: str = ""
    status: str = "published"
    modified: None = None
    translations: Sequence[Any] = ()


@dataclass(frozen=True)
class StockList:
    """What Pelican's templates ask of a page of a paginator; ours has no second one."""

    object_list: Sequence[StockArticle] = ()
    number: int = 1
    num_pages: int = 1
    per_page: int = 0
    url: str = ""

    def page(self, number: int) -> StockList:
        """Return a page, of a paginator."""
        return self

    def has_next(self) -> bool:
        """Return whether there is a page after it."""
        return False

    has_previous = has_other_pages = has_next


class StockTheme:
    """Gives a theme what it can show."""

    def __init__(self, settings: Mapping[str, Any], translate: Callable[[str], str]) -> None:
        self._settings, self._ = settings, translate
        self._lang: str = settings["DEFAULT_LANG"]

    def view(self, page: Page) -> tuple[str, dict[str, Any]]:
        """Return the template of a page and what it is given beside Pelican's context."""
        root = self._root(page)
        made: dict[str, Callable[[dict[str, Any], str], tuple[str, dict[str, Any]]]] = {
            "article": self._article,
            "index": self._index,
            "month": self._month,
            "topic": self._topic,
            "topic_month": self._month,
            "story": self._story,
            "stories": self._stories,
            "topics": self._topics,
            "archive": self._archive,
            "search": self._search,
            "404": self._not_found,
        }
        template, given = made[page.template](page.data, root)
        ways = [(name, name.lower()) for name in ("Archive", "Topics", "Stories", "Search")]
        menu = [(self._(name), f"{root}/{address}/") for name, address in ways]
        shared = {
            "MENUITEMS": [*menu, *self._settings.get("MENUITEMS", ())],
            "FEED_ALL_ATOM": "feeds/all.atom.xml",
            "FEED_DOMAIN": root,
            "page_name": page.address.removesuffix("/") or "index",
            "page_url": page.address,
        }
        return template, {**shared, **given}

    def files(self) -> Iterable[File]:
        """Yield the file that such a theme does not bring: the script of the search page."""
        data = Path(__file__).with_name("search_page.js").read_bytes()
        yield File(SCRIPT, digest(data), lambda: data)

    def _root(self, page: Page) -> str:
        """Return the way from a page to the site's root; a page not found may be anywhere."""
        absolute: str = self._settings["SITEURL"].rstrip("/")
        if page.template == "404":
            return absolute
        return "/".join([".."] * page.address.count("/")) or "."

    # -- pages ----------------------------------------------------------------------------

    def _article(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        view: ArticleView = data["article"]
        month: MonthRef = data["month"]
        article = StockArticle(
            title=view.title,
            url=view.url,
            date=moment(Dateline(view.iso)),
            locale_date=view.dateline,
            content=self._content(view, data, root),
            summary=_paragraph(view.lead),
            lang=view.lang,
            slug=view.url.rstrip("/").rpartition("/")[2],
            description=view.lead,
            modified=moment(Dateline(view.modified_iso)) if view.modified_iso else None,
            locale_modified=date_name(Dateline(view.modified_iso), view.lang)
            if view.modified_iso
            else "",
            authors=[_author(name) for name in view.authors],
            category=Name(month.name, month.url, month.key),
            tags=_tags(view.topics),
            translations=[one for one in view.translations if one.lang != view.lang],
            related_topics=_tags(data["related_topics"]),
            further_reading=data["further_reading"],
        )
        return "article", {"article": article, "category": article.category}

    def _content(self, view: ArticleView, data: dict[str, Any], root: str) -> Markup:
        """Return the article with what such a theme has no place for, below it."""
        parts = [_paragraph(view.lead)]
        if main := view.image:
            image = Markup('<p><img src="{}/{}" alt="{}" width="{}" height="{}"></p>')
            parts.append(image.format(root, main.src, main.alt, main.width, main.height))
        parts.append(Markup(view.body))  # noqa: S704  (ready for the page)
        if view.faq:
            parts.append(Markup("<h2>{}</h2>").format(self._("Questions and answers")))
        for one in view.faq:
            answer = Markup(one.answer)  # noqa: S704
            question = Markup('<details lang="{}"><summary>{}</summary>{}</details>')
            parts.append(question.format(one.lang, one.question, answer))
        if story := data["story"]:
            way = Markup('<p>{}: <a href="{}/{}">{}</a></p>')
            parts.append(way.format(self._("Part of a story"), root, story.url, story.title))
        around = [one for one in (data["previous"], data["next"]) if one]
        for title, cards in (
            (self._("Later coverage"), data["later_coverage"]),
            (self._("Further reading"), data["further_reading"]),
            (self._("Previous and next article"), around),
        ):
            if cards:
                links = EMPTY.join(_link(one, root) for one in cards)
                parts.append(Markup("<h2>{}</h2><ul>{}</ul>").format(title, links))
        for fix in view.corrections:
            text = Markup("<p><strong>{} ({}):</strong> {}</p>")
            parts.append(text.format(self._("Correction"), fix.date, fix.note))
        if view.canonical:
            origin = Markup('<p><small>{}: <a href="{}">{}</a></small></p>')
            parts.append(origin.format(self._("First published"), *[view.canonical] * 2))
        return Markup("\n").join(parts)

    def _index(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        cards = [data["lead"]] if data["lead"] else []
        return "index", _listed([self._card(one) for one in (*cards, *data["latest"])])

    def _month(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        month: MonthRef = data["month"]
        dates = [self._card(one) for one in data["articles"]]
        for name, address in (("Newer", data["newer"]), ("Older", data["older"])):
            if address:
                start = moment(Dateline(month.key))
                dates.append(StockArticle(self._(name), address, start, ""))
        title = data["title"]
        return "period_archives", {"period": (title,), "dates": dates, "articles": dates}

    def _story(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        dates = [self._card(one) for one in data["articles"]]
        return "period_archives", {"period": (data["title"],), "dates": dates, "articles": dates}

    def _stories(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        stories = [
            StockArticle(one.ref.title, one.ref.url, moment(Dateline(one.iso)), one.dateline)
            for one in data["stories"]
        ]
        began = self._("Stories that began in %(month)s")
        months = [
            StockArticle(
                began % {"month": one.ref.name}, one.ref.url, moment(Dateline(one.ref.key)), ""
            )
            for one in data["months"]
        ]
        dates = [*stories, *months]
        period = (self._("Stories"), *([data["month"].name] if data["month"] else ()))
        return "period_archives", {"period": period, "dates": dates, "articles": dates}

    def _topic(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        ref: TopicRef = data["topic"]
        latest = [self._card(one) for one in data["latest"]]
        months = [
            self._tally(one, f"{ref.url}{one.ref.url}", f"{ref.name}, {one.ref.name}")
            for one in data["months"][::-1]
        ]
        return "tag", {"tag": Name(ref.name, ref.url, ref.slug), **_listed([*latest, *months])}

    def _topics(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        # Templates count what comes with a tag.
        tags = [(_tags([one.ref])[0], [None] * one.count) for one in data["topics"]]
        return "tags", {"tags": tags}

    def _archive(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        dates = [
            self._tally(one, one.ref.url) for year in data["years"] for one in year.months[::-1]
        ]
        return "archives", {"dates": dates, "articles": dates}

    def _search(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        content = Markup(
            '<form role="search" action="{0}/search/"><p><label>{1} '
            '<input type="search" name="q" maxlength="1000"></label> <button>{2}</button></p>'
            "</form>"
            '<p role="status"></p><ol id="found"></ol>'
            '<script type="module" src="{0}/{3}"></script>'
        ).format(root, self._("Words, names or a “phrase”"), self._("Search"), SCRIPT)
        page = StockPage(self._("Search"), content, "search/", self._lang, "search")
        return "page", {"page": page}

    def _not_found(self, data: dict[str, Any], root: str) -> tuple[str, dict[str, Any]]:
        ways = (("the latest articles", ""), ("all months", "archive/"), ("all topics", "topics/"))
        item = Markup('<li><a href="{}/{}">{}</a></li>')
        links = EMPTY.join(item.format(root, way, self._(name)) for name, way in ways)
        content = Markup("<p>{}</p><ul>{}</ul>").format(self._("Or look through:"), links)
        page = StockPage(self._("Page not found"), content, "404.html", self._lang)
        return "page", {"page": page, "SITEURL": root}

    # -- pieces ---------------------------------------------------------------------------

    def _card(self, card: Card) -> StockArticle:
        summary, month = _paragraph(card.excerpt), card.iso[:7]
        return StockArticle(
            title=card.title,
            url=card.url,
            date=moment(Dateline(card.iso)),
            locale_date=card.dateline,
            content=summary,
            summary=summary,
            lang=card.lang,
            tags=_tags(card.topics),
            category=Name(month_name(month, self._lang), month_address(month), month),
        )

    def _tally(self, tally: Tally, url: str, title: str = "") -> StockArticle:
        """Return a month as a line of a list; without a ``title`` its count is one."""
        ref = tally.ref
        assert isinstance(ref, MonthRef)
        count = self._("1 article")
        if tally.count != 1:
            count = self._("%(n)s articles") % {"n": f"{tally.count:,}"}
        date = moment(Dateline(ref.key))
        category = Name(ref.name, ref.url, ref.key)
        text = _paragraph(count)
        return StockArticle(title or count, url, date, ref.name, text, text, category=category)


def is_stock(environment: Environment) -> bool:
    """Return whether a theme is one for any Pelican site."""
    try:
        environment.get_template(OWN)
    except TemplateNotFound:
        return True
    return False


def _listed(articles: Sequence[StockArticle]) -> dict[str, Any]:
    held = StockList(articles, per_page=len(articles))
    return {
        "articles": articles,
        "dates": articles,
        "articles_page": held,
        "articles_paginator": held,
    }


def _tags(topics: Iterable[Any]) -> list[Name]:
    return [Name(topic.name, topic.url, topic.slug) for topic in topics]


def _author(name: str) -> Name:
    query = quote(f'by:"{name}"')
    return Name(name, f"search/?q={query}")


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text) if text else EMPTY


def _link(card: Card, root: str) -> Markup:
    if not card.url:
        return Markup("<li>{}</li>").format(card.title)
    return Markup('<li><a href="{}/{}">{}</a> {}</li>').format(
        root, card.url, card.title, card.dateline
    )
