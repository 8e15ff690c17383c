"""The sample site, held against the bars of benchmarks.site that need nothing from npm.

Where the judges of `python -m benchmarks.site --install` are there, axe-core is asked too.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect, sync_playwright

from benchmarks.site_browser import FLAGS, kinds, look, search_states
from benchmarks.site_files import CHECKS, Tree, heaviest_page, scripts_of, styles_of
from benchmarks.site_server import Serving
from benchmarks.site_tools import FOLDER, find
from tests.conftest import ROOT, Site

KB = 1000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, Tree]]:
    site = Site(tmp_path_factory.mktemp("bars"), {})
    shutil.copytree(ROOT / "content", site.content, dirs_exist_ok=True)
    server = Serving(site.output)
    site.build(SITEURL=server.url.rstrip("/"))
    yield server, site.tree()
    server.shutdown()


@pytest.mark.parametrize("name", CHECKS)
def test_nothing_is_found(served: tuple[Serving, Tree], name: str) -> None:
    assert list(CHECKS[name](served[1])) == []


def test_pages_are_light(served: tuple[Serving, Tree]) -> None:
    tree = served[1]
    assert heaviest_page(tree, articles=True)[1] <= 60 * KB
    assert heaviest_page(tree, articles=False)[1] <= 150 * KB
    article = f"{kinds(tree)['article']}index.html"
    assert 10 * KB < styles_of(tree, article) <= 15 * KB
    assert scripts_of(tree, article) == 0


@pytest.mark.browser
def test_every_kind_of_page_pleases_the_browser(served: tuple[Serving, Tree]) -> None:
    server, tree = served
    screens = (("light", 360), ("dark", 1280))
    seen = look(server.url, search_states(kinds(tree), ("tape",)), find(FOLDER).axe, screens)
    if seen is None:
        pytest.skip("Debian's chromium is absent")
    assert seen.pages == 2 * (len(kinds(tree)) + 1)
    assert (seen.elsewhere, seen.said, seen.wide, seen.axe) == ([], [], [], [])


@pytest.mark.browser
def test_a_lost_reader_is_shown_what_the_words_of_the_address_find(
    served: tuple[Serving, Tree],
) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Debian's chromium is absent")
    server, tree = served
    article = next(path for path in tree if "what-reasoning-tokens" in path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{server.url}2024/11/03/Reasoning-Tokens_%E2%80%94_who-pays.html")
        expect(page.locator("#lost")).to_have_value("Reasoning Tokens who pays")
        first = page.locator(".lost a").first
        expect(first).to_be_visible()
        assert first.get_attribute("href") == server.url + article.removesuffix("index.html")
        page.goto(f"{server.url}2024/11/%/123/")
        expect(page.locator("#lost")).to_have_value("")
        expect(page.locator(".lost")).to_be_hidden()
        browser.close()
