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
from ..records import CleanSettings, Piece, Said
from ..tree import Element

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def open_docx(name: str, data: bytes, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Yield the text of a Word document. Its own dates say when it was typed, not published."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            document = _part(package, "word/document.xml", settings)
            core = _part(package, "docProps/core.xml", settings)
            links = _links(_part(package, "word/_rels/document.xml.rels", settings))
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
    said = _said(core)
    blocks, title = _blocks(document, links)
    if title:
        said = Said(title=title, authors=said.authors, lang=said.lang, tags=said.tags)
    page = f"<html><body><article>{blocks}</article></body></html>"
    yield Piece(shape="html", text=page, said=said)


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


def _blocks(document: Element, links: dict[str, str]) -> tuple[str, str]:
    out: list[str] = []
    title = ""
    body = document.find(f"{_W}body")
    for block in body if body is not None else ():
        if block.tag == f"{_W}tbl":
            out.append(_table(block, links))
        elif block.tag == f"{_W}p":
            style, listed = _style(block)
            text = _runs(block, links)
            if not text.strip():
                continue
            if style == "title" and not title:
                title = " ".join("".join(block.itertext(f"{_W}t")).split())
            elif style.startswith("heading") and style[-1:].isdigit():
                level = min(6, int(style[-1]) + 1)
                out.append(f"<h{level}>{text}</h{level}>")
            elif listed or style.startswith("list"):
                out.append(f"<li>{text}</li>")
            elif style in ("quote", "intensequote"):
                out.append(f"<blockquote><p>{text}</p></blockquote>")
            else:
                out.append(f"<p>{text}</p>")
    html = re.sub(r"(?:<li>.*?</li>\n?)+", lambda m: f"<ul>{m.group()}</ul>", "\n".join(out))
    return html, title


def _style(paragraph: Element) -> tuple[str, bool]:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = (style.get(f"{_W}val") or "") if style is not None else ""
    return name.lower().replace(" ", ""), paragraph.find(f"{_W}pPr/{_W}numPr") is not None


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
        for cell in row.findall(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = f' colspan="{escape(span.get(f"{_W}val") or "1")}"' if span is not None else ""
            text = "<br>".join(_runs(p, links) for p in cell.iter(f"{_W}p"))
            cells.append(f"<td{width}>{text}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"
