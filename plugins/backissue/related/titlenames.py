"""The names in a title: what an article may be said to be about, in its own words."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from backissue.patterns import pattern
from backissue.related.terms import HAN

_WORD: Final = pattern(rf"[^\W_{HAN}]+(?:[.+#'-][^\W_{HAN}]+)*[+#]*|\S")
_HAN: Final = pattern(f"[{HAN}]")
LEAST_NAME: Final = 3
"""Words of fewer letters stand for too many things."""

LEAST_TIMES: Final = 2
LEAST_COLUMN: Final = 2
"""Before the colon of a title one word is what it is about; two or more are a column's name."""

_COLON: Final = pattern(r"[:：]\s*\S")


def title_names(title: str, text: str) -> tuple[str, ...]:
    """Return the names in a title, words of one name together.

    A name is a word that the text writes with a capital inside sentences, twice at least, and
    begins no word with without: in titles every word may have one.
    """

    def is_name(word: str) -> bool:
        return (
            len(word) >= LEAST_NAME
            and word[0].isupper()
            and f" {word.lower()}" not in text
            and _is_often_inside(word, text)
        )

    runs = groupby(_WORD.findall(title), is_name)
    return tuple(dict.fromkeys(" ".join(run) for named, run in runs if named))


def _is_often_inside(word: str, text: str) -> bool:
    """Return whether a word stands LEAST_TIMES inside sentences of a text."""
    times, place = 0, text.find(word)
    while place >= 0 and times < LEAST_TIMES:
        end = place + len(word)
        before, after = text[max(0, place - 2) : place], text[end : end + 1]
        inside = before[-1:] == " " and (before[0].islower() or before[0] in ",;")
        # A letter of Chinese is no letter that goes on with the word.
        whole = not after.isalnum() or _HAN.match(after) is not None
        times += whole and (inside or _HAN.search(before) is not None)
        place = text.find(word, end)
    return times >= LEAST_TIMES


def column(title: str) -> str:
    """Return the part of a title before its colon: the name of a column, if it has one."""
    colon = _COLON.search(title)
    return title[: colon.start()] if colon else ""
