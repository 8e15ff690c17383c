"""The piece of an article that shows why it was found; browser/snippet.js cuts the same."""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import Final, NamedTuple

from backissue.patterns import pattern

from .analysis import LONGEST, TOKEN, Token, split, stem_of, term_of, tokens
from .query import Leaf, Query

WIDTH: Final = 200
BEFORE: Final = 50
LONGEST_TEXT: Final = 200_000


# Text of which it is known, without a look at each word, where a word can begin. What is not
# in it is rare, or changes its length in lower case, or its letters once folded.
_PLAIN: Final = pattern(
    "[\x00-\u012f\u0131-\u024f\u2000-\u203e\u20a0-\u20bf\u2122\u2190-\u23ff\u2500-\u2775\u2794-\u27bf"
    "\u2b00-\u2bff\u3001-\u3002\u3008-\u3011\u3400-\u4dbf\u4e00-\u9fff\ufe0f\ufeff\uff01-\uff0f"
    "\uff1a-\uff20\uff5e\uffe5\ufffd\U0001f150-\U0001faff]*"
)
_ASTRAL: Final = pattern("[\U00010000-\U0010ffff]")
_HAN: Final = pattern("[\u3400-\u4dbf\u4e00-\u9fff]")
_STEM: Final = pattern("[\x01-\x1f]")
_ACCENTED: Final = pattern("[\u00a1-\u024f]")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_PIECE: Final = 800  # characters of a text that are looked at in one go
_FIRST_HAN: Final = "\u2e80"  # no word has a character from here on, in such text
_STRETCH: Final = pattern("[!-\u2e7f]*")
# The longest ends of stems that their words may not have: of "deployable", "deployability", and
# the last letter of any other (Porter 1980).
_ABLE: Final = "le"
_SENTENCE_END: Final = pattern("[.!?。！？…][\"'”’」』]?[ \n\r\t]*\\Z")
_FLAT: Final = str.maketrans("\n\r\t", "   ")


class Mark(NamedTuple):
    """A place to be marked, and which of the query's leaves stands there."""

    start: int
    end: int
    leaf: int


def leaves_of(query: Query) -> list[Leaf]:
    """Return the leaves of a query that are looked for."""
    return [leaf for group in query.groups for leaf in group]


class Marker:
    """Finds the pieces of ``leaves`` in texts.

    A phrase is marked piece by piece, whether or not its other pieces stand beside.
    """

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        self._stems: dict[str, int] = {}
        self._exact: dict[str, int] = {}
        for at, leaf in enumerate(leaves):
            for piece in leaf.pieces:
                (self._exact if piece.exact else self._stems).setdefault(piece.key, at)
        keys = {*self._stems, *self._exact}
        self._every = len({*self._stems.values(), *self._exact.values()})
        self._han = {key for key in keys if _HAN.match(key)}
        # Behind a control character stands how a word differs from its stem.
        stems = {_STEM.split(key)[0] for key in keys - self._han}
        cut = {stem: len(_ABLE) if stem.endswith(_ABLE) else 1 for stem in stems}
        self._words = sorted({stem[: max(1, len(stem) - cut[stem])] for stem in stems})
        self._runs = _any_of("".join(sorted({key[0] for key in self._han})))
        self._known: dict[str, tuple[tuple[int, Mark], ...]] = {}

    def marks(self, text: str) -> list[Mark]:
        """Return where the pieces stand in ``text``, in order of their start."""
        text = text[:LONGEST_TEXT]
        if not text.isascii() and not _PLAIN.fullmatch(text):
            return self.thorough(text)
        found = self._words_in(text)
        if self._runs:
            found += self._han_in(text)
            found.sort(key=_place)
        return [mark for _, mark in found]

    def marks_shown(self, text: str) -> list[Mark]:
        """Return the marks up to the end of the first stretch that has all the leaves.

        Where no stretch has, they are those of ``marks``: either way, the stretch that is shown,
        and what is marked in it, is the same.
        """
        if _is_astral(text):
            return self.marks(text)  # a stretch is so many units of UTF-16
        text = text[:LONGEST_TEXT]
        found: list[Mark] = []
        at = 0
        while at < len(text):
            # No word and no run of Han goes on behind any of these.
            end = max(text.rfind(gap, at + 1, at + _PIECE) for gap in " ，。")
            end = end if at + _PIECE < len(text) and end >= 0 else len(text)
            more = self.marks(text[at:end])
            found += [Mark(m.start + at, m.end + at, m.leaf) for m in more] if at else more
            at = end
            if len({mark.leaf for mark in found}) == self._every:
                near, first = _fullest(found, self._every)
                if near == self._every and max(0, first - BEFORE) + WIDTH <= at:
                    break
        return found

    def thorough(self, text: str) -> list[Mark]:
        """Return what ``marks`` does, found by a look at every word."""
        found: list[Mark] = []
        before: Token | None = None
        for token in tokens(text):
            number, start = self._number(token), token.start
            if token.kind == "han" and before is not None and before.end == token.start:
                pair = self._exact.get(before.form + token.form)
                if pair is not None:
                    number, start = pair, before.start
            before = token if token.kind == "han" else None
            if number is not None:
                found.append(Mark(start, token.end, number))
        return found

    def _number(self, token: Token) -> int | None:
        if token.kind == "word":
            return self._stems.get(stem_of(token.form), self._exact.get(term_of(token.form)))
        return self._exact.get(token.form)

    def _words_in(self, text: str) -> list[tuple[int, Mark]]:
        """Return the words that are marked, each after where it begins."""
        found: list[tuple[int, Mark]] = []
        end = 0
        for begun in self._begun(text.lower()):
            start = begun
            if start < end:
                continue
            end = start + 1
            while start and " " < text[start - 1] < _FIRST_HAN:
                start -= 1
            end = _STRETCH.match(text, end).end()  # type: ignore[union-attr]
            if text[start] == ".":  # it depends on what stands before
                found += self._looked_at(text, start, end)
                continue
            stretch = text[start:end]
            marked = self._known.get(stretch)
            if marked is None:
                marked = self._known[stretch] = self._looked_at(stretch, 0, len(stretch))
            for at, (left, right, leaf) in marked:
                found.append((start + at, Mark(start + left, start + right, leaf)))
        return found

    def _looked_at(self, text: str, start: int, end: int) -> tuple[tuple[int, Mark], ...]:
        """Return the words between two places that are marked, each after where it begins."""
        return tuple(
            (match.start(), Mark(token.start, token.end, number))
            for match in TOKEN.finditer(text, start, end)
            for token in split(match, 0)
            if (number := self._number(token)) is not None
        )

    def _begun(self, text: str) -> list[int]:
        """Return where words of a text in lower case may be that are marked, in order."""
        found: list[int] = []
        for word in self._words:
            at = text.find(word)
            while at >= 0:
                if not at or text[at - 1] not in _LETTERS:
                    found.append(at)
                at = text.find(word, at + 1)
        if self._words:
            found += self._hidden(text)
        return sorted(found)

    def _hidden(self, text: str) -> Iterator[int]:
        """Yield where an apostrophe or a letter with an accent may hide a word that is marked."""
        for sign in "'’":
            at = text.find(sign)
            while at >= 0:
                if text[at + 1 : at + 2] in _LETTERS and at + 1 < len(text):
                    before = text[max(0, at - LONGEST) : at]
                    begun = before[len(before.rstrip(_LETTERS)) :]
                    if begun and any(word.startswith(begun) for word in self._words):
                        yield at
                at = text.find(sign, at + 1)
        if not text.isascii():
            yield from (hit.start() for hit in _ACCENTED.finditer(text))

    def _han_in(self, text: str) -> Iterator[tuple[int, Mark]]:
        """Yield the characters and pairs of Han that are marked, each after where it ends."""
        ends: set[int] = set()
        for hit in self._runs.finditer(text) if self._runs else ():
            at = hit.start()
            if text[at] in self._han:
                ends.add(at)
            if text[at : at + 2] in self._han:
                ends.add(at + 1)
        for at in sorted(ends):
            pair = text[max(at - 1, 0) : at + 1]
            width = 2 if pair in self._han and len(pair) == 2 else 1
            yield at, Mark(at + 1 - width, at + 1, self._exact[text[at + 1 - width : at + 1]])


