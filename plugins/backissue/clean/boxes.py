"""What is cut by what it is made of: links, many short lines, rows of cards."""

from __future__ import annotations

from itertools import islice
from typing import Final

from .records import Draft
from .survey import HEADINGS, PARAGRAPH, Survey
from .tree import Element, beginning, text_of
from .words import SOURCES, points

_BOXES: Final = frozenset(
    [
        "div",
        "section",
        "ul",
        "ol",
        "dl",
        "table",
        "aside",
        "header",
        "footer",
        "center",
        "p",
        "article",
        "fieldset",
    ]
)
_FLOWING: Final = frozenset(
    ["ul", "ol", "dl", "table", "tbody", "tr", "td", "p", "li", "blockquote"]
)
_ITEM: Final = 12  # characters of an item outside of links: an entry of a menu has none
_SECTION: Final = 300  # characters of prose below a heading: a teaser has fewer


def cut(survey: Survey, number: int, why: str, draft: Draft) -> None:
    """Take an element out of the page and note why."""
    if not survey.gone[number]:
        draft.cut(beginning(survey.elements[number]), why)
        survey.remove(number)


def cut_boxes(survey: Survey, inside: tuple[int, int], draft: Draft) -> None:
    """Cut boxes that are made of links, of many short lines, or of cards."""
    flows = streams(survey)
    alive = survey.alive(0)
    _all_cards(survey, alive, inside, draft)
    for number in alive:
        if not number or survey.gone[number]:
            continue
        element = survey.elements[number]
        if in_cell(element):
            continue  # tables that are nothing but links have been cut by then
        text, links, value = survey.text[number], survey.links[number], survey.value[number]
        if not text or value >= 0 or element.tag not in _BOXES or survey.prose[number] > 0.2 * text:
            continue
        trusted = inside[0] < number <= inside[1]
        plain = trusted and not element.get("class")
        if element.tag in _FLOWING and (plain or survey.parent[number] in flows):
            continue
        if _introduced(element) or sentence(survey, number) or _of_data(element):
            continue
        if _opens_prose(survey, number):
            continue
        said = survey.prose[number] > 0
        if links > (0.8 if said else 0.6) * text:
            cut(survey, number, "made of links", draft)
        elif (
            value < -30
            and links > 0.4 * text
            and not said
            and element.tag in ("div", "section", "ul", "aside")
        ):
            cut(survey, number, "many short lines that point elsewhere", draft)


def _all_cards(survey: Survey, alive: list[int], inside: tuple[int, int], draft: Draft) -> None:
    children: dict[int, list[int]] = {}
    for number in alive:
        if number:
            children.setdefault(survey.parent[number], []).append(number)
    for box, inner in children.items():
        if len(inner) >= 3 and not survey.gone[box] and not in_cell(survey.elements[inner[0]]):
            _cards(survey, inner, 160 if inside[0] < box <= inside[1] else 400, draft)


def in_cell(element: Element) -> bool:
    """It stands in the cell of a table, of which nothing is cut."""
    return next(element.iterancestors("td", "th"), None) is not None


def _of_data(element: Element) -> bool:
    """A table with a head, or a box of one, that says something beside each of its links."""
    tables = [element] if element.tag == "table" else list(element.iter("table"))
    if len(tables) != 1 or next(tables[0].iter("th"), None) is None:
        return False
    if element is not tables[0] and len(text_of(element)) > len(text_of(tables[0])) + 80:
        return False
    rows = [row for row in tables[0].iter("tr") if row.find("td") is not None]
    telling = sum(
        any(cell.find(".//a") is None and text_of(cell) for cell in row.iter("td")) for row in rows
    )
    return len(rows) >= 3 and telling >= 0.6 * len(rows)


def _opens_prose(survey: Survey, number: int) -> bool:
    """A box of one heading and nothing else, with the paragraphs of its section behind it."""
    element = survey.elements[number]
    headings = list(islice(element.iter(*HEADINGS), 2))
    if len(headings) != 1 or survey.text[survey.index[headings[0]]] != survey.text[number]:
        return False
    behind = element.getnext()
    while behind is not None and behind.tag in ("figure", "img", "picture"):
        behind = behind.getnext()
    if behind is None or behind.tag in HEADINGS:
        return False
    following = survey.index[behind]
    return (
        survey.prose[following] > _SECTION
        and survey.links[following] < 0.3 * survey.text[following]
    )


def sentence(survey: Survey, number: int) -> bool:
    """A line that is a sentence in which most of the words happen to be linked."""
    element = survey.elements[number]
    if element.tag == "div" and len(element) == 1:
        element = element[0]
    if element.tag not in ("p", "li") or survey.text[number] - survey.links[number] < 15:
        return False
    text = text_of(element)
    return text.endswith((".", "。")) and text[:1].isupper() and not points(text)


