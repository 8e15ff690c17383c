"""``PLUGINS = ["backissue.topics"]`` on a stock Pelican site."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..stock import BODY, Stock, page

VOCABULARY = """
[[topic]]
name = "AI safety"
slug = "safety"
aliases = ["AI alignment"]

[[topic]]
name = "Claude"
"""
# As Pelican's own HTML reader takes them: nothing of ours reads these files.
HEAD = '<meta name="date" content="2026-05-20"><meta name="tags" content="{}">'
CLAUDE = f"Claude and AI alignment. Claude again: {BODY}"


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path, ["backissue.topics"])


def test_topics_take_the_place_of_tags_strongest_first(stock: Stock) -> None:
    files = {
        "topics.toml": VOCABULARY,
        "a.html": page("Claude reads", CLAUDE, HEAD.format("AI safety, Gossip")),
    }
    stock.build(files)
    article = stock.articles["a.html"]
    assert [(tag.name, tag.slug) for tag in article.tags] == [
        ("AI safety", "safety"),
        ("Claude", "claude"),
    ]
    assert [match.slug for match in article.topics] == ["safety", "claude"]
    assert article.topics[0].score > article.topics[1].score
    assert 'declared as "AI safety"' in article.topics[0].evidence
    assert [tag.name for tag in article.declared_tags] == ["AI safety", "Gossip"]
    assert stock.tags == {"AI safety": ["a.html"], "Claude": ["a.html"]}
    assert "tag/safety.html" in stock.files()
    assert "tag/gossip.html" not in stock.files()


def test_tags_that_run_together_are_taken_apart(stock: Stock) -> None:
    stock.build(
        {"topics.toml": VOCABULARY, "a.html": page("A", BODY, HEAD.format("ClaudeAI safety"))}
    )
    assert sorted(stock.tags) == ["AI safety", "Claude"]


def test_an_article_of_no_topic_has_no_tags(stock: Stock) -> None:
    stock.build({"topics.toml": VOCABULARY, "a.html": page("A", BODY, HEAD.format("Gossip"))})
    assert stock.articles["a.html"].tags == []
    assert not stock.tags


def test_drafts_are_tagged_and_stay_off_the_pages_of_topics(stock: Stock) -> None:
    head = HEAD.format("Claude") + '<meta name="status" content="draft">'
    stock.build({"topics.toml": VOCABULARY, "a.html": page("A", BODY, head)})
    assert [tag.name for tag in stock.articles["a.html"].tags] == ["Claude"]
    assert not stock.tags


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "topics.toml: bad vocabulary: No such file"),
        (
            {"topics.toml": '[[topic]]\nnmae = "A"\n'},
            'topics.toml:2: bad vocabulary: unknown key "nmae"',
        ),
    ],
)
def test_without_a_good_vocabulary_tags_stay_and_an_error_says_why(
    stock: Stock, caplog: pytest.LogCaptureFixture, files: dict[str, str], said: str
) -> None:
    stock.build({**files, "a.html": page("A", BODY, HEAD.format("Gossip"))})
    assert sorted(stock.tags) == ["Gossip"]
    assert any(said in one for one in caplog.messages)


def test_the_vocabulary_may_have_another_name(stock: Stock) -> None:
    files = {"words.toml": VOCABULARY, "a.html": page("A", BODY, HEAD.format("Claude"))}
    stock.build(files, BACKISSUE={"vocabulary": "words.toml"})
    assert sorted(stock.tags) == ["Claude"]


def test_pelicans_cache_of_articles_changes_no_topic(stock: Stock) -> None:
    cached = {
        "CACHE_CONTENT": True,
        "LOAD_CONTENT_CACHE": True,
        "CONTENT_CACHING_LAYER": "generator",
    }
    stock.build(
        {"topics.toml": VOCABULARY, "a.html": page("A", BODY, HEAD.format("ClaudeAI safety"))},
        **cached,
    )
    first = stock.articles["a.html"].topics
    stock.build({}, **cached)
    assert stock.articles["a.html"].topics == first
    assert first


def test_links_to_files_read_later_still_work(stock: Stock) -> None:
    words = f'{BODY} <a href="{{filename}}b.html">the other</a>'
    head = HEAD.format("Claude")
    stock.build(
        {
            "topics.toml": VOCABULARY,
            "a.html": page("A", words, head),
            "b.html": page("B", BODY, head),
        }
    )
    assert 'href="https://example.org/b.html"' in stock.read("a.html")
