"""HTML to a tree, with lxml: fast, bounded in time and depth, and never an exception."""

from __future__ import annotations

import copy
import re
from typing import Any, Final, TypeAlias

from lxml import etree

from backissue.patterns import pattern

# lxml ships no types; this name says what is meant.
Element: TypeAlias = Any

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

# Text behind </body></html> is dropped by libxml2 and shown by browsers.
_END_TAGS: Final = pattern(r"</(?:body|html)\s*>", re.IGNORECASE)
_XML_HEAD: Final = pattern(r"\A\s*<\?xml[^>]{0,300}\?>")
_NOISE: Final = tuple(
    pattern(tags, re.IGNORECASE)
    for tags in (
        r"<(/?)style(?=[\s>])",
        r"<(/?)svg(?=[\s>])(?![^>]{0,2000}/>)",
    )
)
# libxml2 2.14 cuts everything below depth 255 off without a word unless told that the tree
# may be huge; then the cut is at 2,048.
_DEEPEST: Final = 2048
# libxml2 compares each attribute of an element with all before it: of 100,000 that is a minute.
_LONG_TAG: Final = 10_000  # characters
_MOST_ATTRIBUTES: Final = 3_000
_SHORT: Final = 100_000  # characters of a page that cannot hold too many to be read soon
_HEAD: Final = frozenset(
    [
        "title",
        "meta",
        "link",
        "script",
        "style",
        "base",
        "noscript",
        "template",
        "bgsound",
        "object",
    ]
)


