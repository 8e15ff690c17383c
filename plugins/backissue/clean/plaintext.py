"""The plain text of a shaped body."""

from __future__ import annotations

from typing import Final

from bs4 import Tag
from bs4.element import NavigableString

from .soup import HEADINGS, tags, text_in
from .tree import BLOCKS

_SHOWN: Final = ("pre", "table", "blockquote")


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
            run.append(str(child))
        elif child.name in BLOCKS and child.name != "hr":
            _flush(run, parts)
            _block(child, parts)
        elif child.name == "figcaption":
            _flush(run, parts)
            if tags(node, _SHOWN):  # of code, a table, a quotation: those are text, and so is it
                parts.append(_line(child))
        elif child.name == "summary":
            _flush(run, parts)
            _walk(child, parts)
        else:
            run.append(text_in(child) if child.name != "br" else " ")
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
    elif node.name != "figure" or tags(node, _SHOWN):
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


def _line(node: Tag) -> str:
    return " ".join(text_in(node).split())


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
                own.append(
                    text_in(child) + (" " if child.name in BLOCKS or child.name == "br" else "")
                )
            else:
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
