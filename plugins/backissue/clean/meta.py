"""What a page says of itself in its head: JSON-LD, meta elements, microdata."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, Final

from backissue.patterns import pattern

from .tree import Element, text_of

# https://schema.org/CreativeWork: the kinds whose fields speak of the article.
ARTICLES: Final = frozenset(
    [
        "article",
        "newsarticle",
        "blogposting",
        "reportagenewsarticle",
        "techarticle",
        "scholarlyarticle",
        "report",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "advertisercontentarticle",
        "liveblogposting",
        "socialmediaposting",
        "discussionforumposting",
        "satiricalarticle",
        "askpublicnewsarticle",
        "medicalscholarlyarticle",
        "howto",
        "recipe",
        "review",
    ]
)
PAGES: Final = frozenset(
    ["webpage", "itempage", "aboutpage", "faqpage", "collectionpage", "creativework"]
)
_DEEPEST: Final = 12
_TRAILING_COMMA: Final = pattern(r",\s*([}\]])")
_CDATA: Final = pattern(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*;?\s*$")


class Meta:
    """The meta elements and JSON-LD objects of a page, in the order of the page."""

    def __init__(self, tree: Element) -> None:
        self.named: dict[str, list[str]] = {}
        self.objects: list[dict[str, Any]] = []
        self.people: dict[str, str] = {}
        self.canonical = ""
        self.base = ""
        self.marked: list[Element] = tree.xpath("//*[@itemprop]")
        for element in tree.iter("meta", "link", "base", "script"):
            tag = element.tag
            if tag == "meta":
                self._meta(element)
            elif tag == "script":
                if "ld+json" in (element.get("type") or "").lower():
                    self._json(element.text or "")
            elif tag == "base":
                self.base = self.base or (element.get("href") or "").strip()
            elif "canonical" in (element.get("rel") or "").lower().split():
                self.canonical = self.canonical or (element.get("href") or "").strip()

    def _meta(self, element: Element) -> None:
        value = (element.get("content") or element.get("value") or "").strip()
        if not value:
            return
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            names = (element.get(attribute) or "").lower()
            # One element may name several properties: property="og:title dc:title".
            for name in names.split() if attribute == "property" else [names.strip()]:
                if name:
                    self.named.setdefault(name, []).append(unescape(value))

    def _json(self, source: str) -> None:
        source = _CDATA.sub("", source.strip())
        if not source or len(source) > 2_000_000:
            return
        for attempt in (source, _TRAILING_COMMA.sub(r"\1", source.replace("\n", " "))):
            try:
                self._collect(json.loads(attempt, strict=False), 0)
                return
            except (ValueError, RecursionError):
                continue  # a second try mends the commonest fault; then it is no JSON

    def _collect(self, value: Any, level: int) -> None:
        if level > _DEEPEST:
            return
        if isinstance(value, list):
            for part in value[:500]:
                self._collect(part, level + 1)
        elif isinstance(value, dict):
            if kinds(value):
                self.objects.append(value)
                name = value.get("name")
                if isinstance(value.get("@id"), str) and isinstance(name, str):
                    self.people.setdefault(value["@id"], name)
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart"):
                if key in value and not isinstance(value[key], str):
                    self._collect(value[key], level + 1)

    def first(self, *names: str) -> str:
        """Return the first value of the first of ``names`` that the page gives."""
        for name in names:
            if name in self.named:
                return self.named[name][0]
        return ""

    def all(self, *names: str) -> list[str]:
        """Return every value of the first of ``names`` that the page gives."""
        for name in names:
            if name in self.named:
                return self.named[name]
        return []

    def articles(self) -> list[dict[str, Any]]:
        """Return the JSON-LD objects that speak of an article, then those of its page."""
        return [thing for thing in self.objects if kinds(thing) & ARTICLES] + [
            thing for thing in self.objects if kinds(thing) & PAGES and not kinds(thing) & ARTICLES
        ]


def kinds(thing: dict[str, Any]) -> frozenset[str]:
    """Return the types of a JSON-LD object in small letters, without their vocabulary."""
    value = thing.get("@type")
    values = value if isinstance(value, list) else [value]
    return frozenset(
        kind.rsplit("/", 1)[-1].lower() for kind in values if isinstance(kind, str) and kind
    )


def plain(value: Any) -> str:
    """Return a JSON-LD value as a line of text: the string itself or its name."""
    if isinstance(value, list):
        return plain(value[0]) if value else ""
    if isinstance(value, dict):
        return plain(value.get("name") or value.get("@value") or value.get("url") or "")
    if not isinstance(value, str):
        return ""
    return " ".join(unescape(re.sub(r"<[^>]{1,200}>", "", value)).split())


def _in_comment(element: Element) -> bool:
    return any(
        "comment" in (above.get("itemprop") or "").split()
        or (above.get("itemtype") or "").rstrip("/").endswith(("/Comment", "/UserComments"))
        for above in element.iterancestors()
    )


def microdata(meta: Meta, name: str) -> list[tuple[Element, str]]:
    """Return the elements with ``itemprop`` ``name`` and their values, in order.

    What belongs to a comment, an item of its own within the page, is left out.
    """
    out = []
    for element in meta.marked:
        if name not in (element.get("itemprop") or "").split() or _in_comment(element):
            continue
        value = element.get("content") or element.get("datetime") or ""
        if not value and element.tag in ("a", "link") and name == "url":
            value = element.get("href") or ""
        out.append((element, " ".join((value or text_of(element)).split())))
    return out
