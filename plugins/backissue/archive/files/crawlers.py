"""What a crawler or a host asks a site for: robots.txt, llms.txt, headers, the newest articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Final

from lxml import etree

from backissue.archive.digests import code_version, digest
from backissue.archive.files.file import SITEMAPS, File, Site, xml
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.stories import STORIES

NEWS: Final = "http://www.google.com/schemas/sitemap-news/0.9"
NEWS_PATH: Final = "sitemaps/news.xml"
# Google's: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
NEWS_DAYS: Final = 2
NEWS_MOST: Final = 1_000
FIRST_LOOK: Final = 64


def crawler_files(catalogue: Catalogue, site: Site) -> Iterator[File]:
    """Yield the files that are the same for every site, and the sitemap of the last two days."""
    yield _text("robots.txt", robots(site))
    yield _text("llms.txt", llms(site))
    yield _text("_headers", headers(site))
    news = newest(catalogue)
    rows = [(entry.url, entry.date, entry.brief.title, entry.brief.lang) for entry in news]
    yield File(
        NEWS_PATH,
        digest(site, rows, code_version("archive/files/crawlers.py", "lxml")),
        partial(_news, site, news),
    )


def robots(site: Site) -> str:
    """Return robots.txt (RFC 9309): everything may be read, and here are the sitemaps."""
    return (
        "User-agent: *\n"
        "Allow: /\n"
        "\n"
        f"Sitemap: {site.base}/sitemap.xml\n"
        f"Sitemap: {site.base}/{NEWS_PATH}\n"
    )


def llms(site: Site) -> str:
    """Return llms.txt (https://llmstxt.org): what the site is and where its ways in are."""
    lines = [
        f"# {_line(site.name)}",
        "",
        f"> {_line(site.subtitle or site.name)}",
        "",
        "An archive by month and by topic. Every article is plain HTML, read without script.",
        "An article lies at `/YYYY/MM/slug/`, a month at `/YYYY/MM/`, a topic at `/topics/slug/`.",
        "Each article says in its head (JSON-LD) when, by whom and where it was first published.",
        "",
        "## Ways in",
        "",
        f"- [Archive]({site.base}/archive/): every month, with how many articles it has",
        f"- [Topics]({site.base}/topics/): every topic, with how many articles it has",
        f"- [Stories]({site.base}/{STORIES}): events that several articles tell, day by day",
        f"- [Search]({site.base}/search/): in the browser, from `?q=`",
        "",
        "## Data",
        "",
        f"- [Feed]({site.base}/feeds/all.atom.xml): the latest articles, whole",
        f"- [Feed of a month]({site.base}/feeds/months/YYYY-MM.atom.xml), [of a topic]"
        f"({site.base}/feeds/topics/SLUG.atom.xml): put the month or the topic's slug in",
        "- JSON: `index.json` beside each article has its clean fields, text and origin",
        f"- [Sitemap]({site.base}/sitemap.xml): every page, a file a month",
    ]
    return "\n".join(lines) + "\n"


def headers(site: Site) -> str:
    """Return the headers of every page, in the form of ``_headers`` files.

    Netlify and Cloudflare Pages read it; docs/theme.md says the same for others.
    A policy in a header can do one thing more than one in a page: forbid being framed.
    """
    lines = ["/*"]
    if site.policy:
        lines.append(f"  Content-Security-Policy: {site.policy}; frame-ancestors 'none'")
    lines += ["  X-Content-Type-Options: nosniff", "  Referrer-Policy: no-referrer"]
    return "\n".join(lines) + "\n"


def newest(catalogue: Catalogue) -> list[Entry]:
    """Return the articles of the last NEWS_DAYS days, newest first.

    They are counted from the newest article's day, not from today: the site is made of its
    content alone. Articles of which only the month is known have no place among them.
    """
    count = FIRST_LOOK
    while True:
        latest = catalogue.latest(count)
        days = [entry.published.day for entry in latest if entry.published.day]
        if not days:
            return []
        since = date.fromisoformat(max(days)) - timedelta(days=NEWS_DAYS - 1)
        if len(latest) < count or count >= NEWS_MOST or min(days) < since.isoformat():
            break
        count = min(2 * count, NEWS_MOST)
    return [entry for entry in latest if (entry.published.day or "") >= since.isoformat()]


def _news(site: Site, entries: list[Entry]) -> bytes:
    root = etree.Element(f"{{{SITEMAPS}}}urlset", nsmap={None: SITEMAPS, "news": NEWS})
    for entry in entries:
        url = etree.SubElement(root, f"{{{SITEMAPS}}}url")
        etree.SubElement(url, f"{{{SITEMAPS}}}loc").text = f"{site.base}/{entry.url}"
        news = etree.SubElement(url, f"{{{NEWS}}}news")
        publication = etree.SubElement(news, f"{{{NEWS}}}publication")
        etree.SubElement(publication, f"{{{NEWS}}}name").text = site.name
        etree.SubElement(publication, f"{{{NEWS}}}language").text = _language(entry.brief.lang)
        etree.SubElement(news, f"{{{NEWS}}}publication_date").text = entry.published.day
        etree.SubElement(news, f"{{{NEWS}}}title").text = entry.brief.title
    return xml(root)


def _language(lang: str) -> str:
    """Return the code that news sitemaps want: ISO 639, but for Chinese with its script's home."""
    if not lang.startswith("zh"):
        return lang.partition("-")[0]
    return "zh-tw" if {"Hant", "TW", "HK"} & set(lang.split("-")) else "zh-cn"


def _text(path: str, text: str) -> File:
    return File(path, digest(text), text.encode)


def _line(text: str) -> str:
    return " ".join(text.split())
