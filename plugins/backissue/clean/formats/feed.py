"""RSS, Atom and WordPress exports (WXR): an article an item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Final

import msgspec
from lxml import etree

from ...article import Reason, Rejected
from ..records import CleanSettings, Piece, Said
from ..tree import Element
from .wordpress import paragraphs, unfold

_CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_EXCERPT: Final = "{http://wordpress.org/export/1.2/excerpt/}encoded"


def open_feed(name: str, data: bytes, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Yield the articles of a feed or an export, in the order of the file.

    Entities are never expanded and nothing is fetched (billion laughs, XXE).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        yield _refused(name, Reason.UNREADABLE, "this is no XML that can be read")
        return
    items = [e for e in root.iter() if _name(e) in ("item", "entry")]
    if not items:
        yield _refused(name, Reason.UNKNOWN_FORMAT, "there is no feed in this XML file")
        return
    channel = next((e for e in root.iter() if _name(e) == "channel"), root)
    site = _first(channel, "title")
    lang = _first(channel, "language") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    people = {
        _first(one, "author_login"): _first(one, "author_display_name")
        for one in channel
        if _name(one) == "author"
    }
    number = 0
    for item in items[: settings.max_items]:
        if _first(item, "post_type") not in ("", "post", "page"):
            continue  # WXR lists menus, pictures and revisions too
        number += 1
        piece = _piece(item, site, lang or "", number)
        authors = tuple(people.get(name) or name for name in piece.said.authors)
        said = msgspec.structs.replace(piece.said, authors=authors)
        yield msgspec.structs.replace(piece, said=said)


def _refused(name: str, reason: Reason, detail: str) -> Rejected:
    hint = "Export the feed again as RSS, Atom or WordPress XML."
    return Rejected(reason=reason, where=name, detail=detail, hint=hint)


def _name(element: Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _first(element: Element, *names: str) -> str:
    """Return the text of the first child with one of the names, in the order of the names."""
    for name in names:
        for child in element:
            if _name(child) == name:
                text = " ".join("".join(child.itertext()).split())
                if text:
                    return text
    return ""


def _text(item: Element, tag: str) -> str:
    return " ".join((item.findtext(tag) or "").split())


def _piece(item: Element, site: str, lang: str, number: int) -> Piece:
    body = _body(item)
    plain = "<p" not in body.lower()
    if _first(item, "post_type"):
        body = unfold(body)
    if plain:
        body = paragraphs(body)  # WordPress leaves them to its theme
    title = _first(item, "title")
    said = Said(
        title=re.sub(r"<[^>]*>", "", title),
        published=_first(item, "published", "post_date", "pubDate", "date", "issued"),
        updated=_first(item, "updated", "post_modified", "modified"),
        authors=_authors(item),
        tags=_tags(item),
        lang=_lang(item.get("{http://www.w3.org/XML/1998/namespace}lang") or lang),
        canonical=_link(item),
        site=site,
        lead=re.sub(r"<[^>]*>", "", _text(item, _EXCERPT)),
        draft=_first(item, "status") in ("draft", "pending", "private", "future"),
    )
    if not said.published and said.updated:
        said = _dated(said)
    page = f"<html><body><article><h1>{escape(said.title)}</h1>{body}</article></body></html>"
    return Piece(shape="html", text=page, said=said, number=number)


def _dated(said: Said) -> Said:
    """Atom asks for ``updated`` and not for ``published``: then it is the date."""
    return msgspec.structs.replace(said, published=said.updated, updated="")


def _body(item: Element) -> str:
    full = item.find(_CONTENT)
    if full is not None and (full.text or "").strip():
        return str(full.text)
    for wanted in ("content", "description", "summary", "encoded"):
        for child in item:
            if _name(child) == wanted and (len(child) or (child.text or "").strip()):
                if len(child):
                    inner = "".join(
                        etree.tostring(part, encoding="unicode", method="html") for part in child
                    )
                    return escape(child.text or "") + re.sub(r"(</?)\w+:", r"\1", inner)
                return str(child.text)
    return ""


def _authors(item: Element) -> tuple[str, ...]:
    names = [child.text for child in item if child.tag == f"{_DC}creator" and child.text]
    for child in item:
        if _name(child) == "author":
            name = _first(child, "name") or " ".join("".join(child.itertext()).split())
            # RSS 2.0: "mail@example.com (A Name)"
            inside = re.search(r"\(([^)]+)\)", name)
            names.append(inside.group(1) if inside else name)
    return tuple(dict.fromkeys(n.strip() for n in names if n.strip() and "@" not in n))


def _tags(item: Element) -> tuple[str, ...]:
    names = []
    for child in item:
        if _name(child) == "category":
            names.append(child.get("term") or child.get("label") or child.text or "")
    return tuple(dict.fromkeys(" ".join(n.split()) for n in names if n.strip()))


def _link(item: Element) -> str:
    for child in item:
        if _name(child) == "link":
            url = child.get("href") or (child.text or "")
            if child.get("rel", "alternate") == "alternate" and url.strip().startswith("http"):
                return url.strip()
    guid = _first(item, "guid", "id")
    return guid if guid.startswith("http") else ""


def _lang(code: str) -> str:
    return (
        code.split("-", maxsplit=1)[0].lower()
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-\w+)*", code)
        else ""
    )
