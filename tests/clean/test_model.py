"""Cleaned bodies are valid HTML: each element stands where it may."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backissue.clean.sanitise import safe_url
from backissue.clean.shape import shape

PICTURE = '<img src="https://a.test/x.png">'
BODIES = {
    "a caption in no figure": (
        f"<p>{PICTURE}</p><figcaption>The bridge</figcaption>",
        '<figure><img alt="" src="https://a.test/x.png"><figcaption>The bridge</figcaption>'
        "</figure>",
    ),
    "a caption between pictures": (
        f"<figure>{PICTURE}<figcaption>One</figcaption><p>{PICTURE}</p></figure>",
        '<figure><img alt="" src="https://a.test/x.png"><img alt="" src="https://a.test/x.png">'
        "<figcaption>One</figcaption></figure>",
    ),
    "a time without its value": ("<p>On <time>Monday</time></p>", "<p>On Monday</p>"),
    "a link in a link": (
        '<p><a href="https://a.test/1">one <b><a href="https://a.test/2">two</a></b></a></p>',
        '<p><a href="https://a.test/1">one <b>two</b></a></p>',
    ),
    "ragged rows": (
        "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr><tr></tr></table>",
        "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td></td></tr></tbody></table>",
    ),
    "cells that reach below their table": (
        '<table><tr><td rowspan="9">1</td><td>2</td></tr><tr><td>3</td></tr></table>',
        '<table><tbody><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr></tbody>'
        "</table>",
    ),
    "text between items": (
        "<ul><li>one</li> and <b>two</b><li>three</li></ul>",
        "<ul><li>one and <b>two</b></li><li>three</li></ul>",
    ),
    "a list in a list": (
        "<ul><li>one</li><ul><li>two</li></ul></ul>",
        "<ul><li>one<ul><li>two</li></ul></li></ul>",
    ),
    "terms without descriptions": (
        "<dl><dt>Bridges</dt></dl><p>They cross.</p>",
        "<p><strong>Bridges</strong></p><p>They cross.</p>",
    ),
    "a description first": (
        "<dl><dd>It crosses.</dd><dt>Ferry</dt><dd>It floats.</dd></dl>",
        "<p>It crosses.</p><dl><dt>Ferry</dt><dd>It floats.</dd></dl>",
    ),
    "small print around blocks": (
        f"<small><figure>{PICTURE}</figure>By <i>Dana</i></small>",
        '<figure><img alt="" src="https://a.test/x.png"></figure><p><small>By '
        "<i>Dana</i></small></p>",
    ),
    "a heading in a head cell": (
        "<table><tr><th><h3>Year</h3></th></tr><tr><td>1911</td></tr></table>",
        '<table><thead><tr><th scope="col">Year</th></tr></thead><tbody><tr><td>1911</td></tr>'
        "</tbody></table>",
    ),
    "levels with gaps": (
        "<h2>1</h2><h5>2</h5><h3>3</h3><h2>4</h2>",
        "<h2>1</h2><h3>2</h3><h3>3</h3><h2>4</h2>",
    ),
    "details without a summary": ("<details><p>All</p></details>", "<p>All</p>"),
    "a width in parts": (
        '<p><img alt="x" width="50%" src="https://a.test/x.png"></p>',
        '<p><img alt="x" src="https://a.test/x.png"></p>',
    ),
}


def flat(html: str) -> str:
    return re.sub(r">\s+<", "><", html).replace(" </", "</").strip()


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_it_is_mended(kind: str) -> None:
    given_, expected = BODIES[kind]
    assert flat(shape(given_).body) == flat(expected)


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_what_is_valid_stays_as_it_is(kind: str) -> None:
    once = shape(BODIES[kind][0]).body
    assert flat(shape(once).body) == flat(once)


def test_signs_that_no_address_has_are_escaped() -> None:
    assert safe_url("https://a.test/a|b?c=[d]&e={f}") == "https://a.test/a%7Cb?c=%5Bd%5D&e=%7Bf%7D"
    assert safe_url("https://a.test\\b") == "https://a.test/b"
    assert safe_url("https://a.test/100%?x=%20") == "https://a.test/100%25?x=%20"
    assert safe_url("https://[::1]/x") == "https://[::1]/x"
    assert safe_url(safe_url("https://a.test/[%]")) == safe_url("https://a.test/[%]")


PARTS = [
    *("<ul>", "</ul>", "<li>", "<dl>", "</dl>", "<dt>", "<dd>", "<table>", "<tr>", "<td>", "<th>"),
    *("</table>", "<figure>", "</figure>", "<figcaption>", "<p>", "<b>", "</b>", "<small>", "<h3>"),
    *(
        "</small>",
        "</h3>",
        "<details>",
        "<summary>",
        "word",
        " ",
        '<a href="https://a.test">',
        PICTURE,
    ),
]


@given(st.lists(st.sampled_from(PARTS), max_size=25))
def test_any_markup_keeps_its_words_and_lists_hold_items_alone(parts: list[str]) -> None:
    shaped = shape("".join(parts))
    words = re.sub(r"<[^>]*>", " ", shaped.body).split("word")
    assert len(words) - 1 == parts.count("word")
    assert not re.search(r"<(ul|ol)>\s*<(?!li|/)", shaped.body)
    for caption in re.finditer("<figcaption>", shaped.body):
        before = shaped.body[: caption.start()]
        assert before.count("<figure>") > before.count("</figure>")


PIECES = ["<figcaption>a b</figcaption><img src=x.png>", "a<br><br>", "<dl><dd>a</dl>"]


@pytest.mark.parametrize("piece", PIECES)
def test_a_page_of_thousands_of_pieces_is_shaped_in_bounded_time(piece: str) -> None:
    start = time.process_time()
    shape(f"<p>{piece}</p>" * 8_000)
    assert time.process_time() - start < 20
