"""The seed, a real text dump, from the raw file to its page: field by field, by hand."""

from __future__ import annotations

import re
from functools import cached_property

import pytest
from bs4 import BeautifulSoup, Tag

from backissue.search import search
from tests.conftest import ROOT, Site
from tests.shared import shared

SLUG = "karpathy-joins-anthropic-pretraining-era-ends-reasoning-intelligence-begins"
HEADINGS = [
    ("h2", "Technical Deep Dive"),
    ("h3", "The End of Pretraining's Exponential Returns"),
    ("h3", "The Shift to Reasoning Intelligence"),
    ("h3", "Agentic Systems: From Chatbots to Autonomous Workers"),
    ("h2", "Key Players & Case Studies"),
    ("h3", "Anthropic's Strategic Positioning"),
    ("h3", "Karpathy's Track Record"),
    ("h2", "Industry Impact & Market Dynamics"),
    ("h3", "The Market Shift from Training to Inference"),
    ("h3", "Competitive Landscape Reshuffling"),
    ("h2", "Risks, Limitations & Open Questions"),
    ("h3", "The Safety-Reasoning Tradeoff"),
    ("h3", "The 'Black Box' Problem"),
    ("h3", "The Compute Cost of Reasoning"),
    ("h2", "AINews Verdict & Predictions"),
]


