"""What an article's page says, and in which language."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from bs4 import BeautifulSoup

from backissue.archive.intake.body import TocLine
from backissue.archive.pages.views import Answered
from tests.theme.factory import (
    CHINESE,
    CHINESE_CARD,
    MAY,
    PAGES,
    PICTURE,
    RICH,
    StaticPage,
    article_data,
    card,
    front_data,
    month_data,
    render,
    rendered,
    topic,
    topic_data,
)

HOSTILE = "</script></title><script>alert(1)</script>\"' onload='x' {{ 7*7 }} <b>&amp;"


def parsed(article, **lists) -> BeautifulSoup:
    page = render("article", article.url, article.lang, article_data(article, **lists))
    return BeautifulSoup(page, "html.parser")


def jsonld(page: BeautifulSoup) -> dict[str, dict[str, object]]:
    blocks = page.find_all("script", type="application/ld+json")
    records = [json.loads(block.string) for block in blocks]
    return {record["@type"]: record for record in records}


def language_of(tag) -> str:
    while not tag.get("lang"):
        tag = tag.parent
    return tag["lang"]


def hostile_article():
    return msgspec.structs.replace(
        RICH,
        title=HOSTILE,
        lead=HOSTILE,
        dateline=HOSTILE,
        updated=HOSTILE,
        authors=(HOSTILE,),
        site=HOSTILE,
        toc=(TocLine(2, "s-one", HOSTILE),),
        canonical="javascript:alert(1)",
        image=msgspec.structs.replace(PICTURE, alt=HOSTILE, caption=HOSTILE),
        faq=(Answered(HOSTILE, "<p>Yes.</p>", "en"),),
        source_name=HOSTILE,
        topics=(topic(HOSTILE),),
    )


def hostile_pages():
    bad = card(1, title=HOSTILE, excerpt=HOSTILE, dateline=HOSTILE, why=HOSTILE, site=HOSTILE)
    ref = topic(HOSTILE, HOSTILE)
    lists = {"further_reading": (bad,), "previous": bad, "next": bad, "related_topics": (ref,)}
    yield render("article", "2026/05/x/", "en", article_data(hostile_article(), **lists))
    month = msgspec.structs.replace(MAY, name=HOSTILE)
    yield render("month", "2026/05/", "en", month_data(month=month, articles=(bad,)))
    yield render("topic", "topics/x/", "en", topic_data(topic=ref, latest=(bad,)))
    yield render("index", "", "en", front_data(lead=bad, latest=(bad,)))
    yield render("page", "about/", "en", {"page": StaticPage(title=HOSTILE)})


@pytest.mark.parametrize("text", list(hostile_pages()))
def test_hostile_words_stay_words(text):
    page = BeautifulSoup(text, "html.parser")
    assert {tag.get("type") for tag in page.find_all("script")} <= {"application/ld+json"}
    assert not [tag for tag in page.find_all(True) if "onload" in tag.attrs]
    assert not page.find_all(href=lambda href: href and href.startswith("javascript:"))
    assert "{{ 7*7 }}" in text
    assert text.count("<title>") == text.count("</title>") == 1


def test_hostile_words_come_whole_to_the_reader_and_to_machines():
    page = parsed(hostile_article())
    assert page.h1.get_text() == HOSTILE
    news = jsonld(page)["NewsArticle"]
    assert news["headline"] == HOSTILE
    assert page.find("meta", property="og:title")["content"] == HOSTILE


def test_an_address_that_is_none_of_the_web_is_shown_but_not_linked():
    assert "javascript:alert(1)" in parsed(hostile_article()).find("footer").get_text()


def test_the_body_and_the_answers_are_html():
    page = parsed(RICH)
    assert page.select_one(".body aside[role=note] strong").get_text() == "Note:"
    assert page.select_one("details div strong").get_text() == "例子"


def test_the_contents_lead_to_the_headings():
    lines = [(a["href"], a.get_text()) for a in parsed(RICH).select(".toc a")]
    assert lines == [("#s-one", "One"), ("#s-two", "Two")]


def test_a_date_is_marked_in_the_precision_known():
    times = {time["datetime"]: time.get_text() for time in parsed(RICH).select(".facts time")}
    assert times == {
        "2026-05-20": "20 May 2026",
        "2026-05-22": "22 May 2026",
        "2026-05-24": "24 May 2026",
    }
    bare = rendered("bare article").select_one(".facts time")
    assert (bare["datetime"], bare.get_text()) == ("2026-05", "May 2026")


def test_provenance_names_where_the_page_came_from():
    page = parsed(RICH)
    footer = page.find("footer", class_="provenance")
    assert footer.a["href"] == RICH.canonical
    assert RICH.sha256 in footer.get_text()
    assert RICH.source_name in footer.get_text()
    assert not rendered("bare article").find("footer", class_="provenance")


def test_counts_are_named_by_class_and_never_written_into_an_article():
    page = rendered("rich article")
    counts = page.select(".after .count")
    assert {tag["class"][1] for tag in counts} == {
        "n-month-2026-05",
        *(f"n-topic-topic-{number}" for number in range(7)),
    }
    assert all(tag.get_text() == "" for tag in page.select(".count"))
    text = page.select_one("section[aria-labelledby=month]").get_text(" ", strip=True)
    assert text == "Archive Month 2026-05 published articles"


def test_sections_of_nothing_are_left_out():
    page = rendered("bare article")
    headings = [h.get_text() for h in page.find_all(["h1", "h2", "h3"])]
    assert headings == ["Bare", "Archive"]


def test_an_article_that_nobody_holds_is_named_without_a_link():
    further = rendered("rich article").select_one("section[aria-labelledby=further]")
    titles = {h.get_text(): h.find("a") for h in further.find_all("h3")}
    held_by_nobody = further.find(string="Held by nobody").find_parent("article")
    assert "not in this archive" in held_by_nobody.get_text()
    assert titles["Held by nobody"] is None
    assert titles["Story 11"]["href"] == "../../../2026/05/story-11/"


def test_a_chinese_card_on_an_english_page_is_marked():
    page = rendered("rich article")
    assert language_of(page.find(string=CHINESE_CARD.title).parent) == "zh"
    assert language_of(page.find(string=CHINESE_CARD.excerpt).parent) == "zh"
    assert language_of(page.find(string="Story 11").parent) == "en"


def test_the_faq_is_marked_with_its_own_language():
    section = parsed(RICH).find("section", class_="faq")
    assert section["lang"] == "zh"
    assert section.h2.get_text() == "常见问题"
    assert [language_of(tag) for tag in section.find_all("summary")] == ["zh", "en"]


def test_on_a_chinese_page_the_words_of_the_interface_are_marked_english():
    page = rendered("Chinese article", _=lambda text: f"§{text}")
    words = page.body.find_all(string=re.compile("§"))
    assert len(words) > 20
    assert {language_of(word.parent) for word in words} == {"en"}
    named = page.find_all(attrs={"aria-label": True})
    assert {language_of(tag) for tag in named} == {"en"}


def test_on_a_chinese_page_its_own_words_are_chinese():
    page = rendered("Chinese article")
    for words in (CHINESE.title, CHINESE.lead, CHINESE.dateline, MAY.name):
        assert language_of(page.find(string=words).parent) == "zh", words


def test_machines_are_told_what_the_article_is():
    records = jsonld(parsed(RICH))
    news = records["NewsArticle"]
    assert news["datePublished"] == "2026-05-20"
    assert news["dateModified"] == "2026-05-24"
    assert [one["text"] for one in news["correction"]] == [one.note for one in RICH.corrections]
    assert news["inLanguage"] == "en"
    assert [person["name"] for person in news["author"]] == list(RICH.authors)
    assert news["publisher"]["name"] == "The Example Wire"
    assert news["isBasedOn"] == RICH.canonical
    assert news["keywords"] == [ref.name for ref in RICH.topics]
    questions = records["FAQPage"]["mainEntity"]
    assert [one["name"] for one in questions] == [one.question for one in RICH.faq]
    assert questions[0]["acceptedAnswer"]["text"] == RICH.faq[0].answer


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page[1].count("/") > 1])
def test_a_page_below_a_section_has_its_trail_of_breadcrumbs(name):
    page = rendered(name, absolute="https://news.example")
    trail = jsonld(page)["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in trail] == list(range(1, len(trail) + 1))
    assert trail[0]["item"] == "https://news.example/"
    assert all(step["name"] for step in trail)
    assert page.select_one("nav.crumbs a")


def test_a_picture_is_shared_only_with_an_address_that_others_can_reach():
    known = render(*PAGES["rich article"], absolute="https://news.example")
    page = BeautifulSoup(known, "html.parser")
    image = page.find("meta", property="og:image")
    assert image["content"] == f"https://news.example/{PICTURE.src}"
    assert not parsed(RICH).find("meta", property="og:image")
    image = parsed(RICH).figure.img
    assert image["src"] == f"../../../{PICTURE.src}"
    assert (image["width"], image["height"]) == ("800", "500")
