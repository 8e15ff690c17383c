"""How likely one text ends and another begins between two characters, with nothing between them.

"…Won the AI RaceFor three years, …": what stands on both sides of a border differs from what
stands within a text. ``borders.json`` holds what was learned of it, as log-likelihood ratios in
hundredths, by ``python -m benchmarks.clean_borders --train``: logistic regression (Cox 1958)
on sparse features with an L1 penalty (Tibshirani 1996), so that most features fall away. A word
counts only where it was seen in several sources: a name says nothing about borders.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import Final

import msgspec

from backissue.patterns import pattern

CJK: Final = pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TOKEN: Final = pattern(r"[A-Za-z\u00c0-\u024f]+|\d+|[^\W\d_]|[^\w\s]")
_STOPS: Final = frozenset(".!?。！？…")
_COMMAS: Final = frozenset(",;:，；：、")
_CLOSERS: Final = frozenset("\"'”’)）」』》】]`")
_OPENERS: Final = frozenset("\"'“‘「『《(（[【`$#@")
_REACH: Final = 16  # characters of a word that are looked at


class Weights(msgspec.Struct, frozen=True):
    """What was learned: of the joint between a title and its excerpt, of an excerpt that was
    cut off, of one that ended, and of the words of titles against those of excerpts.

    All are in hundredths of natural logarithms. ``lengths`` are those of titles by tens of
    characters, for Chinese and for others; ``ends`` those of an excerpt's being cut off, of its
    ending before (at one of the places where it may), and of its doing so at the last one.
    """

    joint: dict[str, int]
    cut: dict[str, int]
    ended: dict[str, int]
    inside: dict[str, int]
    lengths: dict[str, list[int]]
    ends: dict[str, tuple[int, int]]


@cache
def weights() -> Weights:
    """Return what was learned, read once."""
    data = files("backissue.clean").joinpath("borders.json").read_bytes()
    return msgspec.json.decode(data, type=Weights)


@cache
def kind(char: str) -> str:
    """Return the class of a character: one letter."""
    if CJK.match(char):
        return "c"
    for name, chars in (("s", _STOPS), ("k", _COMMAS), ("q", _CLOSERS), ("o", _OPENERS)):
        if char in chars:
            return name
    if char.isspace():
        return "_"
    if char.isdigit():
        return "d"
    return ("U" if char.isupper() else "l") if char.isalpha() else "x"


class Known:
    """What the article itself says: its words, and which Chinese characters stand side by side."""

    def __init__(self, text: str) -> None:
        self.words = frozenset(re.findall(r"\w+", text))
        self._text = text

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The pairs of neighbours of a text."""
        return frozenset(map("".join, pairwise(self._text)))


class Line:
    """A text with the classes of its characters, and what is known besides."""

    def __init__(self, text: str, known: Known) -> None:
        self.text = text
        self.known = known
        self.kinds = "".join(map(kind, text))
        self.cjk = self.kinds.count("c") * 3 > len(text)
        counted = Counter(map("".join, pairwise(text))) if self.cjk else Counter[str]()
        self._twice = frozenset(pair for pair, times in counted.items() if times > 1)

    def _together(self, pair: str) -> bool:
        return pair in self._twice or (self.cjk and pair in self.known.pairs)

    def features(self, at: int) -> list[str]:
        """Return what stands around the place ``at``."""
        text, kinds = self.text, self.kinds
        before, after = kinds[at - 1], kinds[at]
        out = [f"{before}|{after}", f"{kinds[max(0, at - 2) : at]}|{kinds[at : at + 2]}"]
        left = right = ""
        if before == "c" == after:
            # Two characters that stand side by side elsewhere too are most likely a word.
            out.append(f"c{'P' if self._together(text[at - 1 : at + 1]) else 'p'}c")
        if before == "c":
            out += (f"<{text[at - 1]}", f"<{text[max(0, at - 2) : at]}")
        elif before in "skq":
            out.append(f"<{text[at - 1]}")
        elif before in "Uld":
            left = text[self._start(at) : at]
            out.append(f"<{left.lower()}")
        if after == "c":
            out += (f">{text[at]}", f">{text[at : at + 2]}")
        elif after in "oqx":
            out.append(f">{text[at]}")
        elif after in "Uld":
            right = text[at : self._end(at)]
            out.append(f">{right.lower()}")
        if left and right:
            # Whether the two halves are words that the article uses, or what they make together.
            words = self.known.words
            halves = f"{'L' if left in words else 'l'}{'R' if right in words else 'r'}"
            out.append(f"{before}{after}:{halves}{'J' if left + right in words else 'j'}")
        return out

    def _start(self, at: int) -> int:
        least = max(0, at - _REACH)
        while at > least and self.kinds[at - 1] in "Uld":
            at -= 1
        return at

    def _end(self, at: int) -> int:
        most = min(len(self.kinds), at + _REACH)
        while at < most and self.kinds[at] in "Uld":
            at += 1
        return at

    def score(self, learned: dict[str, int], at: int) -> int:
        """Return how much likelier a border is at a place than none, in hundredths."""
        get = learned.get
        return learned[""] + sum([get(name, 0) for name in self.features(at)])


def may_begin(before: str, after: str) -> bool:
    """An excerpt may begin between characters of these classes: not in a word or at a space."""
    if "_" in (before, after) or before == "o" or after in "skx":
        return False
    return after not in "ld" or before in "sqc" or (after == "d" and before == "l")


def may_end(before: str, after: str) -> bool:
    """An excerpt that was not cut off may end between characters of these classes."""
    if after in "_skq":
        return False
    return before in "skq" or (after in "Uo" and before in "ldU") or before + after in ("cU", "Uc")


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Yield the places of words and marks with what tells titles from running text."""
    for found in _TOKEN.finditer(text):
        token = found.group()
        first = kind(token[0])
        if first in "Ul" and len(token) > 1:
            name = "Title" if token[0].isupper() and not token.isupper() else "CAPS"
            yield (
                found.start(),
                f"={token}"
                if token.islower() and len(token) < 5
                else ("small" if token.islower() else name),
            )
        elif first == "c":
            yield found.start(), f"={token}"
        else:
            yield found.start(), f"={token}" if first in "skqox" else first


def running(text: str) -> list[int]:
    """Return for each place how much likelier all before it is in titles than in excerpts."""
    learned = weights().inside
    gains = [0] * (len(text) + 1)
    for at, name in tokens(text):
        gains[at + 1] = learned.get(name, 0)
    return list(accumulate(gains))
