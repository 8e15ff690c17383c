"""MHTML (RFC 2557): a page and its pictures in one file, as browsers save it; letters (.eml)."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.message
import email.policy
import email.utils
import re
from collections.abc import Iterator
from typing import Final

from backissue.patterns import pattern

from ...article import Reason, Rejected
from ..embedded import part_names
from ..records import CleanSettings, Piece, Said

_BOUNDARY: Final = pattern(rb"boundary\s*=", re.IGNORECASE)
_DEEPEST: Final = 200


def open_mhtml(name: str, data: bytes, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Yield the page of an MHTML file; the date of its header is the day it was saved."""
    del settings  # its size has been checked, and nothing in it is packed
    if _nested(data):
        yield _too_deep(name)
        return
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


def open_letter(name: str, data: bytes, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Yield the text of a letter (.eml), as a newsletter is kept: its page, else its plain text.

    Its subject is the title, its sender the author, its date the date.
    """
    del settings
    if _nested(data):
        yield _too_deep(name)
        return
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    parts = [part for part in parts if part.get_content_disposition() != "attachment"]
    page = next((part for part in parts if part.get_content_type() in _PAGES), None)
    part = page or next((part for part in parts if part.get_content_type() == "text/plain"), None)
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        yield Rejected(
            reason=Reason.UNREADABLE,
            where=name,
            detail="there is no text in this letter",
            hint="Open it in your mail program and save it again with its content, as .eml.",
        )
        return
    sender, _ = email.utils.parseaddr(_header(message, "From"))
    said = Said(
        title=_REPLIED.sub("", _header(message, "Subject")),
        published=_header(message, "Date"),
        authors=(sender,) if sender else (),
        encoding=str(part.get_content_charset() or ""),
        pictures=part_names(message),
    )
    if page is None:
        payload = (said.title + "\n\n").encode(said.encoding or "utf-8", "replace") + payload
    yield Piece(shape="text" if page is None else "html", data=payload, said=said)


def _nested(data: bytes) -> bool:
    """Parts that hold parts are read one within the other, which ends where Python's stack does."""
    return len(_BOUNDARY.findall(data)) > _DEEPEST


def _too_deep(name: str) -> Rejected:
    return Rejected(
        reason=Reason.TOO_DEEP,
        where=name,
        detail=f"more than {_DEEPEST} of its parts hold other parts",
        hint="Open it and save the page or the letter that is meant by itself.",
    )


def _header(message: email.message.Message, name: str) -> str:
    """A header in words: its parts may be in encodings of their own (RFC 2047)."""
    try:
        said = str(email.header.make_header(email.header.decode_header(str(message.get(name, "")))))
    except (LookupError, ValueError, email.errors.HeaderParseError):
        said = str(message.get(name, ""))
    return " ".join(said.split())


_REPLIED = pattern(r"^(?:(?:re|fwd?|aw|wg|转发|回复)\s*[:：]\s*)+", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml")


def _address(url: str) -> str:
    return url.strip() if url.strip().startswith(("http://", "https://")) else ""
