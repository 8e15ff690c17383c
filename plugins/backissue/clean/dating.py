"""When a page was published and when it was changed."""

from __future__ import annotations


from ..article import Dateline, Origin
from . import dates
from .meta import Meta, microdata
from .records import Draft
from .tree import Element, names_of, text_of


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
    for element, value in microdata(tree, "datePublished")[:1]:
        draft.offer("published", dates.parse(value), Origin.MICRODATA, 0.85, element.tag)
    _time_elements(tree, draft)
    _visible(tree, draft, archived)


def _said(value: object) -> Dateline | None:
    if isinstance(value, list) and value:
        value = value[0]
    return dates.parse(value) if isinstance(value, str) else None


def _time_elements(tree: Element, draft: Draft) -> None:
    for element in list(tree.iter("time"))[:20]:
        value = element.get("datetime") or text_of(element)
        names = names_of(element) + " " + (element.get("itemprop") or "")
        if "updat" in names or "modif" in names:
            draft.offer("updated", dates.parse(value), Origin.TIME, 0.7)
            continue
        sure = 0.75 if element.get("pubdate") is not None or "publi" in names else 0.6
        draft.offer("published", dates.parse(value), Origin.TIME, sure)


def _visible(tree: Element, draft: Draft, archived: str) -> None:
    if draft.published is not None and draft.found["published"].sure > 0.6:
        return
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "title"):
            continue
        text = (element.text or "").strip()
        names = names_of(element)
        if not 4 < len(text) < 120:
            continue
        dated = "date" in names or "time" in names or "publish" in names or "meta" in names
        found = dates.find(text)
        if found:
            draft.offer("published", found[0][1], Origin.VISIBLE, 0.58 if dated else 0.5, text[:60])
        elif archived and dated:
            draft.offer("published", dates.ago(text, archived), Origin.VISIBLE, 0.4, text[:60])
