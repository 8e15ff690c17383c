"""Short articles, made of lists of links or of a few lines, are articles."""

from backissue.article import Article, Reason, Rejected
from backissue.clean import RawFile, clean

BOX = (
    "<div class='newsletter-signup'><p>Never miss a story: subscribe to our letter</p><form>"
    "<input type=email placeholder='you@example.com'><button>OK</button></form></div>"
)
FOOT = (  # longer than any line of the article
    "<footer><p>© 2026 The River. All rights reserved. Terms of use | Privacy policy | Do not sell "
    "my personal information</p></footer>"
)
LINK = "<a href='https://r.test/c/{0}'>{0}</a>"


def fixes(*numbers: int) -> str:
    items = "".join(
        f"<li>{LINK.format(f'c0ffee{n}')} Fix: mend sluice {LINK.format(f'#{n}')} (Dana W.)</li>"
        for n in numbers
    )
    return f"<ul>{items}</ul>"


def read(body: str) -> Article | Rejected:
    html = f"<title>Sluice 7.1 released - The River</title><body>{body}{FOOT}"
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    return article


def test_release_notes_are_headings_over_lists_of_links() -> None:
    notes = (
        f"<h2>Highlights</h2><p>A sluice now <a href='/closes'>closes</a> by itself.</p>{BOX}"
        f"<h2>Bug fixes</h2>{fixes(11, 12)}<h2>Chores</h2>{fixes(13)}"
    )
    title = "<div class='Head_line__2e'><h1>Sluice 7.1 released</h1></div>"
    for page in (
        f"<div class='Grid'>{title}<div class='Notes__2e'>{notes}</div></div>",
        f"<main><article><header><h1>Sluice 7.1 released</h1></header><div>{notes}</div></article>",
    ):
        article = read(page)
        assert isinstance(article, Article), article
        assert [one.text for one in article.headings] == ["Highlights", "Bug fixes", "Chores"]
        assert article.body.count("<li>") == 3
        assert "subscribe" not in article.text
        assert "All rights" not in article.text


def test_an_article_that_is_hardly_longer_than_the_form_in_it_is_kept() -> None:
    said = "".join(f"<p>Pier {n} of the harbour opens again.</p>" for n in range(4))
    others = "<p>What others read this week, and why.</p>" * 40
    aside = f"<aside class=sidebar>{others}</aside>"
    first = f"<p>The harbour opens again on Monday, and whoever has a boat may come.</p>{BOX}"
    for box in (f"<div class='entry-content'>{first}</div>", said + BOX):
        article = read(f"<h1>Sluice 7.1 released</h1><div>{box}</div>{aside}")
        assert isinstance(article, Article), article
        assert "harbour" in article.text
        assert "subscribe" not in article.text


def test_a_page_of_links_and_a_menu_is_no_article() -> None:
    menu = "".join(f"<li><a href='/{n}'>Part {n}</a></li>" for n in range(30))
    found = read(f"<h1>The River</h1><div><ul>{menu}</ul></div><div>{BOX}</div>")
    assert isinstance(found, Rejected)
    assert found.reason is Reason.NO_BODY
