"""The sample content that a newcomer builds first: complete, whole, without a broken link."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest

from tests.conftest import Site
from tests.links import broken_links

ATOM_KINDS = ("feeds/all.atom.xml", "feeds/topics/anthropic.atom.xml")


def test_every_sample_file_is_published(sample: Site) -> None:
    assert [one.where for one in sample.report.refused] == []
    assert sample.report.articles >= 60
    assert len(sample.pages()) == sample.report.articles


def test_the_sample_spans_at_least_four_months_and_two_languages(sample: Site) -> None:
    assert len(list(sample.output.glob("20[0-9][0-9]/[0-9][0-9]/index.html"))) >= 4
    languages = {
        re.search(r'<html lang="(\w+)', sample.read(f"{page}index.html")).group(1)
        for page in sample.pages()
    }
    assert languages == {"en", "zh"}


def test_no_link_within_the_site_is_broken(sample: Site) -> None:
    assert list(broken_links(sample.tree())) == []


def test_no_page_asks_anything_of_another_server(sample: Site) -> None:
    fetched = re.compile(
        rb'<(?:img|script|link|iframe|source)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"'
    )
    asking = {
        path: match.group()
        for path, data in sample.tree().items()
        if path.endswith(".html")
        for match in [fetched.search(data)]
        if match and b'rel="canonical"' not in match.group()
    }
    assert asking == {}


@pytest.mark.parametrize("path", ATOM_KINDS)
def test_feeds_are_read_by_feedparser_with_full_content(sample: Site, path: str) -> None:
    feed = feedparser.parse(sample.read(path))
    assert not feed.bozo
    assert feed.entries
    for entry in feed.entries:
        assert entry.content[0].value
        assert entry.link.startswith("http")


def test_every_page_of_an_article_stands_in_the_sitemaps(sample: Site) -> None:
    name = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = ElementTree.fromstring(sample.read("sitemap.xml"))
    listed: set[str] = set()
    for part in index.iterfind("s:sitemap/s:loc", name):
        path = part.text.removeprefix("http://localhost:8000/")
        for url in ElementTree.fromstring(sample.read(path)).iterfind("s:url/s:loc", name):
            listed.add(url.text.removeprefix("http://localhost:8000/"))
    assert set(sample.pages()) <= listed
    assert {"", "archive/", "topics/", "search/"} <= listed


def test_counts_live_in_one_stylesheet_and_match_the_lists(sample: Site) -> None:
    counts = dict(
        re.findall(r'\.n-month-([\d-]+)::before\{content:"(\d+) "', sample.read("theme/counts.css"))
    )
    assert sum(map(int, counts.values())) == sample.report.articles
    for month, count in counts.items():
        pages = [page for page in sample.pages() if page.startswith(month.replace("-", "/"))]
        assert len(pages) == int(count)


def test_building_again_writes_nothing(sample: Site) -> None:
    before = sample.tree()
    report = sample.build()
    assert (report.changed, report.written, report.removed) == (0, 0, 0)
    assert sample.tree() == before


def test_content_is_never_touched(sample: Site) -> None:
    def state(folder: Path) -> dict[str, tuple[bytes, int]]:
        return {
            path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in folder.rglob("*")
            if path.is_file()
        }

    before = state(sample.content)
    sample.build()
    assert state(sample.content) == before
