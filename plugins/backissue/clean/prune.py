"""What is cut inside the container: by place and by words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from . import dates
from .boxes import cut, headed_sources, in_cell, sentence
from .records import Draft
from .standfirst import below_standfirst, take_lead
from .survey import HEADINGS, PARAGRAPH, Survey, weight
from .tree import Element, names_of, text_of
from .words import (
    ASKS,
    DISCLOSES,
    FINGER,
    HEADER,
    IS_WHO,
    OWN_VOICE,
    SURE_TAIL,
    TAGGED,
    heads_tail,
    points,
    signs,
)

_LOOSE: Final = frozenset(["div", "main", "article", "section", "header", "body"])
_LONG: Final = 320  # characters; nobody says so much twice in the same words
_POINTED: Final = 200  # characters
_OWN: Final = 240  # characters below a heading that make a section of an article's own


def prune(survey: Survey, root: int, title: str, draft: Draft) -> None:
    """Cut out of the container ``root`` what is not the article."""
    take_lead(survey, root, draft)
    _head(survey, root, title, draft)
    below_standfirst(survey, root, draft)
    _once(survey, root, title, draft)
    _lines(survey, root, draft)
    _tail(survey, root, draft)


def fold(text: str) -> str:
    """Letters and digits alone, in small letters: for comparing what is set differently."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _head(survey: Survey, root: int, title: str, draft: Draft) -> None:
    """Cut the title and what stands before the first paragraph: kickers, bylines, datelines."""
    wanted = fold(title)
    blocks = survey.blocks(root)
    loose = survey.own_value[root] >= 100  # text that stands before, between or behind the blocks
    paragraphs = (n for n in blocks if survey.own_value[n] >= 100 and n != root)
    first = next((n for n in paragraphs if survey.elements[n].tag not in HEADINGS), None)
    for number in blocks:
        if first is not None and number >= first:
            break
        element = survey.elements[number]
        if element.tag in ("td", "th") or in_cell(element) or _captioned(survey, number):
            continue
        text = text_of(element)
        folded = fold(text)
        if element.tag in HEADINGS:
            same = wanted and (
                folded == wanted or (len(folded) > 12 and (folded in wanted or wanted in folded))
            )
            if same or (element.tag == "h1" and _alike(text, title)):
                _cut_before(survey, blocks, number, draft)
                _cut_logos(survey, root, number, draft)
                _cut_header(survey, _header(survey, root, number), draft)
            continue
        if loose or survey.gone[number]:
            continue
        if folded == wanted and wanted:
            cut(survey, number, "the title again", draft)
        elif len(wanted) > 20 and wanted in folded:
            _cut_before(survey, blocks, number, draft)  # it stands among the lines of a block
        elif len(text) < 160 and (signs(text) or points(text)):
            cut(survey, number, "byline or tool above the text", draft)
        elif weight(text) < 80 and not text.endswith("。") and dates.find(text):
            cut(survey, number, "the dateline", draft)
    _cut_times(survey, root, first, draft)  # a line known by its date went whole


def _cut_times(survey: Survey, root: int, first: int | None, draft: Draft) -> None:
    """Cut the dates that stand loose above the first paragraph, marked as what they are."""
    for number in range(root + 1, first or root):
        element, around = survey.elements[number], survey.elements[survey.parent[number]]
        if element.tag == "time" and around.tag in _LOOSE and not survey.gone[number]:
            cut(survey, number, "the dateline", draft)


def _cut_logos(survey: Survey, root: int, title: int, draft: Draft) -> None:
    """Cut pictures above the title that are named after the site, or a logo."""
    site = fold(draft.site)
    for number in range(root, title):
        element = survey.elements[number]
        if element.tag == "img" and not survey.gone[number]:
            file = (element.get("src") or "").rsplit("/", 1)[-1].lower()
            if "logo" in file or (site and fold(element.get("alt") or "") == site):
                cut(survey, number, "a logo", draft)


def _cut_before(survey: Survey, blocks: list[int], title: int, draft: Draft) -> None:
    """Cut the short blocks that stand before the title and not around it."""
    for number in blocks:
        if number > title or survey.own_value[number] >= 100 or _holds(survey, number, title):
            continue
        if not _of_picture(survey, number):
            cut(survey, number, "stands before the title", draft)


def _of_picture(survey: Survey, number: int) -> bool:
    """The block is the caption of a picture that stays."""
    figure = next(survey.elements[number].iterancestors("figure"), None)
    captioned = _captioned(survey, number)
    return captioned and figure is not None and next(figure.iter("img"), None) is not None


