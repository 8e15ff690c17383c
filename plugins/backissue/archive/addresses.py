"""The addresses of the site: permanent, readable, relative, and their files in ``output/``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from unidecode import unidecode

from backissue.patterns import pattern

SLUG_LENGTH: Final = 80
RESERVED: Final = frozenset({"page"})  # a month's numbered pages live below it
_NOT_SLUG = pattern(r"[^a-z0-9]+")


def slug_of(title: str) -> str:
    """Return the slug that a title asks for: ASCII letters, digits and hyphens.

    Chinese is written in pinyin (Unidecode). It is cut between words at SLUG_LENGTH.
    """
    slug = _NOT_SLUG.sub("-", unidecode(title).replace("'", "").lower()).strip("-")
    if len(slug) > SLUG_LENGTH:
        cut = slug.rfind("-", SLUG_LENGTH // 2, SLUG_LENGTH + 1)
        slug = slug[: cut if cut > 0 else SLUG_LENGTH].rstrip("-")
    return f"{slug}-article".lstrip("-") if not slug or slug in RESERVED else slug


def tell_apart(claims: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Settle which article of one month gets a slug that several of them ask for.

    ``claims`` are (date, key) of those that ask for the same slug. The earliest (then the
    one whose key comes first) gets it as it is, each other one gets a suffix made from its
    own key alone. Returns key -> suffix, ``""`` for the first. So the order in which files
    arrived plays no part, and a newcomer, which is usually the later one, moves nobody.
    """
    ordered = sorted(claims)
    return {key: "" if place == 0 else _suffix(key) for place, (_, key) in enumerate(ordered)}


def asked_for(slug: str, key: str) -> str:
    """Return the slug that the article with this key asked for, where it was given ``slug``."""
    return slug.removesuffix(_suffix(key))


def _suffix(key: str) -> str:
    return "-" + hashlib.sha256(key.encode()).hexdigest()[:6]


def month_address(month: str) -> str:
    """Return the address of a month archive, ``2026/05/``."""
    return f"{month[:4]}/{month[5:7]}/"


def article_address(month: str, slug: str) -> str:
    """Return the address of an article, ``2026/05/<slug>/``."""
    return f"{month_address(month)}{slug}/"


def is_article(address: str) -> bool:
    """Return whether an address is one of an article: ``2026/05/<slug>/``."""
    return address[:4].isdigit() and address.count("/") == 3


def topic_address(slug: str) -> str:
    """Return the address of a topic, ``topics/<slug>/``."""
    return f"topics/{slug}/"


def topic_month_address(slug: str, month: str) -> str:
    """Return the address of a topic's month, ``topics/<slug>/2026/05/``."""
    return f"{topic_address(slug)}{month_address(month)}"


def numbered(address: str, number: int) -> str:
    """Return the address of one numbered page of a list, ``<address>page/3/``."""
    return f"{address}page/{number}/"


def file_of(address: str) -> str:
    """Return the file in ``output/`` that an address names."""
    return f"{address}index.html" if not address or address.endswith("/") else address
