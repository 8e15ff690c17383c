"""The pages in a real browser: nothing is wider than the screen, nothing is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.archive.pictures import png
from tests.theme.factory import PAGES, PICTURE, THEME, render

pytestmark = pytest.mark.browser
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
COUNTS = '.n-topic-topic-0::before{content:"194 "}'


@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Debian's chromium is absent")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write every page into a site of its own, as files that a browser opens."""
    root = tmp_path_factory.mktemp("theme")
    made = {}
    for number, (name, (template, address, lang, data)) in enumerate(PAGES.items()):
        site = root / f"site{number}"
        shutil.copytree(THEME / "static", site / "theme")
        (site / "theme" / "counts.css").write_text(COUNTS)
        picture = site / PICTURE.src
        picture.parent.mkdir(parents=True)
        picture.write_bytes(png(PICTURE.width, PICTURE.height))
        made[name] = site / (address if address.endswith(".html") else f"{address}index.html")
        made[name].parent.mkdir(parents=True, exist_ok=True)
        made[name].write_text(render(template, address, lang, data, CSP=POLICY), encoding="utf-8")
    return made


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_pages_fit_any_screen_under_a_strict_policy(
    chromium: Browser, files: dict[str, Path], width: int
):
    page = chromium.new_page(viewport={"width": width, "height": 800})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # The page not found asks for the search, which is not here: test_bars.py looks at it.
    for file in (one for name, one in files.items() if name != "not found"):
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width, file
        assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none", file
    assert said == []
    assert all(address.startswith("file:") for address in asked)
    assert any(address.endswith("/theme/css/main.css") for address in asked)
    page.close()


def test_counts_come_from_the_generated_stylesheet(chromium: Browser, files: dict[str, Path]):
    page = chromium.new_page()
    page.goto(files["rich article"].as_uri())
    count = "getComputedStyle(document.querySelector('.after .n-topic-topic-0'), '::before')"
    assert page.evaluate(f"{count}.content") == '"194 "'
    page.close()
