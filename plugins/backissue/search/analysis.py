"""From text to terms, the same in Python and in the browser (browser/analysis.js).

A word is folded (case, width, accents) and, where it is English, filed under its stem:
its term is the stem, followed where the word differs from it by a control character and
the word's own ending. So "reasoning" and "reasons" are two terms that stand side by side
in the lexicon below "reason": a plain word asks for all of them, a phrase for the exact
one. Chinese, Japanese and Korean text becomes overlapping pairs of characters, and single
characters beside them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from operator import add
from typing import Final, NamedTuple

from backissue.patterns import pattern

from .records import SearchDoc
from .whooshed import stem

# Lucene's classic English list: too common to tell articles apart. Positions count them,
# so that "state of the art" still has "art" three places after "state".
_STOPPED: Final = (
    "a an and are as at be but by for if in into is it no not of on or such that the "
    "their then there these they this to was will with"
)
STOP_WORDS: Final = frozenset(_STOPPED.split())
LONGEST: Final = 64
TITLE_END: Final = 64  # positions below this are the title's
ZONE_GAP: Final = 10  # so that no phrase runs from one zone into the next

HAN: Final = (
    "\u2e80-\u2eff\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Spelled out, for "white space" is not the same set in every language.
SPACE: Final = " \\t\\n\\r\\f\\v\u00a0\u2000-\u200a\u2028\u2029\u3000"
_ALNUM: Final = rf"(?:[^\W_{HAN}]|[\u0300-\u036f])"
_ALNUMS: Final = rf"(?:[0-9A-Za-z]+|{_ALNUM})+"  # most letters are of the first set: found sooner
# In this order: a run of Han, a number with its inner points, a word with inner
# apostrophes; a point before ("·NET" as ".NET") and "++", "+" or "#" behind belong to it.
TOKEN: Final = pattern(
    rf"(?P<han>[{HAN}]+)"
    rf"|(?P<number>[0-9]+(?:[.,][0-9]+)+(?!{_ALNUM}))"
    rf"|(?P<dot>(?<![^{SPACE}(\[\"'“‘/,;:])\.(?=[A-Za-z]))?(?P<word>{_ALNUMS}(?:['’]{_ALNUMS})*)"
    rf"(?P<sign>(?:\+\+|\+|#)(?!{_ALNUM}))?"
)
# The same without groups: ``findall`` gives the texts of tokens, no tuple for each.
_WHOLE: Final = pattern(re.sub(r"\?P<\w+>", "?:", TOKEN.pattern))
_POSSESSIVE: Final = pattern(r"['’]s$")
_MARKS: Final = pattern("[\u0300-\u036f\u0000-\u0020]")


class Token(NamedTuple):
    """A piece of text: where it stands, its folded form, its kind and place in the order.

    ``kind`` is ``word``, ``han`` (one character) or ``sign`` ("c++", beside the word "c"
    at the same position).
    """

    start: int
    end: int
    form: str
    kind: str
    position: int


def fold(word: str) -> str:
    """Return ``word`` in lower case, without accents and in compatibility form (NFKC)."""
    if word.isascii():
        folded = word.lower()
    else:
        bare = _MARKS.sub("", unicodedata.normalize("NFKD", word.lower()))
        folded = unicodedata.normalize("NFKC", bare).lower()
    return folded[:LONGEST]


_character = lru_cache(maxsize=1 << 14)(fold)  # one of Han


def _form(word: str) -> str:
    if "'" in word or "’" in word:
        word = _POSSESSIVE.sub("", word).replace("'", "").replace("’", "")
    return fold(word)


def tokens(text: str, position: int = 0) -> Iterator[Token]:
    """Yield the tokens of ``text`` (in NFC), numbered from ``position``."""
    for match in TOKEN.finditer(text):
        found = split(match, position)
        yield from found
        if found:
            position = found[-1].position + 1


def split(match: re.Match[str], position: int) -> list[Token]:
    """Return the tokens of one match: a word and its sign, or the characters of a Han run."""
    start, end = match.span()
    if match.lastgroup == "han":
        return [
            Token(start + at, start + at + 1, _character(character), "han", position + at)
            for at, character in enumerate(match.group())
        ]
    if match.lastgroup == "number":
        return [Token(start, end, fold(match.group()), "word", position)]
    word, dot, sign = match.group("word"), match.group("dot"), match.group("sign")
    form = _form(word)
    if not form:
        return []
    found = [Token(match.start("word"), match.end("word"), form, "word", position)]
    if dot or sign:
        found.append(Token(start, end, (dot or "") + form + (sign or ""), "sign", position))
    return found


@lru_cache(maxsize=1 << 18)
def term_of(form: str) -> str:
    """Return the term under which the folded word ``form`` is filed."""
    base = stem_of(form)
    if base == form:
        return form
    common = 0
    while common < len(base) and common < len(form) and base[common] == form[common]:
        common += 1
    return base + chr(1 + len(base) - common) + form[common:]


@lru_cache(maxsize=1 << 16)
def stem_of(form: str) -> str:
    """Return the stem of an English word, and anything else as it is (Porter 1980)."""
    if len(form) > 2 and form.isascii() and form.isalpha():
        return stem(form)
    return form


def form_of(term: str) -> str:
    """Return the folded word that is filed under ``term``."""
    for index, character in enumerate(term):
        if character < " ":
            return term[: index - (ord(character) - 1)] + term[index + 1 :]
    return term


def normal(text: str) -> str:
    """Return ``text`` in NFC, the form in which texts are read and shown."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class Zone(NamedTuple):
    """A part of a document and what a word in it weighs (BM25F's field weight)."""

    name: str
    weight: int
    text: str