class SeedPage:
    """The published page of the seed."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.site.read(f"2026/05/{SLUG}/index.html"), "lxml")

    @property
    def article(self) -> Tag:
        return self.soup.select_one("main article")

    @property
    def body(self) -> Tag:
        (body,) = self.soup.select("main article .body")
        return body

    def section(self, title: str) -> Tag:
        (heading,) = (
            one for one in self.soup.select("main h2") if one.get_text(strip=True) == title
        )
        return heading.find_parent("section")


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> SeedPage:
    source = shared("seed/karpathy-joins-anthropic.txt")
    site = Site(tmp_path_factory.mktemp("seed"), {})
    reference = (
        "---\ntitle: \"The Monk-Coder's Return: How Ancient Wisdom Is Shaping Modern AI "
        'Alignment"\ndate: 2026-05-02\n---\n\nA story that the seed names and this site holds.\n'
    )
    site.write(
        {
            source.name: source.read_bytes(),
            "topics.toml": (ROOT / "content" / "topics.toml").read_bytes(),
            "monk-coder.md": reference,
        }
    )
    report = site.build()
    assert report.refused == ()
    return SeedPage(site)


def test_its_address_is_its_month_and_its_title(seed: SeedPage) -> None:
    assert f"2026/05/{SLUG}/" in seed.site.pages()


def test_its_title_is_the_one_h1(seed: SeedPage) -> None:
    (title,) = seed.soup.select("h1")
    assert title.get_text(strip=True) == (
        "Karpathy Joins Anthropic: Pretraining Era Ends, Reasoning Intelligence Begins"
    )


def test_a_month_without_a_day_stays_a_month(seed: SeedPage) -> None:
    times = {(one["datetime"], one.get_text(strip=True)) for one in seed.article.select("time")}
    assert ("2026-05", "May 2026") in times
    assert not any(moment.startswith("2026-05-01") for moment, _ in times)


def test_the_run_together_line_became_its_topics(seed: SeedPage) -> None:
    links = [one["href"] for one in seed.article.select('header a[href*="/topics/"]')]
    slugs = [href.rstrip("/").rsplit("/", 1)[1] for href in links]
    assert set(slugs) >= {"anthropic", "ai-safety", "claude"}
    assert set(slugs[:3]) == {"anthropic", "ai-safety", "claude"}


def test_its_lead_stands_above_the_body_and_not_in_it(seed: SeedPage) -> None:
    lead = "has joined Anthropic. This is not just a talent acquisition"
    assert lead in seed.article.select_one("header").get_text()
    assert lead not in seed.body.get_text()


def test_its_headings_have_their_levels(seed: SeedPage) -> None:
    found = seed.body.select("h2, h3, h4, h5, h6")
    assert [(one.name, one.get_text(strip=True)) for one in found] == HEADINGS


def test_its_three_pipe_tables_are_tables(seed: SeedPage) -> None:
    shapes = [
        (len(table.select("thead th")), len(table.select("tbody tr")))
        for table in seed.body.select("table")
    ]
    assert shapes == [(5, 4), (5, 4), (4, 4)]
    assert seed.body.select_one("tbody td").get_text(strip=True) == "GPT-3 (2020)"
    assert "|---" not in seed.body.get_text()


def test_its_lists_are_lists(seed: SeedPage) -> None:
    # The legend of a chart is a list too, but not of the article's.
    found = [one for one in seed.body.select("ul, ol") if not one.find_parent("figure")]
    lists = [(one.name, len(one.select("li"))) for one in found]
    assert lists == [("ul", 3), ("ul", 4), ("ul", 3), ("ol", 4)]


def test_its_inline_code_is_code(seed: SeedPage) -> None:
    codes = [one.get_text() for one in seed.body.select("code")]
    assert codes == ["microsoft/ToT", "princeton-nlp/LLMReasoning"]


def test_its_takeaways_are_call_outs(seed: SeedPage) -> None:
    notes = seed.body.select('aside[role="note"]')
    assert len(notes) == 3
    assert all(note.get_text(strip=True).startswith("Data Takeaway:") for note in notes)


def test_its_chinese_questions_are_an_faq_in_chinese(seed: SeedPage) -> None:
    entries = seed.article.select("details")
    assert len(entries) == 3
    for entry in entries:
        assert entry.find_parent(attrs={"lang": "zh"}) or entry.get("lang") == "zh"
        assert re.search("[\u4e00-\u9fff]", entry.select_one("summary").get_text())
    assert "生态合作" in entries[2].get_text()


def test_related_topics_carry_counts(seed: SeedPage) -> None:
    names = seed.section("Related topics").get_text(" ", strip=True)
    assert "Anthropic" in names
    assert "related articles" in names
    assert seed.section("Related topics").select(".n-topic-anthropic")
    assert '.n-topic-anthropic::before{content:"1 "}' in seed.site.read("theme/counts.css")


def test_the_months_archive_carries_its_count(seed: SeedPage) -> None:
    section = seed.section("Archive")
    assert "May 2026" in section.get_text()
    assert section.select(".n-month-2026-05")
    assert '.n-month-2026-05::before{content:"2 "}' in seed.site.read("theme/counts.css")


def test_further_reading_is_linked_where_held_and_plain_where_not(seed: SeedPage) -> None:
    section = seed.section("Further reading")
    text = section.get_text(" ", strip=True)
    held = [one for one in section.select("a[href]") if "Monk-Coder" in one.get_text()]
    assert held
    assert held[0]["href"].endswith("/")
    for title, excerpt in (
        ("Anthropic Dethrones OpenAI: How 'Rationality' Won the AI Race", "For three years"),
        ("Anthropic's Frozen Frontier", "the AI safety pioneer, faces an existential"),
        ("Anthropic's Trust-First Strategy", "A strategic schism is defining the future"),
    ):
        assert title in text
        assert excerpt in text
        assert not [one for one in section.select("a[href]") if title in one.get_text()]


@pytest.mark.parametrize(
    "boilerplate",
    [
        "AnthropicAI safety",
        "194 related articles",
        "2659",
        "Archive: May 2026",
        "Related topics",
        "Further Reading",
        "常见问题",
    ],
)
def test_nothing_of_the_dumps_boilerplate_is_left(seed: SeedPage, boilerplate: str) -> None:
    assert boilerplate not in seed.body.get_text()


def test_the_index_that_whoosh_wrote_finds_it(seed: SeedPage) -> None:
    results = search(seed.site.root / "cache" / "index", "reasoning tokens")
    assert results.hits[0].url == f"2026/05/{SLUG}/"
