"""The sentence between a title and its byline is the lead, whatever it is set as."""

import pytest

from backissue.article import Article
from backissue.clean import RawFile, clean

PROSE = "<p>" + "The bridge was closed for two nights and opened again. " * 8 + "</p>"
SAID = "Nobody knew how deep the river is below the old bridge, so the town closed it and looked."


def read(body: str) -> Article:
    html = (
        "<title>A bridge is closed</title><meta name=author content='Dana Whitfield'><body>"
        f"<article><h1>A bridge is closed</h1>{body}</article>"
    )
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize(
    "byline",
    [
        "<p class=byline>Dana Whitfield <time>5 May 2026</time></p>",
        "<div>By Dana Whitfield</div>",
        "<p>May 5, 2026</p>",
    ],
)
@pytest.mark.parametrize("tag", ["h2", "h3", "h4"])
def test_a_sentence_as_a_heading_above_the_byline_is_the_lead(byline: str, tag: str) -> None:
    article = read(f"<{tag}>{SAID}</{tag}>{byline}{PROSE}<h2>The river</h2>{PROSE}")
    assert article.lead == SAID
    assert [heading.text for heading in article.headings] == ["The river"]
    assert SAID not in article.text


@pytest.mark.parametrize(
    "body",
    [
        f"<h2>{SAID}</h2>{PROSE}",  # no byline parts it from what it may head
        f"<h2>How deep the river is below the old bridge of our town</h2><p>May 5, 2026</p>{PROSE}",
        f"{PROSE}<h2>{SAID}</h2><p>By Dana Whitfield</p>{PROSE}",
    ],
)
def test_a_heading_of_a_section_stays_one(body: str) -> None:
    article = read(body)
    assert len(article.headings) == 1
    assert article.lead == ""
