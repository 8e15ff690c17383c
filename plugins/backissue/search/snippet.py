"""The piece of an article that shows why it was found; browser/snippet.js cuts the same."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator
from html import escape
from itertools import accumulate
from typing import Final, NamedTuple

from .analysis import TOKEN, Token, split, stem_of, term_of
from .query import Leaf, Query

WIDTH: Final = 200
BEFORE: Final = 50
LONGEST_TEXT: Final = 200_000


class Mark(NamedTuple):
    """A place to be marked, and which of the query's leaves stands there."""

    start: int
    end: int
    leaf: int


def leaves_of(query: Query) -> list[Leaf]:
    """Return the leaves of a query that are looked for."""
    return [leaf for group in query.groups for leaf in group]


def marks(text: str, leaves: Iterable[Leaf]) -> list[Mark]:
    """Return where the pieces of ``leaves`` stand in ``text``, in order of their start.

    A phrase is marked piece by piece, whether or not its other pieces stand beside.
    """
    stems: dict[str, int] = {}
    exact: dict[str, int] = {}
    for at, leaf in enumerate(leaves):
        for piece in leaf.pieces:
            (exact if piece.exact else stems).setdefault(piece.key, at)
    found: list[Mark] = []
    before = None
    for token in _candidates(text[:LONGEST_TEXT], {*stems, *exact}):
        number: int | None = None
        start = token.start
        if token.kind == "word":
            number = stems.get(stem_of(token.form), exact.get(term_of(token.form)))
        elif token.kind == "sign":
            number = exact.get(token.form)
        else:
            if before is not None and before.end == token.start:
                number = exact.get(before.form + token.form)
                start = before.start if number is not None else start
            if number is None:
                number = exact.get(token.form)
        before = token if token.kind == "han" else None
        if number is not None:
            found.append(Mark(start, token.end, number))
    return found


def _candidates(text: str, keys: set[str]) -> Iterator[Token]:
    """Yield the tokens of ``text`` that can be one of ``keys``.

    No stemmer changes a word's first letter, and only Han has keys that begin with Han.
    """
    initials = {key[0] for key in keys}
    han = not all(initial.isascii() for initial in initials)
    for match in TOKEN.finditer(text):
        if match.lastgroup == "han":
            if han:
                yield from split(match, 0)
            continue
        first = text[match.start()]
        if first == "." or not first.isascii() or first.lower() in initials:
            yield from split(match, 0)


def window(text: str, found: list[Mark]) -> tuple[int, int]:
    """Return the stretch of ``text`` with the most different leaves, the earliest of them."""
    best, first = 0, 0
    for at, mark in enumerate(found):
        near = set()
        for other in found[at:]:
            if other.end > mark.start + WIDTH - BEFORE:
                break
            near.add(other.leaf)
        if len(near) > best:
            best, first = len(near), mark.start
    start = max(0, first - BEFORE)
    end = min(len(text), start + WIDTH)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", first + 1, end)
        end = space if space >= end - BEFORE else end
    return start, end


def snippet(text: str, more: bool, query: Query) -> str:
    """Return a stretch of a text as escaped HTML, with ``<mark>`` around what was sought.

    ``more`` says that the text goes on. Where nothing that is sought stands in it, the
    stretch is its beginning.
    """
    text, found = in_units(text, marks(text, leaves_of(query)))
    start, end = window(text, found)
    out = ["…"] if start else []
    out.append(highlight(text, found, start, end))
    if end < len(text) or more:
        out.append("…")
    shown = "".join(out)
    return shown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def in_units(text: str, found: list[Mark]) -> tuple[str, list[Mark]]:
    """Return a text as UTF-16 code units, as a browser counts it, and its marks moved along."""
    if text.isascii() or max(text, default="") < "\U00010000":
        return text, found
    moved = list(accumulate((character > "\uffff" for character in text), initial=0))
    units = array("H", text.encode("utf-16-le"))
    if sys.byteorder == "big":
        units.byteswap()
    marks_ = [
        mark._replace(start=mark.start + moved[mark.start], end=mark.end + moved[mark.end])
        for mark in found
    ]
    return "".join(map(chr, units)), marks_


def highlight(text: str, found: list[Mark], start: int, end: int) -> str:
    """Return ``text[start:end]`` on one line, escaped, the marks inside it marked."""
    out: list[str] = []
    at = start
    for left, right in _joined(found):
        if left < at or right > end:
            continue
        out += [_plain(text[at:left]), "<mark>", _plain(text[left:right]), "</mark>"]
        at = right
    out.append(_plain(text[at:end]))
    return "".join(out)


def _joined(found: list[Mark]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for mark in sorted(found):
        if spans and mark.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], mark.end))
        else:
            spans.append((mark.start, mark.end))
    return spans


def _plain(text: str) -> str:
    flat = "".join(" " if character in "\n\r\t" else character for character in text)
    return escape(flat, quote=True)
