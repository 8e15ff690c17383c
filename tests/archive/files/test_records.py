"""Each article as JSON, and the feeds of months."""

from __future__ import annotations

import json
from collections.abc import Callable

import feedparser
from bs4 import BeautifulSoup
from lxml import etree

from backissue.archive.addresses import is_article
from tests.conftest import Site

ATOM = "{http://www.w3.org/2005/Atom}"

TEXT = "The gauge at the mill was read again in the morning, and the keeper wrote it down. " * 12


def article(day: str, title: str) -> str:
    return f"Title: {title}\nDate: {day}\nAuthor: Ada Example\n\n{TEXT}\n"


def test_a_record_has_the_clean_fields_of_its_article(site: Callable[..., Site]) -> None:
    one = site(
        {"2026-05/a.md": article("2026-05-20", "The mill on Wednesday")},
        SITEURL="https://n.example",
    )
    one.build()
    (address,) = one.pages()
    record = json.loads(one.read(f"{address}index.json"))
    assert record["title"] == "The mill on Wednesday"
    assert record["published"] == "2026-05-20"
    assert record["authors"] == ["Ada Example"]
    assert record["url"] == f"https://n.example/{address}"
    assert record["source"] == "2026-05/a.md"
    assert record["text"].startswith("The gauge at the mill")
    assert "lead" not in record or record["lead"]
    assert 'rel="alternate" type="application/json" href="./index.json"' in one.read(
        f"{address}index.html"
    )


def test_records_and_month_feeds_follow_what_is_edited_moved_and_taken_away(
    site: Callable[..., Site],
) -> None:
    first = {
        "2026-05/a.md": article("2026-05-20", "The mill on Wednesday"),
        "2026-06/b.md": article("2026-06-01", "The mill in June"),
    }
    one = site(first)
    one.build()
    one.write({"2026-05/a.md": article("2026-05-21", "The mill on Thursday")})
    (one.content / "2026-06" / "b.md").unlink()
    one.build()
    clean = site({"2026-05/a.md": article("2026-05-21", "The mill on Thursday")})
    clean.build()
    assert one.tree() == clean.tree()
    feed = feedparser.parse(one.read("feeds/months/2026-05.atom.xml"))
    assert [entry.title for entry in feed.entries] == ["The mill on Thursday"]


def test_a_correction_is_told_on_the_page_to_machines_and_in_feeds(
    site: Callable[..., Site],
) -> None:
    one = site({"2026-05/a.md": article("2026-05-20", "The mill on Wednesday")})
    one.build()
    (address,) = one.pages()
    assert "orrect" not in one.read(f"{address}index.html")
    note = "It is the <second> mill."
    one.write({"2026-05/a.md.toml": f'[[correction]]\ndate = "2026-05-23"\nnote = "{note}"\n'})
    one.build()
    page = BeautifulSoup(one.read(f"{address}index.html"), "html.parser")
    assert page.find(id="corrections").p.get_text() == f"Correction (23 May 2026): {note}"
    assert page.find(class_="facts").find("a", href="#corrections")
    news = json.loads(page.find("script", type="application/ld+json").string)
    assert (news["datePublished"], news["dateModified"]) == ("2026-05-20", "2026-05-23")
    assert news["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": note,
            "datePublished": "2026-05-23",
            "inLanguage": "en",
        }
    ]
    record = json.loads(one.read(f"{address}index.json"))
    assert record["corrections"] == [{"date": "2026-05-23", "note": note}]
    assert record["modified"] == "2026-05-23"
    feed = feedparser.parse(one.read("feeds/all.atom.xml"))
    assert feed.entries[0].updated.startswith("2026-05-23")
    assert feed.entries[0].published.startswith("2026-05-20")


def test_a_lead_is_text_in_feeds_too_whatever_it_holds(site: Callable[..., Site]) -> None:
    lead = "For a < b, and a List<T>, <i onclick=x>c</i>."
    text = article("2026-05-20", "The mill on Wednesday").replace(
        "Author:", f"Summary: {lead}\nAuthor:"
    )
    one = site({"2026-05/a.md": text})
    one.build()
    summary = etree.fromstring(one.read("feeds/all.atom.xml").encode()).find(f".//{ATOM}summary")
    assert summary is not None
    assert summary.get("type") == "html"
    assert BeautifulSoup(summary.text, "html.parser").get_text() == lead
    assert BeautifulSoup(summary.text, "html.parser").find() is None


def test_only_articles_have_a_record() -> None:
    assert is_article("2026/05/a-slug/")
    for other in ("2026/05/", "2026/05/page/3/", "topics/a/2026/05/", "archive/", ""):
        assert not is_article(other)
