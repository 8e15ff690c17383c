"""Pages as they are saved: the article in, what stands around it out, each field from its place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backissue.article import Article, Dateline, Origin, Rejected
from backissue.clean import RawFile, clean, explain, explain_html, explain_text
from backissue.clean.sanitise import sanitise

P1 = "The laboratory showed a chip that needs half the power of the one before it at one speed."
P2 = "Its makers say that the gain comes from a new way to store numbers, which they describe."
P3 = "Others doubt that the figures will hold outside the laboratory, where heat is the limit."
PROSE = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p>"


def one(html: str, name: str = "2026-05/a.html", sidecar: bytes | None = None) -> Article:
    (article,) = clean(RawFile(name, html.encode(), sidecar))
    assert isinstance(article, Article), article
    return article


def page(body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A chip for small '
        f"machines | Example News</title>{head}</head><body>{body}</body></html>"
    )


FURNITURE = {
    "navigation": "<nav><a href='/'>Home</a> <a href='/ai'>AI</a></nav>",
    "cookies": "<div class=cookie-banner><p>We and our partners store cookies.</p></div>",
    "share bar": "<div class=share-buttons><span>Share on X Share on LinkedIn</span></div>",
    "newsletter": "<div class=newsletter><p>Get our stories in your inbox every day.</p></div>",
    "comments": f"<div id=comments><h3>3 Comments</h3><p>First! {P3}</p></div>",
    "related": "<section><h3>Related stories</h3><ul><li><a href='/1'>One thing</a></li>"
    "<li><a href='/2'>Another thing</a></li></ul></section>",
    "pointer": "<p><strong>Read more:</strong> <a href='/3'>Five older chips</a></p>",
    "advertisement": "<p>Advertisement</p>",
    "author box": "<div class=author-bio><p>Dana Whitfield writes about machines here.</p></div>",
    "player's settings": "<div class=player-settings><div>Captions</div><ul><li>Arial</li>"
    "<li>Tahoma</li></ul></div>",
    "disclosure": "<p>This post may contain affiliate links: see our disclosure policy.</p>",
    "disclosure of the shop": "<p>Products are chosen by our editors. Purchases made through our"
    " links may earn us a commission.</p>",
    "footer": "<footer><p>© 2026 Example News. All rights reserved.</p></footer>",
}


@pytest.mark.parametrize("kind", sorted(FURNITURE))
def test_furniture_is_cut_and_the_article_kept(kind):
    box = FURNITURE[kind]
    article = one(
        page(f"{box}<article><h1>A chip for small machines</h1>{PROSE}{box}</article>{box}")
    )
    assert article.text == f"{P1}\n\n{P2}\n\n{P3}"
    assert article.title == "A chip for small machines"


def test_what_is_said_of_commissions_in_an_article_stays():
    said = "The brokers earn a commission of four percent, which the links to the fund made dear."
    html = page(f"<article><h1>A chip for small machines</h1>{PROSE}<p>{said}</p>{PROSE}</article>")
    assert said in one(html).text


def test_a_body_in_two_chunks_is_kept_whole():
    ad = '<div class="ad-slot">Advertisement</div>'
    chunk = '<div class="article-body">{}</div>'
    html = page(
        f"<main>{chunk.format(f'<p>{P1}</p><p>{P2}</p>')}{ad}{chunk.format(f'<p>{P3}</p>')}</main>"
    )
    assert one(html).text == f"{P1}\n\n{P2}\n\n{P3}"


def test_text_behind_the_end_tags_is_read():
    html = page("<p>menu</p>") + f"<div><h1>A chip for small machines</h1>{PROSE}</div>"
    assert one(html).text == f"{P1}\n\n{P2}\n\n{P3}"


def test_structure_survives():
    body = (
        f"{PROSE}<h2>How it works</h2><ul><li>one</li><li>two<ol><li>deep</li></ol></li></ul>"
        "<table><tr><th>Name</th><th>Watt</th></tr><tr><td colspan=2>both</td></tr></table>"
        "<pre><code><span>def</span><span> </span><span>f</span>():\n    pass</code></pre>"
        f"<blockquote><p>{P3}</p></blockquote>"
        '<figure><img src="/chip.jpg" alt="A chip"><figcaption>The chip. Photo: D. W.</figcaption>'
        "</figure>"
    )
    article = one(
        page(f"<article>{body}</article>", '<link rel="canonical" href="https://news.example/c/">')
    )
    assert [(h.level, h.text) for h in article.headings] == [(2, "How it works")]
    flat = article.body.replace("\n", "")
    assert "<li>two<ol><li>deep</li></ol></li>" in flat
    assert '<thead><tr><th scope="col">Name</th><th scope="col">Watt</th></tr></thead>' in flat
    assert '<td colspan="2">both</td>' in flat
    assert "<pre><code>def f():\n    pass</code></pre>" in article.body
    assert "<blockquote><p>" in article.body
    assert '<img alt="A chip" src="https://news.example/chip.jpg">' in article.body
    assert "<figcaption>The chip. Photo: D. W.</figcaption>" in article.body
    assert "The chip. Photo" not in article.text


def test_numbered_code_loses_its_numbers():
    code = "<tr><td class=gutter><pre>1\n2</pre></td><td><pre>a = 1\nb = 2</pre></td></tr>"
    article = one(page(f"<article>{PROSE}<table>{code}</table></article>"))
    assert "<pre>a = 1\nb = 2</pre>" in article.body
    assert "<table" not in article.body


def test_breaks_become_paragraphs_and_layout_tables_go():
    html = f"<font size=2>{P1}<br><br>{P2}<br><br>{P3}</font>"
    table = f"<table><tr><td><a href=/>Home</a></td><td>{html}</td></tr></table>"
    article = one(page(table))
    assert article.body.count("<p>") == 3
    assert article.text == f"{P1}\n\n{P2}\n\n{P3}"


def test_a_local_picture_stays_local_and_a_page_without_address_keeps_its_links():
    article = one(
        page(
            f'<article>{PROSE}<p><img src="a_files/x.png"> {P1} <a href="/y">It</a>.</p></article>'
        )
    )
    assert 'src="a_files/x.png"' in article.body
    assert 'href="/y"' in article.body


JSONLD = (
    '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"A chip for '
    'small machines","datePublished":"2026-05-20T09:30:00+08:00","dateModified":"2026-05-22",'
    '"author":[{"@type":"Person","name":"Dana Whitfield"},{"@type":"Person","name":"Wei Zhang"}],'
    '"keywords":["Chips","Power"],"publisher":{"name":"Example News"}}]}</script>'
)


def test_json_ld_gives_fields_with_their_provenance():
    article = one(page(f"<article>{PROSE}</article>", JSONLD))
    assert article.published.value == "2026-05-20T09:30:00+08:00"
    assert article.found["published"].origin is Origin.JSONLD
    assert article.updated is not None
    assert article.updated.value == "2026-05-22"
    assert article.authors == ("Dana Whitfield", "Wei Zhang")
    assert article.tags == ("Chips", "Power")
    assert article.site == "Example News"


@pytest.mark.parametrize(
    ("html", "value"),
    [
        ('<time datetime="2026-05-20">today</time>', "2026-05-20"),
        ('<span class="date">May 20, 2026</span>', "2026-05-20"),
        ('<span class="date">20 May 2026</span>', "2026-05-20"),
        ("<p>Posted on Wednesday, May 20th, 2026</p>", "2026-05-20"),
        ('<span class="date">May 2026</span>', "2026-05"),
        ("<p>发布时间：2026年5月20日 09:30</p>", "2026-05-20"),
        ('<span class="date">2026年5月</span>', "2026-05"),
        ('<span class="date">20.05.2026</span>', "2026-05-20"),
        ('<div class="date">2026/5/20</div>', "2026-05-20"),
    ],
)
def test_dates_as_pages_write_them(html, value):
    article = one(
        page(f"<article><h1>A chip for small machines</h1>{html}{PROSE}</article>"), "a.html"
    )
    assert article.published.value == value


def test_a_comment_s_date_is_not_the_article_s():
    comment = '<div id="comments"><p class="date">May 27, 2026</p><p>First!</p></div>'
    html = page(f'<article><p class="date">May 20, 2026</p>{PROSE}</article>{comment}')
    assert one(html).published.value == "2026-05-20"


@pytest.mark.parametrize(
    "line",
    [
        '<p class="byline">By Dana Whitfield, May 20, 2026</p>',
        '<a rel="author" href="/authors/dana">Dana Whitfield</a>',
        '<div class="author"><a href="/author/dana">Dana Whitfield</a> Senior Editor</div>',
        "<p>By Dana Whitfield</p>",
        "<p>Written by Dana Whitfield, Head of Research and Policy</p>",
        '<h3 id="standing-by-yourself">Standing By Yourself</h3><p>By Dana Whitfield</p>',
        '<meta name="citation_author" content="Whitfield, Dana">',
    ],
)
def test_bylines(line):
    article = one(page(f"<article><h1>A chip for small machines</h1>{line}{PROSE}</article>"))
    assert article.authors == ("Dana Whitfield",)


@pytest.mark.parametrize(
    "line",
    [
        '<p>by <a href="/author/dana/">Dana</a> · Dec 20, 2025</p>',
        "<p>Posted by Dana at December 16, 2025 11:15 AM</p>",
    ],
)
def test_one_word_is_a_name_where_the_byline_says_so(line):
    article = one(page(f"<article><h1>A chip for small machines</h1>{line}{PROSE}</article>"))
    assert article.authors == ("Dana",)


def test_who_wrote_a_long_page_may_be_said_below_it():
    said = "<p>Written by Dana Whitfield</p>"
    article = one(page(f"<article><h1>A chip for small machines</h1>{PROSE * 60}{said}</article>"))
    assert article.authors == ("Dana Whitfield",)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("gb18030", "gb2312"),
        ("gb18030", ""),
        ("big5", "big5"),
        ("big5", "iso-8859-1"),
    ],
)
def test_encodings_of_a_chinese_page(encoding, declared):
    text = "實驗室展示了一種新的晶片，它的功耗只有上一代的一半，而速度相同。" * 3
    if encoding == "gb18030":
        text = (
            "实验室展示了一种新的芯片，它的功耗只有上一代的一半，而速度相同。这是中国的新闻。" * 3
        )
    meta = f'<meta charset="{declared}">' if declared and declared != "iso-8859-1" else ""
    html = f"<html><head>{meta}<title>{text[:12]}</title></head><body><p>{text}</p></body></html>"
    (article,) = clean(RawFile("2026-05/a.html", html.encode(encoding)))
    assert isinstance(article, Article)
    assert article.text == text
    assert article.lang == "zh"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("naïve “quotes”".encode("cp1252"), "naïve “quotes”"),
        (
            b"na\xc3\xafve \x93quotes\x94 \xe2\x80\x94 caf\xc3\xa9 \xc3\xa9\xc3\xa9\xc3\xa9",
            "naïve “quotes” — café ééé",
        ),
    ],
)
def test_windows_characters_and_mixed_files(data, text):
    html = (
        b"<html><head><title>A title</title></head><body><p>" + data + P1.encode() + b"</p></body>"
    )
    (article,) = clean(RawFile("2026-05/a.html", html))
    assert isinstance(article, Article)
    assert text in article.text


def test_a_sidecar_wins_over_everything_and_says_so():
    sidecar = b'title = "Put right"\ndate = 2026-05-19\nauthors = ["Someone"]\ntags = []\n'
    article = one(page(f"<article>{PROSE}</article>", JSONLD), "a.html", sidecar)
    assert (article.title, article.published.value) == ("Put right", "2026-05-19")
    assert article.authors == ("Someone",)
    assert article.tags == ()
    assert article.found["title"].origin is Origin.EDITOR


def test_corrections_are_read_in_order_and_move_the_day_of_the_last_change():
    sidecar = b"""updated = "2026-05-21"
