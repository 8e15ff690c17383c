"""What is cut inside the container: by place, by words, by what it is made of."""

from __future__ import annotations

import re
from typing import Final

from . import dates
from .records import Draft
from .survey import HEADINGS, PARAGRAPH, Survey
from .tree import Element, beginning, names_of, text_of

_BOXES: Final = frozenset("div section ul ol dl table aside header footer center p article fieldset".split())
_FLOWING: Final = frozenset("ul ol dl table tbody tr td p li blockquote".split())
# Lines by which pages point elsewhere. Each was seen on several sites of the tuning half.
POINTERS: Final = re.compile(
    r"^\W*(?:"
    r"advert(?:isement|ising)?|ad|sponsored(?: content)?|(?:story |article )?continues? (?:reading )?(?:below|after|the main story).{0,40}"
    r"|advertisement\W+(?:story |article )?continues? .{0,30}"
    r"|(?:also |further |must[- ])?read(?: (?:also|more|next|now|this|too))?\s*[:：|].{0,300}|read (?:also|more|next|our|the full).{0,120}"
    r"|(?:see|also see|see also|watch(?: also)?|more|related(?: \w+)?|don(?:'|’)t miss|editor(?:'|’)?s?(?:'|’)? (?:picks?|note)|recommended|explore further|click here.{0,80}|listen)\s*(?:[:：>»].{0,300})?"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|be interested).{0,60}"
    r"|(?:please )?(?:sign up|subscribe|register|log in|sign in)\b.{0,200}"
    r"|(?:follow|like|join|find) (?:us|me|our|him|her|them)\b.{0,160}|follow [\w .’'@]{2,60} on (?:twitter|facebook|instagram|x|linkedin|telegram|whatsapp).{0,120}"
    r"|(?:share|tweet|pin|e-?mail|print|copy link|save|comment|comments|reply|facebook|twitter|linkedin|whatsapp|telegram|reddit|flipboard|pinterest)(?: (?:this|on|it|via|with|article|story|link|facebook|twitter|linkedin|whatsapp|page|post|to|by|tweet|e-?mail|print|share))*"
    r"|(?:back|return|scroll) to (?:the )?top.{0,20}|top|close|caption|loading\W*|show more|load more|see more|view more|more info|view (?:all|gallery|photos).{0,40}|next|previous|prev|skip.{0,40}"
    r"|(?:photo|image|picture|credit|credits|photograph|source)\s?(?:by|credit|courtesy|copyright)?\s?[:：].{0,120}"
    r"|(?:share|leave|post|add|write) (?:a |your )?(?:comment|reply|thoughts?).{0,60}|\d+ (?:comments?|shares?|likes?|views?|replies)"
    r"|all rights reserved.{0,100}|copyright\b.{0,160}|©.{0,160}"
    r"|(?:tags?|topics?|filed under|categor(?:y|ies)|posted in|keywords)\s*[:：].{0,300}"
    r"|(?:last )?(?:updated|published|posted|modified)\b.{0,60}"
    r"|\d+ min(?:ute)?s?(?: read)?|reading time.{0,30}"
    r"|分享(?:到)?.{0,30}|责任编辑.{0,30}|(?:延伸|相关|推荐)阅读.{0,100}|打开\s?app.{0,30}|点击.{0,30}|(?:阅读|查看)(?:原文|更多).{0,30}|(?:扫码|关注).{0,60}|更多.{0,30}>+"
    r")\W*$",
    re.IGNORECASE,
)
# Headings of sections that are not the article.
TAILS: Final = re.compile(
    r"^\W*(?:related(?: \w+){0,3}|(?:most )?(?:popular|read|viewed)(?: \w+){0,2}|trending(?: \w+){0,5}|more (?:[\w.]+ ){0,3}(?:from|on|in|about|stories|news|articles|posts|like this)\b.{0,60}|you (?:may|might) (?:also )?(?:like|enjoy|be interested).{0,40}"
    r"|recommended(?: \w+){0,3}|read (?:next|more|also)|up next|what to read next|keep reading|latest(?: \w+){0,2}|recent (?:posts|articles|news|stories|comments)"
    r"|(?:\d+ )?comments?(?: \(\d+\))?|leave a (?:reply|comment)|join the (?:conversation|discussion)|(?:\d+ )?responses?(?: to .*)?|discussion|reader comments"
    r"|about (?:the )?authors?|(?:share|tags?|topics|newsletter|subscribe|advertisement|sponsored)\b.{0,50}|sign up .{0,80}|get (?:the|our) .{0,60}newsletter.{0,40}|subscribe .{0,60}|stay (?:informed|connected|up to date|in touch).{0,40}"
    r"|similar (?:posts|articles|stories)|other (?:posts|articles|stories|news).{0,20}|in (?:this|other) (?:section|news)|editor(?:'|’)?s?(?:'|’)? picks?|must[- ]reads?|don(?:'|’)t miss|see also|further reading|also in .{0,30}|top stories|around the web|from the web|more headlines|next article|previous article"
    r"|相关(?:阅读|文章|新闻|推荐|报道).{0,10}|热门.{0,10}|推荐(?:阅读|文章)?|(?:最新|更多).{0,10}|评论.{0,10}|\d+\s*条评论|延伸阅读"
    r")\W*$",
    re.IGNORECASE,
)
# Of these, the ones that never head a part of an article.
_SURE_TAIL: Final = re.compile(
    r"comment|respon|reply|author|newsletter|subscribe|sign up|share|conversation|related|more from|"
    r"you (?:may|might)|read next|up next|sponsored|advertis|inbox|评论|相关|热门|推荐",
    re.IGNORECASE,
)
_BYLINE: Final = re.compile(r"^\W*(?:(?:written |posted |story |words? )?by|von|par|por|di|作者)\b.{1,120}$|^(?:reporting|editing) by\b.{1,200}$", re.IGNORECASE)
_CAPTION: Final = re.compile(r"caption|credit|legend|photo-?(?:info|desc|source|by)|image-?(?:info|desc|source|meta)|wp-caption-text|cutline")

