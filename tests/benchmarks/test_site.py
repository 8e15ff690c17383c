"""What benchmarks.site finds on a site that is made badly on purpose."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.site_browser import kinds
from benchmarks.site_files import (
    feed_findings,
    heaviest_frame,
    heaviest_page,
    jsonld_findings,
    link_findings,
    policy_findings,
    scripts_of,
    sitemap_findings,
    styles_of,
    words_of,
)
from benchmarks.site_server import Serving, read_headers
from benchmarks.site_tools import find, packaged_axe, score

ARTICLE = "2026/05/a/index.html"
POLICY = "default-src 'none'; style-src 'self'"
HEADERS = f"/*\n  Content-Security-Policy: {POLICY}; frame-ancestors 'none'\n"
URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = (
    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<sitemap><loc>https://a.example/sitemaps/m.xml</loc></sitemap></sitemapindex>"
)


def page(body: str = "", policy: str = POLICY) -> bytes:
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return f"<!DOCTYPE html><title>t</title>{meta}{body}".encode()


def jsonld(record: dict[str, object]) -> bytes:
    text = json.dumps({"@context": "https://schema.org", **record})
    return page(f'<script type="application/ld+json">{text}</script>')


def test_what_a_news_article_lacks_is_named() -> None:
    record = {"@type": "NewsArticle", "headline": "", "url": "../a/", "datePublished": "May"}
    found = list(jsonld_findings({ARTICLE: jsonld(record)}))
    assert f"{ARTICLE}: NewsArticle lacks headline" in found
    assert f"{ARTICLE}: NewsArticle lacks author.name" in found
    assert f"{ARTICLE}: NewsArticle.url is ../a/" in found
    assert f"{ARTICLE}: datePublished is May" in found
    assert f"{ARTICLE}: no BreadcrumbList" in found


def test_a_record_that_has_everything_is_no_finding() -> None:
    step = {"@type": "ListItem", "position": 1, "name": "n", "item": "https://a.example/"}
    record = {"@type": "BreadcrumbList", "itemListElement": [step]}
    assert list(jsonld_findings({"index.html": jsonld(record)})) == []
    del step["item"]
    assert list(jsonld_findings({"index.html": jsonld(record)})) != []


def test_a_feed_without_authors_or_own_address_is_found() -> None:
    entry = "<entry><id>i</id><title>t</title><updated>2026-05-01T00:00:00Z</updated></entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()
    found = list(feed_findings({"feeds/all.atom.xml": feed}))
    assert "feeds/all.atom.xml: i has no author" in found
    assert "feeds/all.atom.xml: does not name its own address" in found


def test_sitemaps_are_held_against_the_protocol_and_the_pages() -> None:
    urls = "<url><loc>https://a.example/gone/</loc><lastmod>May</lastmod></url><url><loc>/b/</loc></url>"
    tree = {
        "sitemap.xml": INDEX.encode(),
        "sitemaps/m.xml": URLSET.format(urls).encode(),
        ARTICLE: page(),
    }
    found = list(sitemap_findings(tree))
    assert "sitemaps/m.xml: lastmod is 'May'" in found
    assert "sitemaps/m.xml: loc is '/b/'" in found
    assert "https://a.example/gone/: is in a sitemap and not there" in found
    assert f"{ARTICLE}: is in no sitemap" in found
    good = "<url><loc>https://a.example/2026/05/a/</loc><lastmod>2026-05-01</lastmod></url>"
    tree["sitemaps/m.xml"] = URLSET.format(good).encode()
    assert list(sitemap_findings(tree)) == []


def test_whatever_would_loosen_the_policy_is_found() -> None:
    assert list(policy_findings({"index.html": page(), "_headers": HEADERS.encode()})) == []
    assert list(policy_findings({"index.html": page()})) == ["_headers: no Content-Security-Policy"]
    bad = page('<p style="color:red" onclick="x()"><script>1</script>', "style-src 'unsafe-inline'")
    found = "\n".join(policy_findings({"index.html": bad, "_headers": HEADERS.encode()}))
    for what in ("its policy is", "not that of _headers", "style=", "onclick=", "<script> in"):
        assert what in found


def test_links_and_weights_are_those_of_the_tree() -> None:
    tree = {
        "index.html": page('<a href="2026/05/a/#x">a</a><script src="./j.js"></script>'),
        ARTICLE: page(),
        "j.js": b"1234",
    }
    assert list(link_findings(tree)) == ["index.html: 2026/05/a/#x"]
    assert scripts_of(tree, "index.html") == 4
    tree["2026/c.css"] = b"12345"
    tree[ARTICLE] = page('<link rel="stylesheet" href="../../c.css?v=1">')
    assert styles_of(tree, ARTICLE) == 5
    assert heaviest_page(tree, articles=True) == (ARTICLE, len(tree[ARTICLE]))
    assert heaviest_page(tree, articles=False)[0] == "index.html"
    framed = (
        b'<body>12<div class="body">words and words</div><footer class="provenance">34</footer>'
    )
    frame = len(framed) - len(b'<div class="body">words and words</div>')
    assert heaviest_frame({ARTICLE: framed}) == (ARTICLE, frame)
    assert heaviest_frame({"index.html": framed}) == ("", 0)
    assert words_of(framed) == len("words and words")
    assert words_of(b"<p>no article</p>") == 0


def test_every_kind_of_page_is_named_once_and_numbered_pages_are_no_articles() -> None:
    tree = {
        name: page()
        for name in ("index.html", "2026/05/index.html", "2026/05/page/1/index.html", ARTICLE)
    }
    found = kinds({**tree, "topics/t/index.html": page(), "topics/t/2026/05/index.html": page()})
    assert found["month"] == "2026/05/"
    assert found["numbered page"] == "2026/05/page/1/"
    assert found["article"] == found["article, lightest"] == "2026/05/a/"
    assert found["topic"] == "topics/t/"
    assert found["topic's month"] == "topics/t/2026/05/"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    (tmp_path / "index.html").write_bytes(page("front"))
    (tmp_path / "404.html").write_bytes(page("lost"))
    (tmp_path / "_headers").write_text(f"# all\n{HEADERS}/search/*\n  X-Other: 1\n")
    server = Serving(tmp_path)
    yield server
    server.shutdown()


def test_the_server_sends_the_sites_own_headers_and_its_page_not_found(served: Serving) -> None:
    with urllib.request.urlopen(served.url) as answer:
        assert answer.headers["Content-Security-Policy"].startswith(POLICY)
        assert "X-Other" not in answer.headers
        assert b"front" in answer.read()
    with pytest.raises(urllib.error.HTTPError) as lost:
        urllib.request.urlopen(f"{served.url}no/such/")
    assert lost.value.code == 404
    assert b"lost" in lost.value.read()


def test_headers_are_read_for_every_address_only() -> None:
    assert read_headers("/a/*\n  X-A: 1\n/*\n  X-B: 2: 3\n") == [("X-B", "2: 3")]


def test_judges_that_are_absent_are_none(tmp_path: Path) -> None:
    tools = find(tmp_path)
    assert tools.axe == packaged_axe()  # a Python package may bring it
    assert set(tools[1:]) == {None}


def test_a_report_of_lighthouse_becomes_figures() -> None:
    report = {
        "categories": {"seo": {"score": 0.5, "auditRefs": [{"id": "title", "weight": 1}]}},
        "audits": {
            "title": {"score": 0, "title": "No title", "scoreDisplayMode": "binary"},
            "largest-contentful-paint": {"numericValue": 1100.0},
            "cumulative-layout-shift": {"numericValue": 0.01},
        },
    }
    assert score(report) == ({"seo": 50.0}, 1.1, 0.01, ("seo: No title",))
