"""When a page was published and when it was changed."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from backissue.patterns import pattern

from ..article import Dateline, Origin
from . import dates
from .meta import Meta, microdata
from .records import Draft
from .tree import Element, names_of, text_of

_MAYBE: Final = pattern(r"(?:19|20)\d\d")
# Where it is known when a page was archived, "3 hours ago" is a date too.
_MAYBE_AGO: Final = pattern(
    r"(?:19|20)\d\d|\d\s*\S+\s+(?:ago|fa|atrás|назад)\b|\d\s*\S{1,2}\s?[前전]"
    r"|\b(?:an? \S+ ago|(?:vor|hace|il y a|há)\s+\d)",
    re.IGNORECASE,
)
_UNSEEN: Final = frozenset(["script", "style", "title", "option"])
_DATED: Final = pattern(r"date|time|publish|meta|posted|byline|dateline|entry-info|post-info|riqi")
_FOREIGN: Final = pattern(
    r"comment|related|sidebar|widget|footer|copyright|recent|popular|calendar|event"
)
_UPDATED: Final = pattern(
    r"updated|modified|revised|reviewed|更新|修改|aktualisiert|mis à jour|modifié le|actualizado"
    r"|atualizado|aggiornat|bijgewerkt|обновлен|изменен|수정|zaktualizowan|güncelle|تحديث",
    re.IGNORECASE,
)
# The day on which a member came to a forum is nobody's news.
_JOINED: Final = pattern(
    r"\b(?:joined|registered|member since|last (?:visit|seen|active))\b|注册", re.IGNORECASE
)
_LABELLED: Final = pattern(
    r"\W*(?:first |originally )?(?:published|posted|发布|发表|日期|时间|date"
    r"|發[布佈表]|公開|掲載|投稿|配信|입력|게시|등록|ver[öo]ffentlicht|publi[ée]|publicad[oa]|pubblicat[oa]"
    r"|geplaatst|gepubliceerd|опубликовано|дата|opublikowan|yayın|fecha|data|datum|تاريخ|نشر)",
    re.IGNORECASE,
)
_WORD: Final = pattern(r"[^\W\d_]{4,}")
_SAID: Final = pattern(
    r"publish|posted|发布|发表|written|created|\bon\b"
    r"|發[布佈表]|公開日|掲載|投稿日|配信|입력|게시|등록|ver[öo]ffentlicht|publi[ée]\b|publicad[oa]|pubblicat"
    r"|gepubliceerd|опубликован|opublikowan|\byayın|\bam\b|\ble\b",
    re.IGNORECASE,
)


def find_dates(tree: Element, meta: Meta, draft: Draft, archived: str) -> None:
    """Offer the published and the updated date to ``draft``."""
    for thing in meta.articles():
        draft.offer("published", _said(thing.get("datePublished")), Origin.JSONLD, 0.9)
        draft.offer("updated", _said(thing.get("dateModified")), Origin.JSONLD, 0.9)
        draft.offer("published", _said(thing.get("dateCreated")), Origin.JSONLD, 0.7)
    for sure, names in (
        (0.88, ("article:published_time", "og:article:published_time", "og:published_time")),
        (
            0.85,
            (
                "datepublished",
                "date.published",
                "parsely-pub-date",
                "sailthru.date",
                "publish-date",
            ),
        ),
        (
            0.8,
            (
                "pubdate",
                "publishdate",
                "dc.date.issued",
                "dcterms.date",
                "dc.date",
                "cxenseparse:recs:publishtime",
            ),
        ),
        (
            0.75,
            (
                "date",
                "dc.date.created",
                "citation_publication_date",
                "article.published",
                "publication_date",
            ),
        ),
        (
            0.72,
            (
                "originalpublicationdate",
                "displaydate",
                "ptime",
                "article_date_original",
                "weibo:article:create_at",
            ),
        ),
    ):
        draft.offer("published", dates.parse(meta.first(*names)), Origin.META, sure)
    modified = meta.first(
        "article:modified_time", "og:updated_time", "datemodified", "last-modified"
    )
    draft.offer("updated", dates.parse(modified), Origin.META, 0.8)
    for element, value in microdata(meta, "datePublished")[:1]:
        draft.offer("published", dates.parse(value), Origin.MICRODATA, 0.85, element.tag)
    _time_elements(tree, draft)
    lines = _Lines(tree, archived=bool(archived))
    _visible(lines, draft, archived)
    _contradicted(lines, meta, draft, archived)


def _contradicted(lines: _Lines, meta: Meta, draft: Draft, archived: str) -> None:
    """Prefer the dateline that the page shows where its metadata contradicts it.

    Some publishing systems write the day on which they built the page into both dates of
    the metadata; an article is not published after the day that stands above it. Others show
    the day of a new edition as the dateline, without calling it an update: then that is the
    dateline.
    """
    said, changed = draft.published, draft.updated
    if said is None or changed is None or said.day is None:
        return
    shown = Draft()
    shown.lang = draft.lang
    _time_elements(lines.tree, shown)
    _visible(lines, shown, archived)
    found, date = shown.found.get("published"), shown.published
    if found is None or date is None or date.day is None or found.sure < 0.5:
        return
    built = said.day == changed.day and date.day < said.day
    # Where JSON-LD and meta elements agree on another day, they are believed.
    alone = not meta.first("article:published_time")
    if built or (alone and said.day != changed.day and date.day == changed.day):
        draft.offer("published", date, found.origin, 0.96, found.note or "the dateline it shows")


def _said(value: object) -> Dateline | None:
    if isinstance(value, list) and value:
        value = value[0]
    return dates.parse(value) if isinstance(value, str) else None


def _time_elements(tree: Element, draft: Draft) -> None:
    for element in list(tree.iter("time"))[:20]:
        value = element.get("datetime") or text_of(element)
        names = names_of(element) + " " + (element.get("itemprop") or "")
        label = text_of(element)[:30] + (
            (element.getprevious() is None and element.getparent().text) or ""
        )
        if "updat" in names or "modif" in names or _UPDATED.search(label):
            draft.offer("updated", dates.parse(value), Origin.TIME, 0.7)
            continue
        sure = 0.75 if element.get("pubdate") is not None or "publi" in names else 0.6
        draft.offer("published", dates.parse(value), Origin.TIME, sure)


class _Lines:
    """The lines of a page that may hold a date; looked for when they are first asked for."""

    def __init__(self, tree: Element, *, archived: bool) -> None:
        self.tree = tree
        self.maybe = _MAYBE_AGO if archived else _MAYBE

    @cached_property
    def found(self) -> list[tuple[str, str, Element, int]]:
        """Each such line, the one before it, where it stands, and how much text up to there."""
        hits: list[tuple[str, str, Element, int]] = []
        seen = 0
        before = ""
        for element in self.tree.iter():
            if element.tag in _UNSEEN or not isinstance(element.tag, str):
                continue
            for text, inside in ((element.text, True), (element.tail, False)):
                line = text.strip() if text else ""
                if not line:
                    continue
                label, before = before, line
                seen += len(line)
                if 4 < len(line) < 200 and self.maybe.search(line):
                    owner = element if inside else element.getparent()
                    # A date in a quotation is that of an embedded post.
                    if owner is not None and next(owner.iterancestors("blockquote"), None) is None:
                        hits.append((line, label, owner, seen))
        return hits


def _visible(lines: _Lines, draft: Draft, archived: str) -> None:
    """Read the date from the page's text: near a name that says date, or above the article."""
    if "published" in draft.found and draft.found["published"].sure > 0.6:
        return
    for hit in lines.found:
        _offer_line(hit, draft, archived)


