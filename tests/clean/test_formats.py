"""Containers: an article an item, what the container says, and no more memory than allowed."""

import base64
import gzip
import io
import zipfile

import pytest

from backissue.article import Article, Origin, Reason, Rejected
from backissue.clean import CleanSettings, RawFile, clean

TEXT = "The laboratory showed a chip that needs half the power of the one before it, and said so. "
PAGE = (
    "<html><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
    "<article><h1>{title}</h1><p>{text}</p><p>{text}</p></article></body></html>"
)


def page(title: str) -> bytes:
    return PAGE.format(title=title, text=TEXT * 2).encode()


def record(url: str, body: bytes, kind: str = "text/html; charset=utf-8", extra: str = "") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{extra}\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-05-21T10:00:00Z\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


CRAWL = (
    b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 6\r\n\r\nabc: d\r\n\r\n"
    + record("https://news.example/2026/05/20/first/", page("The first of the chips"))
    + record("https://news.example/logo.png", b"\x89PNG", "image/png")
    + record("https://news.example/2026/05/19/second/", page("The second of the chips"))
)


def articles(name: str, data: bytes, sidecar: bytes | None = None) -> list[Article]:
    results = clean(RawFile(name, data, sidecar))
    assert all(isinstance(result, Article) for result in results), results
    return [result for result in results if isinstance(result, Article)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("crawl.warc", CRAWL),
        ("crawl.warc.gz", gzip.compress(CRAWL)),
        ("crawl.warc.gz", gzip.compress(CRAWL[:100]) + gzip.compress(CRAWL[100:])),
    ],
)
def test_each_page_of_a_crawl_is_an_article(name, data):
    first, second = articles(name, data)
    assert (first.key, second.key) == (name, f"{name}#2")
    assert first.title == "The first of the chips"
    assert first.canonical == "https://news.example/2026/05/20/first/"
    assert first.published.value == "2026-05-20"
    assert first.found["published"].origin is Origin.URL
    assert second.published.value == "2026-05-19"
    assert first.sha256 != second.sha256


def test_a_wacz_holds_crawls():
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w") as package:
        package.writestr("archive/data.warc.gz", gzip.compress(CRAWL))
        package.writestr("datapackage.json", "{}")
    assert len(articles("crawl.wacz", store.getvalue())) == 2


def test_compressed_and_chunked_answers():
    body = gzip.compress(page("A packed answer"))
    chunked = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    extra = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
    data = record("https://news.example/2026/05/20/packed/", chunked, extra=extra)
    (article,) = articles("a.warc", data)
    assert article.title == "A packed answer"


def test_a_torn_crawl_keeps_what_came_before():
    first, torn = clean(RawFile("crawl.warc.gz", gzip.compress(CRAWL)[:-60]))[:2]
    assert isinstance(torn, Rejected)
    assert torn.reason is Reason.TRUNCATED
    assert isinstance(first, Article | Rejected)
    whole, cut = clean(RawFile("crawl.warc", CRAWL[:-300]))
    assert isinstance(whole, Article)
    assert isinstance(cut, Rejected)
    assert (cut.reason, cut.where) == (Reason.TRUNCATED, "crawl.warc#2")


def test_a_gzip_bomb_stops_at_the_limit():
    bomb = gzip.compress(b"\0" * 50_000_000)
    (result,) = clean(RawFile("bomb.warc.gz", bomb), CleanSettings(max_unpacked=1_000_000))
    assert isinstance(result, Rejected)
    assert result.reason in (Reason.TOO_LARGE, Reason.TRUNCATED)
    body = gzip.compress(b"<p>" + b"a" * 60_000_000)
    data = record("https://news.example/2026/05/20/x/", body, extra="Content-Encoding: gzip\r\n")
    (result,) = clean(RawFile("bomb.warc", data), CleanSettings(max_bytes=1_000_000))
    assert isinstance(result, Article | Rejected)


def test_mhtml_gives_the_page_with_its_address():
    html = base64.encodebytes(page("Saved with its pictures")).decode()
    data = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/2026/05/20/s/\r\n"
        "Subject: Saved\r\nDate: Thu, 21 May 2026 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="xx"\r\n\r\n'
        "--xx\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: https://news.example/2026/05/20/s/\r\n\r\n{html}\r\n"
        "--xx\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlh\r\n"
        "--xx--\r\n"
    )
    (article,) = articles("saved.mhtml", data.encode())
    assert article.title == "Saved with its pictures"
    assert article.canonical == "https://news.example/2026/05/20/s/"
    assert article.published.value == "2026-05-20"


def test_hours_ago_are_counted_from_the_day_of_the_crawl():
    body = page("Some hours old").replace(b"<h1>", b'<span class="date">3 hours ago</span><h1>')
    (article,) = articles("a.warc", record("https://news.example/x", body))
    assert article.published.value == "2026-05-21"


RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Example News</title>
<language>en-us</language>
<item><title>Chips &amp; power</title><link>https://news.example/chips</link>
<pubDate>Wed, 20 May 2026 09:30:00 +0800</pubDate><dc:creator>Dana Whitfield</dc:creator>
<category>Chips</category><category>Power</category>
<content:encoded><![CDATA[<p>{TEXT * 2}</p><p>{TEXT}</p>]]></content:encoded></item>
<item><title>The second</title><link>https://news.example/second</link>
<pubDate>Tue, 19 May 2026 09:30:00 GMT</pubDate><description>{TEXT * 3}</description></item>
</channel></rss>"""


def test_each_item_of_a_feed_is_an_article():
    first, second = articles("feed.rss", RSS.encode())
    assert first.title == "Chips & power"
    assert first.published.value == "2026-05-20T09:30:00+08:00"
    assert first.found["published"].origin is Origin.CONTAINER
    assert first.authors == ("Dana Whitfield",)
    assert first.tags == ("Chips", "Power")
    assert first.site == "Example News"
    assert first.canonical == "https://news.example/chips"
    assert first.lang == "en"
    assert second.key == "feed.rss#2"
    assert second.text.startswith("The laboratory")


def test_a_sidecar_corrects_one_item():
    first, second = articles("feed.rss", RSS.encode(), b'lang = "de"\n["#2"]\ntitle = "Put right"')
    assert (first.title, first.lang) == ("Chips & power", "de")
    assert (second.title, second.lang) == ("Put right", "de")
    hidden = articles("feed.rss", RSS.encode(), b'["#1"]\nhide = true')
    assert [article.key for article in hidden] == ["feed.rss#2"]


def test_atom_and_wordpress():
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title><entry>
    <title>An entry</title><link href="https://news.example/entry"/><updated>2026-05-18T00:00:00Z</updated>
    <author><name>Wei Zhang</name></author><content type="xhtml"><div
    xmlns="http://www.w3.org/1999/xhtml"><p>{TEXT * 2}</p></div></content></entry></feed>"""
    (entry,) = articles("x.atom", atom.encode())
    assert entry.published.value.startswith("2026-05-18")
    assert entry.authors == ("Wei Zhang",)
    wxr = f"""<rss xmlns:wp="http://wordpress.org/export/1.2/"
    xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Blog</title>
    <item><title>A menu</title><wp:post_type>nav_menu_item</wp:post_type></item>
    <item><title>A draft</title><wp:post_type>post</wp:post_type><wp:status>draft</wp:status>
    <wp:post_date>2026-05-17 08:00:00</wp:post_date>
    <content:encoded><![CDATA[{TEXT}

{TEXT}]]></content:encoded></item></channel></rss>"""
    (draft,) = articles("blog.xml", wxr.encode())
    assert draft.draft is True
    assert draft.published.value == "2026-05-17T08:00:00"
    assert draft.body.count("<p>") == 2


def test_billion_laughs_and_outside_files_stay_unread():
    laughs = '<!DOCTYPE rss [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    evil = laughs + '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    feed = f"{evil}<rss><channel><item><title>&j;&x;</title></item></channel></rss>"
    for result in clean(RawFile("2026-05/evil.xml", feed.encode())):
        assert isinstance(result, Rejected)


def test_a_word_document():
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

    def p(text: str, style: str = "") -> str:
        mark = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{mark}<w:r><w:t>{text}</w:t></w:r></w:p>"

    document = (
        f'<w:document xmlns:w="{w}"><w:body>{p("A typed title", "Title")}'
        f"{p('By Ada Reed · 20 May 2026')}"
        f"{p(TEXT * 2)}"
        f"{p('A part', 'Heading1')}{p(TEXT)}{p('one', 'ListParagraph')}{p('two', 'ListParagraph')}"
        f"<w:tbl><w:tr><w:tc>{p('cell')}</w:tc><w:tc>{p('two')}</w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w") as package:
        package.writestr("word/document.xml", document)
    (article,) = articles("2026-05/typed.docx", store.getvalue())
    assert article.title == "A typed title"
    assert article.authors == ("Ada Reed",)
    assert article.published.value == "2026-05-20"
    assert "Ada Reed" not in article.body
    assert [heading.text for heading in article.headings] == ["A part"]
    assert "<ul><li>one</li>" in article.body.replace("\n", "")
    assert "<td>cell</td>" in article.body


@pytest.mark.parametrize("name", ["a.docx", "a.wacz", "a.warc", "a.mhtml", "a.xml", "a.rss"])
def test_a_container_that_is_none(name):
    (result,) = clean(RawFile(name, b"this is no such thing at all"))
    assert isinstance(result, Rejected)
    assert result.reason in (Reason.UNREADABLE, Reason.TRUNCATED, Reason.UNKNOWN_FORMAT)


def test_the_folder_of_a_complete_page_is_passed_over():
    assert clean(RawFile("2026-05/story_files/frame.html", page("An ad"))) == ()
