"""The article within a page: the candidates are weighed, the best is taken, its furniture cut."""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import islice
from typing import Final

from lxml.etree import strip_tags

from backissue.patterns import pattern

from .boxes import cut_boxes
from .captions import captions
from .furniture import (
    ASIDE,
    CONTENT,
    DOUBTFUL,
    FOOT,
    FURNITURE,
    ROLES,
    SILENT,
    TOOLS,
    is_hidden,
    words_of,
)
from .media import settle
from .meta import Meta
from .prune import fold, prune
from .records import Draft
from .survey import HEADINGS, PARAGRAPH, Survey
from .tables import unlay
from .tree import (
    Element,
    beginning,
    drop,
    drop_all,
    lighten,
    lines_of,
    names_of,
    serialise,
    text_of,
)
from .words import points

_BOXES: Final = frozenset(["div", "section", "form", "aside", "fieldset", "p", "li", "ul", "label"])
_FORM: Final = 600  # characters around a form that belong to it at most
_LINE: Final = 300  # characters
_FEW: Final = 3  # paragraphs that ask for an address
_MOST_FIELDS: Final = 40  # forms of a page that are looked at
_MOST_AROUND: Final = 12  # boxes in one another around a field
_UNCLOSED: Final = 1000  # characters; no button says so much
_MOST: Final = 0.55  # of the prose of a page: what holds more is no furniture, whatever its name
_FORMULAS: Final = frozenset(["math", "mjx-container"])
_STREAM: Final = 3  # paragraphs of prose in one box: an article
_NEVER: Final = frozenset(["html", "body", "main", "article"])
_PARTS: Final = frozenset(["table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl"])
_PLACES: Final = HEADINGS | {"p", "pre", "blockquote", "li"}  # whose ids are no names
_UNFOLDED: Final = pattern(r"accordion|faq|(?<![a-z])answer|tab-?(?:panel|content|pane)(?![a-z])")
_DOUBTED: Final = (
    ".//*[self::noscript or self::iframe or @hidden or @aria-hidden='true' or @role or @style]"
)


def find_body(tree: Element, meta: Meta, draft: Draft, title: str) -> None:
    """Find the article in ``tree`` and put its HTML into ``draft.body``."""
    page = tree.find("body")
    if page is None:
        page = tree
    settle(page, draft)
    strip(page)
    unlay(page)
    for code in list(page.iter("pre")):
        lines_of(code)
    survey = Survey(page)
    cut_furniture(survey, draft)
    cut_boxes(survey, named(survey), draft)
    best = choose(survey)
    prune(survey, best, title, draft)
    root = survey.elements[best]
    if 0 < survey.own_text[best] < _LINE and points(text_of(root)):
        root.clear()  # nothing on the page says more than this line, which is no text
    captions(root)
    lighten(root)
    if root.tag in ("td", "th", "tr", "tbody", "table", "li", "ul", "ol", "dd", "center", "font"):
        root.tag = "div"  # the article stood in a cell of a layout
    draft.body = serialise(root)
    if survey.value[best] < 120:
        _told(meta, survey.text[best], draft)
    # lxml looks through all of a dropped box for one that is still known when it forgets one: in
    # this order, from the last (as a list does) and not from the first, it finds one at once.
    survey.index.clear()


def _told(meta: Meta, shown: int, draft: Draft) -> None:
    """Take the text that JSON-LD gives where the page shows (nearly) none of its own."""
    for thing in meta.articles():
        told = thing.get("articleBody")
        if isinstance(told, str) and len(told) > max(300, 2 * shown):
            lines = re.split(r"\s*\n\s*", re.sub(r"<[^>]*>", "\n", unescape(told)).strip())
            draft.body = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
            draft.notes.append("the text was taken from JSON-LD: the page shows none")
            return


def strip(page: Element) -> None:
    """Take out what no reader sees or what never holds an article."""
    _forms(page)
    for element in page.iter("button", "option", "select", "object", "canvas"):
        # One that was never closed has the rest of the page in it.
        if next(element.iter("p"), None) is not None and length(element) > _UNCLOSED:
            element.tag = "div"
        elif element.tag == "button" and element.getparent().tag in HEADINGS:
            element.tag = "span"  # it unfolds what the heading stands over
    # libxml2 takes these for elements with a content: with one goes what stands behind it.
    strip_tags(page, "source", "track", "param", "embed")
    drop_all(page, SILENT)
    doubtful = [
        element
        for element in page.xpath(_DOUBTED)
        if not _by_turns(element)
        and (
            element.tag in ("noscript", "iframe")
            or element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or (element.get("role") or "").lower() in ROLES
            or is_hidden(element.get("style") or "")
        )
    ]
    if not doubtful:
        return
    # A page that a script was to unveil hides all of itself.
    whole = length(page)
    for element in doubtful:
        if 2 * length(element) < whole:
            drop(element)


