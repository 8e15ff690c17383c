"""The files of the site that no template renders: counts, feeds, sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Final

import msgspec
from feedgenerator import Atom1Feed, get_tag_uri
from lxml import etree

from backissue.archive.addresses import month_address, topic_address
from backissue.archive.dates import month_name
from backissue.archive.digests import code_version, digest
from backissue.archive.files.crawlers import crawler_files
from backissue.archive.files.file import SITEMAPS, File, Site, xml
from backissue.archive.intake.derive import Derived, recall_derived
from backissue.archive.pages.lists import spans
from backissue.archive.settings import Settings
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.store.recall import recall_article
from backissue.archive.store.store import Store
from backissue.archive.stories import STORIES, Stories, stories_address, story_address
from backissue.article import Dateline
from backissue.patterns import pattern
from backissue.topics import Vocabulary

__all__ = [
    "File",
    "Site",
    "counts_stylesheet",
    "feed_path",
    "feeds",
    "month_feed_path",
    "month_feeds",
    "opensearch",
    "sitemaps",
]

# A reader of feeds has no colours for a chart; the table above it says the same.
_CHART: Final = pattern(r'<figure class="chart".*?</figure>', re.DOTALL)
OPENSEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"


class Feed(msgspec.Struct, frozen=True):
    """A feed: its file, the page that it follows, its title."""

    path: str
    address: str
    title: str


def counts_stylesheet(catalogue: Catalogue) -> File:
    """Return the stylesheet that tells every page how many articles a topic or month has.

    The counts change with every article, the pages that show them do not.
    """
    rules = [
        f'.n-{kind}-{name}::before{{content:"{count:,} "}}'
        for kind, counts in (("topic", catalogue.topics()), ("month", catalogue.months()))
        for name, count in counts.items()
    ]
    text = "\n".join(rules) + "\n"
    return File("theme/counts.css", digest(text), text.encode)


def opensearch(site: Site) -> File:
    """Return the description with which a browser searches the site from its address bar."""
    root = etree.Element(f"{{{OPENSEARCH}}}OpenSearchDescription", nsmap={None: OPENSEARCH})
    etree.SubElement(root, f"{{{OPENSEARCH}}}ShortName").text = site.name[:16]
    etree.SubElement(root, f"{{{OPENSEARCH}}}Description").text = site.subtitle or site.name
    etree.SubElement(root, f"{{{OPENSEARCH}}}InputEncoding").text = "UTF-8"
    url = etree.SubElement(root, f"{{{OPENSEARCH}}}Url")
    url.set("type", "text/html")
    url.set("template", f"{site.base}/search/?q={{searchTerms}}")
    data = xml(root)
    return File("opensearch.xml", digest(data), lambda: data)


def feed_path(topic: str) -> str:
    """Return the file of a topic's feed."""
    return f"feeds/topics/{topic}.atom.xml"


def feeds(
    store: Store,
    settings: Settings,
    vocabulary: Vocabulary,
    site: Site,
    topics: Iterable[str] | None,
) -> Iterator[File]:
    """Yield the Atom feeds of the site and of ``topics`` (None: of all that have articles)."""
    catalogue = Catalogue(store.db)
    latest = catalogue.latest(settings.feed_size)
    yield _feed(store, site, Feed("feeds/all.atom.xml", "", site.name), latest)
    for slug in catalogue.topics() if topics is None else topics:
        topic = vocabulary.by_slug(slug)
        held = catalogue.latest(settings.feed_size, topic=slug)
        if topic and held:
            feed = Feed(feed_path(slug), topic_address(slug), f"{site.name}: {topic.name}")
            yield _feed(store, site, feed, held)


def month_feed_path(month: str) -> str:
    """Return the file of a month's feed."""
    return f"feeds/months/{month}.atom.xml"


def month_feeds(
    store: Store, settings: Settings, site: Site, months: Iterable[str] | None
) -> Iterator[File]:
    """Yield the Atom feeds of ``months`` (None: of all): the newest articles of each."""
    catalogue = Catalogue(store.db)
    held = catalogue.months()
    for month in held if months is None else months:
        if month not in held:
            continue
        start = max(0, held[month] - settings.feed_size)
        newest = catalogue.slice(start, settings.feed_size, month=month)[::-1]
        title = f"{site.name}: {month_name(month, site.lang)}"
        feed = Feed(month_feed_path(month), month_address(month), title)
        yield _feed(store, site, feed, newest)


