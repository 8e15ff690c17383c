"""The plain text of a shaped body."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

BLOCKS: Final = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "table",
        "pre",
        "blockquote",
        "figure",
        "aside",
        "details",
        "hr",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "center",
        "address",
        "form",
        "fieldset",
        "nav",
        "li",
        "dt",
        "dd",
    ]
)
HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")


def tags(root: Tag, names: Container[str]) -> list[Tag]:
    """Return the elements below ``root`` with one of ``names``, in order.

    (``find_all`` builds a matcher for each call and asks it about each string too; this loop
    takes a fifth of the time.)
    """
    return [node for node in root.descendants if isinstance(node, Tag) and node.name in names]


def plain_text(root: Tag) -> str:
    """Return the text of a shaped body: blocks parted by a blank line, items and rows by one.

    What belongs to a picture (its caption, its credit) is no part of the text.
    """
    parts: list[str] = []
    _walk(root, parts)
    return "\n\n".join(part for part in parts if part.strip())


def _walk(node: Tag, parts: list[str]) -> None:
    run: list[str] = []
    for child in node.children:
        if not isinstance(child, Tag):
            if not isinstance(child, PreformattedString):
                run.append(str(child))
        elif child.name in BLOCKS and child.name != "hr":
            _flush(run, parts)
            _block(child, parts)
        elif child.name == "figcaption":
            _flush(run, parts)
        elif child.name == "summary":
            _flush(run, parts)
            _walk(child, parts)
        else:
            run.append(_line(child, strip=False))
    _flush(run, parts)


def _flush(run: list[str], parts: list[str]) -> None:
    line = " ".join("".join(run).split())
    run.clear()
    if line:
        parts.append(line)


def _block(node: Tag, parts: list[str]) -> None:
    if node.name in ("p", "dt", *HEADINGS):
        if node.name != "p" or not _small_print(node):
            parts.append(_line(node))
    elif node.name == "pre":
        parts.append(node.get_text().strip("\n"))
    elif node.name == "table":
        parts.append(_table(node))
    elif node.name in ("ul", "ol"):
        parts.append("\n".join(_items(node)))
    elif node.name != "figure" or tags(node, ("pre", "table", "blockquote")):
        _walk(node, parts)


def _small_print(node: Tag) -> bool:
    """A paragraph of nothing but small print: a caption or a credit."""
    first = next((c for c in node.children if isinstance(c, Tag) and c.name != "br"), None)
    return (
        first is not None
        and first.name in ("small", "img")
        and all(
            (isinstance(child, Tag) and child.name in ("small", "img", "br"))
            or (isinstance(child, NavigableString) and not child.strip())
            for child in node.children
        )
    )


def _line(node: Tag, *, strip: bool = True) -> str:
    parts: list[str] = []
    for inner in node.descendants:
        if isinstance(inner, Tag):
            if inner.name == "br":
                parts.append(" ")
        elif not isinstance(inner, PreformattedString):
            parts.append(str(inner))
    text = "".join(parts)
    return " ".join(text.split()) if strip else text


def _items(node: Tag) -> list[str]:
    lines: list[str] = []
    for item in node.children:
        if not isinstance(item, Tag) or item.name != "li":
            continue
        own: list[str] = []
        inner: list[str] = []
        for child in item.children:
            if isinstance(child, Tag) and child.name in ("ul", "ol"):
                inner += ["  " + line for line in _items(child)]
            elif isinstance(child, Tag):
                own.append(_line(child, strip=False) + (" " if child.name in BLOCKS else ""))
            elif not isinstance(child, PreformattedString):
                own.append(str(child))
        line = " ".join("".join(own).split())
        if line:
            lines.append("- " + line)
        lines += inner
    return lines


def _table(node: Tag) -> str:
    rows = []
    for part in tags(node, ("caption", "tr")):
        if part.name == "caption":
            rows.append(_line(part))
        else:
            cells = [c for c in part.children if isinstance(c, Tag) and c.name in ("td", "th")]
            rows.append(" | ".join(_line(cell) for cell in cells))
    return "\n".join(row for row in rows if row.strip(" |"))