def _offer_line(hit: tuple[str, str, Element, int], draft: Draft, archived: str) -> None:
    line, label, owner, seen = hit
    names = names_of(owner)
    if "updat" in names or "modif" in names:
        return
    up = owner.getparent()
    names += names_of(up) if up is not None else ""
    dated = bool(_DATED.search(names))
    if _FOREIGN.search(names):
        return
    day_first = draft.lang[:2] not in ("", "en") or None
    short = len(line) < 60
    label = label[-30:] if short else ""
    found = dates.find(line, day_first=day_first)
    if not found:  # its day may stand in an element of its own
        line, label = f"{label} {line}", ""
        found = dates.find(line, day_first=day_first)
    if not found:
        if archived and dated:
            draft.offer("published", dates.ago(line, archived), Origin.VISIBLE, 0.4, line[:60])
        return
    at, date = found[0]
    before = f"{label} {line[:at]}"
    note = f"{label} {line}"[:60].strip()
    if _JOINED.search(before):
        return
    if _UPDATED.search(before):
        draft.offer("updated", date, Origin.VISIBLE, 0.5, note)
        draft.offer("published", date, Origin.VISIBLE, 0.3, note)
        return
    sure = 0.58 if dated else 0.52 if short else 0.42
    if _SAID.search(before):
        sure = max(sure, 0.56) if _LABELLED.match(line) else sure + 0.01
    if date.day is None:
        sure -= 0.2
    if before.rstrip().endswith(("©", "Copyright", "(c)")) or len(line) > 120:
        sure = 0.2
    if _names_something(owner, line) or _fold(draft.title) in _fold(line):
        sure = min(sure, 0.28)
    # A date far down the page is more often another article's.
    draft.offer("published", date, Origin.VISIBLE, sure - min(0.1, seen / 200_000), note)


def _fold(text: str) -> str:
    """Letters and digits alone; something no line has where there are none."""
    return re.sub(r"[\W_]+", "", text.casefold()) or "-"


def _names_something(owner: Element, line: str) -> bool:
    """The date is a part of a headline: in a heading, or among several words that are a link."""
    for up in (owner, *owner.iterancestors()):
        if up.tag in ("h1", "h2", "h3", "h4"):
            return len(_WORD.findall(line)) >= 2
        if up.tag == "a":
            return len(_WORD.findall(line)) >= 3
        if up.tag in ("p", "div", "td", "li"):
            return False
    return False
