"""What is meant to run in a reader's browser reaches no field of an article."""

import html
import json
from collections.abc import Iterator

import lxml.html
import pytest

from backissue.article import Article
from backissue.clean import RawFile, clean
from backissue.clean.sanitise import ATTRIBUTES, SCHEMES, TAGS, sanitise

TEXT = "Halden Bank said on Monday that it would move its ledgers to open hardware this year. " * 3
PAYLOADS = (
    # What one parser takes for text and the next one for markup.
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">x</p></noscript>',
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src onerror=alert(1)>'>",
    "<svg></p><style><a id='</style><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)><template><script>x()</script></template></template>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<select><template><script>alert(1)</script></template></select>",
    "<svg><foreignObject><p><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>",
    "<table><caption><svg><title><style><img src=x onerror=alert(1)></style></title></svg>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<details open ontoggle=alert(1)><summary>x</summary>y</details>",
    "<figure><figcaption><noembed><a title='</noembed><script>alert(1)</script>'>",
    # Events, in every case and behind every separator.
    "<p OnClIcK=alert(1)>x</p>",
    "<img/src=x/onerror=alert(1)>",
    "<img\x0csrc=x\x0conerror\x0c=\x0calert(1)>",
    "<p {}=1 onclick=alert(1) lang='en\x01'>x</p>",
    "<p onpointerrawupdate&#61;alert(1)>x</p>",
    '<td background="javascript:alert(1)" onfocus=alert(1) tabindex=0>x</td>',
    # Addresses.
    '<a href="jAvAsCrIpT:alert(1)">x</a>',
    '<a href=" &#1;&#9;java&#10;script&colon;alert(1)">x</a>',
    '<a href="java\x00script:alert(1)">x</a>',
    '<a href="\u3000javascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<a href="vbscript:msgbox(1)">x</a><a href="blob:https://x.example/1">y</a>',
    '<a href="https://x.example/" ping="javascript:alert(1)" target=_blank>x</a>',
    '<a xlink:href="javascript:alert(1)" href="view-source:javascript:alert(1)">x</a>',
    '<img srcset="javascript:alert(1) 1x, data:image/svg+xml,<svg/onload=alert(1)> 2x">',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload=alert(1)>\">",
    '<img data-src="javascript:alert(1)" data-srcset="javascript:alert(1) 2x" lowsrc="vbscript:x">',
    '<blockquote cite="javascript:alert(1)">x</blockquote><q cite="data:,x">y</q>',
    '<video poster="javascript:alert(1)"><source src="javascript:alert(1)"></video>',
    '<iframe src="javascript:alert(1)" title="film"></iframe>',
    '<object data="data:text/html,<script>alert(1)</script>"></object><embed src=javascript:x>',
    # What changes the page around it.
    '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=javascript:x()">',
    '<link rel=stylesheet href="https://evil.example/x.css"><style>*{background:url(//evil)}</style>',
    '<p style="background:url(javascript:alert(1));position:fixed" class=nav id=top>x</p>',
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    '<a name="body" id="location">x</a><img name="cookie" src="https://x.example/a.png">',
    "<input autofocus onfocus=alert(1)><textarea></textarea><script>alert(1)</script>",
    "<p is='x-y' slot=a part=b nonce=c>x</p><x-y>custom</x-y>",
    "<a href='https://x.example/\"onmouseover=alert(1)'>x</a>",
    "<p dir='\" onclick=alert(1) x=\"' lang='\"><script>alert(1)</script>'>x</p>",
)


def _forms(payload: str) -> Iterator[RawFile]:
    """The payload wherever a file may have it."""
    quoted = html.escape(payload)
    data = json.dumps({"@type": "NewsArticle", "headline": payload, "author": payload})
    page = (
        f'<html><head><title>{quoted}</title><meta name="author" content="{quoted}">'
        f'<meta property="og:image" content="{quoted}"><link rel="canonical" href="{quoted}">'
        f'<meta property="article:tag" content="{quoted}">'
        f'<script type="application/ld+json">{data}</script></head><body><article>'
        f"<h1>A plain title</h1><p>2026-05-02</p><p>{TEXT}</p>{payload}<p>{TEXT}</p>"
        f'<p><a href="{quoted}">x</a><img src="{quoted}" alt="{quoted}"></p></article>'
    )
    dump = (
        f"A plain title\n\nMay 2026\n{payload}Archive: May 2026\n\n{TEXT}\n\n{payload}\n\n"
        f"| {payload} | b |\n|---|---|\n| c | d |\n\n- {payload}\n\nFurther Reading\n\n"
        f"[{payload}]({payload})\n\nFAQ\n\nWhat is {payload}?\n\n{payload}\n"
    )
    marked = (
        f"---\ntitle: A plain title\ndate: 2026-05-02\n---\n\n{TEXT}\n\n{payload}\n\n"
        f"[x](<{payload}>) ![y]({payload}) <{payload}>\n"
    )
    sidecar = f"title = {json.dumps(payload)}\ntags = [{json.dumps(payload)}]\n"
    yield RawFile("2026-05/a.html", page.encode())
    yield RawFile("2026-05/a.txt", dump.encode())
    yield RawFile("2026-05/a.md", marked.encode())
    yield RawFile("2026-05/b.html", page.encode(), sidecar.encode())
    body = f"body = {json.dumps(payload + '<p>' + TEXT + '</p>')}\n"
    yield RawFile("2026-05/c.html", page.encode(), body.encode())


def _faults(markup: str) -> list[str]:
    faults = []
    for element in lxml.html.fragment_fromstring(markup, create_parent="main").iter():
        name = element.tag
        if name == "main":
            continue
        if not isinstance(name, str) or name not in TAGS:
            faults.append(f"<{name}>")
            continue
        for attribute, value in element.items():
            if attribute not in ATTRIBUTES["*"] | ATTRIBUTES.get(name, set()):
                faults.append(f"{name} {attribute}")
            if attribute in ("href", "src") and not _allowed(value):
                faults.append(f"{name} {attribute}={value}")
    return faults


def _allowed(address: str) -> bool:
    scheme, colon, _ = address.partition(":")
    if not colon or any(sign in scheme for sign in "/?#%"):
        return True
    return scheme.lower() in SCHEMES


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_reaches_an_article(payload: str) -> None:
    read = [found for raw in _forms(payload) for found in clean(raw)]
    articles = [found for found in read if isinstance(found, Article)]
    assert articles
    for article in articles:
        markup = article.body + "".join(question.answer for question in article.faq)
        assert _faults(markup) == []
        assert sanitise(article.body) == article.body, "what is clean stays as it is"
        addresses = [article.canonical, *(one.url for one in article.references)]
        addresses += [article.image.src] if article.image else []
        assert [one for one in addresses if not _allowed(one)] == []
        assert article.canonical == "" or article.canonical.startswith(("http://", "https://"))


def test_an_attribute_that_lxml_takes_for_a_namespace_hurts_nobody() -> None:
    body = f"<article><h1>A plain title</h1><p {{}}=1 {{a}}b=2>{TEXT}</p></article>"
    page = f"<title>A plain title</title>{body}"
    (article,) = clean(RawFile("2026-05/a.html", page.encode()))
    assert isinstance(article, Article)
    assert article.text.startswith("Halden Bank")


@pytest.mark.parametrize("width", ["50%", "1.5em", "auto", "-3", "", "٣٠", "²", "1e3", "999999"])
def test_a_width_is_a_whole_number_or_none(width: str) -> None:
    html = f'<img src="https://a.test/b.png" width="{width}" height="{width}" alt="">'
    assert sanitise(html) == '<img src="https://a.test/b.png" alt="">'
