"""Who wrote a page."""

from __future__ import annotations

import re
from typing import Any, Final


from ..article import Origin
from .meta import Meta, microdata, plain
from .records import Draft
from .tree import Element, names_of, text_of

_BY: Final = re.compile(
    r"^\s*(?:written\s+|posted\s+|story\s+)?(?:by|von|par|por|作者)\b\s*[:：]?\s*", re.IGNORECASE
)
_AND: Final = re.compile(r"\s*(?:,|;|，|、|\band\b|&|\bund\b|\bet\b|\s\|\s)\s*", re.IGNORECASE)


def find_authors(tree: Element, meta: Meta, draft: Draft) -> None:
    """Offer the authors of a page to ``draft``."""
    for thing in meta.articles():
        draft.offer("authors", _people(thing.get("author"), meta), Origin.JSONLD, 0.9)
    draft.offer(
        "authors",
        names_in(
            meta.all(
                "author",
                "dc.creator",
                "parsely-author",
                "article:author_name",
                "sailthru.author",
                "byl",
            )
        ),
        Origin.META,
        0.8,
    )
    draft.offer(
        "authors",
        names_in([value for _, value in microdata(tree, "author")[:3]]),
        Origin.MICRODATA,
        0.7,
    )
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        names = names_of(element)
        if "author" in (element.get("rel") or "").lower().split():
            draft.offer("authors", names_in([text_of(element)]), Origin.VISIBLE, 0.6, "rel=author")
        elif "byline" in names or "author" in names:
            draft.offer("authors", names_in([text_of(element)]), Origin.VISIBLE, 0.5, "the byline")


def _people(value: Any, meta: Meta) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    names = []
    for one in values:
        if isinstance(one, dict) and "name" not in one and isinstance(one.get("@id"), str):
            names.append(meta.people.get(one["@id"], ""))
        else:
            names.append(plain(one))
    return names_in(names)


def names_in(values: list[str]) -> tuple[str, ...]:
    """Take lines that name authors apart into names."""
    out = []
    for value in values:
        line = _BY.sub("", " ".join(value.split()))
        if len(line) > 200 or line.startswith(("http:", "https:", "@")):
            continue
        for part in _AND.split(line):
            name = _BY.sub("", part).strip(" .,;:|")
            if 1 < len(name) <= 60 and len(name.split()) <= 6 and not re.search(r"\d{3}|@", name):
                out.append(name)
    return tuple(dict.fromkeys(out))
