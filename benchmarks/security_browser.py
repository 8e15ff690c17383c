"""A site's pages in headless Chromium, its policy taken away: whether anything runs or asks."""

from __future__ import annotations

import mimetypes
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import BrowserContext, Page, Route, sync_playwright
from playwright.sync_api import Error as BrowserError

from benchmarks.site_browser import FLAGS

HOST: Final = "http://site.test/"
AFRESH: Final = 500  # pages after which a new tab is opened: a tab keeps what it has seen
_POLICY: Final = re.compile(
    rb'<meta[^>]*http-equiv="?content-security-policy"?[^>]*>', re.IGNORECASE
)

# What a payload calls to show that it ran. Set before anything of the page is read.
HOOKS: Final = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = () => { window.ran.push(name); };
console.log = () => { window.ran.push("console.log"); };
"""
# Every event that the browser knows on every element, and a click on every link and button; then
# what is in the article that should not be. Links to other pages are not followed.
LOOK: Final = """
(within) => {
  const root = document.querySelector(within) || document.body;
  const elements = [];
  const walk = (node) => {
    for (const one of node.querySelectorAll("*")) {
      elements.push(one);
      if (one.shadowRoot) walk(one.shadowRoot);
      if (one.content instanceof DocumentFragment) walk(one.content);
    }
  };
  walk(root);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && /^https?:|^mailto:/.test(link.href)) event.preventDefault();
  }, true);
  document.addEventListener("submit", (event) => event.preventDefault(), true);
  const events = Object.keys(HTMLElement.prototype).concat(Object.keys(Element.prototype))
    .filter((name) => name.startsWith("on")).map((name) => name.slice(2));
  const bad = [];
  const ADDRESSES = /^(?:href|src|srcset|action|formaction|data|poster|cite|background|ping)$/;
  const never = /^(?:script|iframe|object|embed|base|meta|link|style|form|frame|applet)$/i;
  for (const one of elements) {
    if (never.test(one.localName)) bad.push(`<${one.localName}>`);
    for (const { localName, value } of one.attributes) {
      if (/^on/i.test(localName)) bad.push(localName);
      if (ADDRESSES.test(localName)) {
        let scheme = "";
        try { scheme = new URL(value, document.baseURI).protocol; } catch { continue; }
        if (!/^(?:https?|mailto):$/.test(scheme)) bad.push(`${localName}=${value.slice(0, 60)}`);
      }
    }
    for (const name of events) one.dispatchEvent(new Event(name, { cancelable: true }));
    if (/^(?:a|button|summary|label)$/.test(one.localName)) one.click();
  }
  return bad;
}
"""


# The search page has said what it found, or that it found nothing.
ANSWERED: Final = """
() => [".search-status", ".search-nothing"].some((one) => {
  const shown = document.querySelector(one);
  return shown && !shown.hidden && shown.textContent.trim();
})
"""


class Trouble(NamedTuple):
    """What one page did that it should not have: what ran, what it asked for, what it holds."""

    page: str
    ran: tuple[str, ...]
    elsewhere: tuple[str, ...]
    holds: tuple[str, ...]


class Tab:
    """A tab over a folder of files, or over pages given as bytes, that no server stands behind."""

    def __init__(self, context: BrowserContext, root: Path) -> None:
        self._context = context
        self._root = root
        self._given: bytes | None = None
        self._elsewhere: list[str] = []
        self._seen = 0
        context.route("**/*", self._answer)
        context.add_init_script(HOOKS)
        self.page: Page = context.new_page()

    def search(self, query: str) -> Trouble:
        """Type a query into the search page and look at what it shows, whatever that is."""
        self._elsewhere = []
        self.page.goto(f"{HOST}search/?q={quote(query.encode('utf-8', 'replace'))}")
        self.page.wait_for_function(ANSWERED, timeout=20_000)
        holds = self.page.evaluate(LOOK, ".search-found")
        ran = self.page.evaluate("window.ran")
        return Trouble(query, tuple(ran), tuple(self._elsewhere), tuple(holds))

    def look(self, path: str, given: bytes | None = None, within: str = "main") -> Trouble:
        """Open a page, try everything on it, and return what came of it."""
        if self._seen % AFRESH == AFRESH - 1:
            self.page.close()
            self.page = self._context.new_page()
        self._seen += 1
        self._given, self._elsewhere = given, []
        ran: list[str] = []
        holds: list[str] = []
        try:
            self.page.goto(HOST + path, wait_until="load", timeout=20_000)
            holds = self.page.evaluate(LOOK, within)
            ran = self.page.evaluate("window.ran")
        except BrowserError as error:
            holds.append(str(error).splitlines()[0])
        if urlsplit(self.page.url).path.lstrip("/") != urlsplit(HOST + path).path.lstrip("/"):
            holds.append(f"went to {self.page.url}")
        return Trouble(path, tuple(ran), tuple(self._elsewhere), tuple(holds))

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if not url.startswith(HOST):
            self._elsewhere.append(url[:200])
            route.abort()
            return
        if self._given is not None:
            mine = route.request.is_navigation_request()
            route.fulfill(
                body=self._given if mine else b"", content_type="text/html; charset=utf-8"
            )
            return
        path = self._root / unquote(urlsplit(url).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if kind in ("text/css", "image/svg+xml") or not path.is_file():
            route.fulfill(status=204 if path.is_file() else 404)
            return
        route.fulfill(body=_POLICY.sub(b"", path.read_bytes()), content_type=kind)


@contextmanager
def tab(root: Path) -> Iterator[Tab]:
    """Open headless Chromium over the files of ``root``; no network is used."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield Tab(browser.new_context(service_workers="block"), root)
        finally:
            browser.close()


def troubles(root: Path, pages: Iterable[str]) -> list[Trouble]:
    """Return what the pages of a site did that they should not have."""
    with tab(root) as one:
        seen = (one.look(page) for page in pages)
        return [it for it in seen if it.ran or it.elsewhere or it.holds]


def running(root: Path, given: Iterable[bytes]) -> int:
    """Return how many pages, each as it stands, do what a page of ours must never do."""
    with tab(root) as one:
        seen = (one.look("page", given=data, within="body") for data in given)
        return sum(bool(it.ran or it.elsewhere) for it in seen)


def searching(root: Path, queries: Iterable[str]) -> list[Trouble]:
    """Return what came of queries typed into a site's search page that should not have."""
    with tab(root) as one:
        seen = (one.search(query) for query in queries)
        return [it for it in seen if it.ran or it.elsewhere or it.holds]
