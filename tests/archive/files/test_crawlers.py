"""What crawlers and hosts are told."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable

from backissue.archive.files.crawlers import headers, llms, robots
from backissue.archive.files.file import POLICY
from backissue.archive.files.file import Site as Described
from tests.conftest import Site

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
SITE = Described("The\nSample", "", "https://news.example", "en")
TEXT = "The gauge at the mill was read again in the morning, and the keeper wrote it down. " * 12


def article(day: str, title: str, **more: str) -> str:
    head = {"Title": title, "Date": day, **more}
    return "".join(f"{key}: {value}\n" for key, value in head.items()) + f"\n{TEXT}\n"


def news(site: Site) -> dict[str, str]:
    root = ET.fromstring(site.read("sitemaps/news.xml"))
    return {
        url.findtext("n:news/n:title", "", NAMES): url.findtext(
            "n:news/n:publication_date", "", NAMES
        )
        for url in root.iterfind("s:url", NAMES)
    }


def test_the_news_are_of_the_last_two_days_that_the_archive_knows(
    site: Callable[..., Site],
) -> None:
    one = site(
        {
            "2026-05/a.md": article("2026-05-20", "The mill on Wednesday"),
            "2026-05/b.md": article("2026-05-19", "The mill on Tuesday"),
            "2026-05/c.md": article("2026-05-18", "The mill on Monday"),
            "2026-05/d.md": article("2026-05", "The mill in May"),
        }
    )
    one.build()
    assert news(one) == {
        "The mill on Wednesday": "2026-05-20",
        "The mill on Tuesday": "2026-05-19",
    }
    one.write({"2026-06/e.md": article("2026-06-01", "The mill in June")})
    one.build()
    assert news(one) == {"The mill in June": "2026-06-01"}


def test_an_archive_that_knows_months_alone_has_no_news(site: Callable[..., Site]) -> None:
    one = site({"2026-05/d.md": article("2026-05", "The mill in May")})
    one.build()
    assert news(one) == {}


def test_every_page_carries_the_policy_that_the_headers_carry(site: Callable[..., Site]) -> None:
    one = site({"2026-05/a.md": article("2026-05-20", "The mill on Wednesday")})
    one.build()
    assert f"Content-Security-Policy: {POLICY}; frame-ancestors 'none'\n" in one.read("_headers")
    own = "default-src 'self'"
    one.build(CSP=own)
    assert f"Content-Security-Policy: {own}; frame-ancestors" in one.read("_headers")
    assert 'content="default-src &#39;self&#39;"' in one.read("index.html")
    one.build(CSP="")
    assert "Content-Security-Policy" not in one.read("_headers") + one.read("index.html")


def test_robots_are_shown_both_sitemaps() -> None:
    lines = robots(SITE).splitlines()
    assert lines[:2] == ["User-agent: *", "Allow: /"]
    assert "Sitemap: https://news.example/sitemap.xml" in lines
    assert "Sitemap: https://news.example/sitemaps/news.xml" in lines


def test_llms_txt_begins_with_the_name_on_one_line_and_a_summary() -> None:
    assert llms(SITE).splitlines()[:3] == ["# The Sample", "", "> The Sample"]
    assert "https://news.example/archive/" in llms(SITE)


def test_headers_forbid_to_frame_and_to_guess_types() -> None:
    text = headers(SITE)
    assert text.startswith("/*\n")
    assert "frame-ancestors 'none'" in text
    assert "nosniff" in text


def test_what_they_are_told_is_new_when_the_store_was_lost(site: Callable[..., Site]) -> None:
    one = site({"2026-05/a.md": article("2026-05-20", "The mill on Wednesday")})
    one.build()
    shutil.rmtree(one.root / "cache")
    one.build(SITENAME="Another name")
    assert one.read("llms.txt").startswith("# Another name\n")