def _introduced(listing: Element) -> bool:
    """A list (or a box of one) with a sentence right before it, best one that ends with a colon.

    A list within the item of another has the words of that item before it.
    """
    boxed = listing.tag == "div" and len(listing) == 1
    item = listing.getparent()
    if listing.tag in ("ul", "ol") and item is not None and item.tag == "li":
        own = (item.text or "").strip()
        return len(own) >= _ITEM
    before = listing.getprevious()
    if headed_sources(listing):
        return True
    if (
        (listing[0] if boxed else listing).tag not in ("ul", "ol")
        or before is None
        or before.tag not in ("p", "div")
    ):
        return False
    text = text_of(before)
    if before.tag == "div" and (len(text) > 400 or len(before) > 1):
        return False
    return text.endswith((":", "：")) or (len(text) > 60 and text.endswith((".", "。", "!")))


def headed_sources(listing: Element) -> bool:
    """A list with a heading right before it that calls it the article's sources."""
    before = listing.getprevious()
    return (
        listing.tag in ("ul", "ol")
        and before is not None
        and before.tag in HEADINGS | {"p", "strong", "b"}
        and SOURCES.match(text_of(before)) is not None
    )


def streams(survey: Survey) -> frozenset[int]:
    """Return the elements in which paragraphs of prose stand side by side.

    A list or a table among them belongs to the article even where it is made of links, and so
    does what is quoted among them.
    """
    counts: dict[int, int] = {}
    for number, value in enumerate(survey.own_value):
        if value < PARAGRAPH or survey.gone[number]:
            continue
        if survey.elements[number].tag in ("p", "blockquote", "pre"):
            counts[survey.parent[number]] = counts.get(survey.parent[number], 0) + 1
    flows = {number for number, count in counts.items() if count >= 2}
    quotes = (n for n, one in enumerate(survey.elements) if one.tag == "blockquote")
    return frozenset([*flows, *(n for n in quotes if survey.parent[n] in flows)])


def _cards(survey: Survey, inner: list[int], most: int, draft: Draft) -> None:
    """Cut rows of cards: like siblings, each a linked headline or picture and a teaser."""
    alike: dict[tuple[str, str], list[int]] = {}
    for number in inner:
        element = survey.elements[number]
        key = (element.tag, (element.get("class") or "").split(" ")[0])
        if element.tag == "p" and survey.prose[number] > 0:
            _cut_rows(survey, alike, most, draft)  # a paragraph parts two rows
            alike = {}
        if element.tag in ("li", "div", "article", "section", "a"):
            alike.setdefault(key, []).append(number)
    _cut_rows(survey, alike, most, draft)


def _cut_rows(
    survey: Survey, alike: dict[tuple[str, str], list[int]], most: int, draft: Draft
) -> None:
    for group in alike.values():
        if len(group) >= 3 and sum(_card(survey, n, most) for n in group) >= 0.7 * len(group):
            for number in group:
                cut(survey, number, "a card in a row of cards", draft)
            _headless(survey, survey.parent[group[0]], draft)


def _headless(survey: Survey, box: int, draft: Draft) -> None:
    """Cut the heading of a row of cards that is gone: all that is left in its box, or before it."""
    while survey.parent[box] > 0 and not survey.text[survey.parent[box]]:
        box = survey.parent[box]
    if survey.text[box]:
        first = next(survey.elements[box].iter(*HEADINGS), None)
        if first is not None and survey.text[survey.index[first]] == survey.text[box]:
            cut(survey, survey.index[first], "a heading over a row of cards", draft)
        return
    before = survey.elements[box].getprevious()
    if before is not None:
        first = next(before.iter(*HEADINGS), None)
        number = survey.index[before]
        if first is not None and survey.text[survey.index[first]] == survey.text[number]:
            cut(survey, number, "a heading over a row of cards", draft)


def _card(survey: Survey, number: int, most: int) -> bool:
    text, links = survey.text[number], survey.links[number]
    if not 10 <= text <= most or links < 0.1 * text:
        return False
    element = survey.elements[number]
    if element.tag == "a":
        return True
    if _section_of_its_own(element):
        return False
    for link in element.iter("a"):
        parent = link.getparent()
        if link.find(".//img") is not None or (parent is not None and parent.tag in HEADINGS):
            return True
        if any(inner.tag in HEADINGS for inner in link):
            return True
    return False


def _section_of_its_own(element: Element) -> bool:
    """It has a heading that leads nowhere and a sentence below it."""
    heading = next(element.iter(*HEADINGS), None)
    if heading is None or next(heading.iter("a"), None) is not None:
        return False
    if any(up.tag == "a" for up in heading.iterancestors()):
        return False
    return any(len(text_of(block)) >= 60 for block in element.iter("p"))