def sitemaps(
    catalogue: Catalogue, site: Site, page_size: int, months: Iterable[str] | None
) -> Iterator[File]:
    """Yield the sitemap index, that of the ways in, and those of ``months`` (None: of all).

    A month's file names its articles, the pages of its own list, the timelines of the stories
    that began in it and their list. With them comes whatever else a crawler or a host asks for.
    """
    yield from crawler_files(catalogue, site)
    version = code_version("archive/files/files.py", "lxml")
    held = catalogue.months()
    stories = Stories(catalogue)
    for month in held if months is None else months:
        if month not in held:
            continue
        rows = [(span.address, "") for span in spans(month_address(month), held[month], page_size)]
        began = [(story_address(head), "") for head in stories.heads(month)]
        rows += [(stories_address(month), ""), *began] if began else []
        # The protocol knows days and moments, no months.
        rows += [(entry.url, entry.published.day or "") for entry in catalogue.entries(month)]
        yield File(
            f"sitemaps/{month}.xml",
            digest(site.base, rows, version),
            partial(_sitemap, site.base, rows),
        )
    ways_in = ["", "archive/", "search/", STORIES, "topics/"]
    ways_in += [topic_address(topic) for topic in catalogue.topics()]
    rows = [(address, "") for address in ways_in]
    yield File(
        "sitemaps/site.xml", digest(site.base, rows, version), partial(_sitemap, site.base, rows)
    )
    names = sorted([*(f"sitemaps/{month}.xml" for month in held), "sitemaps/site.xml"])
    yield File(
        "sitemap.xml", digest(site.base, names, version), partial(_sitemap_index, site.base, names)
    )


def _feed(store: Store, site: Site, feed: Feed, entries: list[Entry]) -> File:
    shown = [(entry.article, entry.derived, entry.slug) for entry in entries]
    return File(
        feed.path,
        digest(site, feed, shown, code_version("archive/files/files.py", "feedgenerator")),
        partial(_atom, store, site, feed, entries),
    )


class _TimelessFeed(Atom1Feed):  # type: ignore[misc]
    """An Atom feed that, where it has no entry, says the epoch and not the hour of the build."""

    def latest_post_date(self) -> datetime:
        """Return when the feed last changed."""
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)


def _atom(store: Store, site: Site, about: Feed, entries: list[Entry]) -> bytes:
    feed = _TimelessFeed(
        title=about.title,
        link=f"{site.base}/{about.address}",
        feed_url=f"{site.base}/{about.path}",
        description=site.subtitle,
        subtitle=site.subtitle or None,
        language=site.lang,
    )
    for entry in entries:
        article = recall_article(store, entry.article)
        link = f"{site.base}/{entry.url}"
        published = moment(article.published)
        feed.add_item(
            title=article.title,
            link=link,
            unique_id=get_tag_uri(link, published),
            # Feeds give summaries as HTML; ours is plain text.
            description=escape(entry.brief.excerpt, quote=False),
            content=_content(site, entry, recall_derived(store, entry.derived)),
            author_name=", ".join(article.authors) or article.site or site.name,
            categories=list(entry.brief.topics) or None,
            pubdate=published,
            updateddate=moment(article.modified or article.published),
        )
    text: str = feed.writeString("utf-8")
    return text.encode()


def _content(site: Site, entry: Entry, derived: Derived) -> str:
    """Return a body for readers of feeds, who are not at its page: pictures by whole addresses."""
    body = _CHART.sub("", derived.body.html)
    for picture in derived.pictures:
        whole = f'src="{site.base}/{entry.url}{picture.name}"'
        body = body.replace(f'src="{picture.name}"', whole)
    return body


def moment(date: Dateline) -> datetime:
    """Return a date as a moment with a time zone: feeds know no coarser precision.

    A month is its first day, a day its midnight, both UTC.
    """
    value = date.value
    if len(value) == len("2026-05"):
        value += "-01"
    if len(value) == len("2026-05-20"):
        value += "T00:00:00+00:00"
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else datetime.fromisoformat(value + "+00:00")


def _sitemap(base: str, rows: list[tuple[str, str]]) -> bytes:
    root = etree.Element(f"{{{SITEMAPS}}}urlset", nsmap={None: SITEMAPS})
    for address, modified in rows:
        url = etree.SubElement(root, f"{{{SITEMAPS}}}url")
        etree.SubElement(url, f"{{{SITEMAPS}}}loc").text = f"{base}/{address}"
        if modified:
            etree.SubElement(url, f"{{{SITEMAPS}}}lastmod").text = modified
    return xml(root)


def _sitemap_index(base: str, names: list[str]) -> bytes:
    root = etree.Element(f"{{{SITEMAPS}}}sitemapindex", nsmap={None: SITEMAPS})
    for name in names:
        part = etree.SubElement(root, f"{{{SITEMAPS}}}sitemap")
        etree.SubElement(part, f"{{{SITEMAPS}}}loc").text = f"{base}/{name}"
    return xml(root)
