"""A web page to the draft of an article."""

from __future__ import annotations

import re
from typing import Final

from backissue.patterns import pattern

from ..article import Image, Origin, Reason, Rejected
from .body import find_body
from .bylines import find_authors
from .dating import find_dates
from .embedded import held_by
from .meta import Meta, plain
from .records import CleanSettings, Draft
from .sanitise import safe_url
from .titles import find_title
from .tree import Element, parse, too_deep

_SAVED: Final = pattern(r"<!--\s*saved from url=\(\d{4}\)(https?://[^\s>]+?)\s*-->", re.IGNORECASE)
_SINGLEFILE: Final = pattern(
    r"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)(?:\s+saved date:\s*([^\n]+))?", re.IGNORECASE
)
_MANIFEST_LANG: Final = pattern(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}$")


def read_html(
    text: str, where: str, draft: Draft, settings: CleanSettings, *, archived: str = ""
) -> Rejected | None:
    """Read a page into ``draft``; return why it cannot be read, or None."""
    # A cheap look before the tree is built: an element has two tags at most.
    if text.count("<") > 4 * settings.max_elements:
        return _too_many(f"more than {2 * settings.max_elements:,}", where, settings)
    tree = parse(text)
    if tree is None:
        return Rejected(
            reason=Reason.UNREADABLE,
            where=where,
            detail="there is no web page in this file",
            hint="Open it in a browser; if it shows an article there, save it again.",
        )
    if too_deep(tree, settings.max_depth):
        return Rejected(
            reason=Reason.TOO_DEEP,
            where=where,
            detail=f"its elements stand more than {settings.max_depth} deep in one another",
            hint="No real page is built like that. Save the article's text as .txt instead.",
        )
    count = int(tree.xpath("count(//*)"))
    if count > settings.max_elements:
        return _too_many(f"{count:,}", where, settings)
    draft.truncated = _breaks_off(text)
    meta = Meta(tree)
    archived = _address(text[:4000], meta, draft) or archived
    _plain_fields(tree, meta, draft)
    _picture_within(draft)
    title = find_title(tree, meta, draft)
    find_dates(tree, meta, draft, archived)
    find_authors(tree, meta, draft)
    find_body(tree, meta, draft, title)
    return None


def _too_many(count: str, where: str, settings: CleanSettings) -> Rejected:
    return Rejected(
        reason=Reason.TOO_LARGE,
        where=where,
        detail=f"the page has {count} elements; up to {settings.max_elements:,} are read",
        hint="Save the article alone, or its text as .txt.",
    )


def _breaks_off(text: str) -> bool:
    """The file ends inside a tag, or has no end at all."""
    tail = text.rstrip()[-400:]
    return tail.rfind("<") > tail.rfind(">") or "</" not in text


def _address(head: str, meta: Meta, draft: Draft) -> str:
    """Find the page's own address; return the date on which it was saved, where that is said."""
    single, saved = _SINGLEFILE.search(head), _SAVED.search(head)
    for url, origin, sure in (
        (meta.canonical, Origin.META, 0.9),
        (meta.first("og:url"), Origin.META, 0.85),
        (single.group(1) if single else "", Origin.CONTAINER, 0.8),
        (saved.group(1) if saved else "", Origin.CONTAINER, 0.8),
        (_json_url(meta), Origin.JSONLD, 0.7),
        (meta.first("twitter:url", "al:web:url"), Origin.META, 0.6),
    ):
        if re.match(r"https?://[^\s/]+", url):
            draft.offer("canonical", safe_url(url), origin, sure)
    if not draft.canonical and re.match(r"https?://", meta.base):
        draft.offer("canonical", safe_url(meta.base), Origin.META, 0.3, "the base of its links")
    return (single.group(2) or "").strip() if single else ""


