"""What can be said of a site from its files alone: weights, data for machines, links, policy.

Every function takes the tree (path -> bytes) and returns findings, each a line that names
the file; no finding means that all is well. tests/theme holds the sample site against them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import feedparser
from lxml import etree

from tests.links import broken_links

Tree: TypeAlias = Mapping[str, bytes]

ARTICLE: Final = re.compile(r"[0-9]{4}/[0-9]{2}/(?!page/)[^/]+/index\.html")
_TEXT: Final = (b'<div class="body">', b'<footer class="provenance"')
# The protocol's own limits: https://www.sitemaps.org/protocol.html
MOST_URLS: Final = 50_000
MOST_BYTES: Final = 52_428_800
LONGEST_URL: Final = 2_048
MOST_NEWS: Final = 1_000  # Google's, of a news sitemap
SITEMAP: Final = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS: Final = "{http://www.google.com/schemas/sitemap-news/0.9}"
ATOM: Final = "{http://www.w3.org/2005/Atom}"
W3C_DATE: Final = re.compile(
    r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
# What schema.org's Date and DateTime may be: a page need not know its time zone.
ISO_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]{5,6})?)?)?)?")
# What schema.org describes and search engines ask for, by type; a dot goes into a record.
FIELDS: Final = {
    "NewsArticle": (
        *("headline", "datePublished", "dateModified", "inLanguage", "url", "mainEntityOfPage"),
        *("author.@type", "author.name", "publisher.@type", "publisher.name", "wordCount"),
    ),
    "BreadcrumbList": ("itemListElement.position", "itemListElement.name", "itemListElement.item"),
    "FAQPage": ("mainEntity.name", "mainEntity.acceptedAnswer.text"),
    "WebSite": ("name", "url"),
}
ABSOLUTE: Final = ("url", "mainEntityOfPage", "item")


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a site, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def html_pages(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the pages with their text."""
    for path, data in tree.items():
        if path.endswith(".html"):
            yield path, data.decode()


# -- weights ------------------------------------------------------------------------------


def heaviest_page(tree: Tree, articles: bool) -> tuple[str, int]:
    """Return the heaviest page (of the articles, or of all others) and its bytes."""
    pages = (
        (path, len(data))
        for path, data in tree.items()
        if path.endswith(".html") and bool(ARTICLE.fullmatch(path)) == articles
    )
    return max(pages, key=lambda page: page[1], default=("", 0))


def heaviest_frame(tree: Tree) -> tuple[str, int]:
    """Return the article with the most HTML around its own text and questions, and its bytes.

    A long article is heavy by its own words, of which nothing may be lost: the rest is ours.
    """
    frames = (
        (path, data.index(_TEXT[0]) + len(data) - data.rindex(_TEXT[1]))
        for path, data in tree.items()
        if ARTICLE.fullmatch(path) and _TEXT[0] in data and _TEXT[1] in data
    )
    return max(frames, key=lambda page: page[1], default=("", 0))


def words_of(page: bytes) -> int:
    """Return the bytes of an article's own words, without any of the HTML around them."""
    if _TEXT[0] not in page or _TEXT[1] not in page:
        return 0
    body = page[page.index(_TEXT[0]) : page.rindex(_TEXT[1])]
    return len(str(etree.HTML(body.decode()).xpath("string()")).encode())


def style_weights(tree: Tree) -> dict[str, tuple[int, int]]:
    """Return the stylesheets of the site with their bytes, as they are and packed by gzip.

    ``theme/counts.css`` is among them: it grows with the vocabulary and the months.
    """
    return {
        path: (len(data), len(gzip.compress(data, 6, mtime=0)))
        for path, data in tree.items()
        if path.endswith(".css")
    }


def scripts_of(tree: Tree, path: str) -> int:
    """Return the bytes of script that a page asks for before anybody does anything."""
    return sum(len(tree[one]) for one in _asked(path, _Page(tree[path].decode()).scripts))


def styles_of(tree: Tree, path: str) -> int:
    """Return the bytes of style that a page asks for, the counts among them."""
    return sum(len(tree[one]) for one in _asked(path, _Page(tree[path].decode()).styles))


# -- data for machines --------------------------------------------------------------------


