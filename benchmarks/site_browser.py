"""The pages in headless Chromium: axe-core, what they ask for, what is refused, their width."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.site_files import ARTICLE, Tree

FLAGS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]
Screen: TypeAlias = tuple[str, int]
SCREENS: Final = (("light", 360), ("light", 1280), ("dark", 360), ("dark", 1280))
# What axe calls violations of WCAG 2.2 A and AA, and its own best practices.
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN: Final = (
    "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations"
    ".map((v) => `${v.id}: ${v.help} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)}`)"
)


class Seen(NamedTuple):
    """What was found on the pages, each a line that names page, width and scheme."""

    pages: int
    axe: list[str]
    elsewhere: list[str]
    said: list[str]
    wide: list[str]


def kinds(tree: Tree) -> dict[str, str]:
    """Return an address of every kind of page: name -> address, the same for the same site.

    Of articles the lightest and the heaviest, and the heaviest with a table, with questions, with
    a long line of code, with contents, and in Chinese; of lists the heaviest, and a numbered page.
    """
    pages = {path: data for path, data in tree.items() if path.endswith("index.html")}
    articles = {path: data for path, data in pages.items() if ARTICLE.fullmatch(path)}
    found = {"front": "", "archive": "archive/", "topics": "topics/", "search": "search/"}
    groups: dict[str, dict[str, bytes]] = {
        "month": _under(pages, 2, "2"),
        "numbered page": {path: data for path, data in pages.items() if "/page/" in path},
        "topic": _under(pages, 2, "topics"),
        "topic's month": _under(pages, 4, "topics"),
        "story": {path: data for path, data in pages.items() if path.startswith("stories/")},
        "article": articles,
        "article, table": _holding(articles, b'class="table"'),
        "article, questions": _holding(articles, b"<details"),
        "article, code": _holding(articles, b"<pre"),
        "article, contents": _holding(articles, b'class="toc"'),
        "article, Chinese": _holding(articles, b'<html lang="zh'),
        "page": {
            path: data
            for path, data in _under(pages, 1, "").items()
            if path.split("/")[0] not in ("archive", "topics", "search", "stories")
        },
    }
    for name, group in groups.items():
        if group:
            path = max(group, key=lambda one: (len(group[one]), one))
            found[name] = path.removesuffix("index.html")
    if articles:
        lightest = min(articles, key=lambda one: (len(articles[one]), one))
        found["article, lightest"] = lightest.removesuffix("index.html")
    found["not found"] = "no/such/page/"
    return found


def _under(pages: Mapping[str, bytes], depth: int, begin: str) -> dict[str, bytes]:
    return {
        path: data
        for path, data in pages.items()
        if path.count("/") == depth and path.startswith(begin) and "/page/" not in path
    }


def _holding(pages: Mapping[str, bytes], what: bytes) -> dict[str, bytes]:
    return {path: data for path, data in pages.items() if what in data}


def look(
    url: str, addresses: Mapping[str, str], axe: Path | None, screens: Sequence[Screen] = SCREENS
) -> Seen | None:
    """Open every address on every screen (scheme, width); None where there is no Chromium.

    ``axe`` is ``axe.min.js``; without it everything else is looked at.
    """
    path = shutil.which("chromium")
    if path is None:
        return None
    script = axe.read_text(encoding="utf-8") if axe else ""
    seen = Seen(0, [], [], [], [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        count = 0
        for scheme, width, context in _contexts(browser, screens):
            for name, address in addresses.items():
                where = f"{name} ({address}), {scheme}, {width} px"
                _look_at(context.new_page(), (url, address), where, script, seen)
                count += 1
        browser.close()
    return seen._replace(pages=count)


def _contexts(
    browser: Browser, screens: Sequence[Screen]
) -> Iterator[tuple[str, int, BrowserContext]]:
    for scheme, width in screens:
        viewport: Any = {"width": width, "height": 900}
        # axe is put into the page past the page's own policy, which is judged all the same:
        # what the policy refuses of the page's own is said before.
        context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
        yield scheme, width, context
        context.close()


def _look_at(page: Page, place: tuple[str, str], where: str, script: str, seen: Seen) -> None:
    url, address = place
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    # Only the search page does anything once it is there.
    page.goto(url + address, wait_until="networkidle" if address.startswith("search/") else "load")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    seen.elsewhere.extend(f"{where}: {one}" for one in asked if not one.startswith(url))
    # A browser says of every page that is not there that it is not there.
    seen.said.extend(f"{where}: {one}" for one in said if "404" not in one or address[:2] != "no")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        seen.wide.append(f"{where}: wider than the window")
    if script:
        page.evaluate(script)
        seen.axe.extend(f"{where}: {one}" for one in page.evaluate(RUN, list(TAGS)))
    page.close()


def every_article(tree: Tree) -> dict[str, str]:
    """Return the address of every article, under itself."""
    found = (path.removesuffix("index.html") for path in sorted(tree) if ARTICLE.fullmatch(path))
    return {address: address for address in found}


def search_states(addresses: Mapping[str, str], queries: Sequence[str]) -> dict[str, str]:
    """Return the search page with results, and with none, beside the other addresses."""
    more = {f"search for {one!r}": f"search/?q={one}" for one in queries}
    return {**addresses, **more}