def _by_turns(element: Element) -> bool:
    """The panels of tabs, and answers below questions, are hidden by turns: all are content."""
    if element.get("role") == "tabpanel" or element.get("hidden") == "until-found":
        return True
    return (
        element.tag in ("div", "section", "dd") and _UNFOLDED.search(names_of(element)) is not None
    )


def _forms(page: Element) -> None:
    """Take out the boxes that ask for an e-mail address: letters to subscribe to, comments."""
    fields = [field for field in page.iter("input") if _asks_for_address(field)]
    most = min(_FORM, 0.2 * length(page)) if fields else 0
    for field in fields[:_MOST_FIELDS]:
        box: Element | None = None
        for up in islice(field.iterancestors(), _MOST_AROUND):
            if up.tag not in _BOXES or length(up) > most or _tells(up):
                break
            box = up
        if box is not None:
            drop(box)


def _tells(box: Element) -> bool:
    """The box is an article's, by its name, or paragraphs stand in it side by side."""
    named = CONTENT.search(words_of(box.get("class") or "")) is not None
    return named or sum(child.tag == "p" for child in box) > _FEW


def _asks_for_address(field: Element) -> bool:
    if (field.get("type") or "text").lower() not in ("text", "email"):
        return False
    said = " ".join(field.get(name) or "" for name in ("type", "name", "id", "placeholder"))
    return "email" in said.lower().replace("-", "")


def length(element: Element) -> int:
    """Return the number of characters in an element."""
    return sum(map(len, element.itertext()))


def cut_furniture(survey: Survey, draft: Draft) -> None:
    """Drop what calls itself furniture, unless most of the page's prose is in it."""
    total = max(survey.prose[0], 1.0)
    gone = 0
    known: dict[tuple[str, str, str], tuple[str, bool]] = {}  # most names of a page recur
    for number, element in enumerate(survey.elements):
        if number <= gone or element.tag in _NEVER:
            continue
        if element.tag in ("pre", "code", "figcaption"):
            gone = survey.last[
                number
            ]  # the colours of code and the parts of a caption have names too
            continue
        key = (element.tag, element.get("class") or "", element.get("id") or "")
        if key not in known:
            known[key] = _called(*key)
        found, sure = known[key]
        if not found or _holds_its_own(element, key[2], found, sure=sure):
            continue
        if _too_much(survey, number, total, found, sure=sure):
            continue
        draft.cut(beginning(element), f"the page calls it “{found}”")
        gone = survey.last[number]
        survey.remove(number)


def _holds_its_own(element: Element, name: str, found: str, *, sure: bool) -> bool:
    """What an element is, or is within, or holds, says more than the name that it has."""
    if element.tag in _FORMULAS or "mathjax" in (element.get("class") or "").lower():
        return True  # whose menu is attached to it by name
    # Without one of its cells, a row of a table would say something else.
    if element.tag in ("blockquote", "td", "th"):
        return True
    if element.tag == "a" and _in_line(element, sure=sure):
        return True
    if name and _is_heading_s(name, element):
        return True
    if not sure and (element.find(".//pre") is not None or _pictured(element)):
        return True
    # An embedded post is part of the article.
    return found.startswith("social") and element.find(".//blockquote") is not None


def _too_much(survey: Survey, number: int, total: float, found: str, *, sure: bool) -> bool:
    """The element holds so much of the page's prose, or so little of links, that it is no such."""
    prose = survey.prose[number]
    if not sure:
        if TOOLS.match(found) and not prose:
            return False
        many = survey.text[number] > max(200, 3 * survey.links[number])
        return many or prose > min(200.0, 0.1 * total)
    if prose <= _MOST * total:
        return False
    if FOOT.match(found):
        return prose >= total or _holds_an_article(survey.elements[number])
    return not (ASIDE.match(found) and _told_elsewhere(survey, number))


def _holds_an_article(element: Element) -> bool:
    """It holds what a page has for its article: a wrapper may be named after the page's foot."""
    return next(element.iter("h1", "article", "main"), None) is not None or any(
        CONTENT.search(words_of(one.get("class") or "")) for one in element.iter("div", "section")
    )


