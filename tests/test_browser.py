"""What a reader's browser makes of the site: an article, and a search without a server."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.site_browser import FLAGS
from tests.conftest import Site

pytestmark = pytest.mark.browser


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the tests' own output is what counts."""


@pytest.fixture(scope="module")
def address(sample: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # Below a folder: the site must work under any path.
    root = tmp_path_factory.mktemp("served")
    (root / "archive").symlink_to(sample.output)
    handler = functools.partial(_Quiet, directory=str(root))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/archive/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(20_000)
    page.errors = []
    page.requested = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("request", lambda request: page.requested.append(request.url))
    yield page
    page.close()


def test_an_article_is_read_from_the_front_page(page: Page, address: str) -> None:
    page.goto(address)
    link = page.locator("main h2 a, main h3 a").first
    title = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(title)
    assert page.locator("main article p").count() > 3
    assert page.errors == []
    assert all(url.startswith(address) for url in page.requested)


def test_counts_reach_a_page_through_the_stylesheet(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("main h2 a, main h3 a").first.click()
    page.wait_for_url("**/20*/*/*/")
    page.wait_for_load_state("load")
    count = page.locator('[class*="n-month-"]').first
    shown = count.evaluate("element => getComputedStyle(element, '::before').content")
    assert int(shown.strip('" ')) > 0


def test_a_reader_types_a_query_and_follows_a_result(page: Page, address: str) -> None:
    page.goto(f"{address}search/")
    page.keyboard.press("/")
    page.keyboard.type("reasoning tokens")
    first = page.locator("main h2 a, main h3 a").first
    expect(first).to_contain_text("Reasoning Tokens")
    assert page.locator("main mark").count() > 0
    first.click()
    expect(page.locator("h1")).to_contain_text("Reasoning Tokens")
    assert page.errors == []
    assert all(url.startswith(address) for url in page.requested)


def test_the_form_of_any_page_leads_to_its_results(page: Page, address: str) -> None:
    page.goto(f"{address}archive/")
    page.locator('header input[type="search"]').fill("数据")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("main h2 a, main h3 a").first).to_be_visible()
    assert page.errors == []


def test_nothing_found_is_said_in_words(page: Page, address: str) -> None:
    page.goto(f"{address}search/?q=zzyzxqwv")
    expect(page.locator("main")).to_contain_text("No")
    assert page.locator("main h2 a, main h3 a").count() == 0
