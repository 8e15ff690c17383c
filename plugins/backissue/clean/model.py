"""HTML's content model: which element may stand in which (https://html.spec.whatwg.org/).

Pages are written as browsers forgive. Here captions go into figures, cells into full rows, items
into lists, terms before their descriptions, and what only holds words no longer holds blocks.
What a reader sees stays as it is.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from bs4 import Tag
from bs4.element import PageElement

from .soup import HEADINGS, Node, enclosing, tags, text_in
from .tree import BLOCKS

_EDITS: Final = ["del", "ins", "mark", "q", "s", "u"]
_TERMS: Final = ["abbr", "bdi", "bdo", "code", "dfn", "kbd", "samp", "var"]
_INLINE: Final = frozenset(["b", "em", "i", "small", "strong", "sub", "sup", *_EDITS, *_TERMS])
_HEADLESS: Final = ["th", "caption", "dt", "figcaption", "summary"]
_LISTS: Final = frozenset(["ul", "ol"])
_CELLS: Final = frozenset(["td", "th", "tr", "tbody", "thead", "tfoot", "caption"])
_PARTS: Final = frozenset(["li", "dt", "dd", *_CELLS])
_SHOWN: Final = frozenset(["a", "dl", "table", "figure", "figcaption", "details", "summary"])
_DATED: Final = frozenset(["time", "bdo"])
_ANY: Final = _INLINE | _LISTS | _PARTS | _SHOWN | _DATED | {*HEADINGS, "img"}
# BeautifulSoup looks through all children of an element to move one of them: beyond any page that
# somebody wrote, what would have to be moved stays where it is.
MOST_MOVED: Final = 1_000
_CAPTION: Final = 160  # characters; what stands in no figure and says more is text
_WIDEST: Final = 1_000  # columns
_MOST_CELLS: Final = 100_000  # of a table that is filled up; the largest real one has 4,000


def to_model(root: Tag) -> None:
    """Change the tree of a shaped body so that every element stands where it may."""
    there = {node.name for node in tags(root, _ANY)}  # most pages lack most of these
    _words(root, there)
    for listing in tags(root, _LISTS) if there & _LISTS else ():
        _items_only(listing)
    for group in reversed(tags(root, {"dl"})[:MOST_MOVED] if "dl" in there else []):
        _terms_first(group)
    if there & _PARTS:
        _orphans(root, there)
    for table in tags(root, {"table"}) if "table" in there else ():
        _full_rows(table)
    for heading in tags(root, HEADINGS) if not there.isdisjoint(HEADINGS) else ():
        if enclosing(heading, _HEADLESS) is not None:
            heading.unwrap()
        elif not text_in(heading).strip():
            heading.name = "p"
    if there & {"figcaption", "figure"}:
        _captions(root)
    for picture in tags(root, {"img"}) if "img" in there else ():
        picture.attrs.setdefault("alt", "")
    if there & {"details", "summary"}:
        _details(root)


def _words(root: Tag, there: Set[str]) -> None:
    """Elements of words: none around blocks, no link in a link, no date without its value.

    ``there`` are the names of elements that the tree had.
    """
    for node in tags(root, _DATED) if there & _DATED else ():
        if node.name == "time" or not node.get("dir"):
            node.unwrap()
    for link in tags(root, {"a"}) if "a" in there else ():
        if enclosing(link, ("a",)) is not None:
            link.unwrap()
    inline = tags(root, _INLINE) if there & _INLINE else ()
    around = [node for node in inline if _holds(node, BLOCKS)]
    for node in reversed(around[:MOST_MOVED]):
        _push_in(node)


def _holds(node: Tag, names: frozenset[str]) -> bool:
    return any(
        isinstance(child, Tag) and (child.name in names or _holds(child, names))
        for child in node.contents
    )


def _is(node: PageElement | None, *names: str) -> bool:
    return isinstance(node, Tag) and node.name in names


def _blank(node: PageElement) -> bool:
    return not isinstance(node, Tag) and not str(node).strip()


def _push_in(node: Tag) -> None:
    """Take an inline element off blocks; small print stays small within them."""
    if node.name == "small":
        for heading in tags(node, HEADINGS):
            heading.name = "p"
        for block in tags(node, {"p", "li"}):
            if not _holds(block, BLOCKS | {"small"}) and text_in(block).strip():
                small = Node(name="small")
                small.extend(list(block.contents))
                block.append(small)
        _small_runs(node)
    node.unwrap()


def _small_runs(node: Tag) -> None:
    """Wrap what stands loose between the blocks of small print into paragraphs of it."""
    small: Tag | None = None
    for child in list(node.contents):
        if isinstance(child, Tag) and (
            child.name in BLOCKS | {"figcaption"} or _holds(child, BLOCKS)
        ):
            small = None
        elif small is not None:
            small.append(child)
        elif not _blank(child):
            paragraph, small = Node(name="p"), Node(name="small")
            child.insert_before(paragraph)
            small.append(child)
            paragraph.append(small)


def _items_only(listing: Tag) -> None:
    """Put what stands between the items of a list into the item before it, or one of its own."""
    item: Tag | None = None
    for child in list(listing.contents):
        if isinstance(child, Tag) and child.name == "li":
            item = child
        elif _is(child, "br", "hr"):
            child.extract()
        elif not _blank(child):
            if item is None:
                item = Node(name="li")
                child.insert_before(item)
            if isinstance(child, Tag) and child.name == "p" and not _holds(item, BLOCKS):
                child.insert_before(" ")
                item.append(child)
                child.unwrap()
            else:
                item.append(child)


def _terms_first(group: Tag) -> None:
    """Make terms and descriptions of a list come in that order; one without both is none."""
    names = {child.name for child in group.contents if isinstance(child, Tag)}
    if not {"dt", "dd"} <= names or names - {"dt", "dd", "hr"}:
        for child in list(group.contents):
            if isinstance(child, Tag) and child.name in ("dt", "dd"):
                _to_paragraph(child, strong=child.name == "dt")
        group.unwrap()
        return
    last = ""
    for child in list(group.contents):
        if not isinstance(child, Tag):
            if not _blank(child):
                child.extract()
        elif child.name == "hr":
            child.extract()
        else:
            if child.name == "dd" and not last:
                group.insert_before(child)
                _to_paragraph(child)
                continue
            last = child.name
    if last == "dt":
        group.append(Node(name="dd"))


def _to_paragraph(node: Tag, *, strong: bool = False) -> None:
    if _holds(node, BLOCKS):
        node.unwrap()
        return
    node.name = "p"
    if strong:
        inner = Node(name="strong")
        inner.extend(list(node.contents))
        node.append(inner)


def _orphans(root: Tag, there: Set[str]) -> None:
    """Give items, terms, cells and summaries that stand alone something to stand in."""
    for item in tags(root, {"li"}) if there & (_LISTS | {"li"}) else ():
        if _is(item.parent, "ul", "ol"):
            continue
        before = item.find_previous_sibling()
        if _is(before, "ul") and isinstance(before, Tag):
            before.append(item)
        else:
            listing = Node(name="ul")
            item.insert_before(listing)
            listing.append(item)
    for term in tags(root, {"dt", "dd"}) if there & {"dl", "dt", "dd"} else ():
        if not _is(term.parent, "dl"):
            _to_paragraph(term)
    for cell in tags(root, _CELLS) if there & (_CELLS | {"table"}) else ():
        if enclosing(cell, ("table",)) is None:
            if cell.name in ("td", "th", "caption") and not _holds(cell, BLOCKS):
                cell.name = "p"
                cell.attrs = {}
            else:
                cell.unwrap()


def _full_rows(table: Tag) -> None:
    """Fill up the rows of a table; no cell reaches below its group; the caption comes first."""
    caption = next((one for one in tags(table, {"caption"})), None)
    if caption is not None and caption.parent is not None:
        table.insert(0, caption.extract())
    groups: list[list[Tag]] = []
    holder: Tag | None = None
    for row in tags(table, {"tr"}):
        if enclosing(row, ("table",)) is not table:
            continue
        if not any(_is(cell, "td", "th") for cell in row.contents):
            if not text_in(row).strip():
                row.decompose()
                continue
            only = Node(name="td")
            only.extend(list(row.contents))
            row.append(only)
        if row.parent is not holder or not groups:
            holder = row.parent
            groups.append([])
        groups[-1].append(row)
    widths: list[tuple[Tag, int]] = []
    for group in groups:
        found = _widths(group)
        if found is None:
            return
        widths += found
    widest = max((width for _, width in widths), default=0)
    if widest * len(widths) > _MOST_CELLS:
        return
    for row, width in widths:
        for _ in range(widest - width):
            row.append(Node(name="td"))


def _widths(rows: list[Tag]) -> list[tuple[Tag, int]] | None:
    """How many columns each row of a group has, counting cells that reach into it from above.

    None for a table that no page is wide enough for.
    """
    out: list[tuple[Tag, int]] = []
    open_spans: dict[int, int] = {}  # column -> rows that a cell above still takes in it
    for number, row in enumerate(rows):
        taken = {column for column, left in open_spans.items() if left > 0}
        open_spans = {column: left - 1 for column, left in open_spans.items() if left > 1}
        column = 0
        if len(taken) > _WIDEST:
            return None
        for cell in row.contents:
            if not isinstance(cell, Tag) or cell.name not in ("td", "th"):
                continue
            while column in taken:
                column += 1
            down = min(_span(cell, "rowspan"), len(rows) - number)
            if down > 1:
                cell["rowspan"] = str(down)
            else:
                cell.attrs.pop("rowspan", None)
            for _ in range(_span(cell, "colspan")):
                taken.add(column)
                if down > 1:
                    open_spans[column] = down - 1
                column += 1
        out.append((row, max(taken, default=-1) + 1))
    return out


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "")
    return min(200, int(value[:9])) if value.isascii() and value.isdigit() and int(value) else 1


def _captions(root: Tag) -> None:
    """A caption stands first or last in a figure, and there is one."""
    for number, caption in enumerate(tags(root, {"figcaption"})):
        if enclosing(caption, ("figure",)) is not None:
            continue
        if number > MOST_MOVED:
            caption.name = "p"
            continue
        before = caption.find_previous_sibling()
        pictured = isinstance(before, Tag) and before.name in ("p", "img") and _only_picture(before)
        if pictured and isinstance(before, Tag):
            figure: Tag = Node(name="figure")
            before.insert_before(figure)
            figure.extend([before, caption])
        elif len(text_in(caption)) > _CAPTION:
            caption.name = "p"
        else:
            caption.wrap(Node(name="figure"))
    for figure in tags(root, {"figure"}):
        mine = [
            one for one in tags(figure, {"figcaption"}) if enclosing(one, ("figure",)) is figure
        ]
        for other in mine[1:]:
            mine[0].append(" ")
            mine[0].extend(list(other.contents))
            other.decompose()
        if mine:
            first = next((one for one in figure.contents if not _blank(one)), None)
            if first is not mine[0]:
                figure.append(mine[0].extract())
        for paragraph in tags(figure, {"p"}):
            if _only_picture(paragraph):
                paragraph.unwrap()


def _only_picture(node: Tag) -> bool:
    return (node.name == "img" or _holds(node, frozenset(["img"]))) and not text_in(node).strip()


def _details(root: Tag) -> None:
    """What unfolds has a summary, and a summary something to unfold."""
    for box in tags(root, {"details"}):
        summary = next((one for one in tags(box, {"summary"}) if one.parent is box), None)
        if summary is None:
            box.unwrap()
        else:
            box.insert(0, summary.extract())
    for summary in tags(root, {"summary"}):
        if not _is(summary.parent, "details"):
            summary.name = "p"
