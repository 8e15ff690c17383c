"""Pictures within MHTML and SingleFile pages: kept under a short name, handed over by it."""

import base64
import time

from backissue.article import Article
from backissue.clean import RawFile, clean, pictures_in

BIG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
INLINE = base64.b64encode(BIG).decode()
PROSE = "<p>" + "The bridge was closed for two nights and opened again. " * 8 + "</p>"


def read(raw: RawFile) -> Article:
    (article,) = clean(raw)
    assert isinstance(article, Article), article
    return article


def mhtml(body: str) -> RawFile:
    page = f"<title>A bridge is closed</title><body><h1>A bridge is closed</h1>{PROSE}{body}{PROSE}"
    lines = (
        "From: <Saved by a browser>",
        "Snapshot-Content-Location: https://a.test/2026/05/bridge",
        'Content-Type: multipart/related; type="text/html"; boundary="----x"',
        "",
        "------x",
        "Content-Type: text/html; charset=utf-8",
        "Content-Location: https://a.test/2026/05/bridge",
        "",
        page,
        "------x",
        "Content-Type: image/png",
        "Content-Transfer-Encoding: base64",
        "Content-Location: https://a.test/i/bridge.png",
        "",
        INLINE,
        "------x",
        "Content-Type: image/jpeg",
        "Content-Transfer-Encoding: base64",
        "Content-ID: <p1@mhtml.blink>",
        "",
        base64.b64encode(b"\xff\xd8" + BIG).decode(),
        "------x--",
        "",
    )
    return RawFile("2026-05/the bridge.mhtml", "\r\n".join(lines).encode())


def sources(article: Article) -> list[str]:
    return [part.partition('"')[0] for part in article.body.split('src="')[1:]]


def test_the_parts_of_mhtml_are_pictures_of_its_article() -> None:
    raw = mhtml(
        '<img src="https://a.test/i/bridge.png" alt="The bridge"><img src="/i/bridge.png">'
        '<img src="cid:p1@mhtml.blink"><img src="https://a.test/i/other.png">'
    )
    first, same, second, far = sources(read(raw))
    assert first == same
    assert far == "https://a.test/i/other.png"
    held = pictures_in(raw)
    for address, data in ((first, BIG), (second, b"\xff\xd8" + BIG)):
        folder, _, name = address.rpartition("/")
        assert folder == "the%20bridge.mhtml_files"
        assert held[name] == data


def test_the_data_addresses_of_a_page_are_pictures_and_its_placeholders_are_not() -> None:
    small = base64.b64encode(b"GIF89a" + b"\0" * 20).decode()
    html = (
        f'<title>A bridge</title><body><h1>A bridge</h1>{PROSE}<img src="data:image/png;base64,'
        f'{INLINE}"><img src="data:image/gif;base64,{small}" data-src="https://a.test/late.png">'
        f'<img src="data:image/svg+xml,<svg>{"x" * 4000}</svg>">{PROSE}'
    )
    raw = RawFile("2026-05/a.html", html.encode())
    first, late = sources(read(raw))
    assert late == "https://a.test/late.png"
    assert first.startswith("a.html_files/")
    assert pictures_in(raw) == {first.rpartition("/")[2]: BIG}


def test_what_is_broken_is_no_picture_and_ends_soon() -> None:
    start = time.process_time()
    for data in (b"data:image/png;base64," + b"A" * 5001, b"data:image/png;base64,%" * 50_000):
        assert all(isinstance(one, bytes) for one in pictures_in(RawFile("a.html", data)).values())
    assert pictures_in(RawFile("a.mhtml", b"Content-Type: image/png\r\n\r\n")) is not None
    assert pictures_in(RawFile("a.txt", b"data:image/png;base64," + b"A" * 5000)) == {}
    assert time.process_time() - start < 3
