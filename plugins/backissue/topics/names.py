"""Finding names in text: whole words in alphabetic scripts, longest match in Chinese.

Text and names are cut into the same tokens, a word or a single Chinese character, and names
are walked as a trie over tokens, the longest name first (the dictionary matching of
A. V. Aho and M. J. Corasick, "Efficient string matching", CACM 18(6), 1975, without its
failure links: names are short). A match can therefore begin and end only where a word does,
while in Chinese it can begin at any character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple

from backissue.patterns import pattern

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\u3007"
"""The characters that are each a token: CJK ideographs and the two signs used as such."""

_SIGN: Final = r"(?:\+\+|#(?!\w))?"
# Most words begin with a letter of ASCII: such a one is found soonest.
_TOKEN: Final = pattern(rf"[0-9A-Za-z]+[^\W_{HAN}]*{_SIGN}|[^\W_{HAN}]+{_SIGN}|[{HAN}]")
_PLURAL_LENGTH: Final = 4  # "bots", but not "aws", "ios"
_ACRONYM_LENGTH: Final = 3  # "API", but not "OS" for "open source"


_AND: Final = pattern(r"(?:,? (?:and|or|&)|[,/]) ")


class Form(Enum):
    """How a name stands in a text."""

    WHOLE = "as it is in the vocabulary, but for case and hyphens"
    OTHER = "plural or singular, as one word, or by its first letters"
    PART = "one of the two things that it joins"


class Mention(NamedTuple):
    """A name found in a text: whose it is, whether with its capital, after how many tokens.

    Of a name that joins two things, ``name`` is the one that was found.
    """

    slug: str
    name: str
    exact: bool
    place: int
    form: Form = Form.WHOLE


def words(text: str) -> list[str]:
    """Cut ``text`` into tokens as written: words (with ``++`` or ``#``), Chinese characters."""
    return _TOKEN.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))


def fold(text: str) -> str:
    """Return the form in which two spellings of one name are equal ("AI-Safety", "ai safety")."""
    return " ".join(words(text.casefold()))


def variants(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the token sequences under which ``name`` is found: itself, its plural or singular.

    A single capitalised word keeps its final s ("Windows" is not found in "window").
    """
    tokens = tuple(words(name.casefold()))
    if not tokens or not tokens[-1].isascii() or not tokens[-1].isalpha():
        return (tokens,) if tokens else ()
    last, proper = tokens[-1], len(tokens) == 1 and name[:1].isupper()
    forms = [tokens]
    if len(last) >= _PLURAL_LENGTH and last.endswith("s"):
        if not proper and not last.endswith(("ss", "us", "is", "news")):
            single = last[:-3] + "y" if last.endswith("ies") else last[:-1]
            forms.append((*tokens[:-1], single))
    elif len(last) >= 3:
        forms.append((*tokens[:-1], last[:-1] + "ies" if _y_plural(last) else last + "s"))
    return tuple(forms)


def joined(name: str) -> tuple[str, ...]:
    """Return ``name`` written as one word ("open source", "opensource"), () where it is one."""
    tokens = words(name.casefold())
    whole = "".join(tokens)
    return (whole,) if len(tokens) > 1 and whole.isascii() and whole.isalpha() else ()


def acronym(name: str) -> str:
    """Return the first letters of the words of ``name`` as capitals, or "" of less than three."""
    tokens = words(name)
    letters = "".join(token[0] for token in tokens)
    good = len(letters) >= _ACRONYM_LENGTH and letters.isascii() and letters.isalpha()
    return letters.upper() if good and all(map(str.isalpha, tokens)) else ""


def parts(name: str) -> tuple[str, ...]:
    """Return the things that ``name`` joins ("crowdsourcing and citizen science"), () if one.

    What a name in capitals joins is no name by itself ("Johnson & Johnson").
    """
    found = tuple(part for part in _AND.split(name) if part)
    return found if len(found) > 1 and not any(part[:1].isupper() for part in found[1:]) else ()


def _y_plural(word: str) -> bool:
    return word.endswith("y") and word[-2] not in "aeiou"


class _Node:
    """A place in the trie: the tokens that lead on, and the name that ends here."""

    __slots__ = ("end", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.end: tuple[str, str, Form] | None = None


class NameIndex:
    """Names that are looked for together; of overlapping ones the longest is found.

    ``names`` are pairs of a slug and a name or alias of it. The first of two equal names wins;
    a written name wins over another one's plural, that over one written as a word or by its
    first letters, which must be capitals ("API", "APIs"), and all over one of two joined things.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._root = _Node()
        self._whole: dict[str, tuple[str, str]] = {}
        pairs = list(names)
        for rank, kind in enumerate((Form.WHOLE, Form.OTHER)):
            for slug, name in pairs:
                self._whole.setdefault(fold(name), (slug, name))
                for form in variants(name)[rank : rank + 1]:
                    self._add(form, slug, name, kind)
        self._acronyms: set[str] = set()
        for slug, name in pairs:
            if form := joined(name):
                self._add(form, slug, name, Form.OTHER)
            if short := acronym(name).casefold():
                for one in (short, short + "s"):
                    if one not in self._root.next:
                        self._acronyms.add(one)
                        self._add((one,), slug, name, Form.OTHER)
        for slug, name in pairs:
            for part in parts(name):
                for form in variants(part):
                    self._add(form, slug, part, Form.PART)

    def _add(self, tokens: tuple[str, ...], slug: str, name: str, form: Form) -> None:
        node = self._root
        for token in tokens:
            node = node.next.setdefault(token, _Node())
        if node.end is None:
            node.end = (slug, name, form)

    def whole(self, text: str) -> str | None:
        """Return the slug whose name or alias ``text`` is, all of it, or None."""
        found = self._whole.get(fold(text))
        return found[0] if found else None

    def find(self, text: str) -> list[Mention]:
        """Return the names mentioned in ``text`` in their order, the longest at each place."""
        written = words(text)
        # Folding makes no token of two, nor two of one: all at once.
        tokens = "\n".join(written).casefold().split("\n")
        found: list[Mention] = []
        count, start, free = len(tokens), self._root.next, 0
        if start.keys().isdisjoint(tokens):
            return found
        for at in [at for at, token in enumerate(tokens) if token in start]:
            if at < free:
                continue
            node: _Node | None = start[tokens[at]]
            end, name, place = 0, None, at
            while node is not None:
                place += 1
                if node.end is not None:
                    end, name = place, node.end
                node = node.next.get(tokens[place]) if place < count else None
            if name is None or (
                end == at + 1
                and tokens[at] in self._acronyms
                and not written[at].removesuffix("s").isupper()
            ):
                continue
            kept = _capital_kept(name[1], written[at])
            found.append(Mention(name[0], name[1], kept, at, name[2]))
            free = end
        return found


def _capital_kept(name: str, written: str) -> bool:
    """Say whether a name that begins with a capital was found with one ("Meta", not "meta")."""
    return not name[:1].isupper() or written[:1].isupper()
