"""Tables that are none: layout of the nineties, and code beside its line numbers."""

from __future__ import annotations

from typing import Final

from backissue.patterns import pattern

from .tree import Element, text_of

_NUMBERS: Final = pattern(r"[\d\s.|:]*\Z")
_PARTS: Final = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")


def unlay(page: Element) -> None:
    """Turn layout tables into boxes, innermost first, and numbered code into code."""
    for table in reversed(list(page.iter("table"))):
        code = _numbered_code(table)
        if code is not None:
            parent = table.getparent()
            if parent is not None:
                code.tail = table.tail
                parent.replace(table, code)
        elif _is_layout(table):
            # Tables inside it are done already: its own parts are those not in one of them.
            inner = {part for one in table.iter("table") if one is not table for part in one.iter()}
            for part in list(table.iter(*_PARTS)):
                if part not in inner:
                    part.tag = "div"


def _numbered_code(table: Element) -> Element | None:
    """Return the code of a table that holds line numbers and code, and nothing else."""
    blocks = [pre for pre in table.iter("pre") if text_of(pre)]
    code = [pre for pre in blocks if not _NUMBERS.match(text_of(pre))]
    if len(code) != 1:
        return None
    rest = len(text_of(table)) - len(text_of(code[0]))
    numbers = [cell for cell in table.iter("td") if code[0] not in list(cell.iter("pre"))]
    alone = all(_NUMBERS.match(text_of(cell)) for cell in numbers)
    return code[0] if alone and rest < 4 * len(text_of(code[0])) + 40 else None


def _is_layout(table: Element) -> bool:
    """A single cell or column, an article in a cell, or a table that says it is layout."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    if next(table.iter("th", "caption"), None) is not None:
        return False
    rows = list(table.iter("tr"))
    if all(len(row) <= 1 for row in rows) and (
        len(rows) <= 1 or next(table.iter("h1", "h2", "h3"), None) is not None
    ):
        return True  # one column with headings: a letter, a page of the nineties
    for cell in table.iter("td"):
        paragraphs = sum(1 for block in cell.iter("p") if text_of(block))
        if paragraphs >= 4 and len(text_of(cell)) > 800:
            return True
    # The body of an old page stands in one long cell full of line breaks.
    return any(len(text_of(cell)) > 1500 for cell in table.iter("td"))
