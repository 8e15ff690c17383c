"""Which encodings the head of a page declares, read as browsers read it before they decode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from backissue.patterns import pattern

# https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding
_TOKEN: Final = pattern(
    rb"<!--(?:-?>|.*?-->)|(?P<meta><meta(?=[\t\n\f\r /]))|(?P<tag></?[a-z][^\t\n\f\r >]*)"
    rb"|<[!/?][^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE: Final = pattern(
    rb"""[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)"""
    rb"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|(?!["'])([^\t\n\f\r >]*)))?"""
)
_END: Final = pattern(rb"[\t\n\f\r /]*>")
# https://html.spec.whatwg.org/#algorithm-for-extracting-a-character-encoding-from-a-meta-element
_CHARSET: Final = pattern(
    rb"""charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|(?!["'])([^\t\n\f\r ;]+))""",
    re.IGNORECASE,
)
_XML: Final = pattern(
    rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.\-]{2,40})", re.IGNORECASE
)


def declared_labels(head: bytes) -> Iterator[str]:
    """Yield the labels of encodings that the first bytes of a page declare, the first one first.

    An XML declaration comes before meta elements. Those within comments, attributes or tags that
    never end declare nothing. A label may be one that nobody knows.
    """
    if found := _XML.match(head):
        yield _text(found.group(1))
    at = 0
    while token := _TOKEN.search(head, at):
        at = token.end()
        if not token["meta"] and not token["tag"]:
            continue
        attributes: dict[bytes, bytes] = {}
        while not (end := _END.match(head, at)):
            found = _ATTRIBUTE.match(head, at)
            if found is None or found.end() == len(head):
                return  # the page breaks off within this tag
            name, value = found.group(1).lower(), next(filter(None, found.groups()[1:]), b"")
            attributes.setdefault(name, value)
            at = found.end()
        at = end.end()
        if token["meta"] and (label := _said(attributes)):
            yield label


def _said(attributes: dict[bytes, bytes]) -> str:
    """Return the label that a meta element declares, or ""."""
    if b"charset" in attributes:
        return _text(attributes[b"charset"])
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return ""
    found = _CHARSET.search(attributes.get(b"content", b""))
    return _text(next(filter(None, found.groups()), b"")) if found else ""


def _text(label: bytes) -> str:
    return label.strip(b"\t\n\f\r ").decode("latin-1").lower()
