"""The two ways between our record of an article and Pelican's, for the stages' shells.

This module and the shells are the only ones of their rooms that import Pelican.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final

from lxml import html
from markupsafe import Markup, escape
from pelican.contents import Author, Tag
from pelican.utils import SafeDatetime, slugify

from backissue.article import Article, Dateline
from backissue.clean.shape import shape
from backissue.patterns import pattern

SLUG_LENGTH: Final = 80  # a file name of more than 255 bytes ends Pelican's build
_IN_WORDS: Final = str.maketrans("<>\"'", "‹›”’")
_IN_ADDRESSES: Final = str.maketrans({"<": "%3C", ">": "%3E", '"': "%22", "'": "%27"})
_OPENING: Final = pattern(r"(^|[\s(\[])\"")
_PUBLISHED: Final = ("articles", "translations")
_UNLISTED: Final = ("drafts", "drafts_translations", "hidden_articles", "hidden_translations")


def runs(settings: Mapping[str, Any], stage: str) -> bool:
    """Return whether a site runs a stage by itself. The archive runs all of them its own way."""
    plugins = settings.get("PLUGINS") or ()
    return stage in plugins and "backissue.archive" not in plugins


def published(generator: Any) -> list[Any]:
    """Return the published articles of Pelican's article generator, by their files' names."""
    found = chain.from_iterable(getattr(generator, kind) for kind in _PUBLISHED)
    return sorted(found, key=key_of)


def every_article(generator: Any) -> list[Any]:
    """Return its drafts and hidden articles too."""
    found = chain.from_iterable(getattr(generator, kind) for kind in _UNLISTED)
    return [*published(generator), *sorted(found, key=key_of)]


def key_of(article: Any) -> str:
    """Return the path of Pelican's article below the content folder."""
    return Path(article.relative_source_path).as_posix()


def record_of(article: Any) -> Article:
    """Return our record of Pelican's article: the one cleaning made, or one made of the article.

    Its property ``content`` is not asked for: Pelican remembers what that was the first time,
    and links in it can be followed only when all files are known.
    """
    if isinstance(record := getattr(article, "record", None), Article):
        return record
    shaped = shape(article._content or "")
    declared = getattr(article, "declared_tags", None) or getattr(article, "tags", [])
    modified = getattr(article, "modified", None)
    return Article(
        key=key_of(article),
        title=plain(article.title),
        published=Dateline(article.date.isoformat(timespec="seconds")),
        updated=Dateline(modified.isoformat(timespec="seconds")) if modified else None,
        body=shaped.body,
        text=shaped.text,
        lead=plain(article.metadata.get("summary", "")),
        authors=tuple(plain(author.name) for author in getattr(article, "authors", [])),
        lang=article.lang,
        tags=tuple(plain(tag.name) for tag in declared),
        slug=article.slug,
        headings=shaped.headings,
    )


def metadata_of(record: Article, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as Pelican's metadata, made safe for themes: see ``shown``."""
    day, time = record.published.day, "T" in record.published.value
    default = settings["DEFAULT_LANG"].lower()
    # "en-US" is no other language than the site's "en", and no translation of it.
    lang = (
        default if record.lang.lower().split("-")[0] == default else slug_of(record.lang, settings)
    )
    found: dict[str, Any] = {
        "title": shown(record.title),
        "date": _moment(record.published),
        "dateline": record.published.value,
        "date_precision": "time" if time else "day" if day else "month",
        "lang": lang,
        "summary": shown(record.lead),
        "authors": wrapped(Author, record.authors, settings),
        "tags": wrapped(Tag, record.tags, settings),
        "slug": slug_of(record.slug, settings),
        "status": "draft" if record.draft else "published",
        "canonical": escape(record.canonical.translate(_IN_ADDRESSES)),
        "site": shown(record.site),
    }
    if not found["slug"] and settings["SLUGIFY_SOURCE"] == "title":
        found["slug"] = slug_of(record.title, settings) or f"article-{record.sha256[:8]}"
    if record.updated and record.updated > record.published:
        found["modified"] = _moment(record.updated)
    if not day:
        # So that a theme that knows nothing of precision says "May 2026" and not "1 May".
        found["date_format"] = "%Y年%m月" if lang.startswith("zh") else "%B %Y"
    return {name: value for name, value in found.items() if value} | {"record": record}


def content_of(record: Article) -> str:
    """Return the body as Pelican's content, the questions of an FAQ below it.

    Braces and bars are written as references. ``{static}/etc/…`` or ``|attach|…`` in a page
    that somebody saved would make Pelican copy that file into the site.
    """
    questions = (
        f'<section class="faq" lang="{escape(one.lang)}">\n<h2>{shown(one.question)}</h2>\n'
        f"{one.answer}\n</section>"
        for one in record.faq
    )
    whole = "\n".join((record.body, *questions))
    return whole.replace("{", "&#123;").replace("|", "&#124;")


def slug_of(text: str, settings: Mapping[str, Any]) -> str:
    """Return Pelican's slug of a text, cut between words at SLUG_LENGTH; it may be empty."""
    slug: str = slugify(
        str(escape(text)),
        settings["SLUG_REGEX_SUBSTITUTIONS"],
        settings["SLUGIFY_PRESERVE_CASE"],
        settings["SLUGIFY_USE_UNICODE"],
    )
    if len(slug.encode()) > SLUG_LENGTH:
        slug = slug.encode()[:SLUG_LENGTH].decode(errors="ignore")
        words = slug.rpartition("-")[0]
        slug = words if len(words) > SLUG_LENGTH // 2 else slug
    return slug


def wrapped(kind: Any, names: Iterable[str], settings: Mapping[str, Any]) -> list[Any]:
    """Return names as Pelican's tags or authors. One that can have no address is left out."""
    found: dict[str, Any] = {}
    for name in names:
        one = kind(_harmless(name), settings)
        one.slug = slug_of(name, settings)
        if one.slug:
            found.setdefault(one.slug, one)
    return list(found.values())


def shown(text: str) -> Markup:
    """Return words from anybody's page as a theme may show them.

    Pelican's themes show metadata as HTML, so it is escaped. And they put it into attributes
    as ``{{ title|striptags }}``, which takes the escapes away again: so signs that could open
    a tag or end an attribute become their typographic likes. ``record`` has the words as they
    were.
    """
    return escape(_harmless(text))


def plain(markup: str) -> str:
    """Return the words of HTML on one line."""
    if not str(markup).strip():
        return ""
    root = html.fragment_fromstring(str(markup), create_parent="div")
    return " ".join(root.text_content().split())


def _harmless(text: str) -> str:
    return _OPENING.sub("\\1“", text).translate(_IN_WORDS)


def _moment(date: Dateline) -> SafeDatetime:
    """Return a date as Pelican's: the first of a month where only that is known."""
    return SafeDatetime.fromisoformat(date.value if date.day else f"{date.value}-01")
