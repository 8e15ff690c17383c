"""Lines of credit above a text: who wrote it, when, and what a label says of it.

One rule for text dumps, Markdown and Word documents: "By Ada Reed", "20 June 2026",
"Ada Reed · 20 June 2026 · 5 min read", "Author: Ada Reed", "作者：张三　来源：某报".
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from backissue.patterns import pattern

from ..article import Origin
from . import dates
from .bylines import is_person, names_in
from .records import Draft

_LONGEST: Final = 200  # characters of such a line; lists of tags may have three times as many
_WRITTEN: Final = 2000  # characters of its source, with the addresses of links
_PIECE: Final = 60  # characters of a byline, or of a dateline
# What labels say, in the languages in which phrases.py knows a page's furniture.
_FIELDS: Final = {
    "authors": "authors?|by|byline|(?:written|story|words|text|posted) by|writers?"
    "|reporters?|autor(?:in|en|es|a)?|auteure?s?|autore|автор|作者|撰文|文|本报记者|记者|記者|著者|執筆|글|기자",
    "published": "date|published(?: on| at)?|publication date|publish(?:ed)? date|date published"
    "|posted(?: on)?|created(?: on| at| time)?|first published|datum|veröffentlicht(?: am)?"
    "|publié(?: le)?|fecha|publicado(?: el| em)?|data|pubblicato(?: il)?|дата|опубликовано"
    "|日期|时间|時間|发布(?:时间|日期|于)?|發[布佈](?:時間|日期|於)?|发表(?:时间|日期|于)?|公開日|投稿日|掲載日|게시일|입력",
    "updated": "(?:last )?updated(?: on| at)?|(?:last )?modified(?: on)?|last edited(?: time)?"
    "|edited|aktualisiert(?: am)?|mis à jour(?: le)?|actualizado(?: el)?|atualizado em"
    "|aggiornato(?: il)?"
    "|обновлено|更新(?:时间|日期|于|時間)?|更新日|수정",
    "tags": "tags?|topics?|keywords?|categor(?:y|ies)|filed under|标签|標籤|话题|話題|关键词"
    "|schlagw[oö]rter|etiquetas|mots-clés",
    "site": "source|publication|publisher|website|site|quelle|fuente|fonte|источник|来源|來源|出处",
    "canonical": "url|link|source url|original(?: (?:url|link|article))?|permalink"
    "|链接|原文(?:链接|連結)?|連結|originally (?:published|posted|appeared) (?:at|on)",
    "lang": "language|lang|语言|語言",
    "length": "(?:estimated )?read(?:ing)? time|length|word count|lesezeit|阅读时间|閱讀時間|字数",
}
_NAMES: Final = "|".join(f"(?P<{field}>{words})" for field, words in _FIELDS.items())
_LABEL: Final = pattern(
    rf"(?:{_NAMES})\s*(?:[:：]|(?=https?://))\s*(?P<value>\S.*)$", re.IGNORECASE
)
# Chinese pages set labels side by side: 作者：张三 来源：某报
_BESIDE: Final = pattern(
    rf"(?<![a-z])[\s　]+(?=(?:{re.sub('[?]P<[a-z]+>', '?:', _NAMES)})\s*[:：])", re.I
)
_PARTS: Final = pattern(
    r"\s*[|｜·•‧∙]\s*|\s+[/–—\-~⋅]\s+|\t+|\s{3,}|　+"
    r"|(?:\s*[,;(]\s*|(?<!last)\s+)(?=(?:last )?(?:updated|modified) (?:on )?\w)",
    re.IGNORECASE,
)
_BY: Final = pattern(
    r"\W*(?:(?:written|posted|published|story|words|text) )?by\s+(?P<by>\S.*)$"
    r"|(?:von|par|por|door|od|przez)\s+(?P<of>[A-ZÀ-Þ].*)$"
    r"|(?:作者|撰文|文|记者|記者|本报记者)\s*[/／\s]\s*(?P<han>\S.*)$",
    re.IGNORECASE,
)
_MINUTES: Final = pattern(
    r"(?:about |ca\.? |约|大约|预计|阅读)*\d{1,3}[\s-]*(?:min(?:ute)?s?|minuten|minutos|minuti|分钟"
    r"|分鐘|分)\.?(?:\s*(?:of )?(?:read(?:ing)?(?: time)?|lesezeit|de lecture|de lectura|di lettura"
    r"|阅读|閱讀|で読める))?|[\d,]{2,7}\s*(?:words|字|wörter|mots)"
    r"|(?:read(?:ing)? time)?\s*\d{1,3} min(?:utes)?",
    re.IGNORECASE,
)
# What stands around a date and says that it is one.
_DATING: Final = pattern(
    r"\b(?:first|originally|last|published|posted|created|updated|modified|revised|edited|dated?"
    r"|on|at|le|am|el|il|om|den|um|à|a las|alle|uhr|veröffentlicht|publié|publicado|pubblicato"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners"
    r"|frei|sams|sonn)tag"
    r"|mittwoch|[ap]\.?m|[ap]m|[A-Z]{2,4}T|UTC|GMT|Z)\b\.?"
    r"|\d{1,2}[:.h]\d{2}(?::\d{2})?|[+-]\d{2}:?\d{2}|(?:星期|周|週)[一二三四五六日天]|[上下]午"
    r"|发布(?:于|时间)?|發[布佈]於?|发表于?|更新(?:于|时间)?|[^\w]",
    re.IGNORECASE,
)
_BEFORE: Final = pattern(r"\W+(?:on|published|posted|le|am|el|il|om|em)$", re.IGNORECASE)
_CLOCK: Final = pattern(r"^[\d:.\s]*(?:[ap]\.?m\.?)?\s*", re.IGNORECASE)
_LATER: Final = pattern(r"updated|modified|revised|edited|更新|aktualisiert|mis à jour", re.I)
_MARKS: Final = pattern(r"(?<!\w)[*_~`]+|[*_~`]+(?!\w)|\[\[|\]\]")
_LINK: Final = pattern(r"!?\[([^\]]*)\]\(<?([^)\s>]*)[^)]*\)|<(https?://[^>\s]+)>")
_ADDRESS: Final = pattern(r"https?://[^\s/]\S*")
_SOURCE: Final = pattern(rf"(?:{_FIELDS['canonical']}|{_FIELDS['site']})", re.IGNORECASE)
_ENDS: Final = pattern(r"[.!?。！？…]['\"”’」』)）]*$")
_LISTED: Final = pattern(r"^(?:>\s*)+|^\s*[-*+•]\s+")
_WORDS: Final = pattern(r"[A-Z][\w &'’.-]{1,24}\s*[:：](?:\s|$)")


_NOTES: Final = {
    "published": "the dateline",
    "updated": "the dateline",
    "tags": "the line of tags",
    "site": "the line of the source",
    "canonical": "the line of the link",
    "lang": "the line of the language",
}


class Credit(msgspec.Struct, frozen=True):
    """One thing that a line says: the field of the draft, or "length", and its value."""

    field: str
    value: Any


def read_line(line: str) -> tuple[Credit, ...]:
    """Return what a line above a text says of it; nothing if it is no line of credit.

    A line counts where all of its parts are a name after "by", a date, a length, or a label of
    the known ones with its value; a bare name counts beside one of these.
    """
    if len(line) > _WRITTEN:
        return ()
    text = " ".join(_MARKS.sub("", _LINK.sub(_shown, _LISTED.sub("", line))).split(" ")).strip()
    labelled = _LABEL.match(text)
    if not text or len(text) > (3 * _LONGEST if labelled else _LONGEST):
        return ()
    found: list[Credit] = []
    bare: list[str] = []
    for part in _BESIDE.split(text):
        label = _LABEL.match(part)
        if label:
            said = _of_label(_field(label), label["value"].strip())
            if said is None:
                return ()
            found += said
            continue
        for piece in (one.strip(" ,;()") for one in _PARTS.split(part)):
            read = _of_piece(piece) if piece else []
            if read is None:
                bare.append(piece)
            else:
                found += read
    if not found or any(not is_person(name) for name in bare):
        return ()
    return (*found, *(Credit("authors", (name,)) for name in bare))


def _shown(link: re.Match[str]) -> str:
    """A link of Markdown as its words; with its address where they are a label for it."""
    words = (link[1] or "").strip()
    if words and _SOURCE.fullmatch(words):
        return f"{words}: {link[2]}"
    return str(link[3] or words or link[2])


def _field(label: re.Match[str]) -> str:
    return next(field for field in _FIELDS if label[field])


def _of_label(field: str, value: str) -> list[Credit] | None:
    """What a label and its value say, or None where the value is none of its kind."""
    first, *parts = _PARTS.split(value)
    rest = [one for part in parts if part for one in _of_piece(part) or ()]
    said: Any = None
    if field in ("published", "updated"):
        said = dates.parse(value) if len(value) <= _PIECE else None
    elif field == "authors":
        said = names_in([first])
    elif field == "tags":
        tags = (part.strip(" #") for part in re.split(r"[,，、;；|]", value))
        said, rest = tuple(tag for tag in tags if tag), []
    elif address := _ADDRESS.match(value) if field in ("canonical", "site") else None:
        field, said = "canonical", address.group()
    elif field == "lang":
        said = value.lower()[:2]
    elif field != "canonical" and len(value) <= _PIECE and not _ENDS.search(value):
        said, rest = value, []
    return [Credit(field, said), *rest] if said else None


def _of_piece(piece: str) -> list[Credit] | None:
    """What a part of a line says: a length, an address, a date, names; None if none of these."""
    if _MINUTES.fullmatch(piece) or _ADDRESS.fullmatch(piece):
        return [Credit("length" if piece[0] != "h" else "canonical", piece)]
    found = dates.spans(piece)
    if len(found) != 1 or len(piece) > 2 * _PIECE:
        return None if found else _names(piece)
    start, end, date = found[0]
    before, behind = _BEFORE.sub("", piece[:start].strip(" ,")), piece[end:].strip(" ,")
    around: list[Credit] = []
    for text in (before, _CLOCK.sub("", behind)):
        if _DATING.sub("", text):
            named = [Credit("authors", (text,))] if is_person(text) and text == before else None
            read = _names(text) or named
            if read is None:
                return None
            around += read
    field = "updated" if _LATER.search(piece[:start]) else "published"
    return [Credit(field, date), *around]


def _names(piece: str) -> list[Credit] | None:
    """The names of a byline, or None: they begin with capitals and end without a full stop."""
    by = _BY.match(piece)
    said = next((group for group in by.groups() if group), "") if by else ""
    names = names_in([said]) if said and len(said) <= 2 * _PIECE else ()
    named = names and all(is_person(n) or (" " not in n and n[:1].isupper()) for n in names)
    return (
        [Credit("authors", names)] if named and (not _ENDS.search(said) or len(said) < 40) else None
    )


def read_block(lines: list[str]) -> tuple[Credit, ...]:
    """Return what the lines of a block say if all of them are lines of credit, else nothing.

    Among lines with labels, those with other labels ("Status: final") say nothing of use.
    """
    found: list[Credit] = []
    others = 0
    for line in lines:
        said = read_line(line)
        plain = _MARKS.sub("", _LISTED.sub("", line)).strip()
        other = len(plain) <= _LONGEST and _WORDS.match(plain) is not None
        if not said and not other:
            return ()
        others += not said
        found += said
    return tuple(found) if 2 * others < len(lines) else ()


def take(found: tuple[Credit, ...], draft: Draft) -> None:
    """Offer what lines of credit say to ``draft``."""
    names = [name for one in found if one.field == "authors" for name in one.value]
    draft.offer("authors", tuple(dict.fromkeys(names)), Origin.VISIBLE, 0.8, "the byline")
    for one in found:
        if one.field in _NOTES:
            draft.offer(one.field, one.value, Origin.VISIBLE, 0.9, _NOTES[one.field])
