"""What holds for every page of the theme."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

from backissue.archive.files.file import POLICY
from tests.theme.factory import ENVIRONMENT, PAGES, RICH, THEME, render, rendered, site_context

BASE = "https://host.example/any/prefix/"
FETCHED = (("link", "href"), ("img", "src"), ("script", "src"), ("form", "action"))

every_kind = pytest.mark.parametrize("name", PAGES)


@every_kind
def test_a_page_has_one_main_one_title_and_one_first_heading(name):
    page = rendered(name)
    assert len(page.find_all("main")) == 1
    assert len(page.find_all("h1")) == 1
    assert page.h1.get_text(strip=True)
    assert page.title.get_text(strip=True)
    assert page.html["lang"] == PAGES[name][2]


@every_kind
def test_headings_leave_out_no_level(name):
    levels = [int(h.name[1]) for h in rendered(name).find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@every_kind
def test_every_identity_is_unique_and_every_reference_to_one_is_met(name):
    page = rendered(name)
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    wanted = {tag["aria-labelledby"] for tag in page.find_all(attrs={"aria-labelledby": True})}
    wanted |= {tag["for"] for tag in page.find_all("label")}
    wanted |= {a["href"][1:] for a in page.find_all("a", href=re.compile("^#"))}
    assert wanted <= set(ids)
    assert "main" in wanted


@every_kind
def test_landmarks_of_one_kind_are_told_apart_by_their_names(name):
    for kind in ("nav", "section"):
        marks = rendered(name).find_all(kind)
        names = [mark.get("aria-label") or mark.get("aria-labelledby") for mark in marks]
        assert all(names)
        assert len(names) == len(set(names))


@every_kind
def test_nothing_needs_a_looser_content_security_policy(name):
    page = rendered(name)
    assert not page.find_all("style")
    inside = page.find_all("script", src=False)
    assert {tag.get("type") for tag in inside} <= {"application/ld+json"}
    assert len(page.find_all("script", src=True)) == (name == "not found")
    for tag in page.find_all(True):
        assert not [key for key in tag.attrs if key == "style" or key.startswith("on")]


@every_kind
def test_every_fetched_address_is_relative(name):
    page = rendered(name)
    addresses = [
        tag[key] for kind, key in FETCHED for tag in page.find_all(kind, attrs={key: True})
    ]
    assert any(address.endswith("/theme/css/main.css") for address in addresses)
    assert all(address.startswith(".") for address in addresses)
    assert not page.find_all(srcset=True)
    assert not page.find_all(["iframe", "object", "embed", "video", "audio"])


@every_kind
def test_links_stay_below_any_prefix_that_the_site_is_put_under(name):
    here = BASE + PAGES[name][1]
    for tag in rendered(name).find_all(href=True):
        if tag["href"] not in (RICH.canonical, "https://example.com/paper"):
            assert urljoin(here, tag["href"]).startswith(BASE), tag
            assert "//" not in tag["href"]


@every_kind
def test_own_address_and_opensearch_are_named_only_where_the_site_knows_its_address(name):
    unknown = rendered(name)
    assert not unknown.find("link", rel="canonical")
    assert not unknown.find("link", rel="search")
    assert not unknown.find("meta", property="og:url")
    known = rendered(name, absolute="https://news.example/back/")
    own = "https://news.example/back/" + PAGES[name][1]
    assert known.find("link", rel="canonical")["href"] == own
    assert known.find("meta", property="og:url")["content"] == own
    assert known.find("link", rel="search")["href"].endswith("/opensearch.xml")


@every_kind
def test_every_page_offers_the_feed_the_sections_and_search(name):
    page = rendered(name)
    here = BASE + PAGES[name][1]
    feed = page.find("link", type="application/atom+xml")
    assert urljoin(here, feed["href"]) == BASE + "feeds/all.atom.xml"
    links = [urljoin(here, a["href"]) for a in page.header.find_all("a")]
    assert {BASE, BASE + "archive/", BASE + "topics/"} <= set(links)
    form = page.header.find("form", role="search")
    assert urljoin(here, form["action"]) == BASE + "search/"
    assert form["method"] == "get"
    assert form.find("input", attrs={"name": "q"})


def test_a_section_marks_itself_in_the_navigation():
    current = rendered("full archive").header.find_all(attrs={"aria-current": "page"})
    assert [tag.get_text() for tag in current] == ["Archive"]
    assert not rendered("rich article").header.find_all(attrs={"aria-current": True})


def test_a_policy_is_written_into_the_page_where_the_site_sets_one():
    policy = "default-src 'none'; style-src 'self'"
    page = rendered("full front", CSP=policy)
    assert page.find("meta", attrs={"http-equiv": True})["content"] == policy
    assert not rendered("full front", CSP="").find("meta", attrs={"http-equiv": True})
    default = rendered("full front").find("meta", attrs={"http-equiv": True})["content"]
    assert default == POLICY


def test_menu_items_stand_in_the_footer():
    items = (("About", "about/"), ("Code", "https://code.example/"))
    footer = rendered("rich article", MENUITEMS=items).find("footer", class_="colophon")
    hrefs = [a["href"] for a in footer.find_all("a")]
    assert "../../../about/" in hrefs
    assert "https://code.example/" in hrefs


@every_kind
def test_every_word_of_the_interface_can_be_translated(name):
    page = rendered(name, _=lambda text: "§")
    shown = re.findall(r"[A-Za-z]{2,}", " ".join(_interface(page)))
    given = re.findall(r"[A-Za-z]{2,}", f"{PAGES[name][3]!r} The Sample News kept SHA")
    assert set(shown) <= set(given)
    assert "§" in page.footer.get_text()


def _interface(page: BeautifulSoup) -> list[str]:
    for script in page.find_all("script"):
        script.decompose()
    named = [
        tag[key]
        for key in ("aria-label", "placeholder", "alt")
        for tag in page.find_all(attrs={key: True})
    ]
    return [*page.stripped_strings, *named]


@every_kind
def test_without_a_translation_function_the_interface_is_english(name):
    template, address, lang, data = PAGES[name]
    context = site_context(address, lang)
    del context["_"]
    without = ENVIRONMENT.get_template(f"{template}.html").render({**context, **data})
    assert without == render(template, address, lang, data)


def test_no_template_is_left_out_of_these_tests():
    ours = {path.stem for path in (THEME / "templates").glob("*.html")}
    assert ours - {"base", "_macros", "search"} == {page[0] for page in PAGES.values()}
