"""Word documents (ECMA-376): paragraphs, headings, lists, tables and links."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import escape
from typing import Final

from lxml import etree

from ...article import Reason, Rejected
from .. import credits, dates
from ..records import CleanSettings, Draft, Piece, Said
from ..tree import Element

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST: Final = 150  # characters of a headline
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def open_docx(name: str, data: bytes, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Yield the text of a Word document. Its own dates say when it was typed, not published."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            document = _part(package, "word/document.xml", settings)
            core = _part(package, "docProps/core.xml", settings)
            links = _links(_part(package, "word/_rels/document.xml.rels", settings))
            ordered = _ordered(_part(package, "word/numbering.xml", settings))
            notes = _part(package, "word/footnotes.xml", settings)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        document = None
    if document is None:
        yield Rejected(
            reason=Reason.UNREADABLE,
            where=name,
            detail="this is no complete Word document (.docx)",
            hint="Open it in Word or LibreOffice and save it again, as .docx or as .html.",
        )
        return
    typed = Draft()
    blocks = _blocks(document, links, ordered, typed) + _notes(notes, links)
    said = _under(typed, _said(core))
    page = f"<html><body><article>{blocks}</article></body></html>"
    yield Piece(shape="html", text=page, said=said)


def _under(typed: Draft, said: Said) -> Said:
    """Return what the program says of a document, below what is typed above its text."""
    return Said(
        title=typed.title or said.title,
        authors=typed.authors or said.authors,
        tags=typed.tags or said.tags,
        lang=typed.lang or said.lang,
        published=typed.published.value if typed.published else "",
        updated=typed.updated.value if typed.updated else "",
        site=typed.site,
        canonical=typed.canonical,
    )


def _part(package: zipfile.ZipFile, path: str, settings: CleanSettings) -> Element | None:
    try:
        info = package.getinfo(path)
    except KeyError:
        return None
    if info.file_size > settings.max_bytes:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    return etree.fromstring(package.read(info), parser)


def _links(rels: Element | None) -> dict[str, str]:
    if rels is None:
        return {}
    return {rel.get("Id", ""): rel.get("Target", "") for rel in rels}


def _said(core: Element | None) -> Said:
    if core is None:
        return Said()
    values = {
        element.tag.rsplit("}", 1)[-1]: (element.text or "").strip()
        for element in core
        if isinstance(element.tag, str)
    }
    words = re.split(r"\s*[,;]\s*", values.get("keywords", ""))
    return Said(
        title=values.get("title", ""),
        authors=(values["creator"],) if values.get("creator") else (),
        tags=tuple(word for word in words if word),
        lang=values.get("language", "").split("-")[0].lower(),
    )


def _ordered(numbering: Element | None) -> frozenset[tuple[str, str]]:
    """Return which levels of which lists count: pairs of the list's number and the level."""
    if numbering is None:
        return frozenset()
    counting: dict[str, set[str]] = {}
    for kind in numbering.findall(f"{_W}abstractNum"):
        levels = counting.setdefault(kind.get(f"{_W}abstractNumId") or "", set())
        for level in kind.findall(f"{_W}lvl"):
            form = level.find(f"{_W}numFmt")
            if form is not None and form.get(f"{_W}val") not in ("bullet", "none", None):
                levels.add(level.get(f"{_W}ilvl") or "0")
    found: set[tuple[str, str]] = set()
    for number in numbering.findall(f"{_W}num"):
        kind = number.find(f"{_W}abstractNumId")
        name = kind.get(f"{_W}val") or "" if kind is not None else ""
        found.update((number.get(f"{_W}numId") or "", level) for level in counting.get(name, ()))
    return frozenset(found)


def _notes(notes: Element | None, links: dict[str, str]) -> str:
    """Return the footnotes as a list that ends the article, in the order of their numbers."""
    texts = []
    for note in notes if notes is not None else ():
        if note.tag == f"{_W}footnote" and note.get(f"{_W}type") in (None, "normal"):
            text = " ".join(_runs(p, links).strip() for p in note.iter(f"{_W}p")).strip()
            if text:
                texts.append(f"<li>{text}</li>")
    return f"<ol>{''.join(texts)}</ol>" if texts else ""


class _Lists:
    """The open lists: for each level the element that it is."""

    def __init__(self) -> None:
        self.open: list[str] = []

    def item(self, text: str, level: int, kind: str) -> str:
        """Return an item, with the lists that end before it and begin with it."""
        out = self.close(level + 1)
        if len(self.open) > level and self.open[-1] != kind:
            out += self.close(level)
        if len(self.open) > level:
            return f"{out}</li><li>{text}"
        while len(self.open) <= level:
            out += f"<{kind}><li>"
            self.open.append(kind)
        return out + text

    def close(self, level: int = 0) -> str:
        """End all lists deeper than a level."""
        out = ""
        while len(self.open) > level:
            out += f"</li></{self.open.pop()}>"
        return out