@lru_cache(maxsize=1 << 10)
def _any_of(characters: str) -> re.Pattern[str] | None:
    return re.compile(f"[{characters}]") if characters else None


def _place(found: tuple[int, Mark]) -> int:
    return found[0]


def _fullest(found: list[Mark], most: int = sys.maxsize) -> tuple[int, int]:
    """Return the most different leaves that are near each other, and the first such place.

    There are no more than ``most`` different ones.
    """
    best, first = 0, 0
    for at, mark in enumerate(found):
        near = set()
        for other in found[at:]:
            if other.end > mark.start + WIDTH - BEFORE:
                break
            near.add(other.leaf)
        if len(near) > best:
            best, first = len(near), mark.start
            if best >= most:
                break
    return best, first


def window(text: str, found: list[Mark]) -> tuple[int, int]:
    """Return the stretch of ``text`` with the most different leaves, the earliest of them."""
    _, first = _fullest(found, len({mark.leaf for mark in found}))
    start = max(0, first - BEFORE)
    end = min(len(text), start + WIDTH)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", first + 1, end)
        end = space if space >= end - BEFORE else end
    return start, end


def snippet(text: str, more: bool, marker: Marker) -> str:
    """Return a stretch of a text as escaped HTML, with ``<mark>`` around what ``marker`` seeks.

    ``more`` says that the text goes on. Where nothing that is sought stands in it, the
    stretch is its beginning. Dots say that a text goes on, but for behind the end of a sentence.
    """
    text, found = in_units(text, marker.marks_shown(text))
    start, end = window(text, found)
    out = ["…"] if start else []
    out.append(highlight(text, found, start, end))
    if (end < len(text) or more) and not _SENTENCE_END.search(text, start, end):
        out.append("…")
    shown = "".join(out)
    return shown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_astral(text: str) -> bool:
    """Return whether a text has characters that are two units of UTF-16."""
    return not text.isascii() and len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


def in_units(text: str, found: list[Mark]) -> tuple[str, list[Mark]]:
    """Return a text as UTF-16 code units, as a browser counts it, and its marks moved along."""
    if not _is_astral(text):
        return text, found
    wide = [hit.start() for hit in _ASTRAL.finditer(text)]
    units = array("H", text.encode("utf-16-le"))
    if sys.byteorder == "big":
        units.byteswap()
    marks_ = [
        mark._replace(
            start=mark.start + bisect_left(wide, mark.start),
            end=mark.end + bisect_left(wide, mark.end),
        )
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
    return escape(text.translate(_FLAT), quote=True)
