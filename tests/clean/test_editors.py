"""Files as editors have them: wrong endings, letters, forums, dumps with the page around them."""

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from backissue.article import Article, Origin, Rejected
from backissue.clean import RawFile, clean, explain, explain_text

PROSE = "<p>" + "The council decided that the old bridge stays open for another year. " * 3 + "</p>"
PAGE = f"<html><head><title>The bridge stays open</title></head><body>{PROSE}{PROSE}</body></html>"
TEXT = (
    "The bridge stays open\n\nBy Dana Whitfield\nMay 20, 2026\n\n"
    "The council decided that the old bridge stays open for another year.\n"
)


def read(name: str, data: str | bytes) -> Article:
    (article,) = clean(RawFile(name, data.encode() if isinstance(data, str) else data))
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("name", ["2026-05/a.txt", "2026-05/a.md", "2026-05/a.html.txt"])
@pytest.mark.parametrize("before", ["", "<!DOCTYPE html>\n", "\n<!-- saved -->\n", "\ufeff"])
def test_a_page_saved_as_text_is_a_page(name: str, before: str) -> None:
    article = read(name, before + PAGE)
    assert article.title == "The bridge stays open"
    assert "<" not in article.text


@pytest.mark.parametrize("name", ["2026-05/a.html", "2026-05/a.htm"])
def test_a_text_saved_as_a_page_is_a_text(name: str) -> None:
    article = read(name, TEXT)
    assert (article.title, article.authors) == ("The bridge stays open", ("Dana Whitfield",))
    assert article.published.value == "2026-05-20"


def test_mhtml_under_another_ending() -> None:
    source = (
        "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
        f"Content-Type: text/html\r\n\r\n{PAGE}\r\n--x--\r\n"
    )
    assert read("2026-05/a.html", source).title == "The bridge stays open"


def letter(*, html: bool) -> bytes:
    message = MIMEMultipart("alternative")
    message["Subject"] = "Fwd: Die Brücke bleibt"
    message["From"] = "Dana Whitfield <dana@a.test>"
    message["Date"] = "Wed, 20 May 2026 08:00:00 +0000"
    message.attach(MIMEText("The council decided that the old bridge stays open.", "plain"))
    if html:
        body = (
            "<table><tr><td><a href='#'>View this email in your browser</a></td></tr><tr><td>"
            f"<h1>The letter</h1>{PROSE}{PROSE}</td></tr><tr><td>You are receiving this email "
            "because you signed up. <a href='#'>Unsubscribe</a></td></tr></table>"
        )
        message.attach(MIMEText(body, "html", "utf-8"))
    return message.as_bytes()


@pytest.mark.parametrize("html", [True, False])
def test_a_letter_is_an_article(html: bool) -> None:
    article = read("letter.eml", letter(html=html))
    assert (article.title, article.authors) == ("Die Brücke bleibt", ("Dana Whitfield",))
    assert article.published.value.startswith("2026-05-20")
    assert article.found["title"].origin is Origin.CONTAINER
    assert "old bridge stays open" in article.text
    for said in ("browser", "receiving", "Unsubscribe", "Fwd"):
        assert said not in article.text


def test_a_letter_without_text_is_refused() -> None:
    (refused,) = clean(RawFile("letter.eml", b"Subject: x\r\nContent-Type: image/png\r\n\r\nx"))
    assert isinstance(refused, Rejected)


def test_what_stands_around_the_text_of_a_dump_goes() -> None:
    article = read(
        "2026-05/a.txt",
        "HALDEN POST\nNews | Sport | Weather\n\nThe bridge stays open\n"
        "Dana Whitfield · 20 May 2026 · 4 min read\nShare  Tweet  Email\n\n"
        "The council decided that the old bridge stays open for another year.\n\nAdvertisement\n\n"
        "Engineers look at its pillars in June.\n\nSource: the council\n\n"
        "Related: Ten bridges to see\n\n© 2026 Halden Post. All rights reserved.\n",
    )
    assert (article.title, article.published.value) == ("The bridge stays open", "2026-05-20")
    for said in ("Sport", "Share", "Advertisement", "Related", "rights"):
        assert said not in article.text
    assert "Source: the council" in article.text


def test_a_table_at_the_top_of_a_dump_is_no_menu() -> None:
    article = read(
        "2026-05/a.txt", "Bridges in 2026\n| Halden | 1911 | open |\n| Moss | 1915 | shut |\n"
    )
    assert article.title == "Bridges in 2026"


def test_the_day_on_which_a_member_joined_is_not_the_thread_s() -> None:
    post = (
        '<div class="post"><div class="postprofile"><a>mason77</a><dl><dt>Joined:</dt>'
        '<dd>Mon Jan 05, 2015</dd></dl></div><p class="author">by <b>mason77</b> » Wed May 20, 2026'
        f' 9:12 am</p><div class="content">{PROSE}</div><div class="signature">Sent from afar</div>'
        "</div>"
    )
    article = read("a.html", f"<title>Pillars</title><body><h2>Pillars</h2>{post}{post}</body>")
    assert article.published.value.startswith("2026-05-20")
    assert article.authors == ("mason77",)
    assert "Joined" not in article.text
    assert "afar" not in article.text


def test_a_date_and_a_reading_voice_above_the_text_go() -> None:
    article = read(
        "a.html",
        "<title>The bridge stays open</title><body><main><h1>The bridge stays open</h1>"
        '<time datetime="2026-05-20">May 20</time><p>This article is read by an automated voice. '
        f"Please report any issues or inconsistencies here.</p>{PROSE}{PROSE}</main></body>",
    )
    assert article.text.startswith("The council")


def test_a_line_of_author_date_and_length_goes_whole() -> None:
    article = read(
        "a.html",
        "<title>The bridge stays open</title><body><main><div>The bridge stays open</div>"
        '<div class="x"><b>Ann Lee</b> · <time datetime="2026-05-20">2026-05-20</time> · 4 min read'
        f"</div>{PROSE}{PROSE}</main></body>",
    )
    assert article.text.startswith("The council")


def test_what_is_cut_many_times_is_told_once() -> None:
    sections = "".join(
        f"<h2>Bridge {n}</h2>{PROSE}<p><a href='/x'>See more</a></p>" for n in range(9)
    )
    page = f"<title>Nine bridges</title><body><h1>Nine bridges</h1>{sections}</body>"
    told = explain_text(explain(RawFile("2026-05/a.html", page.encode())))
    assert told.count("'See more'") == 1
    assert "(9 times)" in told
