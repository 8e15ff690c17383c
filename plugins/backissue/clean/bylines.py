"""Who wrote a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from backissue.patterns import pattern

from ..article import Origin
from .meta import Meta, kinds, microdata, plain
from .records import Draft
from .tree import Element, names_of
from .tree import spaced as text_of

_BY: Final = pattern(
    r"^\W*(?:(?:written|posted|story|text|words|recipe|article|reviewed|published|submitted"
    r"|analysis|report)\s+(?:and \w+ )?by|by|author|authors|"
    r"von|par|por|di|da|door|av|od|przez|(?:écrit|publié|rédigé) par|(?:escrito|publicado) por"
    r"|scritto da|geschrieben von|geschreven door|autor(?:in|a|en)?|auteurs?|autore|auteure"
    r"|автор|текст|作者|文|撰文|记者|本报记者|記者|編輯|執筆|著者|取材|글|기자|來源|来源)(?=[\s:：|,]|$)\s*[:：|]?\s*",
    re.IGNORECASE,
)
_AND: Final = pattern(
    r"\s*(?:;|，|、|；|\s\|\s|\s/\s|,\s+and\s|,\s*(?!(?:Jr|Sr|Ph\.?D|M\.?D|MD|MA|MS|MBA|RN|RD"
    r"|II|III|Esq)\b)|\band\b|\bund\b|\bet\b|\by\b(?=\s[A-Z])|\s&\s(?=\w+\.?\s+\w))\s*"
)
_DEGREE: Final = pattern(r",?\s+\b(?:Ph\.?D|M\.?D|MD|MA|MS|MBA|RN|RD|CFP|CPA|Esq)\b\.?.*$")
# What a person does, behind the name and a comma: "Dana Whitfield, Head of Research and Policy".
_OFFICE: Final = pattern(
    r",\s+(?:(?:the|an?|our|former|senior|deputy|assistant|associate|executive|managing|co-?)\s*)*"
    r"(?:heads?|directors?|(?:vice )?presidents?|vp|chief|c[eotfimr]o|founders?|chair(?:wo)?man"
    r"|managers?|professors?|partners?|fellows?|editors?|reporters?|correspondents?|analysts?"
    r"|researchers?|scientists?|engineers?|specialists?|experts?|consultants?|lecturers?)\b.*$",
    re.IGNORECASE,
)
# What follows a name in a byline: a date, a role, a tool.
_AFTER: Final = pattern(
    r"\s*(?:[-–—|•·»]\s.*|\s+on(?:\s.*)?$|\s+at\s.*"
    r"|\b(?:on\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?\s+\d.*"
    r"|\b\d{1,2}[/.:\s]\s?\w+.*|\b(?:19|20)\d\d\b.*|\s(?:says|writes|wrote)\s*:?$"
    r"|\s(?:기자|記者|记者|編集委員|さん|氏)$|\b(?:published|updated|posted|last|edited|photographs?|photos?|illustrations?|follow"
    r"|email|twitter|@\w+)\b.*)$",
    re.IGNORECASE,
)
_ROLE: Final = pattern(
    r"\s*(?:\b(?:Senior|Staff|Chief|Associate|Managing|Contributing|Guest|Tech|Technology"
    r"|Science|Games?|News|Health|Political|Deputy|Executive|Lead|Junior|Freelance)\s+)?"
    r"\b(?:Writer|Editor|Reporter|Correspondent|Columnist|Contributor|Journalist|Author|Admin"
    r"|Producer|Analyst|Staff Writer|Gardener)\b.*$"
)
_FAMILY_FIRST: Final = pattern(r"^\s*([^,]{2,40}),\s*([^,]{1,40}?)\s*$")
_NOBODY: Final = pattern(
    r"^(?:admin(?:istrator)?|staff|editor(?:ial)?(?: team| staff)?|guest|author|authors"
    r"|contributors?|unknown|anonymous|share|follow|view|more|read|about|by|posted|comments?"
    r"|home|news|writer|user|login|subscribe|undefined|null|none|nan|n/a|false|true|\W*)$",
    re.IGNORECASE,
)
_NAMES: Final = pattern(r"byline|author|(?<![a-z])writer|contributor|(?<![a-z])by(?![a-z])|zuozhe")
_PROFILE: Final = pattern(
    r"/(?:authors?|by|staff|people|profiles?|contributors?|writers?|reporters?|team|users?"
    r"|journalists?|columnists?)/",
    re.IGNORECASE,
)
_NOT_BYLINE: Final = pattern(
    r"bio|avatar|image|photo|social|follow|more|related|desc|title|job|role|date|time|comment"
    r"|box|list|thumb"
)
_DATED: Final = pattern(r"\b(?i:posted|published) by ([A-Z][\w'’-]+) (?:at|on|in) .*\b20\d\d\b")
_SIGNED: Final = pattern(r"^\W*(?:\S{2,8} )?([\uac00-\ud7af]{2,4}) ?(?:기자|특파원|논설위원)(?!\w)")
_LINE: Final = pattern(
    r"(?:\b(?i:posted|written|story|words) by|(?:^|[|·•—–　])\s*(?:by|By|BY)|Author\s*:"
    r"|(?:作者|撰文|著者|執筆|記者|(?i:автор|autor(?:in|a)?|auteur|autore))\s*[:：]|文\s*[/／|｜]"
    r"|记者\s*[:：]?)\s*([^|·•\n0-9<>【】（）()]{2,60})"
)


_TOP: Final = 12_000  # characters in which a byline stands; behind them one that says "written by"
_WRITTEN: Final = pattern(
    r"\s*(?:this (?:post|article|story) was )?(?:written|words|story) by\b|\s*(?:作者|撰文)",
    re.IGNORECASE,
)


def find_authors(tree: Element, meta: Meta, draft: Draft) -> None:
    """Offer the authors of a page to ``draft``."""
    site = draft.site.casefold()
    for thing in meta.articles():
        value = thing.get("author") or thing.get("creator")
        names = _people(value, meta)
        sure = 0.9 if _persons(value) and not any(n.casefold() == site for n in names) else 0.42
        draft.offer("authors", names, Origin.JSONLD, sure)
    for sure, fields in (
        (0.85, ("dc.creator", "dc:creator", "dcterm:creator", "parsely-author", "sailthru.author")),
        (0.8, ("author", "article:author", "og:article:author", "byl", "citation_author")),
        (0.78, ("twitter:data1",) if meta.first("twitter:label1").lower() == "written by" else ()),
    ):
        names = names_in(_turned(meta, fields)) if fields else ()
        same = any(name.casefold() == site for name in names)
        draft.offer("authors", names, Origin.META, 0.42 if same else sure)
    marked: list[str] = []
    for element, value in microdata(meta, "author")[:3]:
        marked += _in_element(element, value)
    draft.offer("authors", tuple(dict.fromkeys(marked)), Origin.MICRODATA, 0.7)
    found = draft.found.get("authors")
    if found is None or found.sure < 0.6:
        _visible(tree, draft)


def _turned(meta: Meta, fields: tuple[str, ...]) -> list[str]:
    """The values of a meta element; the names of a citation stand with the family name first."""
    values = meta.all(*fields)
    if values is not meta.named.get("citation_author"):
        return values
    return [_FAMILY_FIRST.sub(r"\2 \1", value) for value in values]


def _persons(value: Any) -> bool:
    """The JSON-LD author is a person, or does not say what it is."""
    values = value if isinstance(value, list) else [value]
    return not all(isinstance(v, dict) and "organization" in kinds(v) for v in values)


def _people(value: Any, meta: Meta) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    names = []
    for one in values:
        if isinstance(one, dict) and "name" not in one and isinstance(one.get("@id"), str):
            names.append(meta.people.get(one["@id"], ""))
        elif isinstance(one, dict) and isinstance(one.get("name"), list):
            names += [plain(name) for name in one["name"]]
        elif one is not None:
            names.append(plain(one))
    if len(names) == 1 and isinstance(value, dict) and names[0].count(" ") < 4:
        return _named([_BY.sub("", names[0])])
    return names_in(names)


def _visible(tree: Element, draft: Draft) -> None:
    known: dict[str, bool] = {}
    for link in tree.iter(
        "a",
        "span",
        "address",
        "p",
        "div",
        "li",
        "strong",
        "h3",
        "h4",
        "cite",
        "em",
        "td",
        "font",
        "b",
        "small",
        "i",
        "h5",
        "h6",
    ):
        # The id of a heading is made of its words.
        names = (link.get("class") or "").lower() if link.tag[0] == "h" else names_of(link)
        rel = link.get("rel")
        if rel and "author" in rel.lower().split():
            draft.offer("authors", names_in([text_of(link)]), Origin.VISIBLE, 0.6, "rel=author")
            continue
        if names not in known:  # most names of a page recur
            known[names] = bool(_NAMES.search(names)) and not _NOT_BYLINE.search(names)
        if known[names]:
            found = _in_element(link, text_of(link))
            draft.offer("authors", found, Origin.VISIBLE, 0.55, "the byline")
    if "authors" in draft.found and draft.found["authors"].sure > 0.5:
        return
    for element in tree.iter("a"):
        if _PROFILE.search(element.get("href") or ""):
            text = text_of(element)
            if is_person(text) or (text.istitle() and text.isalpha() and _said_by(element)):
                draft.offer("authors", names_in([text]), Origin.VISIBLE, 0.5, "a link to a profile")
                break
    for text in _short_lines(tree):
        line = _DATED.search(text) or _SIGNED.match(text)
        if line:
            draft.offer("authors", (line.group(1),), Origin.VISIBLE, 0.45, text[:60])
            break
        line = _LINE.search(text)
        named = names_in([line.group(1)]) if line else ()
        if named and all(is_person(name) for name in named):
            draft.offer("authors", named, Origin.VISIBLE, 0.45, text[:60])
            break
    _beside_dates(tree, draft)


def _said_by(element: Element) -> bool:
    """ "By" stands right before an element."""
    before = element.getprevious()
    up = element.getparent()
    text = before.tail if before is not None else up.text if up is not None else ""
    return bool(re.search(r"(?:^|\s)by:?\s*$", text or "", re.IGNORECASE))


def _beside_dates(tree: Element, draft: Draft) -> None:
    """A person named right before the date of the page is its author."""
    for element in list(tree.iter("time"))[:3]:
        line = element.getparent()
        pieces = [" ".join(piece.split()) for piece in line.itertext()] if line is not None else []
        pieces = [piece for piece in pieces if re.search(r"\w", piece)]
        if len(pieces) <= 6 and pieces and is_person(pieces[0]):
            draft.offer("authors", names_in(pieces[:1]), Origin.VISIBLE, 0.44, "beside the date")


def _short_lines(tree: Element) -> Iterator[str]:
    """Lines that may be bylines: those near the top, and those further down that say so."""
    seen = 0
    for element in tree.iter(
        "p",
        "div",
        "span",
        "td",
        "font",
        "em",
        "i",
        "small",
        "li",
        "h2",
        "h3",
        "h4",
        "h5",
        "address",
        "strong",
        "b",
    ):
        own = (element.text or "") + "".join(child.tail or "" for child in element)
        if not own.strip():
            continue
        seen += len(own)
        if seen > _TOP and not _WRITTEN.match(own):
            continue
        text = text_of(element)
        if len(text) < 200:
            yield text


_CAPITAL: Final = r"[A-ZÀ-ÞĀ-ŽΑ-ΩА-ЯЁІЇЄҐ]"
_PART: Final = rf"(?:{_CAPITAL}[\w.'’\-]*|de|van|von|der|da|la|le|bin|al)"
_PERSON: Final = pattern(
    rf"{_PART}(?:\s+{_PART}){{1,4}}|[\u4e00-\u9fff]{{2,4}}|[\uac00-\ud7af]{{2,4}}"
    r"|[\u4e00-\u9fff]{1,3}[\s　][\u3040-\u30ff\u4e00-\u9fff]{1,4}"
)


def is_person(text: str) -> bool:
    """Two to four words with capitals, or as many characters of Chinese, Japanese or Korean."""
    return _PERSON.fullmatch(text) is not None


def _in_element(element: Element, value: str) -> tuple[str, ...]:
    """Read the names of a byline: from what is marked as one in it, else from its words."""
    for path in (".//*[@itemprop='name']", ".//*[@rel='author']"):
        inner = [text_of(one) for one in element.xpath(path)]
        names = names_in([text for text in inner if text])
        if names:
            return names
    links = [a for a in element.iter("a") if _PROFILE.search(a.get("href") or "")]
    names = names_in([text_of(a) for a in links if is_person(text_of(a))])
    if names:
        return names
    pieces = [" ".join(piece.split()) for piece in element.itertext()]
    pieces = [piece for piece in pieces if re.search(r"\w", piece)]
    if element.get("content") or len(pieces) <= 1:
        return names_in([value])
    for piece in pieces[:4]:
        names = names_in([piece])
        if names and all(is_person(name) for name in names):
            rest = " ".join(pieces[:6])
            joined = names_in([rest])
            return joined if joined and all(is_person(n) for n in joined) else names
    return names_in([value])


def names_in(values: list[str]) -> tuple[str, ...]:
    """Take lines that name authors apart into names."""
    parts: list[str] = []
    for value in values:
        line = _BY.sub("", " ".join(value.split()))
        if len(line) > 300 or re.match(r"https?:|www\.|@", line):
            continue
        parts += _AND.split(_OFFICE.sub("", line))
    return _named(parts)


def _named(parts: list[str]) -> tuple[str, ...]:
    out = []
    for part in parts:
        name = _BY.sub("", part.strip())
        name = _AFTER.sub("", name)
        name = _DEGREE.sub("", name)
        if len(name.split()) > 2:
            name = _ROLE.sub("", name) or name
        name = name.strip(" .,;:|-–—·•/")
        name = name if name.count("(") == name.count(")") else name.strip("()").strip()
        if _NOBODY.match(name) or re.search(r"\d{3}|[@{}<>$%=]|\w\.\w+\.\w", name):
            continue
        if 1 < len(name) <= 60 and len(name.split()) <= 6:
            out.append(name)
    persons = [name for name in out if not _ROLE.fullmatch(name)]
    return tuple(dict.fromkeys(persons or out))
