"""The headline of a page.

Its head repeats it, with the name of the site before or behind; its first-level headings show
it, beside the name of the site and the headlines of others. Neither alone can be trusted:
the heading that says what the head says is the headline.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from backissue.patterns import pattern

from ..article import Origin
from .meta import Meta, microdata, plain
from .records import Draft
from .tree import Element, beginning, names_of, text_of

# What parts a headline from the name of its site in <title>.
_SEPARATOR: Final = pattern(
    r"\s+[|\-–—•·»«:/_~⋆>]+\s+|\s*[|»«｜]\s*|_+(?=[^\s_]{1,16}$)|\s+_|\s*—{1,2}\s+"
)
_DUBLIN: Final = ("dc:title", "dcterm:title", "dcterms:title", "dc.title", "dcterms.title")
_BRACKETED: Final = pattern(r"\s\[([^\[\]]{2,40})\]$")
_COLON: Final = pattern(r"(?<![\s:]): ")
# The channels of a site as Chinese pages list them behind a headline: 标题_教育频道_某某网
_CHANNELS: Final = pattern(r"(?<=.{8})(?:\s*_\s*[\u4e00-\u9fff]{2,8})+$")
_HOST: Final = pattern(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$")
_EDGES: Final = pattern(r"^[\s|»«:–—-]+|\s[\s|»«:–—-]+$")
_MARKS: Final = pattern(r"\s*[¶§#]\s*$")
_LONGEST: Final = 300
_MOST_SHORT: Final = 400  # elements that are looked at for a headline: those near the top
_SAME: Final = 0.85  # of the words of two titles: a different writing of one
_NUMBERED: Final = pattern(r"^\d{1,3}(?:\.\d{1,3}){1,3}\s+(?=\D)")  # of a section
_LABEL: Final = pattern(
    r"^(?:(?:print|printer.friendly(?: version)?|amp|打印)\s*[:：]\s+|(?:title|标题)\s*[:：]\s*)",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """Return the words of a text in small letters, without the signs between them."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _words(text: str) -> frozenset[str]:
    """The words of a headline; Chinese and Japanese count by pairs of characters."""
    words: set[str] = set()
    for word in re.findall(r"\w+", text.casefold()):
        if re.match(r"[\u3040-\u9fff]", word):
            words.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        else:
            words.add(word)
    return frozenset(words)


def find_title(tree: Element, meta: Meta, draft: Draft) -> str:
    """Offer the page's headline to ``draft`` and return the title that the draft then has."""
    element = tree.find(".//title")
    head = _EDGES.sub("", _LABEL.sub("", text_of(element) if element is not None else ""))
    head = _behind_host(tree, _behind_colon(tree, head))
    site = fold(draft.site)
    shouted = {fold(text_of(heading)) for heading in list(tree.iter("h1"))[:12]}
    parts = [part for part in (p.strip() for p in _SEPARATOR.split(head)) if part]
    if len(parts) > 1 and not site and fold(parts[-1]) in shouted and fold(parts[0]) not in shouted:
        site = fold(parts[-1])  # a heading that is the end of <title> names the site
    bracketed = _BRACKETED.search(head)
    if bracketed and not site:
        site = fold(bracketed.group(1))
    first_json = next((plain(thing.get("headline")) for thing in meta.articles()), "")
    og = meta.first("og:title", "twitter:title", "parsely-title")
    og_alone = without_site(og, site)
    if len(first_json) < len(og_alone) and og_alone.startswith(first_json):
        first_json = ""  # cut off at a length that somebody set
    heads = [text for text in (first_json, og, head) if text]
    # Dublin Core names the work, and nothing around it.
    draft.offer("title", meta.first(*_DUBLIN)[:_LONGEST], Origin.META, 0.84, "Dublin Core")
    said = _said(tree)
    whole = fold(head) in said
    shown = _headline(tree, heads, parts, site)
    alone = head if whole else without_site(head, site)
    if shown and all(fold(alone) not in fold(text) for text in (shown, og)):
        # Another line of the page may be the headline, word for word.
        said_so = len(fold(alone)) > 12 and fold(alone) in said
        shown = alone if said_so and fold(shown) not in fold(f"{og} {first_json}") else shown
    if shown:
        shown = _agreed(_NUMBERED.sub("", shown), og_alone, alone, without_site(first_json, site))
        draft.offer("title", shown, Origin.VISIBLE, 0.85, "the heading that its head repeats")
    if not site or fold(first_json) != site:
        draft.offer("title", first_json[:_LONGEST], Origin.JSONLD, 0.8, "headline")
    if not site or fold(og) != site:
        draft.offer("title", og_alone[:_LONGEST], Origin.META, 0.75, "og:title")
    for _, text in microdata(meta, "headline")[:1]:
        draft.offer("title", text[:_LONGEST], Origin.MICRODATA, 0.7, "headline")
    if not site or fold(head) != site:
        draft.offer("title", alone[:_LONGEST], Origin.META, 0.6, "title")
    for heading in list(tree.iter("h1", "h2"))[:3]:
        text = _MARKS.sub("", text_of(heading))
        if 2 < len(text) < _LONGEST and fold(text) != site:
            draft.offer("title", text, Origin.VISIBLE, 0.4, "its first heading")
    return draft.title