_HEADER: Final = re.compile(r"head(?:er|line)?(?![a-z])|hero|title|intro|masthead|top")
_PICTURE: Final = re.compile(r"(?<![a-z])(?:\w*image\w*|photos?|picture|media|figure|wp-caption|thumb(?:nail)?)(?![a-z])")

# Sentences in which a page asks something of its reader, at its end or its beginning.
_ASKS: Final = re.compile(
    r"\b(?:subscribe|newsletters?|sign(?:ing)? up|in(?:to)? your inbox|follow (?:him|her|me|us|them|@|\w+ (?:\w+ )?on (?:twitter|facebook|instagram|x|linkedin|youtube|telegram))"
    r"|(?:be )?reach(?:ed)? (?:him |her |me |us |them )?(?:out )?(?:at|via|by)|have a (?:news )?tip|e-?mail (?:him|her|me|us|them)|on (?:twitter|facebook) (?:at )?@"
    r"|letters to the editor|patreon|donat(?:e|ions?)|like us on|join us on|our (?:telegram|whatsapp|facebook) (?:channel|group|page)|download (?:the|our) app|share your (?:thoughts|views|opinion)|let us know (?:what you think )?in the comments"
    r"|(?:is|are) licensed under|all rights reserved|terms of (?:use|service)|privacy policy|originally (?:appeared|published) (?:on|in|at|by)|first appeared (?:on|in)|contributed (?:to this report|reporting)|this (?:story|article|post) (?:has been updated|was (?:updated|originally|first))"
    r"|affiliate (?:links?|commission)|commission (?:on|from|if)|thanks for reading|if you (?:liked|enjoyed) this)\b|[\w.+-]+@[\w-]+\.\w{2,}|^(?:watch|listen|photo|video|more|related|read)\b[^.]{0,20}:",
    re.IGNORECASE,
)