def _blocks(
    document: Element, links: dict[str, str], ordered: frozenset[tuple[str, str]], typed: Draft
) -> str:
    """Return the text of a document as HTML; ``typed`` gets its title and lines of credit."""
    out: list[str] = []
    lists = _Lists()
    body = document.find(f"{_W}body")
    for block in body if body is not None else ():
        if block.tag == f"{_W}tbl":
            out.append(lists.close() + _table(block, links))
        elif block.tag == f"{_W}p":
            style, number = _style(block)
            text = _runs(block, links)
            if not text.strip():
                continue
            if number or style.startswith("list"):
                counts = number in ordered or (not number and "number" in style)
                level = min(8, int(number[1])) if number else 0
                out.append(lists.item(text, level, "ol" if counts else "ul"))
                continue
            out.append(lists.close())
            headed = style == "title" or (not any(out) and _headline(block, style))
            credit = () if any(out) else credits.read_line(_plain(block))
            if credit:
                credits.take(credit, typed)
            elif not typed.title and headed:
                typed.title = _plain(block)
            elif style.startswith("heading") and style[-1:].isdigit():
                level = min(6, int(style[-1]) + 1)
                out.append(f"<h{level}>{text}</h{level}>")
            elif style in ("quote", "intensequote"):
                out.append(f"<blockquote><p>{text}</p></blockquote>")
            else:
                out.append(f"<p>{text}</p>")
    return "".join([*out, lists.close()])


def _plain(paragraph: Element) -> str:
    return " ".join("".join(paragraph.itertext(f"{_W}t")).split())


def _headline(paragraph: Element, style: str) -> bool:
    """Say whether the first paragraph is the headline: few typists use the style for titles."""
    text = _plain(paragraph)
    plain = style in ("", "normal", "standard") and not text.endswith((".", "。", ":", "："))
    return (plain or style == "heading1") and len(text) <= _LONGEST and dates.parse(text) is None


def _style(paragraph: Element) -> tuple[str, tuple[str, str] | None]:
    """Return the name of a paragraph's style, and the list and the level that it stands in."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = (style.get(f"{_W}val") or "") if style is not None else ""
    listed = paragraph.find(f"{_W}pPr/{_W}numPr")
    if listed is None:
        return name.lower().replace(" ", ""), None
    values = {child.tag: child.get(f"{_W}val") or "" for child in listed}
    level = values.get(f"{_W}ilvl", "0")
    number = (values.get(f"{_W}numId", ""), level if level.isdecimal() and level.isascii() else "0")
    return name.lower().replace(" ", ""), None if number[0] == "0" else number


def _runs(paragraph: Element, links: dict[str, str]) -> str:
    out = []
    for child in paragraph:
        if child.tag == f"{_W}hyperlink":
            text = "".join(_run(run) for run in child.iter(f"{_W}r"))
            target = links.get(child.get(f"{_R}id") or "", "")
            known = target.startswith(("http://", "https://", "mailto:"))
            out.append(f'<a href="{escape(target)}">{text}</a>' if known else text)
        elif child.tag == f"{_W}r":
            out.append(_run(child))
        elif child.tag in (f"{_W}ins", f"{_W}smartTag", f"{_W}sdt"):
            out += [_run(run) for run in child.iter(f"{_W}r")]
    return "".join(out)


def _run(run: Element) -> str:
    parts = []
    for child in run:
        if child.tag == f"{_W}t":
            parts.append(escape(child.text or "", quote=False))
        elif child.tag == f"{_W}tab":
            parts.append(" ")
        elif child.tag == f"{_W}br":
            parts.append("<br>")
    text = "".join(parts)
    if text.strip():
        for tag, name in (("b", "strong"), ("i", "em")):
            mark = run.find(f"{_W}rPr/{_W}{tag}")
            if mark is not None and mark.get(f"{_W}val") not in ("0", "false"):
                text = f"<{name}>{text}</{name}>"
    return text


def _table(table: Element, links: dict[str, str]) -> str:
    rows = []
    for row in table.iter(f"{_W}tr"):
        cells = []
        name = "th" if row.find(f"{_W}trPr/{_W}tblHeader") is not None else "td"
        for cell in row.findall(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = f' colspan="{escape(span.get(f"{_W}val") or "1")}"' if span is not None else ""
            text = "<br>".join(_runs(p, links) for p in cell.iter(f"{_W}p"))
            cells.append(f"<{name}{width}>{text}</{name}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"
