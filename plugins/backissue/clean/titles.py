"""The headline of a page."""

from __future__ import annotations

import re
from typing import Final


from ..article import Origin
from .meta import Meta, microdata, plain
from .records import Draft
from .tree import Element, names_of, text_of

# What parts a headline from the name of its site in <title>.
_SEPARATOR: Final = re.compile(
    r"\s+[|\-–—•·»«:/_~⋆]+\s+|\s*[|»«_｜]\s*|\s*[—–]{1,2}\s+|\s+[—–]{1,2}\s*"
)


def _fold(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def find_title(tree: Element, meta: Meta, draft: Draft) -> str:
    """Offer the page's headline to ``draft`` and return the title that the draft then has."""
    element = tree.find(".//title")
    head = text_of(element) if element is not None else ""
    site = _fold(draft.site)
    candidates: list[tuple[str, Origin, float, str]] = []
    json_titles = [
        plain(thing.get("headline") or thing.get("name")) for thing in meta.articles()[:1]
    ]
    candidates += [(title, Origin.JSONLD, 0.8, "headline") for title in json_titles]
    og = meta.first(
        "og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title"
    )
    candidates.append((_without_site(og, site), Origin.META, 0.75, "og:title"))
    headings = [h for h in tree.iter("h1") if 2 < len(text_of(h)) < 300]
    marked = microdata(tree, "headline")
    if marked:
        candidates.append((marked[0][1], Origin.MICRODATA, 0.7, "headline"))
    known = _fold(" ".join([head, og, *json_titles]))
    for heading in headings:
        text = text_of(heading)
        if _fold(text) and _fold(text) in known:
            candidates.append((text, Origin.VISIBLE, 0.85, "h1, which its head repeats"))
            break
    if len(headings) == 1:
        candidates.append((text_of(headings[0]), Origin.VISIBLE, 0.6, "its only h1"))
    elif headings:
        candidates.append((text_of(headings[0]), Origin.VISIBLE, 0.45, "its first h1"))
    candidates.append((_without_site(head, site), Origin.META, 0.5, "title"))
    for heading in tree.iter("h2", "h3", "h4"):
        if "title" in names_of(heading) and len(text_of(heading)) > 8:
            candidates.append((text_of(heading), Origin.VISIBLE, 0.4, heading.tag))
            break
    for text, origin, sure, note in candidates:
        draft.offer("title", text[:500], origin, sure, note)
    return draft.title


def _without_site(title: str, site: str) -> str:
    """Take the name of the site off the end (or the beginning) of a title."""
    title = " ".join(title.split())
    parts = [part.strip() for part in _SEPARATOR.split(title)]
    if len(parts) < 2:
        return title
    first = _SEPARATOR.search(title)
    last = list(_SEPARATOR.finditer(title))[-1]
    if site and _fold(parts[-1]) == site:
        return title[: last.start()].strip()
    if site and first and _fold(parts[0]) == site:
        return title[first.end() :].strip()
    words = len(parts[-1].split())
    if words <= 4 and len(parts[-1]) < 0.5 * len(title) and len(title[: last.start()]) >= 15:
        return title[: last.start()].strip()
    return title
