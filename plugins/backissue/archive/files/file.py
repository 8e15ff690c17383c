"""A file of the site that no template renders, and what such files need to know of the site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from lxml import etree

SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What a page may fetch and do: what is its own, and no script or style in the page itself.
# themes/broadsheet/templates/base.html says the same where the site sets no CSP of its own.
POLICY: Final = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; "
    "img-src 'self'; script-src 'self'; style-src 'self'"
)


class Site(msgspec.Struct, frozen=True):
    """What files need to know of the site; ``base`` is its absolute address, no slash after.

    ``policy`` is the content security policy of its pages, empty for none.
    """

    name: str
    subtitle: str
    base: str
    lang: str
    policy: str = POLICY


class File(msgspec.Struct, frozen=True):
    """A file to publish: its path, a digest of all that it shows, and how it is made."""

    path: str
    shows: bytes
    make: Callable[[], bytes]


def xml(root: etree._Element) -> bytes:
    """Return a document as bytes."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return data
