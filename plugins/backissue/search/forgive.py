"""What is done about words that no article has; browser/forgive.js does the same.

A word of five letters or more that no article has is taken as the commonest word one slip
away; failing that, as the beginning of longer words. While someone is still typing, the
last word is first of all taken as a beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .analysis import stem_of
from .lexicon import Lexicon
from .query import Leaf, Piece, Query


def missing(query: Query, found: Callable[[Piece], bool]) -> list[Leaf]:
    """Return the single plain words of ``query`` that nothing has, in their order."""
    return [
        leaf
        for group in query.groups
        for leaf in group
        if len(leaf.pieces) == 1
        and not leaf.pieces[0].exact
        and leaf.text.isascii()
        and leaf.text.isalpha()
        and not found(leaf.pieces[0])
    ]


def forgive(
    query: Query, text: str, absent: Sequence[Leaf], words: Lexicon, typing: bool = False
) -> tuple[Query, str | None]:
    """Return ``query`` with other words for those that are absent, and the text put right.

    The text is None where no word was misspelt.
    """
    last = query.groups[-1][-1] if query.groups else None
    others: dict[Leaf, tuple[Leaf, ...]] = {}
    suggestion = text
    for leaf in absent:
        slip = words.correct(leaf.text)
        ends = words.complete(leaf.text) if slip is None or (typing and leaf == last) else []
        if ends:
            others[leaf] = tuple(_word(form) for form in ends)
        elif slip is not None:
            others[leaf] = (_word(slip),)
            suggestion = replace_word(suggestion, leaf.text, slip)
    groups = tuple(
        tuple(new for leaf in group for new in others.get(leaf, (leaf,))) for group in query.groups
    )
    unique = tuple(tuple(dict.fromkeys(group)) for group in groups)
    return query._replace(groups=unique), suggestion if suggestion != text else None


def _word(form: str) -> Leaf:
    return Leaf((Piece(stem_of(form), False, 0),), form)


def replace_word(text: str, old: str, new: str) -> str:
    """Return ``text`` with the word ``old`` (letters of ASCII) replaced where it first stands."""
    pattern = rf"(?<![A-Za-z0-9]){old}(?![A-Za-z0-9])"
    return re.sub(pattern, new, text, count=1, flags=re.IGNORECASE | re.ASCII)
