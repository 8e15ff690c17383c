"""Months, topics, the front page and the way between them."""

from __future__ import annotations

import calendar
import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from backissue.archive.pages.views import Day
from tests.theme.factory import (
    BARE,
    CARDS,
    CHINESE_CARD,
    DAYS,
    MAY,
    MONTHS,
    TOPICS,
    article_data,
    card,
    front_data,
    month,
    month_data,
    render,
    rendered,
    tally,
    topic_data,
    topic_month_data,
)


def parsed(template, address, data, **more) -> BeautifulSoup:
    return BeautifulSoup(render(template, address, "en", data, **more), "html.parser")


@settings(max_examples=60, deadline=None)
@given(st.integers(1900, 2399), st.integers(1, 12))
def test_the_calendar_has_the_weekdays_of_the_month(year, number):
    ref = month(f"{year}-{number:02d}")
    days = (Day(28, f"{ref.key}-28", 1234),)
    page = parsed("month", ref.url, month_data(month=ref, days=days))
    rows = [
        [int((re.match(r"\d+", cell.get_text()) or [0])[0]) for cell in row.find_all("td")]
        for row in page.select(".calendar tbody tr")
    ]
    assert rows == calendar.Calendar().monthdayscalendar(year, number)
    assert page.select_one(".calendar b").get_text() == "1,234"


def test_a_full_page_of_a_month_does_not_change_with_what_comes_later():
    full = {"is_newest": False, "articles": CARDS, "page": 3, "older": "2026/05/page/2/"}
    early = month_data(**full, newer="2026/05/page/4/")
    late = month_data(**{**early, "count": 9999, "days": DAYS, "top_topics": (MONTHS[0],)})
    assert render("month", "2026/05/page/3/", "en", early) == render(
        "month", "2026/05/page/3/", "en", late
    )
    topical = topic_month_data(**full, newer="x/")
    assert render("topic_month", "x/page/3/", "en", topical) == render(
        "topic_month", "x/page/3/", "en", {**topical, "count": 9999}
    )


@pytest.mark.parametrize("name", ["full page of a month", "full page of a topic's month"])
def test_pages_lead_to_the_older_and_the_newer_one(name):
    pages = rendered(name).select_one("nav.pages")
    assert pages.find("a", rel="prev")["href"].endswith("/2026/05/")
    assert pages.find("a", rel="next")["href"].endswith("/2026/05/page/2/")
    assert "3" in pages.get_text()


def test_a_month_of_one_page_has_no_page_numbers():
    assert not parsed("month", MAY.url, month_data(articles=CARDS)).select("nav.pages")


def test_a_month_leads_to_the_months_beside_it():
    around = rendered("newest page of a month").select_one("nav.around")
    assert [a.get_text() for a in around.find_all("a")] == ["Month 2026-04", "Month 2026-06"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty month", "No articles yet."),
        ("empty topic", "No articles yet."),
        ("empty month of a topic", "No articles yet."),
        ("no topics", "No topics yet."),
        ("empty archive", "No articles yet."),
        ("empty front", "No articles yet."),
    ],
)
def test_an_empty_list_says_so(name, words):
    assert words in rendered(name).main.get_text()


def test_the_front_shows_the_lead_once_and_every_other_story():
    page = rendered("full front")
    titles = [h.get_text(strip=True) for h in page.select(".front article :is(h2, h3)")]
    assert titles[0] == CARDS[0].title
    assert sorted(titles) == sorted(card.title for card in CARDS)


@pytest.mark.parametrize("number", range(9))
def test_the_front_stands_with_any_number_of_stories(number):
    page = parsed("index", "", front_data(lead=CARDS[0], latest=CARDS[:number]))
    assert len(page.select(".front article")) == max(number, 1)


def test_every_topic_is_named_once_with_its_count():
    page = rendered("thirty topics")
    names = [a["href"] for a in page.main.find_all("a")]
    assert sorted(names) == sorted(f"../{ref.url}" for ref in TOPICS)
    assert page.select_one(".group h2").get_text(" ", strip=True) == "Topic 0 60 articles"


