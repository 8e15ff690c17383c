"""The tree of a page is the one that a browser would see, as far as an article needs it."""

import pytest

from backissue.article import Article
from backissue.clean import RawFile, clean
from backissue.clean.tree import lighten, parse

P1 = "The laboratory showed a chip that needs half the power of the one before it at one speed."
P2 = "Its makers say that the gain comes from a new way to store numbers, which they describe."


@pytest.mark.parametrize("outer", ["article", "main", "section", "header", "div"])
@pytest.mark.parametrize(
    "head",
    [
        "<title>A chip for small machines</title>",
        "<meta charset=utf-8><title>A chip for small machines</title>",
    ],
)
def test_a_page_that_leaves_out_html_head_and_body_keeps_its_article(head, outer):
    text = f"{head}<{outer}><h1>A chip for small machines</h1><p>{P1}</p></{outer}><p>{P2}</p>"
    tree = parse(text)
    assert [child.tag for child in tree.find("body")] == [outer, "p"]
    assert tree.find("head").find(outer) is None
    if outer != "header":
        (article,) = clean(RawFile("2026-05/a.html", text.encode()))
        assert isinstance(article, Article)
        assert article.text == f"{P1}\n\n{P2}"


def test_a_head_that_holds_what_belongs_there_stays():
    tree = parse("<head><title>T</title><script>1</script><noscript></noscript></head><p>x</p>")
    assert [child.tag for child in tree.find("head")] == ["title", "script", "noscript"]


@pytest.mark.parametrize("name", ["{}", "{a}", "{a}b", "{{x}}", "a{b}"])
def test_names_of_attributes_that_lxml_cannot_delete_hurt_nobody(name):
    tree = parse(f"<body><p {name}=1 onclick=2 lang='en'>{P1}</p>")
    lighten(tree.find("body"))
    assert dict(tree.find(".//p").attrib) == {"lang": "en"}


def test_a_kept_value_with_control_characters_survives_such_a_name():
    tree = parse(f"<body><p {{}}=1 lang='en\x01'>{P1}</p>")
    lighten(tree.find("body"))
    assert tree.find(".//p").get("lang") == "en"