def _json_url(meta: Meta) -> str:
    for thing in meta.articles():
        page = thing.get("mainEntityOfPage")
        for value in (page.get("@id") if isinstance(page, dict) else page, thing.get("url")):
            if isinstance(value, str) and value.startswith("http"):
                return value
    return ""


def _plain_fields(tree: Element, meta: Meta, draft: Draft) -> None:
    """Language, site, tags, picture: fields that are read rather than found."""
    for value, origin, sure in (
        (
            tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
            Origin.META,
            0.8,
        ),
        (meta.first("content-language", "og:locale", "language", "dc.language"), Origin.META, 0.6),
    ):
        lang = (value or "").strip().split(",")[0].replace("_", "-")
        if _MANIFEST_LANG.match(lang):
            draft.offer("lang", _lang(lang), origin, sure)
    for thing in meta.articles():
        draft.offer("site", plain(thing.get("publisher")), Origin.JSONLD, 0.7)
        draft.offer("tags", _keywords(thing.get("keywords")), Origin.JSONLD, 0.8)
        draft.offer("image", _image(thing.get("image"), draft), Origin.JSONLD, 0.7)
    draft.offer("site", meta.first("og:site_name", "application-name"), Origin.META, 0.9)
    draft.offer("tags", _words(meta.all("article:tag", "parsely-tags")), Origin.META, 0.9)
    draft.offer("tags", _rel_tags(tree), Origin.VISIBLE, 0.85)
    draft.offer(
        "tags", _words(meta.all("news_keywords", "sailthru.tags", "keywords")), Origin.META, 0.6
    )
    picture = meta.first("og:image:secure_url", "og:image", "twitter:image", "twitter:image:src")
    alt = meta.first("og:image:alt", "twitter:image:alt")
    source = safe_url(picture, draft.canonical)
    draft.offer("image", Image(source, alt) if source else None, Origin.META, 0.8)
    lead = meta.first("og:description", "description", "twitter:description", "dc.description")
    draft.offer("lead", " ".join(re.sub(r"<[^>]*>", "", lead).split()), Origin.META, 0.3)


def _picture_within(draft: Draft) -> None:
    """Let the main picture be the one in the raw file, where that holds it."""
    if draft.image and draft.folder and draft.pictures:
        name = held_by(draft.pictures, draft.image.src, draft.canonical)
        if name:
            draft.image = Image(draft.folder + name, draft.image.alt, draft.image.caption)


def _lang(code: str) -> str:
    """BCP 47 with its usual case; a region only where it tells scripts apart (zh-TW)."""
    parts = code.split("-")
    base = parts[0].lower()
    if base == "zh" and len(parts) > 1 and parts[1].lower() in ("tw", "hk", "mo", "hant"):
        return "zh-Hant"
    return base


def _words(values: list[str]) -> tuple[str, ...]:
    parts = [part for value in values for part in re.split(r"[,;，；、]", value)]
    names = [" ".join(part.split()).strip("#") for part in parts]
    return tuple(dict.fromkeys(name for name in names if 1 < len(name) <= 60))[:30]


def _keywords(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return _words([value])
    if isinstance(value, list):
        # Some sites put their own "key:value" codes here.
        return _words([plain(part) for part in value if not re.match(r"^\w+:\S", plain(part))])
    return ()


def _rel_tags(tree: Element) -> tuple[str, ...]:
    names = []
    for link in tree.iter("a"):
        if "tag" in (link.get("rel") or "").lower().split():
            names.append(" ".join("".join(link.itertext()).split()))
    return _words(names) if len(names) <= 40 else ()


def _image(value: object, draft: Draft) -> Image | None:
    first = value[0] if isinstance(value, list) and value else value
    caption = ""
    if isinstance(first, dict):
        caption = plain(first.get("caption"))
        first = first.get("url") or first.get("contentUrl")
        first = first[0] if isinstance(first, list) and first else first
    if not isinstance(first, str):
        return None
    source = safe_url(first, draft.canonical)
    return Image(source, "", caption) if source.startswith(("http", "/")) else None
