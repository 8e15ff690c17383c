"""The search page in a browser: typing, keyboard, limits, plain words, under a strict policy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.site_browser import FLAGS

from .samples import documents, export_to, write

pytestmark = pytest.mark.browser
THEME = Path(__file__).resolve().parents[2] / "themes" / "broadsheet"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
)


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder below /prefix/, with a strict policy and no byte ranges."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/prefix"))

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("chromium") is None:
        pytest.skip("chromium is absent")
    folder = tmp_path_factory.mktemp("site")
    root = write(folder / "index", documents(120))
    output = folder / "output"
    export_to(root, output / "search")
    shutil.copytree(THEME / "static", output / "theme")
    environment = Environment(loader=FileSystemLoader(THEME / "templates"), autoescape=True)
    for name, offline in (("index", False), ("offline", True)):
        page = environment.get_template("search.html").render(
            SITENAME="The Archive", SITEURL="..", DEFAULT_LANG="en", page_url="search/", lang="en",
            SEARCH_OFFLINE=offline,
        )  # fmt: skip
        (output / "search" / f"{name}.html").write_text(page, encoding="utf-8")
    (output / "theme" / "counts.css").write_text("", encoding="utf-8")
    return output


@pytest.fixture(scope="module")
def site(output: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(output)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/prefix/search/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(site: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text)
                if message.type == "error" and "404" not in message.text
                else None
            ),
        )
        yield page
        browser.close()
    assert problems == []


def test_results_come_as_one_types(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("reasoning tokens")
    expect(page.locator(".search-hits li")).to_have_count(10)
    expect(page.locator(".search-status")).to_contain_text("articles")
    expect(page.locator(".search-hits mark").first).to_be_visible()
    assert "q=reasoning+tokens" in page.url


def test_an_address_with_a_query_shows_its_answer(page: Page, site: str) -> None:
    page.goto(f"{site}?q=%E6%8E%A8%E7%90%86")
    expect(page.locator("#q")).to_have_value("推理")
    expect(page.locator(".search-hits li").first).to_be_visible()


def test_the_keyboard_alone_reaches_a_result(page: Page, site: str) -> None:
    page.goto(f"{site}?q=agents")
    expect(page.locator(".search-hits li").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search-hit").nth(1)).to_be_focused()
    address = page.locator(".search-hit").nth(1).get_attribute("href")
    assert address is not None
    assert address.startswith("../2026/")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()


def test_a_topic_narrows_and_can_be_let_go(page: Page, site: str) -> None:
    page.goto(f"{site}?q=agents")
    status = page.locator(".search-status")
    expect(page.locator(".search-hits li").first).to_be_visible()
    before = status.inner_text()
    button = page.locator("[data-facet=topic] button").first
    count = button.locator(".n").inner_text()
    button.click()
    expect(status).to_have_text(f"{count} articles")
    assert "topic=" in page.url
    page.locator(".search-limits button").click()
    expect(status).to_have_text(before)


def test_searches_run_in_a_worker(page: Page, site: str) -> None:
    page.goto(f"{site}?q=agents")
    expect(page.locator(".search-hits li").first).to_be_visible()
    assert [worker.url.rsplit("/", 1)[-1] for worker in page.workers] == ["worker.js"]


def test_more_results_follow_the_first(page: Page, site: str) -> None:
    page.goto(f"{site}?q=agents")
    expect(page.locator(".search-hits li")).to_have_count(10)
    page.locator(".search-more").click()
    expect(page.locator(".search-hits li")).to_have_count(20)


def test_nothing_found_is_said_in_plain_words(page: Page, site: str) -> None:
    page.goto(f"{site}?q=<b>zzzzqqqq</b>zz")
    expect(page.locator(".search-status")).to_have_text("Nothing found for “<b>zzzzqqqq</b>zz”.")
    expect(page.locator(".search-nothing")).to_be_visible()
    expect(page.locator(".search-found")).to_be_hidden()


def test_going_back_gives_the_search_before_though_results_came_while_typing(
    page: Page, site: str
) -> None:
    page.goto(f"{site}?q=agents")
    expect(page.locator(".search-hits li").first).to_be_visible()
    for typed in ("chip", "chips"):
        page.locator("#q").fill(typed)
        expect(page).to_have_url(f"{site}?q={typed}")
    page.keyboard.press("Enter")
    page.go_back()
    expect(page.locator("#q")).to_have_value("agents")


def test_going_back_gives_the_search_before(page: Page, site: str) -> None:
    page.goto(f"{site}?q=agents")
    expect(page.locator(".search-hits li").first).to_be_visible()
    page.locator("#q").fill("chips")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}?q=chips")
    page.go_back()
    expect(page.locator("#q")).to_have_value("agents")


def test_related_searches_lead_on(page: Page, site: str) -> None:
    page.goto(f"{site}?q=open")
    related = page.locator(".search-related a")
    expect(related.first).to_be_visible()
    name = related.first.inner_text()
    related.first.click()
    expect(page.locator("#q")).to_have_value(name)
    expect(page.locator(".search-related")).not_to_contain_text(name)


# The service worker does one thing after the other: its answer comes after all it was given.
ALL_KEPT = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  const answered = new Promise((resolve) =>
    navigator.serviceWorker.addEventListener("message", resolve, { once: true }));
  active.postMessage({ keep: [] });
  await answered;
}"""


def test_what_was_searched_is_found_without_a_network(page: Page, site: str) -> None:
    page.goto(f"{site}offline.html?q=reasoning")
    expect(page.locator(".search-related")).to_be_visible()
    shown = page.locator(".search-hits").inner_text()
    page.evaluate(ALL_KEPT)
    page.context.set_offline(True)
    page.goto(f"{site}offline.html?q=reasoning")
    expect(page.locator(".search-hits li")).to_have_count(10)
    assert page.locator(".search-hits").inner_text() == shown
    page.context.set_offline(False)


def test_no_service_worker_comes_unasked(page: Page, site: str) -> None:
    page.goto(f"{site}?q=reasoning")
    expect(page.locator(".search-hits li")).to_have_count(10)
    found = page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length")
    assert found == 0


def test_what_another_publish_brings_is_not_mixed_with_what_was_kept(
    page: Page, site: str, output: Path, tmp_path: Path
) -> None:
    names = "async () => (await caches.keys()).filter((name) => !name.endsWith('next'))"
    page.goto(f"{site}offline.html?q=reasoning")
    expect(page.locator(".search-related")).to_be_visible()
    page.wait_for_function(f"async () => (await ({names})()).length === 1")
    before = page.evaluate(names)
    export_to(write(tmp_path / "index", documents(60, seed=2)), output / "search")
    page.goto(f"{site}offline.html?q=reasoning")
    expect(page.locator(".search-related")).to_be_visible()
    page.wait_for_function(
        f"async (old) => {{ const now = await ({names})();"
        " return now.length === 1 && now[0] !== old; }",
        arg=before[0],
    )