[[correction]]
date = 2026-05-24
note = "It is the second bridge."
[[correction]]
date = "2026-05-22"
note = "The keeper\'s name is Dana."
"""
    article = one(page(f"<article>{PROSE}</article>", JSONLD), "a.html", sidecar)
    assert [(fix.date.value, fix.note) for fix in article.corrections] == [
        ("2026-05-22", "The keeper's name is Dana."),
        ("2026-05-24", "It is the second bridge."),
    ]
    assert article.updated == Dateline("2026-05-21")
    assert article.modified == Dateline("2026-05-24")
    assert article.found["corrections"].origin is Origin.EDITOR


@pytest.mark.parametrize("colon", [": ", "："])
def test_front_matter_lists_corrections_a_line_each(colon):
    front = f"title: A\ndate: 2026-05-20\ncorrections:\n- 2026-05-22{colon}At 9: two"
    text = f"---\n{front}\n---\n\n{P1}"
    (article,) = clean(RawFile("a.md", text.encode()))
    assert isinstance(article, Article)
    assert [(fix.date.value, fix.note) for fix in article.corrections] == [
        ("2026-05-22", "At 9: two")
    ]


@pytest.mark.parametrize(
    ("sidecar", "where", "hint"),
    [
        (b'titel = "x"', "a.html.toml: titel", "Did you mean title?"),
        (b"title = \n", "a.html.toml:1", "in quotes"),
        (b'date = "soon"', "a.html.toml: date", "2026-05-20"),
        (b'draft = "perhaps"', "a.html.toml: draft", "true"),
        (b"\xff\xfe\x00", "a.html.toml", "UTF-8"),
        (b'[[correction]]\nnote = "x"', "a.html.toml: correction", "[[correction]]"),
        (b'[[correction]]\ndate = "2026-05-20"', "a.html.toml: correction", "note ="),
        (b'[[correction]]\ndate = "now"\nnote = "x"', "a.html.toml: date", "2026-05-20"),
        (b'correction = "The name."', "a.html.toml: correction", "[[correction]]"),
        (b'[[correction]]\nnotes = "x"', "a.html.toml: correction", "[[correction]]"),
    ],
)
def test_a_wrong_sidecar_is_refused_with_its_place(sidecar, where, hint):
    (refused,) = clean(RawFile("a.html", page(PROSE).encode(), sidecar))
    assert isinstance(refused, Rejected)
    assert refused.where == where
    assert hint in refused.hint


def test_a_hidden_article_is_left_out():
    assert clean(RawFile("2026-05/a.html", page(PROSE).encode(), b"hide = true")) == ()


def test_an_explanation_tells_what_was_cut_and_why():
    html = page(
        f"{FURNITURE['cookies']}<article><h1>A chip for small machines</h1>{PROSE}</article>"
    )
    explanation = explain(RawFile("2026-05/a.html", html.encode()))
    text = explain_text(explanation)
    assert "We and our partners" in text
    assert "the page calls it “cookie" in text
    assert "beside the file: title =" in text
    assert "from: folder name, 30% sure" in text
    shown = explain_html(explanation)
    assert "<p class=cut>We and our partners" in shown
    assert "<script" not in shown
    refused = explain_text(explain(RawFile("a.html", page(PROSE).encode())))
    assert "refused: no date" in refused


@given(
    st.binary(max_size=400),
    st.sampled_from(["a.html", "a.txt", "a.md", "a.xml", "a.warc", "a.mhtml"]),
)
@settings(max_examples=120, deadline=None)
def test_no_bytes_raise(data, name):
    for result in clean(RawFile(name, data)):
        assert isinstance(result, Article | Rejected)


@given(
    st.lists(
        st.sampled_from(
            [
                "<div>",
                "</p>",
                "<table>",
                "<td>",
                "<a href='x'>",
                "text. ",
                "<br>",
                "<li>",
                "</div>",
                "<h2>",
                "<b>",
                "<script>",
                "&#xD800;",
                "\x00",
                "<!--",
                "-->",
                "<svg>",
                "</svg>",
            ]
        ),
        max_size=60,
    )
)
@settings(max_examples=80, deadline=None)
def test_what_is_published_is_clean_and_stays_so(parts):
    html = f"<html><head><title>T</title></head><body><p>{P1}</p>{''.join(parts)}<p>{P2}</p>"
    for result in clean(RawFile("2026-05/a.html", html.encode("utf-8", "replace"))):
        if isinstance(result, Article):
            assert sanitise(result.body) == result.body
            assert "\x00" not in result.text
            assert result.text.encode("utf-8")
            assert clean(RawFile("2026-05/a.html", html.encode("utf-8", "replace")))[0] == result


HOSTILE = {
    "divs": "<div>" * 100_000,
    "bold": "<b>" * 50_000,
    "comments": "<!--" * 50_000,
    "attributes": "<a b='" * 30_000,
    "drawings": "<svg>" * 50_000,
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_markup_ends_soon(kind):
    (result,) = clean(RawFile("2026-05/a.html", page(HOSTILE[kind] + PROSE).encode()))
    assert isinstance(result, Article | Rejected)


def test_late_pictures_and_players():
    late = '<p><img src="data:image/gif;base64,R0" data-src="https://news.example/late.jpg"></p>'
    player = '<iframe src="https://video.example/embed/42" title="How it is made"></iframe>'
    article = one(page(f"<article>{PROSE}{late}{player}<p>{P1} Again.</p></article>"))
    assert 'src="https://news.example/late.jpg"' in article.body
    assert '<a href="https://video.example/embed/42">How it is made</a>' in article.body
    assert "How it is made" not in article.text


def test_text_that_only_json_ld_has():
    told = json.dumps({"@type": "Article", "articleBody": f"{P1}\n{P2}\n{P3} {P1}"})
    script = f'<script type="application/ld+json">{told}</script>'
    article = one(page("<div id=root></div>", script))
    assert article.text == f"{P1}\n\n{P2}\n\n{P3} {P1}"


def test_markdown_takes_its_first_heading_and_its_front_matter():
    (plain,) = clean(RawFile("2026-05/a.md", f"# A *chip*\n\n{P1}\n\n## Part\n\n{P2}\n".encode()))
    assert isinstance(plain, Article)
    assert (plain.title, [h.text for h in plain.headings]) == ("A chip", ["Part"])
    front = "---\ntitle: 'Told'\ndate: 2026-05-20\ntags: [Chips, Power]\nauthor: Dana Whitfield\n"
    front += f"lang: en\nslug: told\ndraft: true\n---\n{P1}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    (told,) = clean(RawFile("a.md", front.encode()))
    assert isinstance(told, Article)
    assert (told.title, told.published.value, told.slug) == ("Told", "2026-05-20", "told")
    assert (told.tags, told.authors, told.draft) == (("Chips", "Power"), ("Dana Whitfield",), True)
    assert '<th scope="col">a</th>' in told.body
