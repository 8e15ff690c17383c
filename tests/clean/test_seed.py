"""The seed article, field by field, against expectations written by hand."""

import re

import pytest

from backissue.article import Article, Dateline, Origin
from backissue.clean import RawFile, clean
from tests.shared import shared


@pytest.fixture(scope="module")
def seed() -> Article:
    path = shared("seed/karpathy-joins-anthropic.txt")
    (article,) = clean(RawFile("2026-05/karpathy-joins-anthropic.txt", path.read_bytes()))
    assert isinstance(article, Article)
    return article


def test_title_and_dateline(seed):
    assert seed.title == (
        "Karpathy Joins Anthropic: Pretraining Era Ends, Reasoning Intelligence Begins"
    )
    assert seed.published == Dateline("2026-05")
    assert seed.published.day is None
    assert seed.lang == "en"
    assert seed.authors == ()


def test_tags_that_ran_together_are_taken_apart(seed):
    assert seed.tags == ("Anthropic", "AI safety", "Claude")


def test_lead_stands_apart_from_the_body(seed):
    assert seed.lead.startswith("Andrej Karpathy, the legendary AI researcher")
    assert seed.lead.endswith("reasoning inference and agentic autonomy.")
    assert seed.lead not in seed.text
    assert seed.text.startswith("Andrej Karpathy's decision to join Anthropic marks")


def test_headings_have_their_levels(seed):
    assert [(heading.level, heading.text) for heading in seed.headings] == [
        (2, "Technical Deep Dive"),
        (3, "The End of Pretraining's Exponential Returns"),
        (3, "The Shift to Reasoning Intelligence"),
        (3, "Agentic Systems: From Chatbots to Autonomous Workers"),
        (2, "Key Players & Case Studies"),
        (3, "Anthropic's Strategic Positioning"),
        (3, "Karpathy's Track Record"),
        (2, "Industry Impact & Market Dynamics"),
        (3, "The Market Shift from Training to Inference"),
        (3, "Competitive Landscape Reshuffling"),
        (2, "Risks, Limitations & Open Questions"),
        (3, "The Safety-Reasoning Tradeoff"),
        (3, "The 'Black Box' Problem"),
        (3, "The Compute Cost of Reasoning"),
        (2, "AINews Verdict & Predictions"),
    ]


def test_pipe_tables_are_tables(seed):
    assert seed.body.count("<table>") == 3
    assert seed.body.count("<thead>") == 3
    assert seed.body.count("<tbody>") == 3
    assert seed.body.count('<th scope="col">') == 5 + 5 + 4
    assert seed.body.count("<td>") == 5 * 4 + 5 * 4 + 4 * 4
    assert '<th scope="col">Cost per 1M Tokens (Inference)</th>' in seed.body
    assert "|" not in seed.body


def test_lists_are_lists(seed):
    bulleted = re.findall(r"<ul>(.*?)</ul>", seed.body, re.DOTALL)
    assert [items.count("<li>") for items in bulleted] == [3, 4, 3]
    numbered = re.findall(r"<ol>(.*?)</ol>", seed.body, re.DOTALL)
    assert [items.count("<li>") for items in numbered] == [4]
    assert (
        "<p>Karpathy's career is a masterclass in bridging research and product:</p>" in seed.body
    )
    assert "<li>By Q4 2025, Claude will surpass" in seed.body


def test_backticks_are_code(seed):
    codes = re.findall(r"<code>(.*?)</code>", seed.body)
    assert codes == ["microsoft/ToT", "princeton-nlp/LLMReasoning"]


def test_data_takeaways_are_call_outs(seed):
    start = '<aside role="note"><p><strong>Data Takeaway:</strong> '
    assert seed.body.count(start) == 3
    assert f"{start}The inference market is growing 3x faster than training." in seed.body


def test_questions_are_an_faq_in_chinese(seed):
    assert [question.lang for question in seed.faq] == ["zh", "zh", "zh"]
    first, second, third = seed.faq
    assert first.question.startswith("这次公司发布“Karpathy Joins Anthropic")
    assert first.question.endswith("主要讲了什么?")
    assert first.answer.startswith("<p>Andrej Karpathy's decision to join Anthropic")
    assert second.question.startswith("从“Andrej Karpathy Anthropic salary")
    assert second.answer.startswith("<p>The core thesis behind Karpathy's move")
    assert third.question.startswith("围绕“Claude agentic workflow examples")
    assert third.answer == (
        "<p>后续通常要继续观察用户增长、产品渗透率、生态合作、竞品应对以及资本市场和开发者社区的反馈。</p>"
    )


def test_further_reading_is_taken_apart(seed):
    assert [reference.title for reference in seed.references] == [
        "Anthropic Dethrones OpenAI: How 'Rationality' Won the AI Race",
        "The Monk-Coder's Return: How Ancient Wisdom Is Shaping Modern AI Alignment",
        "Anthropic's Frozen Frontier: How Constitutional AI Collides with Commercial Reality",
        "Anthropic's Trust-First Strategy: Why Claude Is Betting on Enterprise Over Open Source",
    ]
    starts = [
        "For three years, OpenAI's GPT",
        "A unique figure has emerged",
        "Anthropic, the AI safety pioneer",
        "A strategic schism is defining",
    ]
    for reference, start in zip(seed.references, starts, strict=True):
        assert reference.excerpt.startswith(start)
        assert 117 <= len(reference.excerpt) <= 120


def test_the_page_s_own_boxes_are_gone(seed):
    assert seed.text.endswith("more reliable vehicles has just begun.")
    for rest in ("Related topics", "related articles", "Archive", "published articles", "Further"):
        assert rest not in seed.text
        assert rest not in seed.body


def test_provenance_is_recorded(seed):
    assert seed.found["title"].origin is Origin.VISIBLE
    assert seed.found["published"].origin is Origin.VISIBLE
    assert set(seed.found) >= {"title", "published", "tags", "lead", "faq", "references", "lang"}
    assert len(seed.sha256) == 64
    assert seed.key == "2026-05/karpathy-joins-anthropic.txt"
