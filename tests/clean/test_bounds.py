"""Odd and large pages are read in a time that grows as they do."""

import time

import pytest

from backissue.article import Article, Rejected
from backissue.clean import RawFile, clean

PROSE = "<p>" + "The bridge was closed for two nights. " * 8 + "</p>"
MANY = 5_000
MOST = 3.0  # CPU seconds for each; 0.1 to 0.7 of them on the machine that they were set on
DATA = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A bridge"}</script>'

PIECES = {
    "small print around loose words and blocks": "<small>a<p>b</p>c</small>",
    "items in no list": "<li>word word</li><div>x</div>",
    "paragraphs of line breaks": "word word<br><br>",
    "paragraphs of links": "<p><a href='/x'>word word</a></p>",
    "lists of one term": "<dl><dt>a<dd>b</dl>",
    "dates": "<time datetime='2026-05-01'>May 1, 2026</time> ",
    "headings": "<h1>Word word</h1>",
    "bold boxes": "<b><div>a b c</div></b>",
    "pictures": "<figure><img src=/a.png><figcaption>a</figcaption></figure>",
    "fields": "<div><input type=email name=email></div>",
    "tables": "<table><tr><td>a<td>b</table>",
    "data": DATA,
    "drawings never closed": "<svg>",
    "formatting never closed": "<b><i><u>x",
    "comments never closed": "<!--",
}
WHOLE = {
    "a huge attribute": f"<p class='{'a ' * 500_000}'>x</p>",
    "rows that reach below all others": "<table>"
    + "<tr><td rowspan=65534 colspan=200>a" * (MANY // 10)
    + "</table>",
    "boxes in boxes": "<div>" * 100_000 + "x" + "</div>" * 100_000,
    "data in data": '<script type="application/ld+json">' + '{"a":' * 50_000 + "</script>",
    "fields in many boxes": "<div>" * 100 + "<input type=email name=email>" * MANY + "</div>" * 100,
    "one word": "<p>" + "a" * 1_000_000 + "</p>",
}


def seconds(body: str) -> float:
    page = f"<title>A bridge is closed</title><body><h1>A bridge is closed</h1><article>{PROSE * 3}"
    start = time.process_time()
    (result,) = clean(RawFile("2026-05/a.html", f"{page}{body}{PROSE}</article>".encode()))
    assert isinstance(result, Article | Rejected)
    return time.process_time() - start


@pytest.mark.parametrize("kind", PIECES)
def test_thousands_of_one_piece_are_read_in_seconds(kind: str) -> None:
    assert seconds(PIECES[kind] * MANY) < MOST


@pytest.mark.parametrize("kind", WHOLE)
def test_one_huge_thing_is_read_in_seconds(kind: str) -> None:
    assert seconds(WHOLE[kind]) < MOST


def test_a_text_of_more_lines_and_cells_than_anybody_writes_is_refused_before_it_is_read() -> None:
    row = "|".join(["c"] * 200) + "\n"
    for name, text in (
        ("2026-05/a.md", "# A bridge\n\n" + "a line of it\n" * 900_000),
        ("2026-05/a.md", "# A bridge\n\n" + row + "|".join(["-"] * 200) + "\n" + row * 2000),
        ("2026-05/a.txt", "A bridge\n\n" + "a line of it\n" * 900_000),
    ):
        start = time.process_time()
        (result,) = clean(RawFile(name, text.encode()))
        assert isinstance(result, Rejected)
        assert "lines and cells; up to 100,000 are read" in result.detail
        assert time.process_time() - start < MOST / 3
    (result,) = clean(RawFile("2026-05/a.md", b"# A bridge\n\n" + b"a line of it\n" * 9_000))
    assert isinstance(result, Article)


def test_boxes_in_boxes_between_standfirst_and_text_are_read_once() -> None:
    text = "".join(PROSE.replace("two nights", f"{n} nights") for n in range(1700))
    page = (
        "<title>A bridge is closed</title><body><article><h1>A bridge is closed</h1><h2>The bridge "
        "was closed for two nights, and everybody came to look at what is below it.</h2>"
        f"{'<div>' * 400}{text}{'</div>' * 400}</article>"
    )
    start = time.process_time()
    (article,) = clean(RawFile("2026-05/a.html", page.encode()))
    assert isinstance(article, Article)
    assert time.process_time() - start < MOST
