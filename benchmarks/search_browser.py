"""Queries in headless Chromium, each request counted: our engine, and Pagefind.

Measured of both is the same: a page that has asked nothing yet opens the engine (the start), then
asks it one query; the milliseconds are those from that call, in the page, to the ten results with
their snippets. The engine is open by then, as a reader's is who has typed a word; nothing is drawn.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from benchmarks.search_server import Counting

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]
# The browser would ask for the icon of a page that names none, and that would count.
BLANK = '<!doctype html><title>blank</title><link rel="icon" href="data:,">'
OURS = (
    "async () => { const m = await import('/search/engine.js');"
    " window.engine = await m.open(new URL('/search/', location.href)); }",
    "async (q) => { const t = performance.now();"
    " const r = await window.engine.search(q, {facets: false});"
    " return [performance.now() - t, r.hits.map((hit) => hit.url)]; }",
)
PAGEFIND = (
    "async () => { window.engine = await import('/pagefind/pagefind.js');"
    " await window.engine.init(); }",
    "async (q) => { const t = performance.now(); const r = await window.engine.search(q);"
    " const hits = await Promise.all(r.results.slice(0, 10).map((hit) => hit.data()));"
    " return [performance.now() - t, hits.map((hit) => hit.url)]; }",
)


class Cost(NamedTuple):
    """What was sent, in how many requests, and how many milliseconds it took."""

    bytes: int
    requests: int
    ms: float


class Session(NamedTuple):
    """The cost of the start, and of each query, each in a page that has asked nothing yet."""

    start: Cost
    queries: tuple[Cost, ...]

    def median(self, field: str) -> float:
        """Return the median over the queries."""
        return float(statistics.median(getattr(cost, field) for cost in self.queries))

    def worst(self, field: str) -> float:
        """Return the largest over the queries."""
        return float(max(getattr(cost, field) for cost in self.queries))


def session(
    site: Path,
    scripts: tuple[str, str],
    queries: Sequence[str],
    multirange: bool = True,
    delay: float = 0.0,
) -> Session:
    """Open the search of ``site`` anew for each query, and ask it."""
    (site / "blank.html").write_text(BLANK, encoding="utf-8")
    server = Counting(site, multirange, delay)
    starts, costs = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for query in queries:
            page = browser.new_context().new_page()
            page.goto(f"{server.url}blank.html")
            starts.append(_cost(server, page, scripts[0], None))
            costs.append(_cost(server, page, scripts[1], query))
            page.context.close()
        browser.close()
    server.shutdown()
    return Session(starts[0], tuple(costs))


def answers(site: Path, scripts: tuple[str, str], queries: Sequence[str]) -> list[list[str]]:
    """Return the addresses that a search finds for each query, all asked in one page."""
    (site / "blank.html").write_text(BLANK, encoding="utf-8")
    server = Counting(site)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.goto(f"{server.url}blank.html")
        page.evaluate(scripts[0])
        found = [page.evaluate(scripts[1], query)[1] for query in queries]
        browser.close()
    server.shutdown()
    return found


def _cost(server: Counting, page: Page, script: str, query: str | None) -> Cost:
    server.reset()
    begin = time.perf_counter()
    answer = page.evaluate(script, query) if query is not None else page.evaluate(script)
    ms = answer[0] if query is not None else 1000 * (time.perf_counter() - begin)
    return Cost(server.bytes, server.requests, ms)
