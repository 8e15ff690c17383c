"""The walk over links would notice a broken one."""

from tests.links import broken_links


def page(html: str) -> bytes:
    return html.encode()


def test_links_that_lead_somewhere_are_no_finding() -> None:
    tree = {
        "index.html": page('<a href="2026/05/">m</a><a href="./#x">x</a><p id="x">'),
        "2026/05/index.html": page('<a href="../../">home</a><a href="https://a.example/">o</a>'),
    }
    assert list(broken_links(tree)) == []


def test_a_missing_page_a_missing_anchor_and_a_folder_without_a_slash_are_found() -> None:
    tree = {
        "a/index.html": page('<a href="../b/">b</a><a href="#none">n</a><a href="../a">a</a>'),
    }
    assert [link for _, link in broken_links(tree)] == ["../b/", "#none", "../a"]