def _alike(one: str, other: str) -> bool:
    """Two headlines share most of their words, not one alone (or there is nothing to compare)."""
    a, b = set(re.findall(r"\w+", one.lower())), set(re.findall(r"\w+", other.lower()))
    fewer = min(len(a), len(b))
    return not b or len(a & b) >= max(min(2, fewer), 0.4 * fewer)


def _header(survey: Survey, root: int, number: int) -> int:
    """Return the box around the title that holds a standfirst at most, or the title itself."""
    box, up = number, survey.parent[number]
    best = number
    most = min(420.0, 0.2 * survey.prose[root])
    longest = min(1000.0, 0.5 * survey.text[root])  # what holds more is the article with its title
    while up > root and survey.prose[up] <= most and survey.text[up] < longest:
        box, up = up, survey.parent[up]
        element = survey.elements[box]
        if not survey.prose[box] or element.tag == "header" or HEADER.search(names_of(element)):
            best = box
    return best


def _cut_header(survey: Survey, box: int, draft: Draft) -> None:
    """Cut the title and what stands around it, but for a picture that has a caption."""
    figures = [
        survey.index[figure]
        for figure in survey.elements[box].iter("figure")
        if figure.find(".//figcaption") is not None and next(figure.iter("img"), None) is not None
    ]
    around = {up for figure in figures for up in _above(survey, figure, box)}
    for number in range(box, survey.last[box] + 1):
        beside = survey.parent[number] in around and number not in around
        whole = number == box and not around
        if whole or (beside and number not in figures):
            cut(survey, number, "the title and its header", draft)


def _above(survey: Survey, number: int, box: int) -> Iterator[int]:
    """The elements around one, up to ``box``."""
    while number != box:
        number = survey.parent[number]
        yield number


def _holds(survey: Survey, outer: int, inner: int) -> bool:
    return outer <= inner <= survey.last[outer]


def _lines(survey: Survey, root: int, draft: Draft) -> None:
    """Cut lines that point elsewhere, sections with a telling heading, and what is said twice."""
    said: dict[str, int] = {}
    for number in survey.blocks(root):
        if survey.gone[number] or number == root or _captioned(survey, number):
            continue
        if in_cell(survey.elements[number]):
            continue
        if survey.own_text[number] > _LONG:
            text = text_of(survey.elements[number])
            before = said.setdefault(text, survey.parent[number])
            if before != survey.parent[number] and survey.elements[number].tag != "pre":
                cut(survey, number, "stands there already", draft)
            continue
        element = survey.elements[number]
        text = text_of(element)
        if element.tag in HEADINGS:
            if heads_tail(text) and len(text) < 80:
                _section(survey, root, number, text, draft)
        elif _tagged(survey, number, text):
            cut(survey, number, "the article's tags", draft)
        elif points(text) or (FINGER.match(text) and _only_link(survey, number)):
            if survey.last[number] == number or survey.value[number] < 60:
                cut(survey, number, "points elsewhere", draft)
        elif (
            len(text) < 400
            and ("ommission" in text or "ffiliate" in text)
            and DISCLOSES.search(text)
        ):
            cut(survey, number, "says that its links are paid for", draft)
        elif element.tag not in ("td", "th", "li") and heads_tail(text) and len(text) < 60:
            _section(survey, root, number, text, draft)


def _tagged(survey: Survey, number: int, text: str) -> bool:
    """A line that begins with a word for tags and goes on with links and nothing else."""
    said = TAGGED.match(text)
    rest = survey.own_text[number] - survey.own_links[number]
    links = sum(1 for _ in survey.elements[number].iter("a"))
    return said is not None and links > 1 and rest < len(said.group()) + 3 * links


def _only_link(survey: Survey, number: int) -> bool:
    """A short line with a link, that is a paragraph and no item of a list."""
    element = survey.elements[number]
    linked = survey.own_links[number] > 0
    return linked and element.tag in ("p", "div") and survey.own_text[number] < _POINTED


def _once(survey: Survey, root: int, title: str, draft: Draft) -> None:
    """Cut what stands behind the title where it stands once more, and the text behind it too."""
    wanted = fold(title)
    blocks = survey.blocks(root)
    for at, number in enumerate(blocks):
        element = survey.elements[number]
        if (
            element.tag not in HEADINGS
            or survey.own_text[number] >= 2 * len(title)
            or fold(text_of(element)) != wanted
        ):
            continue
        following = next((n for n in blocks[at:] if survey.own_text[n] > _LONG), None)
        if following is None:
            return
        text = text_of(survey.elements[following])
        if any(_says(survey, before, text) for before in blocks[:at]):
            for rest in blocks[at:]:
                cut(survey, rest, "the article once more", draft)
            return


def _says(survey: Survey, number: int, text: str) -> bool:
    """The block says ``text``, and is long."""
    return survey.own_text[number] > _LONG and text_of(survey.elements[number]) == text


