"""The article's markup brought into one form, with BeautifulSoup: what a theme can rely on.

In: the HTML of an article and nothing but it. Out: paragraphs, headings from ``h2`` without
gaps, lists, tables with heads, figures, all at the top level or inside one another as HTML
allows. Sanitising comes after this, never before.
"""

from __future__ import annotations

import re
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from ..article import Heading
from .sanitise import safe_url, sanitise

BLOCKS: Final = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote figure aside details hr div section article "
    "main header footer center address form fieldset nav li dt dd".split()
)
# Boxes without a meaning of their own: their content takes their place.
BOXES: Final = frozenset(
    "div section article main header footer center address form fieldset nav body html hgroup "
    "amp-layout picture-box".split()
)
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_SPACE: Final = re.compile(r"[ \t\r\n\f\u00a0\u3000\u200b\ufeff]+")
_KEEP_EMPTY: Final = frozenset("img br hr td th tr tbody thead table".split())
_INLINE_ONLY: Final = frozenset("p h1 h2 h3 h4 h5 h6 dt figcaption caption summary".split())


class Shaped:
    """A body in its final form with what can be read off it."""

    __slots__ = ("body", "headings", "text")

    def __init__(self, body: str, text: str, headings: tuple[Heading, ...]) -> None:
        self.body = body
        self.text = text
        self.headings = headings


def shape(html: str, base: str = "") -> Shaped:
    """Bring ``html`` into form and sanitise it; relative addresses are resolved on ``base``."""
    soup = BeautifulSoup(f"<body>{html}</body>", "lxml")
    root = soup.body
    if root is None:
        return Shaped("", "", ())
    _addresses(root, base)
    _unbox(soup, root)
    _split_breaks(soup, root)
    _bare_headings(root)
    _level_headings(root)
    _head_tables(soup, root)
    _drop_empty(root)
    _tidy(root)
    body = sanitise(root.decode_contents(formatter="minimal")).strip()
    return Shaped(body, plain_text(root), _headings(root))


def _addresses(root: Tag, base: str) -> None:
    for link in root.find_all("a"):
        href = str(link.get("href") or "")
        target = "" if href.strip().startswith("#") else safe_url(href, base)
        if target:
            link["href"] = target
        else:
            link.unwrap()
    for image in root.find_all("img"):
        source = safe_url(str(image.get("src") or ""), base)
        if source:
            image["src"] = source
        else:
            image.decompose()


