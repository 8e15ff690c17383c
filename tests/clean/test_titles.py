"""Headlines, and who is named with them."""

from backissue.article import Article
from backissue.clean import RawFile, clean

BODY = "<p>" + "The bridge was closed for two nights and opened again. " * 9 + "</p>"


def read(html: str) -> Article:
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article


def test_a_site_before_a_colon_goes_where_the_page_shows_the_headline_alone() -> None:
    html = (
        "<title>The Courier: Council approves the bridge</title><body><h1>The Courier</h1>"
        f"<h3>Council approves the bridge</h3>{BODY}"
    )
    assert read(html).title == "Council approves the bridge"


def test_a_colon_within_a_headline_stays() -> None:
    html = (
        "<title>Root cause: how a clock stopped</title><body>"
        f"<h1>Root cause: how a clock stopped</h1>{BODY}"
    )
    assert read(html).title == "Root cause: how a clock stopped"


def test_who_comments_is_no_author() -> None:
    html = (
        '<title>A bridge</title><body itemscope itemtype="https://schema.org/Article"><h1>A bridge'
        f'</h1><p>By <span itemprop="author">Dana Whitfield</span></p>{BODY}<div itemprop="comment"'
        ' itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Sam O.</span>'
        " <p>First!</p></div>"
    )
    assert read(html).authors == ("Dana Whitfield",)


def test_title_date_and_byline_in_lines_above_the_text_are_no_text() -> None:
    html = (
        "<title>A bridge</title><body><table><tr><td>Thursday, June 25, 2026<br><b>A bridge</b><br>"
        f"<i>By DANA WHITFIELD, Staff Writer</i><hr>{BODY}{BODY}</td></tr></table>"
    )
    assert read(html).text.startswith("The bridge was closed")
