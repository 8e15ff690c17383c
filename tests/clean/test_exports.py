"""Exports of WordPress and Word as their programs write them, and text in rarer encodings."""

import io
import zipfile

import pytest

from backissue.article import Article, Reason, Rejected
from backissue.clean import RawFile, clean

TEXT = "The council approved the new bridge on Tuesday after three hours of debate, and said so. "
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def one(name: str, data: bytes) -> Article:
    (article,) = clean(RawFile(name, data))
    assert isinstance(article, Article), article
    return article


def wxr(content: str, more: str = "") -> bytes:
    return f"""<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"
    xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Courier</title>
    <wp:author><wp:author_login>dana</wp:author_login>
    <wp:author_display_name>Dana Whitfield</wp:author_display_name></wp:author>
    <item><title>A bridge</title><dc:creator>dana</dc:creator><wp:post_type>post</wp:post_type>
    <wp:status>publish</wp:status><wp:post_date>2026-05-17 08:00:00</wp:post_date>{more}
    <content:encoded><![CDATA[{content}]]></content:encoded></item></channel></rss>""".encode()


def test_shortcodes_of_wordpress_become_what_they_show() -> None:
    article = one(
        "blog.xml",
        wxr(
            f"{TEXT}\n\n"
            '[caption id="attachment_6" width="300"]<img src="https://x.example/o.jpg" alt="Old" />'
            " The old bridge[/caption]\n\n"
            'One line [gallery ids="1,2"]done.\nAnd another.\n\n'
            "[embed]https://video.example/watch?v=1[/embed]\n\n"
            '[code language="python"]\nif a < b:\n    c()\n[/code]\n\n'
            f"[1] A note that stays, and array[0] too. {TEXT}"
        ),
    )
    assert "<figcaption>The old bridge</figcaption></figure>" in article.body
    assert "<pre><code>if a &lt; b:\n    c()</code></pre>" in article.body
    assert 'href="https://video.example/watch?v=1"' in article.body
    assert "One line done.<br>And another." in article.body
    assert "[1] A note that stays, and array[0] too." in article.text
    for word in ("[caption", "[gallery", "[embed", "[code", "[/"):
        assert word not in article.body


def test_an_export_names_its_authors_and_gives_its_excerpt_as_lead() -> None:
    article = one(
        "blog.xml",
        wxr(TEXT * 2, "<excerpt:encoded><![CDATA[What was said.]]></excerpt:encoded>"),
    )
    assert article.authors == ("Dana Whitfield",)
    assert article.lead == "What was said."


def test_the_marks_of_wordpress_blocks_leave_nothing() -> None:
    article = one(
        "blog.xml",
        wxr(
            f"<!-- wp:paragraph -->\n<p>{TEXT}</p>\n<!-- /wp:paragraph -->\n\n"
            '<!-- wp:embed {"url":"x"} --><figure class="wp-block-embed is-type-video">'
            '<div class="wp-block-embed__wrapper">\nhttps://video.example/watch?v=2\n</div></figure>'
            f"<!-- /wp:embed -->\n\n<!-- wp:paragraph --><p>{TEXT}</p><!-- /wp:paragraph -->"
        ),
    )
    assert 'href="https://video.example/watch?v=2"' in article.body
    assert "wp:" not in article.body


def test_the_line_that_wordpress_puts_below_a_feed_s_items_is_cut() -> None:
    feed = f"""<rss version="2.0"><channel><title>Courier</title><item><title>A bridge</title>
    <pubDate>Sun, 17 May 2026 08:00:00 GMT</pubDate><description><![CDATA[<p>{TEXT * 2}</p>
    <p>The post <a href="/b">A bridge</a> appeared first on <a href="/">Courier</a>.</p>]]>
    </description></item></channel></rss>"""
    assert one("a.rss", feed.encode()).text == (TEXT * 2).strip()


def word(body: str, **parts: str) -> bytes:
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w") as package:
        package.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
        for name, text in parts.items():
            package.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{W}">{text}</w:{name}>')
    return store.getvalue()


def p(text: str, number: int = 0, level: int = 0) -> str:
    mark = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
    listed = f"<w:pPr><w:numPr>{mark}</w:numPr></w:pPr>" if number else ""
    return f"<w:p>{listed}<w:r><w:t>{text}</w:t></w:r></w:p>"


def test_lists_of_word_keep_their_kind_and_their_levels() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
        '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
        '<w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    items = p("steel", 1) + p("bolts", 1, 1) + p("paint", 1) + p("first", 2) + p("second", 2)
    data = word(p("A bridge") + p(TEXT * 2) + items + p(TEXT), numbering=numbering)
    body = "".join(one("2026-05/a.docx", data).body.split())
    assert "<ul><li>steel<ul><li>bolts</li></ul></li><li>paint</li></ul>" in body
    assert "<ol><li>first</li><li>second</li></ol>" in body


def test_notes_and_header_rows_of_word_are_kept() -> None:
    rows = (
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>"
        f"<w:tc>{p('Item')}</w:tc></w:tr><w:tr><w:tc>{p('steel')}</w:tc></w:tr></w:tbl>"
    )
    notes = (
        f'<w:footnote w:id="0" w:type="separator">{p("----")}</w:footnote>'
        f'<w:footnote w:id="1">{p("As the minutes have it.")}</w:footnote>'
    )
    article = one("2026-05/a.docx", word(p("A bridge") + p(TEXT * 2) + rows, footnotes=notes))
    assert '<th scope="col">Item</th>' in article.body
    assert "<li>As the minutes have it.</li>" in article.body
    assert "----" not in article.text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_chinese_in_utf_16_without_a_mark_is_text(encoding: str) -> None:
    text = "大桥获批\n\n2026年5月\n\n" + "市议会周二批准了新大桥，经过三个小时的辩论。" * 6
    article = one("2026-05/a.txt", text.encode(encoding))
    assert article.title == "大桥获批"
    assert article.lang == "zh"


def test_a_binary_file_is_still_one() -> None:
    data = bytes((n * 73 + n // 7) % 256 for n in range(4000))
    (found,) = clean(RawFile("2026-05/a.txt", data))
    assert isinstance(found, Rejected)
    assert found.reason is Reason.BINARY


def test_japanese_that_is_written_with_escapes_is_read() -> None:
    text = "<h1>橋が承認された</h1><p>" + "市議会は三時間の議論の末、新しい橋を承認した。" * 6
    assert one("2026-05/a.html", text.encode("iso2022_jp")).title == "橋が承認された"


def test_a_page_packed_in_a_way_that_is_not_read_is_named() -> None:
    http = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n"
        + b"\x1b\x0e\x00\xf8\x8d\x94" * 40
    )
    head = f"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: {len(http)}\r\n\r\n".encode()
    (found,) = clean(RawFile("2026-05/a.warc", head + http + b"\r\n\r\n"))
    assert isinstance(found, Rejected)
    assert found.reason is Reason.UNREADABLE
    assert "compressed with br" in found.detail