def jsonld_records(tree: Tree) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every JSON-LD record with its page. Raises ValueError where one is no JSON."""
    for path, text in html_pages(tree):
        for block in _Page(text).data:
            yield path, json.loads(block)


def jsonld_findings(tree: Tree) -> Iterator[str]:
    """Yield what the records lack, and the articles without a NewsArticle."""
    seen: dict[str, set[str]] = {}
    for path, record in jsonld_records(tree):
        kind = str(record.get("@type"))
        seen.setdefault(path, set()).add(kind)
        if record.get("@context") != "https://schema.org":
            yield f"{path}: {kind} has no @context"
        for field in FIELDS.get(kind, ("name",)):
            values = list(_values(record, field.split(".")))
            if not values or not all(values):
                yield f"{path}: {kind} lacks {field}"
            if field.split(".")[-1] in ABSOLUTE:
                yield from (f"{path}: {kind}.{field} is {one}" for one in values if _relative(one))
        for field in ("datePublished", "dateModified"):
            if field in record and not ISO_DATE.fullmatch(record[field]):
                yield f"{path}: {field} is {record[field]}"
    for path in tree:
        if ARTICLE.fullmatch(path):
            for kind in sorted({"NewsArticle", "BreadcrumbList"} - seen.get(path, set())):
                yield f"{path}: no {kind}"


def articles_without_picture(tree: Tree) -> int:
    """Return how many articles name no picture, which search engines recommend."""
    records = (record for _, record in jsonld_records(tree))
    return sum(record["@type"] == "NewsArticle" and "image" not in record for record in records)


def feed_findings(tree: Tree) -> Iterator[str]:
    """Yield what feedparser finds wrong with the feeds, and entries without what readers need."""
    for path, data in tree.items():
        if not path.endswith(".atom.xml"):
            continue
        feed = feedparser.parse(data)
        if feed.bozo:
            yield f"{path}: {feed.bozo_exception}"
        own = etree.fromstring(data).findall(f"{ATOM}link[@rel='self']")
        if len(own) != 1 or not own[0].get("href", "").endswith(path):
            yield f"{path}: does not name its own address"
        if not feed.entries:
            yield f"{path}: has no entry"
        identities = [entry.get("id") for entry in feed.entries]
        if len(set(identities)) != len(identities):
            yield f"{path}: two entries have one id"
        for entry in feed.entries:
            for field in ("id", "title", "link", "updated", "author", "content"):
                if not entry.get(field):
                    yield f"{path}: {entry.get('id')} has no {field}"


def sitemap_findings(tree: Tree, schema: etree.XMLSchema | None = None) -> Iterator[str]:
    """Yield what breaks the sitemap protocol, and the pages that no sitemap names.

    ``schema`` is the protocol's own for a ``urlset``; its limits are held without it too.
    """
    index = etree.fromstring(tree["sitemap.xml"])
    base = ""
    named: set[str] = set()
    for part in index.iterfind(f"{SITEMAP}sitemap/{SITEMAP}loc"):
        path = urlsplit(part.text or "").path.lstrip("/")
        if path not in tree:
            yield f"sitemap.xml: {part.text} is not there"
            continue
        base = (part.text or "").removesuffix(path)
        root = etree.fromstring(tree[path])
        if schema is not None and not schema.validate(root):
            yield f"{path}: {schema.error_log.last_error}"
        yield from (f"{path}: {what}" for what in _urlset(root, len(tree[path])))
        named.update(url.text or "" for url in root.iterfind(f"{SITEMAP}url/{SITEMAP}loc"))
    yield from (f"{one}: is in a sitemap and not there" for one in _missing(tree, named, base))
    for path in tree:
        if ARTICLE.fullmatch(path) and base + path.removesuffix("index.html") not in named:
            yield f"{path}: is in no sitemap"
    if "sitemaps/news.xml" in tree:
        yield from _news_findings(tree["sitemaps/news.xml"])


def _urlset(root: etree._Element, size: int) -> Iterator[str]:
    urls = root.findall(f"{SITEMAP}url")
    if root.tag != f"{SITEMAP}urlset" or not 0 < len(urls) <= MOST_URLS or size > MOST_BYTES:
        yield f"{root.tag} of {len(urls)} addresses, {size} bytes"
    for url in urls:
        address = url.findtext(f"{SITEMAP}loc") or ""
        changed = url.findtext(f"{SITEMAP}lastmod")
        if _relative(address) or len(address) >= LONGEST_URL:
            yield f"loc is {address!r}"
        if changed is not None and not W3C_DATE.fullmatch(changed):
            yield f"lastmod is {changed!r}"


def _news_findings(data: bytes) -> Iterator[str]:
    wanted = ("publication_date", "title", "publication/{0}name", "publication/{0}language")
    urls = etree.fromstring(data).findall(f"{SITEMAP}url")
    if len(urls) > MOST_NEWS:
        yield f"sitemaps/news.xml: {len(urls)} articles"
    for url in urls:
        for field in wanted:
            if not url.findtext(f"{NEWS}news/{NEWS}{field.format(NEWS)}"):
                yield f"sitemaps/news.xml: {url.findtext(f'{SITEMAP}loc')} lacks {field}"


def _missing(tree: Tree, named: set[str], base: str) -> list[str]:
    def path_of(address: str) -> str:
        path = address.removeprefix(base)
        return f"{path}index.html" if not path or path.endswith("/") else path

    return sorted(one for one in named if path_of(one) not in tree)


# -- links and policy ---------------------------------------------------------------------


def link_findings(tree: Tree) -> Iterator[str]:
    """Yield the links and anchors within the site that lead nowhere."""
    return (f"{path}: {link}" for path, link in broken_links(dict(tree)))


def policy_findings(tree: Tree) -> Iterator[str]:
    """Yield pages without a content security policy, and what would ask to loosen one."""
    header = header_policy(tree.get("_headers", b"").decode())
    if not header:
        yield "_headers: no Content-Security-Policy"
    for path, text in html_pages(tree):
        page = _Page(text)
        if not page.policy:
            yield f"{path}: no Content-Security-Policy"
        if "unsafe-" in page.policy + header or "default-src 'none'" not in page.policy:
            yield f"{path}: its policy is {page.policy!r}"
        if header and not set(_directives(page.policy)) <= set(_directives(header)):
            yield f"{path}: its policy is not that of _headers"
        yield from (f"{path}: {what}" for what in page.loose)


def header_policy(text: str) -> str:
    """Return the policy that a ``_headers`` file (Netlify, Cloudflare Pages) sends."""
    found = re.search(r"^\s+Content-Security-Policy:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _directives(policy: str) -> list[str]:
    return [one.strip() for one in policy.split(";") if one.strip()]


class _Page(HTMLParser):
    """What a page asks for and what it would need a loose policy for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.data: list[str] = []
        self.loose: list[str] = []
        self.policy = ""
        self._in_data = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._in_data = tag == "script" and values.get("type") == "application/ld+json"
        if tag == "script" and "src" in values:
            self.scripts.append(values["src"])
        elif (tag == "script" and not self._in_data) or tag == "style":
            self.loose.append(f"<{tag}> in the page")
        if tag == "link" and values.get("rel") == "stylesheet":
            self.styles.append(values["href"])
        if tag == "meta" and values.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = values.get("content", "")
        for name, value in values.items():
            if name == "style" or name.startswith("on") or value.startswith("javascript:"):
                self.loose.append(f"{name}={value!r} on <{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data.append(data)


def _values(record: Any, names: list[str]) -> Iterator[Any]:
    if isinstance(record, list):
        for one in record:
            yield from _values(one, names)
    elif not names:
        yield record
    elif isinstance(record, dict):
        yield from _values(record.get(names[0]), names[1:])
    else:
        yield None


def _relative(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme not in ("http", "https") or not parts.netloc


def _asked(path: str, addresses: list[str]) -> list[str]:
    folder = path.split("/")[:-1]
    return [_resolve(folder, address) for address in addresses]


def _resolve(folder: list[str], address: str) -> str:
    parts = list(folder)
    for step in address.partition("?")[0].split("/"):
        if step == "..":
            parts.pop()
        elif step not in ("", "."):
            parts.append(step)
    return "/".join(parts)


CHECKS: Final[dict[str, Callable[[Tree], Iterator[str]]]] = {
    "JSON-LD, fields that lack": jsonld_findings,
    "feeds, what feedparser finds": feed_findings,
    "sitemaps, breaches of the protocol": sitemap_findings,
    "links and anchors, broken": link_findings,
    "policy, missing or to be loosened": policy_findings,
}
