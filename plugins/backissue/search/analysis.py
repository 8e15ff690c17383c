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
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

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
_ALNUM: Final = rf"(?:(?![{HAN}])[^\W_]|[\u0300-\u036f])"
# In this order: a run of Han, a number with its inner points, a word with inner
# apostrophes; a point before ("·NET" as ".NET") and "++", "+" or "#" behind belong to it.
TOKEN: Final = re.compile(
    rf"(?P<han>[{HAN}]+)"
    rf"|(?P<number>[0-9]+(?:[.,][0-9]+)+(?!{_ALNUM}))"
    rf"|(?P<dot>(?<![^{SPACE}(\[\"'“‘/,;:])\.(?=[A-Za-z]))?(?P<word>{_ALNUM}+(?:['’]{_ALNUM}+)*)"
    rf"(?P<sign>(?:\+\+|\+|#)(?!{_ALNUM}))?"
)
_POSSESSIVE: Final = re.compile(r"['’]s$")
_MARKS: Final = re.compile("[\u0300-\u036f\u0000-\u0020]")


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


def _form(word: str) -> str:
    if "'" in word or "’" in word:
        word = _POSSESSIVE.sub("", word).replace("'", "").replace("’", "")
    return fold(word)


def tokens(text: str, position: int = 0) -> Iterator[Token]:
    """Yield the tokens of ``text`` (in NFC), numbered from ``position``."""
    for match in TOKEN.finditer(text):
        found = _split(match, position)
        yield from found
        if found:
            position = found[-1].position + 1


def _split(match: re.Match[str], position: int) -> list[Token]:
    """Return the tokens of one match: a word and its sign, or the characters of a Han run."""
    start, end = match.span()
    if match.lastgroup == "han":
        return [
            Token(start + at, start + at + 1, fold(character), "han", position + at)
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


class Entry:
    """What one document says of one term: its weight, its length and its positions."""

    __slots__ = ("freq", "positions", "weight")

    def __init__(self) -> None:
        self.weight = 0
        self.freq = 0
        self.positions: list[int] = []


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


def terms(doc: SearchDoc) -> dict[str, Entry]:
    """Return the terms of ``doc`` with their weights, lengths and positions."""
    found: dict[str, Entry] = {}
    position = 0
    for zone in zones(doc):
        if zone.name != "title":
            position = max(position, TITLE_END)
        position = _read(zone, position, found) + ZONE_GAP
    return found


def _read(zone: Zone, position: int, found: dict[str, Entry]) -> int:
    """Add the terms of one zone to ``found``; return the position after its last token."""
    title = zone.name == "title"
    weight = zone.weight
    for match in TOKEN.finditer(zone.text):
        at = min(position, TITLE_END - 1) if title else position
        if match.lastgroup == "word" and match["dot"] is None:
            term = _term_of_word(match.group())
            if term:
                _add(found, term, weight, weight, at)
            position += term is not None
        elif match.lastgroup == "han":
            position += _read_han(match, position, zone, found)
        else:
            for token in _split(match, position):
                if token.kind == "sign":
                    _add(found, token.form, weight, 0, at)
                elif token.form not in STOP_WORDS:
                    _add(found, term_of(token.form), weight, weight, at)
            position += 1
    return position


@lru_cache(maxsize=1 << 18)
def _term_of_word(word: str) -> str | None:
    """Return the term of a word as it stands, "" for a stop word, None where nothing is left."""
    form = _form(word)
    if not form:
        return None
    return "" if form in STOP_WORDS else term_of(form)


def _read_han(match: re.Match[str], position: int, zone: Zone, found: dict[str, Entry]) -> int:
    """Add the characters and pairs of a run of Han to ``found``; return how long it is."""
    title, weight = zone.name == "title", zone.weight
    forms = [_fold_character(character) for character in match.group()]
    before = ""
    for at, form in enumerate(forms, position):
        place = min(at, TITLE_END - 1) if title else at
        # A single character has no part in the length, and a place in titles only.
        _add(found, form, weight, 0, place if title else -1)
        if before:
            _add(found, before + form, weight, weight, place - 1)
        before = form
    return len(forms)


@lru_cache(maxsize=1 << 15)
def _fold_character(character: str) -> str:
    return fold(character)


def _add(found: dict[str, Entry], term: str, weight: int, freq: int, position: int) -> None:
    entry = found.get(term)
    if entry is None:
        entry = found[term] = Entry()
    entry.weight += weight
    entry.freq += freq
    if position >= 0 and (not entry.positions or entry.positions[-1] < position):
        entry.positions.append(position)


def words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name (an author's, a source's), Han as single characters."""
    return tuple(token.form for token in tokens(normal(name)) if token.kind != "sign")