def test_months_stand_under_their_year():
    page = rendered("rich topic")
    section = page.select_one("section[aria-labelledby=months]")
    assert [h.get_text() for h in section.find_all("h3")] == ["2024", "2025"]
    for year, row in zip(("2024", "2025"), section.find_all("ol"), strict=True):
        links = [link["href"] for link in row.find_all("a")]
        assert links == [f"../../{year}/{number:02d}/" for number in range(3, 13)]
        assert row.a.get_text(" ", strip=True) == f"Mar {year} 300 articles"


def test_the_curve_leaves_a_gap_where_a_month_is_missing():
    curve = rendered("rich topic").select_one("svg.curve")
    places = [float(bar["x"]) for bar in curve.find_all("rect")]
    assert places == [n + 0.1 for n in range(10)] + [n + 0.1 for n in range(12, 22)]
    assert curve["viewbox"] == "0 0 22 100"
    assert curve["aria-label"] == (
        "Articles a month, Month 2024-03 to Month 2025-12; most, 1,200, in Month 2025-12"
    )


def test_bars_are_as_long_as_their_share():
    third = tally(TOPICS[0], 20, 60)
    page = parsed("index", "", front_data(topics=(third,)))
    assert page.select_one(".bars rect")["width"] == "33.3"
    assert page.select_one(".bars b").get_text(" ", strip=True) == "20 articles"


def test_one_article_is_not_called_articles():
    text = parsed("topic", TOPICS[0].url, topic_data(count=1)).main.get_text(" ", strip=True)
    assert "1 article" in text
    assert "1 articles" not in text


def test_a_topic_does_not_name_itself_under_each_of_its_articles():
    page = parsed("topic", TOPICS[0].url, topic_data(latest=CARDS[:1]))
    assert [a.get_text() for a in page.select(".listing .chips a")] == ["Topic 1"]


def test_the_page_not_found_works_under_any_address_where_the_site_knows_its_own():
    page = rendered("not found", absolute="https://news.example/back")
    assert page.find("link", rel="stylesheet")["href"] == "/back/theme/css/main.css"
    assert page.find("form", class_="wide")["action"] == "/back/search/"
    top = rendered("not found", absolute="https://news.example")
    assert top.find("link", rel="stylesheet")["href"] == "/theme/css/main.css"
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_a_day_of_the_calendar_leads_to_its_first_article_in_the_list():
    page = rendered("newest page of a month")
    cell = next(one for one in page.select(".calendar a") if one.get_text().startswith("7 "))
    assert cell["href"] == "../../2026/05/#d7"
    entry = page.find(id="d7")
    assert entry.time["datetime"] == "2026-05-07"
    assert not rendered("full page of a topic's month").find(id="d7")


def test_topics_on_the_rise_say_by_how_much_and_what_is_new():
    page = rendered("full front")
    said = [b.get_text(" ", strip=True) for b in page.select(".movers b")]
    assert said == ["×2.1 the share of the month before", "new"]
    assert all(len(curve.find_all("rect")) == 12 for curve in page.select(".movers .spark"))
    chips = rendered("newest page of a month").select("section[aria-labelledby=about] .chips a")
    assert [a.get_text(" ", strip=True) for a in chips][1] == "Topic 1 new"


def test_a_story_carries_what_was_told_of_it_before():
    lead = rendered("full front").select_one("section.first")
    assert [a.get_text() for a in lead.select(".thread a")] == ["Story 92", CHINESE_CARD.title]


def test_why_to_read_on_is_said_in_the_words_of_the_interface():
    cards = (
        card(1, why="same story"),
        card(2, why="", shared=("Law", "Chips")),
        card(3, why="x"),
        card(4, why="same publisher", mentions=("Go", "generics")),
        card(5, why="same publisher"),
    )
    page = parsed("article", "2026/05/bare/", article_data(BARE, further_reading=cards))
    said = [one.find_all("span")[-1].get_text() for one in page.select(".cards .meta")]
    mention = "both mention Go and generics"
    assert said == ["same story", "also on Law, Chips", "x", mention, "same publisher"]