def _is_block(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name in BLOCKS


def _unbox(soup: BeautifulSoup, root: Tag) -> None:
    """Wrap runs of loose inline content into paragraphs and take the boxes away."""
    for box in [
        root,
        *root.find_all(list(BOXES)),
        *root.find_all(["blockquote", "aside", "figure"]),
    ]:
        if box.name in ("figure",) and not any(_is_block(child) for child in box.children):
            continue
        _wrap_runs(soup, box)
    for box in root.find_all(["li", "td", "th", "dd"]):
        if any(_is_block(child) and child.name not in ("ul", "ol") for child in box.children):
            _wrap_runs(soup, box, light=True)
    for box in root.find_all(list(BOXES)):
        box.unwrap()
    for name in root.find_all(list(_INLINE_ONLY)):
        for inner in name.find_all("p"):
            inner.unwrap()


def _wrap_runs(soup: BeautifulSoup, box: Tag, *, light: bool = False) -> None:
    run: list[PageElement] = []
    for child in [*list(box.children), None]:
        if child is not None and not _is_block(child) and not _holds_block(child):
            run.append(child)
            continue
        if any(_says_something(node) for node in run):
            blocks = sum(1 for node in box.children if _is_block(node))
            if not (light and blocks == 0):
                paragraph = soup.new_tag("p")
                run[0].insert_before(paragraph)
                for node in run:
                    paragraph.append(node.extract())
        run = []


def _holds_block(node: PageElement) -> bool:
    return (
        isinstance(node, Tag)
        and node.name != "figcaption"
        and any(inner.name in BLOCKS for inner in node.find_all(True))
    )


def _says_something(node: PageElement) -> bool:
    if isinstance(node, PreformattedString):
        return False
    if isinstance(node, NavigableString):
        return bool(_SPACE.sub("", node))
    return isinstance(node, Tag) and (
        node.name == "img" or node.find("img") is not None or bool(_SPACE.sub("", node.get_text()))
    )


def _split_breaks(soup: BeautifulSoup, root: Tag) -> None:
    """Two line breaks in a row part paragraphs; one at an end says nothing."""
    for paragraph in root.find_all("p"):
        if paragraph.find("br") is None:
            continue
        parts: list[list[PageElement]] = [[]]
        breaks = 0
        for child in list(paragraph.children):
            if isinstance(child, Tag) and child.name == "br":
                breaks += 1
                if breaks == 2:
                    parts.append([])
                    continue
            elif breaks and isinstance(child, NavigableString) and not child.strip():
                continue
            else:
                breaks = 0
            if breaks < 2:
                parts[-1].append(child)
        for part in parts:
            while part and isinstance(part[-1], Tag) and part[-1].name == "br":
                part.pop()
        if len(parts) == 1:
            continue
        for part in parts:
            if any(_says_something(node) for node in part):
                fresh = soup.new_tag("p")
                paragraph.insert_before(fresh)
                for node in part:
                    fresh.append(node.extract())
        paragraph.decompose()


def _bare_headings(root: Tag) -> None:
    """Take the marks by which headings link to themselves out of them."""
    for heading in root.find_all(_HEADINGS):
        for link in heading.find_all(["a", "span"]):
            if link.get_text().strip() in ("¶", "#", "§", "🔗", "[edit]", "edit", "Anchor", "Link"):
                link.decompose()
        last = heading.contents[-1] if heading.contents else None
        if isinstance(last, NavigableString) and last.rstrip().endswith(("¶", "[edit]")):
            last.replace_with(re.sub(r"(?:¶|\[edit\])\s*$", "", last))


def _level_headings(root: Tag) -> None:
    headings = root.find_all(_HEADINGS)
    used = sorted({int(heading.name[1]) for heading in headings})
    for heading in headings:
        heading.name = f"h{min(6, 2 + used.index(int(heading.name[1])))}"


def _head_tables(soup: BeautifulSoup, root: Tag) -> None:
    for table in root.find_all("table"):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        if not rows:
            continue
        cells = rows[0].find_all(["td", "th"], recursive=False)
        headed = bool(cells) and all(cell.name == "th" for cell in cells) and len(rows) > 1
        if table.find("thead") is None and headed:
            head = soup.new_tag("thead")
            holder = rows[0].parent if rows[0].parent is not table else None
            (holder or rows[0]).insert_before(head)
            head.append(rows[0].extract())
        for row in rows:
            head_row = row.parent is not None and row.parent.name == "thead"
            for cell in row.find_all("th", recursive=False):
                if not cell.get("scope"):
                    cell["scope"] = "col" if head_row else "row"


def _drop_empty(root: Tag) -> None:
    for node in reversed(root.find_all(True)):
        if node.name in _KEEP_EMPTY:
            continue
        if node.name not in BLOCKS and node.string is not None and node.string.isspace():
            node.unwrap()  # the space between two words, or a line break inside code
        elif not any(_says_something(child) for child in node.children):
            node.decompose() if not node.find(["hr"]) else None


def _tidy(root: Tag) -> None:
    """One kind of white space outside ``pre``; a line for each block."""
    for string in list(root.find_all(string=True)):
        if isinstance(string, PreformattedString):
            string.extract()
        elif string.find_parent("pre") is None:
            clean = _SPACE.sub(" ", string)
            if clean != string:
                string.replace_with(NavigableString(clean))
    for child in list(root.children):
        if isinstance(child, NavigableString) and not child.strip():
            child.extract()
        elif isinstance(child, Tag) and child.name in BLOCKS:
            child.insert_after(NavigableString("\n"))


def _headings(root: Tag) -> tuple[Heading, ...]:
    return tuple(
        Heading(int(node.name[1]), " ".join(node.get_text().split()))
        for node in root.find_all(_HEADINGS)
    )


def plain_text(root: Tag) -> str:
    """Return the text of a shaped body: blocks parted by a blank line, items and rows by one."""
    parts: list[str] = []

    def walk(node: Tag) -> None:
        run: list[str] = []
        for child in node.children:
            if isinstance(child, Tag) and child.name in BLOCKS and child.name != "hr":
                flush(run)
                if child.name == "p" and _small_print(child):
                    continue
                if child.name in ("p", *_HEADINGS, "dt"):
                    parts.append(_line(child))
                elif child.name == "pre":
                    parts.append(child.get_text().strip("\n"))
                elif child.name == "figure" and child.find(["pre", "table", "blockquote"]) is None:
                    continue  # a picture's words belong to it, not to the prose
                elif child.name == "table":
                    parts.append(_table(child))
                elif child.name in ("ul", "ol"):
                    parts.append("\n".join(_items(child)))
                else:
                    walk(child)
            elif isinstance(child, Tag) and child.name == "figcaption":
                flush(run)  # a caption belongs to its picture, not to the prose
            elif isinstance(child, Tag) and child.name == "summary":
                flush(run)
                walk(child)
            elif isinstance(child, Tag):
                run.append(_line(child, strip=False))
            elif not isinstance(child, PreformattedString):
                run.append(str(child))
        flush(run)

    def flush(run: list[str]) -> None:
        line = " ".join("".join(run).split())
        run.clear()
        if line:
            parts.append(line)

    walk(root)
    return "\n\n".join(part for part in parts if part.strip())


def _small_print(node: Tag) -> bool:
    """A paragraph of nothing but small print: a caption or a credit."""
    return node.find("small") is not None and all(
        (isinstance(child, Tag) and child.name in ("small", "img", "br"))
        or (isinstance(child, NavigableString) and not child.strip())
        for child in node.children
    )


def _line(node: Tag, *, strip: bool = True) -> str:
    for br in node.find_all("br"):
        br.insert_after(NavigableString(" "))
    text = node.get_text()
    return " ".join(text.split()) if strip else text


def _items(node: Tag) -> list[str]:
    lines: list[str] = []
    for item in node.find_all("li", recursive=False):
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
    for part in node.find_all(["caption", "tr"]):
        if part.name == "caption":
            rows.append(_line(part))
        else:
            cells = part.find_all(["td", "th"], recursive=False)
            rows.append(" | ".join(_line(cell) for cell in cells))
    return "\n".join(row for row in rows if row.strip(" |"))
