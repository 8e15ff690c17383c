"""The terms that two articles share, as the one that is being read writes them.

Relating knows terms by their hashes; what they are called is looked up where it is to be shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from backissue.patterns import pattern
from backissue.related.terms import HAN, pairs_of, term_of

_WORD: Final = pattern(rf"[^\W_{HAN}]+")
# The commonest beyond ASCII: quotes, dashes, an ellipsis, a bullet, a space.
_SIGNS: Final = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u2022\u00a0"
_APART: Final = {code: " " for code in range(128) if not chr(code).isalnum()}
_HAN: Final = pattern(f"[{HAN}]")
_DIGIT: Final = pattern(r"\d")
LEAST_LETTERS: Final = 3
"""Shorter words are told where they begin with a capital: "Go", "AI"."""

MOST_CHARACTERS: Final = 8
"""A longer run of Chinese characters is no word that people would say."""

_PARTICLES: Final = "的了是和与或及们将你我他它这那"
"""Characters that words of Chinese neither begin nor end with, mostly."""

_PLACES: Final = "上中下里"
"""Where in or on a word something is, said behind it."""

LEAST_ALIKE: Final = 4
ENDINGS: Final = 3
"""Words that begin alike and differ in no more letters than these are forms of one, mostly."""

MOST_KNOWN: Final = 1 << 17
"""Words that are remembered, some 150 bytes each."""


class Spellings:
    """The words that texts have, by their terms: what a word stands for is asked once."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._words: dict[int, list[str]] = {}

    def among(self, words: Mapping[str, int], wanted: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Yield those of ``words`` that stand for a term ``wanted`` and say something."""
        new = words.keys() - self._known
        if len(self._known) + len(new) > MOST_KNOWN:
            self._known.clear()
            self._words.clear()
            new = {*words}
        for word in new:
            self._words.setdefault(term_of(word), []).append(word)
        self._known |= new
        for term in wanted:
            for word in self._words.get(term, ()):
                if word in words and _says_something(word):
                    yield term, word


def mentions(
    texts: Iterable[str],
    lists: Sequence[Sequence[int]],
    limit: int = 2,
    spellings: Spellings | None = None,
) -> list[tuple[str, ...]]:
    """Return for each list of hashes up to ``limit`` of its terms, the first ones first.

    They are spelt as in ``texts`` (title, lead, body), where they stand most often. Numbers,
    short words and other forms of one told already are passed over; pairs of Chinese characters
    that stand side by side are told as one word. ``spellings`` may be kept from text to text.
    """
    wanted = {share for shares in lists for share in shares}
    spelt = _spelt(texts, wanted, spellings or Spellings()) if wanted else {}
    return [_told([spelt[share] for share in shares if share in spelt], limit) for shares in lists]


def _told(found: Iterable[Counter[str]], limit: int) -> tuple[str, ...]:
    told: list[str] = []
    for forms in found:
        form = max(forms, key=lambda one: (forms[one], len(one), one))
        if len(told) < limit and not any(_are_forms_of_one(form, other) for other in told):
            told.append(form)
    return tuple(told)


def _spelt(texts: Iterable[str], wanted: set[int], spellings: Spellings) -> dict[int, Counter[str]]:
    """Return for each of the terms ``wanted`` how often it is spelt how in the texts."""
    spelt: dict[int, Counter[str]] = defaultdict(Counter)
    for text in map(_without_signs, texts):
        words = Counter(_words(text))
        for term, word in spellings.among(words, wanted):
            spelt[term][word] += words[word]
        for start, end, pairs in pairs_of(text, wanted):
            run = text[start:end].strip(_PARTICLES).rstrip(_PLACES)
            if 1 < len(run) <= MOST_CHARACTERS:
                for pair in pairs:
                    spelt[pair][run] += 1
    return spelt


def _without_signs(text: str) -> str:
    """Return a text with spaces for the commonest signs beyond ASCII: many are ASCII then."""
    for sign in _SIGNS:
        text = text.replace(sign, " ")
    return text


def _words(text: str) -> list[str]:
    """Return the words of a text: most are ASCII, which is parted at once."""
    return text.translate(_APART).split() if text.isascii() else _WORD.findall(text)


def _says_something(word: str) -> bool:
    """Return whether a word says something by itself."""
    return not _DIGIT.search(word) and (len(word) >= LEAST_LETTERS or word[0].isupper())


def _are_forms_of_one(one: str, other: str) -> bool:
    """Return whether two words are forms of one: they begin alike, or one is part of the other."""
    one, other = one.lower(), other.lower()
    if _HAN.search(one):
        return one in other or other in one
    most = max(len(one), len(other)) - ENDINGS  # letters in which they must not differ
    return one[: max(most, LEAST_ALIKE)] == other[: max(most, LEAST_ALIKE)]
