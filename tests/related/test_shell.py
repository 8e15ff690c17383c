"""``PLUGINS = ["backissue.related"]`` on a stock Pelican site."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from ..stock import BODY, Stock, page

HEAD = '<meta name="date" content="2026-05-{:02d}"><meta name="tags" content="{}">'
CHIPS = (
    "The foundry in the valley makes wafers for graphics chips, and its new lithography "
    "machines print smaller transistors than any foundry before."
)
ARTICLES = {
    "a.html": page(
        "Foundry prints smaller transistors", CHIPS, HEAD.format(10, "Chips, Factories")
    ),
    "b.html": page(
        "Wafers wait", f"{CHIPS} Engineers wait for the wafers of spring.", HEAD.format(12, "Chips")
    ),
    "c.html": page("Papers", BODY, HEAD.format(14, "Archives")),
}


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path, ["backissue.related"])


def test_further_reading_is_articles_with_a_reason(stock: Stock) -> None:
    stock.build(ARTICLES)
    (other,) = stock.articles["b.html"].further_reading
    assert other.article is stock.articles["a.html"]
    assert (other.title, other.url) == ("Foundry prints smaller transistors", other.article.url)
    assert other.why
    assert 0 < other.score <= 1
    assert stock.articles["c.html"].further_reading == []


def test_a_theme_shows_it(stock: Stock) -> None:
    folder = stock.root / "templates"
    folder.mkdir()
    (folder / "article.html").write_text(
        "{% for other in article.further_reading %}"
        '<a href="{{ SITEURL }}/{{ other.url }}">{{ other.title }}</a> ({{ other.why }})'
        "{% endfor %}"
    )
    stock.build(ARTICLES, THEME_TEMPLATES_OVERRIDES=[str(folder)])
    shown = stock.read("wafers-wait.html")
    assert (
        'foundry-prints-smaller-transistors.html">Foundry prints smaller transistors</a>' in shown
    )


def test_how_many_can_be_set(stock: Stock) -> None:
    words = f"{CHIPS} Engineers wait for wafers, and in the third week they get some."
    more = {"d.html": page("Wafers come", words, HEAD.format(13, "Chips"))}
    counts = [
        len(stock.build({**ARTICLES, **more}, **settings).articles["b.html"].further_reading)
        for settings in ({}, {"BACKISSUE": {"further": 1}})
    ]
    assert counts == [2, 1]


def test_drafts_are_suggested_to_nobody(stock: Stock) -> None:
    draft = ARTICLES["a.html"].replace("</head>", '<meta name="status" content="draft"></head>')
    stock.build({**ARTICLES, "a.html": draft})
    assert stock.articles["b.html"].further_reading == []


def test_related_topics_are_tags_that_go_with_an_articles_own(stock: Stock) -> None:
    files = {}
    for number in range(8):
        tags = "Chips, Factories" if number < 4 else "Archives"
        words = f"{BODY} Part {number} of it."
        files[f"{number}.html"] = page(f"No {number}", words, HEAD.format(number + 1, tags))
    files["x.html"] = page("Chips alone", BODY, HEAD.format(20, "Chips"))
    stock.build(files)
    (near,) = stock.articles["x.html"].related_topics
    assert (near.name, near.url) == ("Factories", "tag/factories.html")
    assert stock.articles["0.html"].related_topics == []


def test_a_suggestion_can_be_copied(stock: Stock) -> None:
    stock.build(ARTICLES)
    (other,) = stock.articles["b.html"].further_reading
    assert copy.copy(other).title == other.title
    assert str(other) == str(other.article)
