"""An article's markup as a BeautifulSoup tree, and back, at a third of the usual price.

BeautifulSoup asks its parser for every element and every string; here lxml parses the whole at
once and the tree is linked as it is walked. What never is text of an article and white space
that says nothing (between blocks, several in a row) is left out on the way.
"""

from __future__ import annotations

from collections.abc import Container
from html import escape
from typing import Final
from urllib.parse import unquote

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from lxml import etree

from backissue.patterns import pattern

from .sanitise import ATTRIBUTES, SAVED_BESIDE, SILENT, safe_url
from .tree import BLOCKS, Element, drop

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
SPACE: Final = pattern(r"[ \t\r\n\f\u00a0\u3000\u200b\ufeff]+")
# What is not one plain space already: most spaces are, and stay.
_SPACES: Final = pattern(
    SPACE.pattern.rstrip("+") + "{2,}|" + SPACE.pattern.rstrip("+").replace("[ ", "[")
)
_UNUSUAL: Final = ("\n", "  ", "\t", "\r", "\f")  # of ASCII
_DEEPEST: Final = 150  # what stands deeper in one another keeps its text and loses its elements
_VOID: Final = frozenset(["br", "hr", "img"])
_KEPT: Final = frozenset().union(*ATTRIBUTES.values())
_NEVER: Final = sorted(SILENT - {"head"})


class Node(Tag):
    """An element that finds its children near where it found the last one.

    BeautifulSoup looks through all children of an element, from the first, to move or to take
    out one of them: of twenty thousand lines in a box that is a minute.
    """

    near = 0

    def index(self, element: PageElement) -> int:
        """Return the place of a child; ValueError where it is none."""
        contents = self.contents
        most = len(contents) - 1
        below = above = max(0, min(self.near, most))
        while below >= 0 or above <= most:
            if above <= most and contents[above] is element:
                self.near = above
                return above
            if below >= 0 and contents[below] is element:
                self.near = below
                return below
            below, above = below - 1, above + 1
        raise ValueError("Tag.index: element not in tag")


def soup(html: str, base: str = "") -> Tag | None:
    """Return the tree of ``html``, the content of a body; None where nothing can be read.

    Relative addresses are resolved on ``base``; links and pictures without an address that may
    be published go, the words of a link stay.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        tree = etree.fromstring(f"<body>{html}</body>".encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    body = tree.find("body") if tree is not None else None
    if body is None:
        return None
    etree.strip_tags(body, "embed")  # to libxml2 what stands behind it is within it
    etree.strip_elements(body, *_NEVER, with_tail=False)
    _addresses(body, base)
    return _grafted(body)


def _addresses(body: Element, base: str) -> None:
    dead = False
    for picture in list(body.iter("img")):
        asked = picture.get("src") or ""
        # What was saved beside the page is there, and nowhere on the site that it came from.
        source = safe_url(asked, "" if SAVED_BESIDE.match(unquote(asked)) else base)
        if source:
            picture.set("src", source)
        else:
            drop(picture)
    for link in body.iter("a"):
        href = (link.get("href") or "").strip()
        target = "" if href.startswith("#") else safe_url(href, base)
        if target:
            link.set("href", target)
        else:
            link.tag, dead = "dead-link", True
    if dead:
        etree.strip_tags(body, "dead-link")


def _grafted(body: Element) -> Tag:
    """Return the tree of lxml as one of BeautifulSoup."""
    root = Node(name="body")
    open_tags: list[Tag] = [root]
    last: PageElement = root
    deeper = code = 0
    for event, node in etree.iterwalk(body, ("start", "end")):
        starts = event == "start"
        code += (node.tag == "pre") * (1 if starts else -1)
        if node is body:
            text = _text(node, code, starts=starts) if starts else ""
        elif starts:
            if deeper or len(open_tags) > _DEEPEST:
                deeper += 1
            else:
                open_tags.append(_tag(node))
                last = _put(open_tags[-1], open_tags[-2], last)
            text = _text(node, code, starts=True)
        else:
            if deeper:
                deeper -= 1
            else:
                open_tags.pop()
            text = _text(node, code, starts=False)
        if text:
            last = _put(NavigableString(text), open_tags[-1], last)
    return root


def _tag(node: Element) -> Tag:
    tag = Node(name=node.tag)
    for key, value in node.items():
        if key in _KEPT:
            tag.attrs[key] = value
    return tag


def _text(node: Element, code: int, *, starts: bool) -> str:
    """The text behind the beginning or the end of ``node``, without space that says nothing."""
    text: str = (node.text if starts else node.tail) or ""
    if not text or code:
        return text
    if not text.isascii() or any(space in text for space in _UNUSUAL):  # few have any
        text = _SPACES.sub(" ", text)
    if text != " " or not (starts or node.tag in BLOCKS):
        return text
    beside = (node[0] if len(node) else None) if starts else node.getnext()
    # Between two blocks it says nothing.
    return "" if beside is not None and beside.tag in BLOCKS else text


def _put(node: PageElement, parent: Tag, last: PageElement) -> PageElement:
    node.setup(parent, last)
    parent.contents.append(node)
    return node


def tags(root: Tag, names: Container[str]) -> list[Tag]:
    """Return the elements below ``root`` with one of ``names``, in order.

    (``find_all`` builds a matcher for each call and asks it about each string too; this takes a
    tenth of the time.)
    """
    found: list[Tag] = []
    _gather(root, names, found)
    return found


def _gather(node: Tag, names: Container[str], found: list[Tag]) -> None:
    for child in node.contents:
        if child.__class__ is Node:
            if child.name in names:
                found.append(child)
            inner = child.contents
            if len(inner) > 1 or (inner and inner[0].__class__ is Node):
                _gather(child, names, found)


def enclosing(node: Tag, names: Container[str]) -> Tag | None:
    """Return the nearest element around ``node`` that has one of ``names``.

    (``find_parent`` builds a matcher for each call; this takes a thirtieth of the time.)
    """
    around = node.parent
    while around is not None and around.name not in names:
        around = around.parent
    return around


def text_in(node: Tag) -> str:
    """Return the text of an element as it stands there; breaks and blocks are parted by spaces."""
    parts: list[str] = []
    _texts(node, parts)
    return "".join(parts)


def _texts(node: Tag, parts: list[str]) -> None:
    for child in node.contents:
        if not isinstance(child, Tag):
            parts.append(str(child))
        elif child.name == "br":
            parts.append(" ")
        else:
            _texts(child, parts)
            if child.name in BLOCKS:
                parts.append(" ")


def markup(root: Tag) -> str:
    """Return the markup of what stands in ``root``, a line for each block."""
    parts: list[str] = []
    for child in root.contents:
        if not isinstance(child, Tag):
            if (text := str(child)).strip():
                parts.append(escape(text, quote=False))
            continue
        _write(child, parts)
        if child.name in BLOCKS:
            parts.append("\n")
    return "".join(parts)


def _write(node: Tag, parts: list[str]) -> None:
    name = node.name
    if node.attrs:
        said = "".join(
            f' {key}="{escape(str(value))}"' for key, value in sorted(node.attrs.items())
        )
        parts.append(f"<{name}{said}>")
    else:
        parts.append(f"<{name}>")
    if name in _VOID:
        return
    for child in node.contents:
        if isinstance(child, Tag):
            _write(child, parts)
        elif (text := str(child)) != " " or not parts[-1].endswith(" "):
            parts.append(escape(text, quote=False))
    parts.append(f"</{name}>")