# Whole numbers, so that weighted term frequencies are exact in every language.
WEIGHTS: Final = {"title": 4, "headings": 2, "lead": 2, "body": 1, "faq": 1, "about": 1}


def zones(doc: SearchDoc) -> tuple[Zone, ...]:
    """Return the parts of ``doc`` in the order in which their positions run."""
    about = "\n".join((*doc.topic_names, *doc.authors, doc.source))
    parts = {
        "title": doc.title,
        "headings": "\n".join(doc.headings),
        "lead": doc.lead,
        "body": doc.body,
        "faq": doc.faq,
        "about": about,
    }
    return tuple(Zone(name, WEIGHTS[name], normal(text)) for name, text in parts.items())


class Occurrences:
    """Every occurrence of a term in the documents read so far.

    ``terms`` holds a number of ``numbers`` for each, or where it has no part in the document's
    length, the number's complement (``~number``); ``positions`` its position, -1 where it has
    none. Those of one term stand in the order in which they were read. ``runs`` say which
    occurrences are of which document, at which weight: (document, how many, weight).
    """

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.terms: list[int] = []
        self.positions: list[int] = []
        self.runs: list[tuple[int, int, int]] = []
        self._kinds = _Kinds(self._kind_of)
        self._characters = _Kinds(lambda one: ~self._number(_fold_character(one)))
        self._pairs = _Kinds(lambda two: self._number("".join(map(_fold_character, two))))
        self._documents = 0

    def read(self, doc: SearchDoc, names: Iterable[str] = ()) -> None:
        """Take in a document, and ``names`` as terms without a position or a length."""
        position = 0
        for zone in zones(doc):
            before = len(self.terms)
            if zone.name == "title":
                position = self._read(zone.text, 0, TITLE_END - 1) + ZONE_GAP
            else:
                position = self._read(zone.text, max(position, TITLE_END)) + ZONE_GAP
            self.runs.append((self._documents, len(self.terms) - before, zone.weight))
        before = len(self.terms)
        for name in names:
            self._add(name, -1, counts=False)
        self.runs.append((self._documents, len(self.terms) - before, 1))
        self._documents += 1

    def _read(self, text: str, position: int, last: int | None = None) -> int:
        """Take in the terms of one zone; return the position after its last token.

        Positions beyond ``last`` are ``last``.
        """
        found = _WHOLE.findall(text)
        kinds = list(map(self._kinds.__getitem__, found))
        start = 0
        for at in [at for at, kind in enumerate(kinds) if kind < _STOPPED_WORD]:
            position = self._take(kinds[start:at], position, last)
            start = at + 1
            if kinds[at] == _HAN_RUN:
                position = self._read_han(found[at], position, last)
            elif kinds[at] == _OTHER:
                position += self._read_other(found[at], position, last)
        return self._take(kinds[start:], position, last)

    def _take(self, kinds: list[int], position: int, last: int | None) -> int:
        """Take in plain words; return the position after them."""
        end = position + len(kinds)
        places: Sequence[int] = range(position, end)
        if _STOPPED_WORD in kinds:
            pairs = zip(kinds, places, strict=True)
            places = [at for kind, at in pairs if kind != _STOPPED_WORD]
            kinds = [kind for kind in kinds if kind != _STOPPED_WORD]
        self.terms += kinds
        self.positions += places if last is None else [min(at, last) for at in places]
        return end

    def _read_han(self, run: str, position: int, last: int | None) -> int:
        """Take in the characters and pairs of a run of Han; return the position after it."""
        end = position + len(run)
        self.terms += map(self._characters.__getitem__, run)
        self.terms += map(self._pairs.__getitem__, map(add, run, run[1:]))
        # A single character has no part in the length, and a place in titles only.
        if last is None:
            self.positions += repeat(-1, len(run))
            self.positions += range(position, end - 1)
        else:
            places = [min(at, last) for at in range(position, end)]
            self.positions += places
            self.positions += [at - 1 for at in places[1:]]
        return end

    def _read_other(self, text: str, position: int, last: int | None) -> int:
        """Take in a number or a word with a sign; return how many positions it takes."""
        match = TOKEN.fullmatch(text)
        if match is None:
            raise AssertionError(f"{text!r} was found as a token")
        place = position if last is None else min(position, last)
        number, word = match["number"], match["word"]
        form = fold(number) if number else _form(word)
        if form and form not in STOP_WORDS:
            self._add(term_of(form), place)
        if form and not number:
            self._add((match["dot"] or "") + form + (match["sign"] or ""), place, counts=False)
        return 1

    def _add(self, term: str, position: int, counts: bool = True) -> None:
        number = self._number(term)
        self.terms.append(number if counts else ~number)
        self.positions.append(position)

    def _number(self, term: str) -> int:
        return self.numbers.setdefault(term, len(self.numbers))

    def _kind_of(self, text: str) -> int:
        """Return the number of a plain word's term, or what else the text of a token is."""
        match = TOKEN.fullmatch(text)
        if match is None or match["number"] or match["dot"] or match["sign"]:
            return _OTHER
        if match["han"]:
            return _HAN_RUN
        form = _form(text)
        if not form:
            return _NOTHING
        return _STOPPED_WORD if form in STOP_WORDS else self._number(term_of(form))


# What a token is that has no term's number of its own.
_STOPPED_WORD: Final = -1
_NOTHING: Final = -2
_HAN_RUN: Final = -3
_OTHER: Final = -4


class _Kinds(dict[str, int]):
    """Remembers for a text what a function made of it."""

    def __init__(self, make: Callable[[str], int]) -> None:
        self._make = make

    def __missing__(self, text: str) -> int:
        made = self[text] = self._make(text)
        return made


@lru_cache(maxsize=1 << 15)
def _fold_character(character: str) -> str:
    return fold(character)


def words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name (an author's, a source's), Han as single characters."""
    return tuple(token.form for token in tokens(normal(name)) if token.kind != "sign")