def _is_heading_s(name: str, element: Element) -> bool:
    """The id, of several words, is made from the heading below it and says no more than that."""
    heading = next(element.iter(*HEADINGS), None) if "-" in name or "_" in name else None
    return heading is not None and fold(name) in fold(text_of(heading))


def _told_elsewhere(survey: Survey, number: int) -> bool:
    """Paragraphs of prose stand side by side outside of the element too: it is not the article."""
    beside: dict[int, int] = {}
    for other in survey.blocks(0):
        if not number <= other <= survey.last[number] and survey.own_value[other] >= PARAGRAPH:
            beside[survey.parent[other]] = beside.get(survey.parent[other], 0) + 1
    return max(beside.values(), default=0) >= _STREAM


def _pictured(element: Element) -> bool:
    """It holds the picture of the figure that it stands in."""
    up = element.getparent()
    return up is not None and up.tag == "figure" and next(element.iter("img"), None) is not None


def _in_line(link: Element, *, sure: bool) -> bool:
    """The link is (most of) a heading that leads to a place of this page, or words of a line.

    Without it the heading would be none, the line another.
    """
    up = link.getparent()
    if up is None:
        return False
    if up.tag in HEADINGS and (link.get("href") or "").startswith("#"):
        return 2 * len(text_of(link)) > len(text_of(up))
    beside = link.getprevious()
    before = up.text if beside is None else beside.tail
    return not sure and up.tag in ("p", "li", "td", "dd") and bool(before and before.strip())


def _called(tag: str, names: str, name: str) -> tuple[str, bool]:
    """Return the word by which an element calls itself furniture, and whether that is sure.

    ``names`` is its class, ``name`` its id.
    """
    if tag in ("nav", "footer"):
        return tag, True
    if "-" in tag and FURNITURE.search(tag):
        return tag, True
    # The id of a heading or a section is often its text: "how-to-share-a-menu"; that of a
    # paragraph, a place to link to, is often a number: "28ad".
    if tag in _PLACES or name.count("-") > 2 or name.count("_") > 2:
        name = ""
    aside = ("aside", False) if tag == "aside" else ("", False)
    if not names and not name:
        return aside
    words = words_of(f"{names} {name}")
    match = FURNITURE.search(words)
    if match and not CONTENT.search(words):
        return match.group(), True
    if aside[0]:
        return aside
    match = DOUBTFUL.search(words)
    return (match.group(), False) if match else ("", False)


def choose(survey: Survey) -> int:
    """Weigh every element as the container of the article; return the heaviest.

    An element weighs what its blocks are worth, and more where it says that it holds an
    article: so a named container wins over a wrapper that adds little prose, and a wrapper
    around two halves of an article wins over each half. Of equals the innermost wins.
    """
    best, most = 0, float("-inf")
    for number, element in enumerate(survey.elements):
        if survey.gone[number]:
            continue
        weight = survey.value[number]
        if weight > 0:
            weight *= _trust(element)
        if weight >= most:
            best, most = number, weight
    if most <= 0:
        return 0
    # Layout tables are boxes by now: what is still a table or a list stands in an article. (A
    # single cell or item may hold one.)
    while best and survey.elements[best].tag in _PARTS:
        best = survey.parent[best]
    return _whole(survey, best)


def _whole(survey: Survey, best: int) -> int:
    """Return the page's only <article> around ``best`` where that holds much more prose."""
    found = [
        number
        for number, element in enumerate(survey.elements)
        if element.tag == "article" and not survey.gone[number]
    ]
    if len(found) != 1 or not found[0] < best <= survey.last[found[0]]:
        return best
    return found[0] if survey.prose[found[0]] > 1.3 * survey.prose[best] else best


def named(survey: Survey) -> tuple[int, int]:
    """Return the first and last element of the named container that holds most of the prose."""
    best, most = 0, 0.5 * survey.prose[0]
    for number, element in enumerate(survey.elements):
        if survey.prose[number] > most and not survey.gone[number] and _trust(element) >= 1.25:
            best, most = number, 0.9 * survey.prose[number]
    return (best, survey.last[best]) if best else (0, -1)


def _trust(element: Element) -> float:
    """How much an element's own name speaks for its being the container (set by trial)."""
    if "articlebody" in (element.get("itemprop") or "").lower():
        return 1.5
    tag = element.tag
    names = element.get("class") or element.get("id")
    if names and tag not in ("body", "html"):
        names = words_of(f"{element.get('class') or ''} {element.get('id') or ''}")
        if CONTENT.search(names):
            return 1.4
    if tag == "article":
        return 1.25
    if tag == "main" or element.get("role") == "main":
        return 1.1
    return 0.9 if tag == "body" else 1.0
