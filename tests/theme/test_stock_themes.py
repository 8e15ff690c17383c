"""Pelican's own themes show the whole archive, with real builds."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect, sync_playwright

from benchmarks.site_browser import FLAGS
from benchmarks.site_server import Serving
from tests.conftest import Site
from tests.links import broken_links

TEXT = "The gauge at the mill was read again in the morning, and the keeper wrote it down. " * 9
VOCABULARY = """
[[topic]]
name = "Mills & gauges"
aliases = ["mill"]
[[topic]]
name = "Databases"
"""


def article(number: int, month: str) -> str:
    return (
        f"Title: Reading <{number}> & more\nDate: {month}-{number % 27 + 1:02d}\n"
        f"Author: Ada Example\nTags: Databases\n\n{TEXT} Number {number}.\n"
    )


FILES = {
    "topics.toml": VOCABULARY,
    **{f"a{n}.md": article(n, "2026-04") for n in range(3)},
    **{f"b{n}.md": article(n, "2026-05") for n in range(3, 12)},
    "month.md": article(12, "2026-05").replace("2026-05-13", "2026-05"),
}
SMALL = {"page_size": 4, "sync": False}


@pytest.fixture(params=["simple", "notmyidea"])
def built(request: pytest.FixtureRequest, site: Callable[..., Site]) -> Site:
    one = site(FILES, THEME=request.param, BACKISSUE=SMALL)
    one.build()
    return one


def parsed(one: Site, path: str) -> BeautifulSoup:
    return BeautifulSoup(one.read(path), "html.parser")


def test_every_page_is_there_and_every_link_leads_somewhere(built: Site) -> None:
    tree = built.tree()
    assert list(broken_links(tree)) == []
    assert len(built.pages()) == 13
    for path in ("index", "archive/index", "topics/index", "2026/05/index", "search/index", "404"):
        page = parsed(built, f"{path}.html")
        assert page.find("link", rel="stylesheet") or "simple" in built.settings["THEME"]
        assert page.find("a", href=True, string="Topics")


def test_an_article_is_whole(built: Site) -> None:
    page = parsed(built, f"{built.pages()[0]}index.html")
    assert "Reading <0> & more" in page.get_text()
    assert "keeper wrote it down" in page.get_text()
    assert page.find("a", string="Databases")["href"].endswith("topics/databases/")
    assert "by%3A%22Ada%20Example%22" in page.find("a", string="Ada Example")["href"]
    assert "1 April 2026" in page.get_text()
    assert page.find("h2", string="Previous and next article")


def test_a_reader_reaches_every_article_from_the_front(built: Site) -> None:
    tree = built.tree()
    seen, ahead = set(), ["index.html"]
    while ahead:
        path = ahead.pop()
        if path in seen or path not in tree:
            continue
        seen.add(path)
        folder = path.split("/")[:-1]
        for link in BeautifulSoup(tree[path], "html.parser").find_all("a", href=True):
            if ":" in link["href"]:
                continue
            steps = list(folder)
            for step in link["href"].partition("#")[0].partition("?")[0].split("/"):
                steps = steps[:-1] if step == ".." else [*steps, step]
            target = "/".join(one for one in steps if one not in ("", "."))
            ahead.append(target if target.endswith(".html") else f"{target}/index.html".lstrip("/"))
    assert {f"{address}index.html" for address in built.pages()} <= seen
    assert "topics/databases/index.html" in seen
    assert "2026/05/page/1/index.html" in seen


def test_what_changed_is_published_as_a_clean_build_does(
    built: Site, site: Callable[..., Site]
) -> None:
    built.write({"new.md": article(20, "2026-05")})
    (built.content / "a0.md").unlink()
    built.build()
    files = {name: text for name, text in FILES.items() if name != "a0.md"}
    clean = site({**files, "new.md": article(20, "2026-05")}, **built.settings)
    clean.build()
    assert built.tree() == clean.tree()
    built.build(THEME="themes/broadsheet")
    assert not (built.output / "search" / "page.js").exists()


@pytest.mark.browser
def test_search_finds(built: Site) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Debian's chromium is absent")
    server = Serving(built.output)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{server.url}search/?q=number+7")
        expect(page.locator("#found a").first).to_have_text("Reading <7> & more")
        browser.close()
    server.shutdown()