def _agreed(shown: str, social: str, alone: str, headline: str) -> str:
    """Return the heading, or what the head calls the article where two of its voices agree on it.

    ``social`` is for those who share the page, ``alone`` its <title>, ``headline`` its data, all
    without the name of the site. Two that are the heading but for a word give its better
    writing; data and <title> that agree against what is shared and shown are the headline of
    record. Elsewhere the head is written for search engines, and the heading for readers.
    """
    if fold(social) == fold(alone) != fold(shown):
        ours, theirs = _words(shown), _words(alone)
        if len(ours & theirs) >= _SAME * len(ours | theirs) and ours != theirs:
            return alone
    if headline and fold(headline) == fold(alone) != fold(shown) == fold(social):
        return headline
    return shown


def _said(tree: Element) -> frozenset[str]:
    """The short texts near the top of a page that are set off from the rest."""
    lines = tree.iter("h1", "h2", "h3", "h4", "b", "strong", "font", "td", "div")
    return frozenset(
        fold(beginning(one, _LONGEST))
        for one in islice(lines, _MOST_SHORT)
        if len(one) <= (0 if one.tag in ("td", "div") else 3)
    )


def _behind_host(tree: Element, head: str) -> str:
    """Return the headline of a <title> that begins with the host's name, which a heading shows."""
    first, _, rest = head.partition(" ")
    heading = next(tree.iter("h1"), None)
    named = heading is not None and fold(text_of(heading)) == fold(first)
    return rest if rest and named and _HOST.match(first) else head


def _behind_colon(tree: Element, head: str) -> str:
    """Return the headline of a <title> such as "The Courier: Council approves bridge".

    A colon may as well stand within a headline; so what follows it must stand on the page as a
    text of its own, and the whole must not.
    """
    colon = _COLON.search(head)  # "::" parts the name of a site from a headline
    rest = head[colon.end() :] if colon else ""
    if not fold(rest):
        return head
    shown = {
        fold(text)
        for one in islice(tree.iter("h1", "h2", "h3", "h4", "b", "strong", "font"), _MOST_SHORT)
        if len(text := text_of(one)) <= len(head) + 2
    }
    return rest.strip() if fold(rest) in shown and fold(head) not in shown else head


