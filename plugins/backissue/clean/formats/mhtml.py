"""MHTML (RFC 2557): a page and its pictures in one file, as browsers save it."""

from __future__ import annotations

import email
import email.header
import email.message
import email.policy
from collections.abc import Iterator

from ...article import Reason, Rejected
from ..embedded import part_names
from ..records import CleanSettings, Piece, Said


def open_mhtml(name: str, data: bytes, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Yield the page of an MHTML file; the date of its header is the day it was saved."""
    del settings  # its size has been checked, and nothing in it is packed
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    address = str(message.get("Snapshot-Content-Location") or "").strip()
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    # The page is the part with the address of the whole, else the first.
    pages.sort(key=lambda part: str(part.get("Content-Location") or "").strip() != address)
    payload = pages[0].get_payload(decode=True) if pages else None
    if not isinstance(payload, bytes) or not payload.strip():
        yield Rejected(
            reason=Reason.UNREADABLE,
            where=name,
            detail="there is no web page in this MHTML file",
            hint="Open it in a browser; if the article shows there, save it again.",
        )
        return
    part = pages[0]
    said = Said(
        canonical=_address(address or str(part.get("Content-Location") or "")),
        archived=str(message.get("Date") or ""),
        encoding=str(part.get_content_charset() or ""),
        pictures=part_names(message),
    )
    yield Piece(shape="html", data=payload, said=said)


_PAGES = ("text/html", "application/xhtml+xml")


def _address(url: str) -> str:
    return url.strip() if url.strip().startswith(("http://", "https://")) else ""