def _captioned(survey: Survey, number: int) -> bool:
    """The block is, or stands in, the caption of a picture."""
    up = survey.parent[number]
    tags = (survey.elements[number].tag, survey.elements[up].tag if up >= 0 else "")
    return "figcaption" in tags


def _section(survey: Survey, root: int, number: int, text: str, draft: Draft) -> None:
    """Cut a box that such a heading opens: the largest around it that is no prose."""
    box = number
    up = survey.parent[number]
    total = max(1.0, survey.value[root])
    while up > root and survey.value[up] < 0.2 * total and _opens(survey, up, number):
        box, up = up, survey.parent[up]
    why = f"a section called “{text[:40]}”"
    following = survey.last[box] + 1
    if box == number and _prose_next(survey, following, survey.last[survey.parent[box]]):
        return  # the author's own heading
    own = survey.prose[box] > 0 and survey.links[box] < 0.2 * survey.text[box]
    if own and box != number and not SURE_TAIL.search(text):
        return
    cut(survey, box, why, draft)
    # What stands under the heading goes with it, as far as it points elsewhere.
    up = survey.parent[box]
    while following <= survey.last[up]:
        element = survey.elements[following]
        if not survey.gone[following]:
            listed = element.tag in ("ul", "ol", "dl", "div", "section", "p", "table")
            if (
                not listed
                or survey.prose[following] > 0
                or survey.links[following] < 0.2 * survey.text[following]
            ):
                break
            cut(survey, following, why, draft)
        following = survey.last[following] + 1


def _prose_next(survey: Survey, start: int, end: int) -> bool:
    """What follows a heading reads like the author's own: a paragraph, or much that is no link."""
    text = links = 0
    for number in range(start, end + 1):
        if not survey.own_text[number] or survey.gone[number]:
            continue
        if not text and survey.own_value[number] >= PARAGRAPH:
            return True
        if survey.elements[number].tag in HEADINGS:
            break
        text += survey.own_text[number]
        links += survey.own_links[number]
    return text > _OWN and links < 0.3 * text


def _opens(survey: Survey, box: int, number: int) -> bool:
    """Nothing but furniture stands in ``box`` before ``number``."""
    return all(
        survey.own_value[n] < 30 or survey.gone[n] for n in range(box, number) if survey.own_text[n]
    )


def _of_author(text: str, draft: Draft) -> bool:
    """A short paragraph behind the article that begins with its author's name and a verb."""
    for name in draft.authors:
        first = name.split()[0] if name.split() else ""
        if len(first) > 2 and text.startswith((name, first)) and IS_WHO.match(text):
            return True
    site = draft.site.strip()
    return len(site) > 3 and site in text[:200] and bool(OWN_VOICE.search(text))


def _asking(survey: Survey, number: int, text: str) -> bool:
    """A paragraph that asks the reader to subscribe, follow, write or give, and is not long."""
    size = weight(text)
    return size < 420 and len(set(ASKS.findall(text))) * 160 > size


def _follows(element: Element, root: Element) -> str:
    """Say what stands behind ``element`` in ``root``: loose "text", a "picture", or ""."""
    picture = ""
    while element is not root and element is not None:
        if element.tail and element.tail.strip():
            return "text"
        for beside in element.itersiblings():
            if beside.tail and beside.tail.strip():
                return "text"
            if next(beside.iter("img", "table"), None) is not None:
                picture = "picture"
        element = element.getparent()
    return picture


def _tail(survey: Survey, root: int, draft: Draft) -> None:
    """Cut short lines behind the last paragraph: bylines, datelines, tools."""
    for number in reversed(survey.blocks(root)):
        element = survey.elements[number]
        value = survey.own_value[number]
        if survey.gone[number]:
            continue
        if element.tag == "li":
            box = survey.parent[number]
            if survey.links[box] > 0.7 * survey.text[box] and not headed_sources(
                survey.elements[box]
            ):
                cut(survey, box, "a list of links behind the text", draft)
                continue
            break
        if number == root or element.tag in ("pre", "td", "figcaption"):
            break
        follows = _follows(element, survey.elements[root])
        if follows == "text" or (follows and element.tag in HEADINGS):
            break
        text = text_of(element) if survey.own_text[number] < 500 else ""
        if text and _of_author(text, draft):
            cut(survey, number, "says who the author is", draft)
            continue
        if text and _asking(survey, number, text):
            cut(survey, number, "asks something of the reader", draft)
            continue
        if value >= 20:
            break
        if element.tag in HEADINGS and len(text) < 100:
            cut(survey, number, "a heading over nothing", draft)
        elif signs(text) or points(text) or (value < 0 and not sentence(survey, number)):
            cut(survey, number, "stands behind the text", draft)
        else:
            break
