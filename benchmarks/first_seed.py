"""What the seed article holds, written by hand, and what we made of it, field by field.

Both the cleaned article and the published page are read into the same fields, so that
both are held against the same expectations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bs4 import BeautifulSoup, Tag

from backissue.article import Article

Fields = Mapping[str, object]

ADDRESS: Final = (
    "2026/05/karpathy-joins-anthropic-pretraining-era-ends-reasoning-intelligence-begins/"
)
TOPICS: Final = {"AI safety": "ai-safety", "Anthropic": "anthropic", "Claude": "claude"}
# What the dump's page said around its article: none of it belongs in the body.
BOILERPLATE: Final = (
    "AnthropicAI safety",
    "Archive: May 2026",
    "Related topics",
    "related articles",
    "published articles",
    "Further Reading",
    "Dethrones OpenAI",
    "常见问题",
    "主要讲了什么",
)
EXPECTED: Final[Fields] = {
    "title": "Karpathy Joins Anthropic: Pretraining Era Ends, Reasoning Intelligence Begins",
    "date, a month with no day": "2026-05",
    "language": "en",
    "topics, run together in the dump": ("AI safety", "Anthropic", "Claude"),
    "lead": (
        "Andrej Karpathy, the legendary AI researcher behind GPT foundational work at OpenAI and "
        "Tesla's self-driving vision, has joined Anthropic. This is not just a talent "
        "acquisition—it is a definitive signal that the AI industry's center of gravity has "
        "shifted from pretraining scale to reasoning inference and agentic autonomy."
    ),
    "body, its beginning and its end": (
        "Andrej Karpathy's decision to join Anthropic marks a tectonic shift",
        "The race to build smarter, safer, and more reliable vehicles has just begun.",
    ),
    "headings with their levels": (
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
    ),
    "tables: rows, columns, first and last cell": (
        (5, 5, "Model", "$0.005"),
        (5, 5, "Company", "No native agent support"),
        (5, 4, "Year", "$140B"),
    ),
    "lists: kind, entries, first words": (
        ("ul", 3, "Inference-time compute s"),
        ("ul", 4, "Long-term memory (vector"),
        ("ul", 3, "At OpenAI (2015-2017): C"),
        ("ol", 4, "By Q4 2025, Claude will "),
    ),
    "inline code": ("microsoft/ToT", "princeton-nlp/LLMReasoning"),
    "call-outs": (
        "Data Takeaway: The jump from GPT-3 to GPT-4 required",
        "Data Takeaway: Anthropic's deliberate focus on reaso",
        "Data Takeaway: The inference market is growing 3x fa",
    ),
    "FAQ in Chinese": (
        (
            "zh",
            "这次公司发布“Karpathy Joins Anthropic: Pretraining Era Ends, "
            "Reasoning Intelligence Begins”主要讲了什么?",
            "Andrej Karpathy's decision to join Anthropic mark",
        ),
        (
            "zh",
            "从“Andrej Karpathy Anthropic salary and equity package”看,"
            "这家公司的这次发布为什么值得关注?",
            "The core thesis behind Karpathy's move is that pr",
        ),
        (
            "zh",
            "围绕“Claude agentic workflow examples enterprise use cases”,"
            "这次发布可能带来哪些后续影响?",
            "后续通常要继续观察用户增长、产品渗透率、生态合作、竞品应对以及资本市场和开发者社区的反馈。",
        ),
    ),
    "further reading: title, excerpt": (
        (
            "Anthropic Dethrones OpenAI: How 'Rationality' Won the AI Race",
            "For three years, OpenAI's GPT series seemed untouchable. But AINews's deep-dive "
            "analysis reveals a quiet coup: Anthropic",
        ),
        (
            "The Monk-Coder's Return: How Ancient Wisdom Is Shaping Modern AI Alignment",
            "A unique figure has emerged at the intersection of artificial intelligence and "
            "ancient wisdom: a software engineer who l",
        ),
        (
            "Anthropic's Frozen Frontier: How Constitutional AI Collides with Commercial Reality",
            "Anthropic, the AI safety pioneer, faces an existential paradox. Its rigorous "
            "Constitutional AI framework has built model",
        ),
        (
            "Anthropic's Trust-First Strategy: "
            "Why Claude Is Betting on Enterprise Over Open Source",
            "A strategic schism is defining the future of artificial intelligence. While "
            "open-source models proliferate, Anthropic is",
        ),
    ),
    "boilerplate of the dump left in the body": (),
}
PAGE_ONLY: Final[Fields] = {
    "date, as people read it": "May 2026",
    "topics lead to their pages": (True, True, True),
    "topics with the number of their articles": (True, True, True),
    "month with the number of its articles": True,
}


def of_article(article: Article) -> Fields:
    """Return the fields of the cleaned article."""
    return {
        "title": article.title,
        "date, a month with no day": article.published.value,
        "language": article.lang,
        "topics, run together in the dump": tuple(sorted(article.tags, key=str.casefold)),
        "lead": article.lead,
        **_of_body(BeautifulSoup(article.body, "lxml")),
        "FAQ in Chinese": tuple(
            (one.lang, one.question, _text(BeautifulSoup(one.answer, "lxml"))[:49])
            for one in article.faq
        ),
        "further reading: title, excerpt": tuple(
            (one.title, one.excerpt) for one in article.references
        ),
    }


def of_page(output: Path, address: str) -> Fields:
    """Return the fields of a published article. Raises FileNotFoundError, LookupError."""
    page = BeautifulSoup((output / address / "index.html").read_bytes(), "lxml")
    story, counts = _one(page, "article.story"), (output / "theme/counts.css").read_text("utf-8")
    chips = {_text(link): str(link["href"]) for link in story.select(".facts .chips a")}
    wanted = [name for name in TOPICS if name in chips]
    time = _one(story, "time")
    return {
        "title": _text(_one(story, "h1")),
        "date, a month with no day": time["datetime"],
        "date, as people read it": _text(time),
        "language": story.get("lang") or _one(page, "html")["lang"],
        "topics, run together in the dump": tuple(wanted),
        "topics lead to their pages": tuple(
            (output / address / chips[name] / "index.html").resolve()
            == (output / "topics" / TOPICS[name] / "index.html").resolve()
            for name in wanted
        ),
        "topics with the number of their articles": tuple(
            _has_count(page, f"topic-{TOPICS[name]}")
            and _count(counts, f"topic-{TOPICS[name]}") == _listed(output, TOPICS[name])
            for name in wanted
        ),
        "month with the number of its articles": _has_count(page, "month-2026-05")
        and _count(counts, "month-2026-05") == _in_month(output / "2026/05"),
        "lead": _text(_one(story, ".lead")),
        **_of_body(_one(story, ".body")),
        "FAQ in Chinese": tuple(
            (
                next(str(up["lang"]) for up in [one, *one.parents] if up.get("lang")),
                _text(_one(one, "summary")),
                _text(_one(one, "summary + div"))[:49],
            )
            for one in story.select(".faq details")
        ),
        "further reading: title, excerpt": tuple(
            (_text(_one(card, "h3")), _text(_one(card, ".excerpt")))
            for card in page.select("[aria-labelledby=further] .card")
            if not card.select("h3 a")
        ),
    }


def _of_body(body: Tag) -> dict[str, object]:
    text = _text(body)
    return {
        "body, its beginning and its end": (text[:67], text[-76:]),
        "headings with their levels": tuple(
            (int(one.name[1]), _text(one)) for one in body.select("h1, h2, h3, h4, h5, h6")
        ),
        "tables: rows, columns, first and last cell": tuple(
            _shape(table) for table in body.select("table")
        ),
        "lists: kind, entries, first words": tuple(
            (one.name, len(one.select("li")), _text(_one(one, "li"))[:24])
            for one in body.select("ul, ol")
            if not one.find_parent("figure")  # the legend of a chart is not the article's
        ),
        "inline code": tuple(_text(one) for one in body.select("code")),
        "call-outs": tuple(_text(one)[:52] for one in body.select("aside[role=note]")),
        "boilerplate of the dump left in the body": tuple(
            phrase for phrase in BOILERPLATE if phrase in text
        ),
    }


def _shape(table: Tag) -> tuple[int, int, str, str]:
    rows = [row.select("th, td") for row in table.select("tr")]
    widths = {len(row) for row in rows}
    width = widths.pop() if len(widths) == 1 else 0
    return len(rows), width, _text(rows[0][0]), _text(rows[-1][-1])


def _has_count(page: Tag, name: str) -> bool:
    return bool(page.select(f".after .n-{name}"))


def _count(stylesheet: str, name: str) -> int:
    found = re.search(rf'\.n-{name}::before\{{content:"([\d,]+) "', stylesheet)
    return int(found[1].replace(",", "")) if found else -1


def _listed(output: Path, topic: str) -> int:
    """Return how many articles the month pages of a topic list."""
    listed = set()
    for path in (output / "topics" / topic).glob("[0-9]*/**/index.html"):
        page = BeautifulSoup(path.read_bytes(), "lxml")
        for link in page.select(".listing h2 a, .listing h3 a"):
            listed.add((path.parent / str(link["href"])).resolve())
    return len(listed)


def _in_month(folder: Path) -> int:
    return sum((page / "index.html").is_file() for page in folder.iterdir())


def _one(root: Tag, selector: str) -> Tag:
    found = root.select_one(selector)
    if found is None:
        raise LookupError(f"there is no {selector} in <{root.name}>")
    return found


def _text(element: Tag) -> str:
    return " ".join(element.get_text().split())
