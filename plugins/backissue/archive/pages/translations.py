"""Which articles are one article in several languages.

An editor says so as on any Pelican site: the same slug, another language. Here it must be a slug
that somebody wrote down for each of them; two titles that happen to give one slug say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from backissue.archive.pages.views import Translation
from backissue.archive.store.catalogue import Entry
from backissue.article import Article

# What a language calls itself; of others the tag is shown.
NAMES: Final = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "pt": "Português",
    "ru": "Русский",
    "zh": "中文",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
}


def translations(
    entry: Entry, article: Article, namesakes: Sequence[Entry], slug_of: Callable[[Entry], str]
) -> tuple[Translation, ...]:
    """Return an article in all its languages, itself among them; nothing where it has only one.

    ``namesakes`` are the others that ask for its slug, oldest first; ``slug_of`` tells which slug
    was written down for one of them. Of two in one language the older one counts: each of a set
    of translations must name all of them, and no other.
    """
    if not article.slug or all(one.brief.lang == article.lang for one in namesakes):
        return ()
    meant = [entry, *(one for one in namesakes if slug_of(one))]
    by_lang: dict[str, Entry] = {}
    for one in sorted(meant, key=lambda one: one.place):
        by_lang.setdefault(one.brief.lang, one)
    if len(by_lang) < 2 or by_lang[article.lang].key != entry.key:
        return ()
    return tuple(
        Translation(lang, NAMES.get(lang, lang), one.url) for lang, one in sorted(by_lang.items())
    )