def _headline(tree: Element, heads: list[str], parts: list[str], site: str) -> str:
    """Return the first-level heading that says what the head says, or ""."""
    best, most = "", 0.49
    known = [(_words(text), fold(text)) for text in heads]
    headings = list(tree.iter("h1"))[:12]
    if not headings:
        headings = [h for h in tree.iter("h2") if "title" in names_of(h)][:4]
    of_site = frozenset(site.split())
    whole = {fold for _, fold in known} | {fold(part) for part in parts[:1] if " " in part}
    for heading in headings:
        text = _shown(heading, whole)
        folded, words = fold(text), _words(text)
        if not 2 < len(text) < _LONGEST or not words or folded == site:
            continue
        sited = words <= of_site or (len(site) > 8 and folded.startswith(f"{site} "))
        if sited and all(folded != fold for _, fold in known):
            continue
        score = max((_likeness(words, folded, other) for other in known), default=0.0)
        if score < 1.0 and _leads_away(heading):
            continue  # the headline of another article
        if len(parts) > 1 and folded in (fold(parts[-1]), fold(parts[0])):
            # One part of <title> is the site: the shorter one, the last one where in doubt.
            is_site = folded == fold(parts[-1]) and site != fold(parts[0])
            exact = any(folded == fold for _, fold in known)
            score -= 0.6 if is_site and not exact else 0.0
        if score > most + 0.001:
            best, most = text, score
    return _calm(best, heads, site) if best.isupper() else best


def _leads_away(heading: Element) -> bool:
    """All of the heading is a link to elsewhere."""
    link = next(heading.iter("a"), None)
    if link is None or (link.get("href") or "#").startswith("#"):
        return False
    return len(text_of(link)) == len(text_of(heading))


def _shown(heading: Element, known: set[str]) -> str:
    """Return the words of a heading without the tools in it and the lines below them.

    Where it goes on behind words that the head gives as the whole headline, and other markup
    parts the two, the rest is something else.
    """
    pieces = [piece for piece in _pieces(heading) if piece.strip()]
    so_far = ""
    for number, piece in enumerate(pieces):
        so_far += piece
        if number + 1 < len(pieces) and len(so_far) > 8 and fold(so_far) in known:
            return " ".join(so_far.split())
    return _LABEL.sub("", _MARKS.sub("", " ".join("".join(_pieces(heading)).split())))


def _pieces(element: Element) -> list[str]:
    """The strings of an element, but for those in buttons and drawings."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag not in ("button", "select", "svg", "script", "style"):
            pieces += _pieces(child)
        pieces.append(child.tail or "")
    return pieces


def _calm(shouted: str, heads: list[str], site: str) -> str:
    """Return the head's writing of a headline that the page sets in capitals."""
    words = _words(shouted)
    for head in heads:
        alone = without_site(head, site)
        theirs = _words(alone)
        if not alone.isupper() and len(words & theirs) >= 0.7 * len(words | theirs):
            return alone
    return shouted


def _likeness(words: frozenset[str], folded: str, other: tuple[frozenset[str], str]) -> float:
    """How much a heading shares with a title of the head, counted on the shorter of both."""
    theirs, fold = other
    if not theirs:
        return 0.0
    if folded == fold:
        return 1.2
    common = len(words & theirs)
    if common < 2 and folded not in fold:
        return 0.0
    return common / min(len(words), len(theirs)) + 0.1 * min(1.0, len(words) / len(theirs))


def without_site(title: str, site: str) -> str:
    """Take the name of the site off the end (or the beginning) of a title."""
    title = " ".join(title.split())
    bracketed = _BRACKETED.search(title)
    if site and bracketed and fold(bracketed.group(1)) == site:
        return title[: bracketed.start()]
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts:
        return title
    first, last = cuts[0], cuts[-1]
    front, back = title[: first.start()].strip(), title[last.end() :].strip()
    if site and fold(back) == site:
        return without_site(title[: last.start()].strip(), site)
    if site and fold(front) == site:
        return title[first.end() :].strip()
    rest = title[: last.start()].strip()
    if len(back.split()) <= 4 and len(back) < 0.5 * len(title) and len(rest) >= 12:
        return _CHANNELS.sub("", rest) if not site else _not_at(rest, site)
    return title


def _not_at(title: str, site: str) -> str:
    """Take " @ " and the name of the site off the end of a title."""
    before, at, behind = title.rpartition(" @ ")
    return before.strip() if at and fold(behind) == site else title