def prune(survey: Survey, root: int, title: str, draft: Draft) -> None:
    """Cut out of the container ``root`` what is not the article."""
    _head(survey, root, title, draft)
    _lines(survey, root, draft)
    _tail(survey, root, draft)


def _cut(survey: Survey, number: int, why: str, draft: Draft) -> None:
    if not survey.gone[number]:
        draft.cut(beginning(survey.elements[number]), why)
        survey.remove(number)


def fold(text: str) -> str:
    """Letters and digits alone, in small letters: for comparing what is set differently."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _head(survey: Survey, root: int, title: str, draft: Draft) -> None:
    """Cut the title and what stands before the first paragraph: kickers, bylines, datelines."""
    wanted = fold(title)
    first = None
    blocks = survey.blocks(root)
    for number in blocks:
        if survey.own_value[number] >= 100 and survey.elements[number].tag not in HEADINGS:
            first = number
            break
    for number in blocks:
        if first is not None and number >= first:
            break
        element = survey.elements[number]
        text = text_of(element)
        folded = fold(text)
        if element.tag in HEADINGS:
            same = wanted and (folded == wanted or (len(folded) > 12 and (folded in wanted or wanted in folded)))
            if same or (element.tag == "h1" and _alike(text, title)):
                for before in blocks:
                    if before < number and not survey.gone[before] and survey.own_value[before] < 100:
                        if not _holds(survey, before, number):
                            _cut(survey, before, "stands before the title", draft)
                _cut(survey, _header(survey, root, number), "the title and its header", draft)
            continue
        if survey.gone[number]:
            continue
        if folded == wanted and wanted:
            _cut(survey, number, "the title again", draft)
        elif len(text) < 160 and (_BYLINE.match(text) or POINTERS.match(text)):
            _cut(survey, number, "byline or tool above the text", draft)
        elif len(text) < 80 and dates.find(text):
            _cut(survey, number, "the dateline", draft)


def _alike(one: str, other: str) -> bool:
    """Two headlines share most of their words (or there is nothing to compare with)."""
    a, b = set(re.findall(r"\w+", one.lower())), set(re.findall(r"\w+", other.lower()))
    return not b or len(a & b) >= 0.4 * min(len(a), len(b))


def _header(survey: Survey, root: int, number: int) -> int:
    """Return the box around the title that holds a standfirst at most, or the title itself."""
    box, up = number, survey.parent[number]
    best = number
    most = min(420.0, 0.2 * survey.prose[root])
    while up > root and survey.prose[up] <= most and survey.text[up] < 1000:
        box, up = up, survey.parent[up]
        element = survey.elements[box]
        if not survey.prose[box] or element.tag == "header" or _HEADER.search(names_of(element)):
            best = box
    return best


def _holds(survey: Survey, outer: int, inner: int) -> bool:
    return outer <= inner <= survey.last[outer]


def cut_boxes(survey: Survey, inside: tuple[int, int], draft: Draft) -> None:
    """Cut boxes that are made of links, of many short lines, or of cards."""
    children: dict[int, list[int]] = {}
    flows = streams(survey)
    for number in survey.alive(0):
        if not number or survey.gone[number]:
            continue
        element = survey.elements[number]
        text, links, value = survey.text[number], survey.links[number], survey.value[number]
        children.setdefault(survey.parent[number], []).append(number)
        if not text or value >= 0 or element.tag not in _BOXES or survey.prose[number] > 0.2 * text:
            continue
        trusted = inside[0] < number <= inside[1]
        plain = trusted and not element.get("class")
        if element.tag in _FLOWING and (plain or survey.parent[number] in flows):
            continue
        if _introduced(element):
            continue
        said = survey.prose[number] > 0
        if links > (0.8 if said else 0.6) * text:
            _cut(survey, number, "made of links", draft)
        elif (
            value < -30 and links > 0.4 * text and not said and element.tag in ("div", "section", "ul", "aside")
        ):
            _cut(survey, number, "many short lines that point elsewhere", draft)
    for box, inner in children.items():
        if len(inner) >= 3 and not survey.gone[box]:
            _cards(survey, inner, 160 if inside[0] < box <= inside[1] else 400, draft)


def _introduced(listing: Element) -> bool:
    """A list (or a box of one) with a sentence right before it, best one that ends with a colon."""
    if listing.tag == "div" and len(listing) == 1:
        listing_tag = listing[0].tag
    else:
        listing_tag = listing.tag
    before = listing.getprevious()
    if listing_tag not in ("ul", "ol") or before is None or before.tag not in ("p", "div"):
        return False
    text = text_of(before)
    if before.tag == "div" and (len(text) > 400 or len(before) > 1):
        return False
    return text.endswith((":", "：")) or (len(text) > 60 and text.endswith((".", "。", "!")))


def streams(survey: Survey) -> frozenset[int]:
    """Return the elements in which paragraphs of prose stand side by side.

    A list or a table among them belongs to the article even where it is made of links.
    """
    counts: dict[int, int] = {}
    for number, value in enumerate(survey.own_value):
        if value >= PARAGRAPH and not survey.gone[number]:
            if survey.elements[number].tag in ("p", "blockquote", "pre"):
                counts[survey.parent[number]] = counts.get(survey.parent[number], 0) + 1
    return frozenset(number for number, count in counts.items() if count >= 2)


def _cards(survey: Survey, inner: list[int], most: int, draft: Draft) -> None:
    """Cut rows of cards: like siblings, each a linked headline or picture and a teaser."""
    alike: dict[tuple[str, str], list[int]] = {}
    for number in inner:
        element = survey.elements[number]
        if element.tag in ("li", "div", "article", "section", "a"):
            key = (element.tag, (element.get("class") or "").split(" ")[0])
            alike.setdefault(key, []).append(number)
    for group in alike.values():
        if len(group) >= 3 and sum(_card(survey, n, most) for n in group) >= 0.7 * len(group):
            for number in group:
                _cut(survey, number, "a card in a row of cards", draft)


def _card(survey: Survey, number: int, most: int) -> bool:
    text, links = survey.text[number], survey.links[number]
    if not 10 <= text <= most or links < 0.1 * text:
        return False
    element = survey.elements[number]
    if element.tag == "a":
        return True
    for link in element.iter("a"):
        parent = link.getparent()
        if link.find(".//img") is not None or (parent is not None and parent.tag in HEADINGS):
            return True
        if any(inner.tag in HEADINGS for inner in link):
            return True
    return False


def _lines(survey: Survey, root: int, draft: Draft) -> None:
    """Cut lines that point elsewhere, sections with a telling heading, and what is said twice."""
    said: dict[str, int] = {}
    for number in survey.blocks(root):
        if survey.gone[number] or number == root or _captioned(survey, number):
            continue
        if survey.own_text[number] > 320:
            text = text_of(survey.elements[number])
            before = said.setdefault(text, survey.parent[number])
            if before != survey.parent[number] and survey.elements[number].tag != "pre":
                _cut(survey, number, "stands there already", draft)
            continue
        element = survey.elements[number]
        text = text_of(element)
        if element.tag in HEADINGS:
            if TAILS.match(text) and len(text) < 80:
                _section(survey, root, number, text, draft)
        elif POINTERS.match(text) and len(text) == len(text[:320]):
            if survey.last[number] == number or survey.value[number] < 60:
                _cut(survey, number, "points elsewhere", draft)
        elif element.tag not in ("td", "th", "li") and TAILS.match(text) and len(text) < 60:
            _section(survey, root, number, text, draft)


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
    if own and box != number and not _SURE_TAIL.search(text):
        return
    _cut(survey, box, why, draft)
    # What stands under the heading goes with it, as far as it points elsewhere.
    up = survey.parent[box]
    while following <= survey.last[up]:
        element = survey.elements[following]
        if not survey.gone[following]:
            listed = element.tag in ("ul", "ol", "dl", "div", "section", "p", "table")
            if not listed or survey.prose[following] > 0 or survey.links[following] < 0.2 * survey.text[following]:
                break
            _cut(survey, following, why, draft)
        following = survey.last[following] + 1


def _prose_next(survey: Survey, start: int, end: int) -> bool:
    """The next block with text is a paragraph."""
    for number in range(start, end + 1):
        if survey.own_text[number] and not survey.gone[number]:
            return survey.own_value[number] >= PARAGRAPH
    return False


def _opens(survey: Survey, box: int, number: int) -> bool:
    """Nothing but furniture stands in ``box`` before ``number``."""
    return all(
        survey.own_value[n] < 30 or survey.gone[n] for n in range(box, number) if survey.own_text[n]
    )


def _asking(survey: Survey, number: int, text: str) -> bool:
    """A paragraph that asks the reader to subscribe, follow, write or give, and is not long."""
    return len(text) < 420 and len(set(_ASKS.findall(text))) * 160 > len(text)


def _tail(survey: Survey, root: int, draft: Draft) -> None:
    """Cut short lines behind the last paragraph: bylines, datelines, tools."""
    for number in reversed(survey.blocks(root)):
        element = survey.elements[number]
        value = survey.own_value[number]
        if survey.gone[number]:
            continue
        if element.tag == "li":
            box = survey.parent[number]
            if survey.links[box] > 0.7 * survey.text[box]:
                _cut(survey, box, "a list of links behind the text", draft)
                continue
            break
        if number == root or element.tag in ("pre", "td", "figcaption"):
            break
        text = text_of(element) if survey.own_text[number] < 500 else ""
        if text and _asking(survey, number, text):
            _cut(survey, number, "asks something of the reader", draft)
            continue
        if value >= 20:
            break
        if element.tag in HEADINGS and len(text) < 100:
            _cut(survey, number, "a heading over nothing", draft)
        elif _BYLINE.match(text) or POINTERS.match(text) or value < 0:
            _cut(survey, number, "stands behind the text", draft)
        else:
            break


def captions(root: Element) -> None:
    """Mark what belongs to a picture: a caption stays one, a credit or a line that calls itself
    a caption becomes small print. Neither is part of the article's text."""
    for element in list(root.iter("p", "div", "span", "small", "cite", "dd", "em", "figure")):
        if element is root or element.getparent() is None or _within(element, root):
            continue
        names = names_of(element)
        if element.tag == "figure":
            _loose_text(element)
        elif names and _CAPTION.search(names) and len(text_of(element)) < 600:
            element.tag = "small"
        elif names and _PICTURE.search(names) and element.tag in ("span", "div", "p"):
            pictured = element.find(".//img") is not None and element.find(".//p") is None
            if pictured and 0 < len(text_of(element)) < 600:
                element.tag = "figure"
                _loose_text(element)


def _within(element: Element, root: Element) -> bool:
    """The element stands in a caption already."""
    up = element.getparent()
    while up is not None and up is not root:
        if up.tag in ("figcaption", "small"):
            return True
        up = up.getparent()
    return False


def _loose_text(figure: Element) -> None:
    """Mark what a picture's box says outside its caption as small print."""
    if any(figure.find(f".//{tag}") is not None for tag in ("pre", "table", "blockquote", "ul", "ol")):
        return
    for inner in list(figure):
        if isinstance(inner.tag, str) and inner.tag in ("p", "div", "span", "a", "h3", "h4"):
            if inner.find(".//img") is None and inner.find(".//figcaption") is None:
                inner.tag = "small"
