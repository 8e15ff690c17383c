"""The article's markup brought into one form, with BeautifulSoup: what a theme can rely on.

In: the HTML of an article and nothing but it. Out: paragraphs, headings from ``h2`` without
gaps, lists, tables with heads, figures, all at the top level or inside one another as HTML
allows. Sanitising comes after this, never before.
"""

from __future__ import annotations

from typing import Final

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from backissue.patterns import pattern

from ..article import Heading
from . import dates
from .model import MOST_MOVED, to_model
from .plaintext import plain_text
from .sanitise import sanitise
from .soup import HEADINGS, SPACE, Node, enclosing, markup, soup, tags
from .tree import BLOCKS
from .words import signs

# Boxes without a meaning of their own: their content takes their place.
BOXES: Final = frozenset(
    [
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
        "body",
        "html",
        "hgroup",
        "amp-layout",
        "picture-box",
    ]
)
_ANCHORS: Final = frozenset(["¶", "#", "§", "🔗", "[edit]", "edit", "Anchor", "Link"])
_ANCHOR: Final = pattern(r"\s*(?:¶|\[(?:edit)?\]?|\])\s*$")
_SIGN: Final = pattern(SPACE.pattern.replace("[", "[^").rstrip("+"))  # anything but space
_KEEP_EMPTY: Final = frozenset(
    ["img", "br", "hr", "td", "th", "tr", "tbody", "thead", "table", "dd"]
)
_INLINE_ONLY: Final = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "figcaption", "caption", "summary"]
)


class Shaped:
    """A body in its final form with what can be read off it."""

    __slots__ = ("body", "headings", "text")

    def __init__(self, body: str, text: str, headings: tuple[Heading, ...]) -> None:
        self.body = body
        self.text = text
        self.headings = headings


def shape(html: str, base: str = "", title: str = "") -> Shaped:
    """Bring ``html`` into form and sanitise it; relative addresses are resolved on ``base``.

    Lines above the text that only say ``title``, date or byline again are left out.
    """
    root = soup(html, base)
    if root is None:
        return Shaped("", "", ())
    _unbox(root)
    _split_breaks(root)
    _drop_head_lines(root, title)
    _bare_headings(root)
    _head_tables(root)
    to_model(root)
    _level_headings(root)
    _drop_empty(root)
    return Shaped(sanitise(markup(root)).strip(), plain_text(root), _headings(root))


def _is_block(node: PageElement) -> bool:
    return isinstance(node, Tag) and (node.name in BLOCKS or node.name == "figcaption")


_NO_LETTER: Final = pattern(r"[\W_]+")
_HEAD: Final = 4  # paragraphs at the beginning that may be made of such lines
_LINE: Final = 80  # characters; a longer line says more than a date
_WRAPPED: Final = BOXES | {"blockquote", "aside", "figure"}
_LIGHTLY: Final = frozenset(["li", "td", "th", "dd"])
_LOOKED_INTO: Final = _WRAPPED | _LIGHTLY
_BOXES_AND_INLINE: Final = BOXES | _INLINE_ONLY
_NOT_WITHIN: Final = BOXES | {"p"}


def _unbox(root: Tag) -> None:
    """Wrap runs of loose inline content into paragraphs and take the boxes away."""
    _wrap_runs(root)
    for box in tags(root, _LOOKED_INTO):
        if box.name in _LIGHTLY:
            inner = [child.name for child in box.children if isinstance(child, Tag)]
            if any(name in BLOCKS and name not in ("ul", "ol") for name in inner):
                _wrap_runs(box, light=True)
        elif box.name != "figure" or any(_is_block(child) for child in box.children):
            _wrap_runs(box)
    for node in tags(root, _BOXES_AND_INLINE):
        if node.name in BOXES and node.parent is not None:
            node.unwrap()
        elif node.name in _INLINE_ONLY:
            for within in tags(node, _NOT_WITHIN):
                within.insert_after(" ")
                within.unwrap()


def _wrap_runs(box: Tag, *, light: bool = False) -> None:
    children = list(box.children)
    kinds = [_is_block(child) or _holds_block(child) for child in children]
    if all(kinds) or (light and not any(kinds)):
        return
    many = len(children) > MOST_MOVED
    if many:  # to move one among many takes long; to put all in again does not
        box.clear()
    fresh: list[PageElement] = []
    run: list[PageElement] = []
    for child, block in [*zip(children, kinds, strict=True), (None, True)]:
        if child is not None and not block:
            run.append(child)
            continue
        if many:
            fresh += _gathered(run)
        else:
            _enclose(run)
        run = []
        if child is not None:
            fresh.append(child)
    if many:
        box.extend(fresh)


def _gathered(run: list[PageElement]) -> list[PageElement]:
    """A paragraph of a run of inline content, or nothing."""
    if not any(_says_something(node) for node in run):
        return []
    paragraph = Node(name="p")
    paragraph.extend(run)
    return [paragraph]


def _enclose(run: list[PageElement]) -> None:
    """Make a paragraph of a run of inline content; drop it where it says nothing."""
    if any(_says_something(node) for node in run):
        paragraph = Node(name="p")
        run[0].insert_before(paragraph)
        paragraph.extend(run)
    else:
        for node in run:
            node.extract()


