"""Lines of credit above a text: what they say, and which lines are none."""

from __future__ import annotations

import pytest

from backissue.article import Article
from backissue.clean import RawFile, clean
from backissue.clean.credits import read_block, read_line


def said(line: str) -> dict[str, object]:
    """What a line says, by field; dates as records have them."""
    return {one.field: getattr(one.value, "value", one.value) for one in read_line(line)}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("By Ada Reed", {"authors": ("Ada Reed",)}),
        ("20 June 2026", {"published": "2026-06-20"}),
        ("May 2026", {"published": "2026-05"}),
        ("Updated: 3 March 2026", {"updated": "2026-03-03"}),
        ("Tags: chips, #energy; water", {"tags": ("chips", "energy", "water")}),
        ("Von Anna Schmidt", {"authors": ("Anna Schmidt",)}),
        (
            "Ada Reed · 20 June 2026 · 5 min read",
            {"authors": ("Ada Reed",), "published": "2026-06-20", "length": "5 min read"},
        ),
        (
            "Published on June 3, 2026 by Ada Reed, Bo Lind and Cy Young",
            {"authors": ("Ada Reed", "Bo Lind", "Cy Young"), "published": "2026-06-03"},
        ),
        (
            "**By [Ada Reed](https://papers.example/ada)** | *3 March 2026*",
            {"authors": ("Ada Reed",), "published": "2026-03-03"},
        ),
        ("作者：张三　来源：某报", {"authors": ("张三",), "site": "某报"}),
        ("文/王小明 2026年5月20日 10:30", {"authors": ("王小明",), "published": "2026-05-20"}),
        ("[Original article](https://papers.example/a)", {"canonical": "https://papers.example/a"}),
    ],
)
def test_a_line_of_credit_is_read(line: str, what: dict[str, object]) -> None:
    assert said(line) == what


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Ada Reed",  # a name alone may be a heading
        "By the lake, the heat is rising.",
        "By 2030, most cars will be electric",
        "On 3 June 2026 the company said it would close.",
        "Status: final",
        "Link: see below",
        "Date: unknown",
        "Source: the people who were there that day, and who still speak of it.",
        "x" * 3000,
    ],
)
def test_a_line_of_the_text_is_none(line: str) -> None:
    assert read_line(line) == ()


def test_a_block_counts_where_all_of_its_lines_are_lines_of_credit() -> None:
    block = ["Status: final", "Author: Ada Reed", "Date: 20 June 2026"]
    assert [credit.field for credit in read_block(block)] == ["authors", "published"]
    assert read_block([*block, "The lake is rising, and so is the price of land."]) == ()


STORY = "The lake is rising, and so is the price of land that lies a little above it. " * 6


def test_a_byline_below_a_standfirst_of_markdown_is_taken_out_of_the_body() -> None:
    head = "# Land above the lake\n\n*What water does to prices.*\n\nBy Ada Reed · 20 June 2026"
    text = f"{head}\n\n{STORY}\n"
    (article,) = clean(RawFile(name="lake.md", data=text.encode()))
    assert isinstance(article, Article)
    assert article.authors == ("Ada Reed",)
    assert article.published is not None
    assert article.published.value == "2026-06-20"
    assert "What water does" in article.body
    assert "Ada Reed" not in article.body
