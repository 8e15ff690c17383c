"""The standfirst: a sentence or two between the title of an article and its text."""

from __future__ import annotations

import re
from typing import Final

from backissue.patterns import pattern

from ..article import Origin
from . import dates
from .boxes import cut
from .records import Draft
from .survey import HEADINGS, Survey
from .tree import text_of
from .words import signs

_NEAR: Final = 2  # blocks behind the first paragraph in which a byline may stand
_LINE: Final = 80  # characters of a byline with its date
_BOX: Final = 3 * _LINE  # the most that such a line can weigh, a Chinese one too
_LEAST: Final = 60  # characters of a standfirst
_MOST: Final = 420
_SENTENCE: Final = pattern(r"[^\W\d_].*[.!。！][\"'”’」)）]?$", re.DOTALL)


def _first(survey: Survey, blocks: list[int]) -> int:
    """Return where in ``blocks`` the first paragraph stands, or their number."""
    for at, number in enumerate(blocks):
        if survey.own_value[number] >= 100 and survey.elements[number].tag not in HEADINGS:
            return at
    return len(blocks)


def take_lead(survey: Survey, root: int, draft: Draft) -> None:
    """Make a full sentence set as a heading, with a byline between it and the text, the lead."""
    blocks = survey.blocks(root)
    start = blocks[min(_first(survey, blocks), len(blocks) - 1)] if blocks else root
    for number in blocks:
        if number >= start:
            return
        tag = survey.elements[number].tag
        if tag in HEADINGS and tag != "h1" and _sentence(survey, number):
            following = range(survey.last[number] + 1, start)
            if any(_signs(survey, other, draft) for other in following):
                text = text_of(survey.elements[number])
                draft.offer("lead", text, Origin.VISIBLE, 0.7, "the sentence below the title")
                cut(survey, number, "the lead", draft)
            return


def _signs(survey: Survey, number: int, draft: Draft) -> bool:
    """A line, perhaps one that is cut by now, that says who wrote the article, or when."""
    # Boxes in boxes are passed over: what they say is read once, where it stands.
    if not survey.own_text[number] or survey.text[number] > _BOX:
        return False
    text = text_of(survey.elements[number])
    if len(text) > _LINE:
        return False
    return _named(text, draft) or signs(text) or bool(dates.find(text))


def _named(text: str, draft: Draft) -> bool:
    return any(author and author in text for author in draft.authors)


def _sentence(survey: Survey, number: int) -> bool:
    """The heading is a full sentence and leads nowhere."""
    if not _LEAST <= survey.own_text[number] <= _MOST or survey.own_links[number]:
        return False
    return _SENTENCE.match(text_of(survey.elements[number])) is not None


def below_standfirst(survey: Survey, root: int, draft: Draft) -> None:
    """Cut the line of author and date where a standfirst, a paragraph by itself, is above it."""
    blocks = survey.blocks(root)
    first = _first(survey, blocks)
    for number in blocks[first + 1 : first + 1 + _NEAR]:
        element = survey.elements[number]
        if element.tag not in ("p", "div") or survey.own_text[number] > _LINE:
            continue
        text = text_of(element)
        if (
            _named(text, draft)
            and not text.endswith((".", "。"))
            and (dates.find(text) or signs(text))
        ):
            cut(survey, number, "byline and dateline", draft)
            return