def parse(text: str) -> Element | None:
    """Return the tree of a page, or None where there is no element in it.

    Drawings and style sheets are cut out of the text first: libxml2 takes the ``/>`` of an
    unknown element for an open one and would put the whole page into a drawing.
    """
    text = _END_TAGS.sub("", _XML_HEAD.sub("", text, count=1))
    for tags in _NOISE:
        text = _without(text, tags)
    if len(text) > _SHORT:
        text = _bounded(text)
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        tree: Element | None = etree.fromstring(
            text.encode("utf-8", "replace") or b"<html></html>", parser
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if tree is not None:
        _out_of_head(tree)
    return tree


def _bounded(text: str) -> str:
    """Take the attributes off elements that have more than anybody writes."""
    pieces = text.split("<")
    if max(map(len, pieces)) <= _LONG_TAG:
        return text
    for number, piece in enumerate(pieces):
        if len(piece) <= _LONG_TAG or not piece[0].isalpha():
            continue
        end = piece.find(">")
        end = len(piece) if end < 0 else end
        if end > _LONG_TAG and len(piece[:end].split(None, _MOST_ATTRIBUTES)) > _MOST_ATTRIBUTES:
            pieces[number] = piece.split(None, 1)[0] + piece[end:]
    return "<".join(pieces)


def _out_of_head(tree: Element) -> None:
    """Let the body begin where it does for a browser (HTML Standard, 13.2.6.4.4).

    Without ``<body>`` libxml2 leaves elements younger than HTML 4, such as ``<article>``, in the
    head.
    """
    head = tree.find("head")
    first = None if head is None else next((x for x in head if x.tag not in _HEAD), None)
    if head is None or first is None:
        return
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    misplaced = head[head.index(first) :]
    last = misplaced[-1]
    last.tail = (last.tail or "") + (body.text or "")
    body.text = None
    body[:0] = misplaced


def _without(text: str, tags: re.Pattern[str]) -> str:
    """Cut everything from an opening to its closing out of ``text``, in linear time."""
    parts: list[str] = []
    at = level = start = 0
    for found in tags.finditer(text):
        if not found.group(1):
            if level == 0:
                start = found.start()
            level += 1
        elif level:
            level -= 1
            if level == 0:
                parts += (text[at:start], " ")
                at = text.find(">", found.end()) + 1 or len(text)
    return "".join([*parts, text[at:]]) if parts else text


def too_deep(tree: Element, limit: int) -> bool:
    """Say whether an element of ``tree`` has more than ``limit`` elements around it."""
    # One step a level: asking each element for its ancestors takes several times as long.
    return limit < _DEEPEST and bool(tree.xpath("boolean(/" + "/".join("*" * (limit + 2)) + ")"))


def text_of(element: Element) -> str:
    """Return the text of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def spaced(element: Element) -> str:
    """Return the text of an element on one line, with a space where an element begins or ends."""
    return " ".join(" ".join(element.itertext()).split())


def beginning(element: Element, most: int = 160) -> str:
    """Return about the first ``most`` characters of the text of an element."""
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        parts.append(part)
        size += len(part.strip())
        if size > most:
            break
    return " ".join(" ".join(parts).split())[:most]


def drop(element: Element) -> None:
    """Take an element out of its tree and leave the text behind it where it is."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    element.tail = None
    parent.remove(element)


def names_of(element: Element) -> str:
    """Return what an element calls itself: its class and its id, in small letters."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


# What the rest of the way reads; everything else only costs time.
_KEPT: Final = frozenset(
    [
        "href",
        "src",
        "alt",
        "width",
        "height",
        "colspan",
        "rowspan",
        "scope",
        "start",
        "lang",
        "dir",
        "role",
        "type",
    ]
)


_BLOCKS: Final = BLOCKS | {"strip", "p-box"}
_LINES: Final = ("div", "p", "li", "ol", "ul", "tr", "td", "tbody", "table")
_CONTROLS: Final = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BOXES: Final = ("div", "section", "article", "main", "header", "center")


def _bare(element: Element) -> None:
    """Take off the attributes that say nothing about an article."""
    for name in list(element.attrib):
        if name.startswith("{"):
            _unnamed(element)
            return
        if name not in _KEPT:
            del element.attrib[name]


def _unnamed(element: Element) -> None:
    """Keep what may be kept of an element with an attribute such as ``{}``.

    HTML allows that name; lxml takes what stands in braces for a namespace and cannot delete it.
    """
    kept = [(name, value) for name, value in element.items() if name in _KEPT]
    element.attrib.clear()
    for name, value in kept:
        element.set(name, _CONTROLS.sub("", value))


def lighten(root: Element) -> None:
    """Take attributes and wrappers out of an article that say nothing about it.

    A box of nothing but blocks gives way to them, a box of nothing but text is a paragraph:
    BeautifulSoup, which is slow, gets a third of the elements.
    """
    etree.strip_tags(root, "span", "font", "big", "nobr", "tt", "label")
    for element in root.iter():
        if isinstance(element.tag, str) and element.attrib:
            _bare(element)
    for box in reversed(list(root.iter(*_BOXES))):
        if box is root:
            continue
        loose = bool(box.text and box.text.strip())
        blocks = inline = 0
        for child in box:
            if child.tag in _BLOCKS:
                blocks += 1
            else:
                inline += 1
            loose = loose or bool(child.tail and child.tail.strip())
        if not loose and not inline:
            box.tag = "strip"
        elif not blocks and box.tag != "header" and not _holds_blocks(box):
            parent = box.getparent()
            if parent is not None and parent.tag in _BOXES:
                box.tag = "p"
    etree.strip_tags(root, "strip")


def lines_of(code: Element) -> None:
    """End a line of code where it ends in a box of its own or in a break, and unnumber it."""
    numbers = _numbers(code)
    if len(numbers) > 1:
        bare = copy.deepcopy(code)
        for part in _numbers(bare):
            drop(part)
        _end_lines(bare)
        lines = "".join(bare.itertext()).strip("\n").count("\n") + 1
        if abs(len(numbers) - lines) <= 1:  # one for each line: no numbers of the code's own
            for part in numbers:
                drop(part)
    _end_lines(code)


def _end_lines(code: Element) -> None:
    for part in list(code.iter("br")):
        part.tail = "\n" + (part.tail or "")
        drop(part)
    for part in reversed(list(code.iter(*_LINES))):
        last = part[-1] if len(part) else None
        text = (part.text if last is None else last.tail) or ""
        after = part.tail or ""
        if (not text and last is not None and last.tag in _LINES) or text.endswith("\n"):
            continue  # its last line is ended
        if not after.startswith("\n"):
            part.tail = "\n" + after
    etree.strip_tags(code, *_LINES)


def _numbers(code: Element) -> list[Element]:
    """The elements in ``code`` that hold 1, 2, 3 … and nothing else, in this order."""
    numbers: list[Element] = []
    for part in code.iter():
        number = str(len(numbers) + 1)
        if not len(part) and (part.text or "").strip() == number:
            up = part.getparent()
            # A box of nothing else goes with it; one beside an empty box is an empty line.
            while up is not code and len(up) == 1 and "".join(up.itertext()).strip() == number:
                part, up = up, up.getparent()  # noqa: PLW2901
            numbers.append(part)
    return numbers


def _holds_blocks(box: Element) -> bool:
    return any(inner is not box and inner.tag in _BLOCKS for inner in box.iter())


def drop_all(page: Element, tags: frozenset[str]) -> None:
    """Take every element with one of ``tags`` out of ``page``, but not the text behind it."""
    etree.strip_elements(page, *sorted(tags), with_tail=False)


def serialise(element: Element) -> str:
    """Return the markup of an element without the text behind it."""
    markup: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return markup