def _holds_block(node: PageElement) -> bool:
    return (
        isinstance(node, Tag)
        and node.name != "figcaption"
        and any(isinstance(inner, Tag) and inner.name in BLOCKS for inner in node.descendants)
    )


def _says_something(node: PageElement) -> bool:
    if not isinstance(node, Tag):
        return bool(_SIGN.search(str(node)))
    return node.name == "img" or any(_says_something(child) for child in node.contents)


def _split_breaks(root: Tag) -> None:
    """Two line breaks in a row part paragraphs; one at an end says nothing."""
    broken = [p for p in tags(root, ("p",)) if any(_is_break(child) for child in p.contents)]
    for paragraph in broken[:MOST_MOVED]:
        parts = _parted(paragraph)
        if len(parts) > 1:
            for part in parts:
                if any(_says_something(node) for node in part):
                    fresh = Node(name="p")
                    paragraph.insert_before(fresh)
                    for node in part:
                        fresh.append(node.extract())
            paragraph.decompose()


def _is_break(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name == "br"


def _drop_head_lines(root: Tag, title: str) -> None:
    """Take title, date and byline off the first paragraphs, where line breaks part them."""
    paragraphs = [one for one in root.children if isinstance(one, Tag) and one.name == "p"]
    for paragraph in paragraphs[:_HEAD]:
        if paragraph.find("br") is not None and _only_head_lines(paragraph, title):
            rule = paragraph.find_next_sibling()
            if isinstance(rule, Tag) and rule.name == "hr":
                rule.decompose()
            paragraph.decompose()


def _only_head_lines(paragraph: Tag, title: str) -> bool:
    """Take leading lines that say title, date or byline off; return whether nothing is left.

    Each is said once above a text: a list of dated lines is a text.
    """
    lines: list[list[PageElement]] = [[]]
    for child in paragraph.children:
        lines[-1].append(child)
        if isinstance(child, Tag) and child.name == "br":
            lines.append([])
    kinds: list[str] = []
    for line in lines:
        kind = _head_line("".join(node.get_text() for node in line), title)
        if kind is None:
            break
        kinds.append(kind)
    said = [kind for kind in kinds if kind]
    if not said or len(said) != len(set(said)):
        return False
    for line in lines[: len(kinds)]:
        for node in line:
            node.extract()
    return len(kinds) == len(lines)


def _head_line(line: str, title: str) -> str | None:
    """Return what a line above the text says: title, date, byline, nothing (""); None if more."""
    text = " ".join(line.split())
    if not text:
        return ""
    if title and _NO_LETTER.sub("", text) == _NO_LETTER.sub("", title):
        return "title"
    if len(text) < 2 * _LINE and signs(text):
        return "byline"
    return "date" if len(text) < _LINE and dates.find(text) else None


def _parted(paragraph: Tag) -> list[list[PageElement]]:
    """The content of a paragraph, parted at double breaks."""
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
    return parts


def _bare_headings(root: Tag) -> None:
    """Take the marks by which headings link to themselves out of them."""
    for heading in tags(root, HEADINGS):
        for link in tags(heading, ("a", "span")):
            if link.get_text().strip() in _ANCHORS:
                link.decompose()
        for last in heading.contents[-2:]:
            if isinstance(last, NavigableString) and _ANCHOR.search(last):
                last.replace_with(NavigableString(_ANCHOR.sub("", last)))


def _level_headings(root: Tag) -> None:
    """Give headings levels from 2 on without gaps, in the order of their ranks."""
    above: list[int] = []
    for heading in tags(root, HEADINGS):
        rank = int(heading.name[1])
        while above and above[-1] >= rank:
            above.pop()
        above.append(rank)
        heading.name = f"h{min(6, 1 + len(above))}"


def _head_tables(root: Tag) -> None:
    for table in tags(root, ("table",)):
        inner = tags(table, ("tr", "thead"))
        rows = [n for n in inner if n.name == "tr" and enclosing(n, ("table",)) is table]
        if not rows:
            continue
        cells = [cell for cell in rows[0].children if isinstance(cell, Tag)]
        headed = len(rows) > 1 and bool(cells) and all(cell.name == "th" for cell in cells)
        if headed and not any(node.name == "thead" for node in inner):
            head = Node(name="thead")
            holder = rows[0].parent if rows[0].parent is not table else None
            (holder or rows[0]).insert_before(head)
            head.append(rows[0].extract())
        for row in rows:
            head_row = row.parent is not None and row.parent.name == "thead"
            for cell in row.children:
                if isinstance(cell, Tag) and cell.name == "th" and not cell.get("scope"):
                    cell["scope"] = "col" if head_row else "row"


def _drop_empty(node: Tag) -> bool:
    """Take out what says nothing; return whether anything in ``node`` says something."""
    says = False
    for child in list(node.contents):
        if not isinstance(child, Tag):
            says = says or bool(_SIGN.search(str(child)))
            continue
        inside = _drop_empty(child) or child.name == "img"
        says = says or inside
        if inside or child.name in _KEEP_EMPTY:
            continue
        if child.name not in BLOCKS and child.get_text():
            child.unwrap()  # the space between two words, or a line break inside code
        elif not tags(child, ("hr",)):
            child.decompose()
    return says


def _headings(root: Tag) -> tuple[Heading, ...]:
    return tuple(
        Heading(int(node.name[1]), " ".join(node.get_text().split()))
        for node in tags(root, HEADINGS)
    )
