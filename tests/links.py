"""Every link of a site, as a browser would resolve it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from posixpath import join, normpath
from urllib.parse import unquote, urlsplit

ADDRESSES = {"a": "href", "link": "href", "script": "src", "img": "src", "form": "action"}
OWN = ("", "http://localhost:8000")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.anchors.add(values["id"] or "")
        if address := values.get(ADDRESSES.get(tag, "")):
            self.found.append(address)


def broken_links(tree: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield (page, link) for each link within the site that leads nowhere."""
    pages: dict[str, _Links] = {}
    for path, data in tree.items():
        if path.endswith(".html"):
            pages[path] = links = _Links()
            links.feed(data.decode())
    for path, links in pages.items():
        for link in links.found:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = normpath(join("/", path, "..", unquote(parts.path))) if parts.path else path
            target = target.lstrip("/")
            if parts.path.endswith(("/", ".")) or target in ("", "."):
                target = join(target, "index.html").removeprefix("./")
            anchors = pages[target].anchors if target in pages else {parts.fragment}
            if target not in tree or (parts.fragment and parts.fragment not in anchors):
                yield path, link
