"""Dates in addresses, and which date of a page is its dateline."""

from backissue.article import Article, Dateline
from backissue.clean import RawFile, clean
from backissue.clean.dates import in_url

BODY = "<p>" + "The bridge was closed for two nights and opened again. " * 9 + "</p>"


def test_a_version_in_a_years_folder_is_no_date() -> None:
    assert in_url("https://a.example/blog/2026/4-2-1-post-mortem/") is None
    assert in_url("https://a.example/2026/04/02/story/") == Dateline("2026-04-02")
    assert in_url("https://a.example/news/2026-04-02-story") == Dateline("2026-04-02")


def published(body: str, title: str = "A bridge is closed") -> str:
    html = f"<title>{title}</title><body>{body}"
    (article,) = clean(RawFile("2026-05/a.html", html.encode()))
    assert isinstance(article, Article)
    return article.published.value


def test_a_labelled_dateline_wins_over_dates_in_links_and_sentences() -> None:
    line = "<h1>A bridge is closed for as long as it takes</h1><p>Published: 5 May 2026 | Staff</p>"
    more = "<ol><li>1 <a href=/1>1 May 2024 Leadership Council Update</a></li></ol>"
    assert published(line + BODY + more) == "2026-05-05"
    assert published(f"{line}{BODY}<p>Submissions close August 5, 2020.</p>") == "2026-05-05"
    began = "<p>It began on <b>January 5, 2026</b> in Moss.</p>"
    assert published(f"{line}{BODY}{began}") == "2026-05-05"


def test_the_date_in_a_headline_is_no_dateline() -> None:
    title = "1/3/2024: RIP Coqui"
    assert published(f"<h1>{title}</h1><p><i>2026-05-02</i></p>{BODY}", title) == "2026-05-02"
    title = "2019-10-29 Team Meeting"
    assert published(f"<p>{title}</p><p>2 May 2026</p>{BODY}", title) == "2026-05-02"


def test_a_date_among_the_words_of_an_address_yields_to_a_dateline() -> None:
    link = '<link rel="canonical" href="https://a.test/news/meeting-notes-20160128">'
    assert published(f"{link}<p>Published: May 5, 2026</p>{BODY}") == "2026-05-05"
    assert published(f"{link}{BODY}") == "2016-01-28"


def test_a_day_well_after_the_month_of_the_folder_is_an_event_to_come() -> None:
    line = "<h1>A bridge is closed</h1><p>{}</p>" + BODY
    assert published(line.format("Wednesday, July 29, 2026")) == "2026-05"
    assert published(line.format("1 June 2026")) == "2026-06-01"  # papers are dated ahead
    meta = '<meta property="article:published_time" content="2026-07-29">'
    assert published(meta + line.format("")) == "2026-07-29"  # the page itself says so
