"""One small adapter a format: each yields what it holds and what it says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ...article import Rejected
from ..records import CleanSettings, Piece
from .docx import open_docx
from .feed import open_feed
from .mhtml import open_letter, open_mhtml
from .warc import open_wacz, open_warc

Adapter = Callable[[str, bytes, CleanSettings], Iterator[Piece | Rejected]]

ADAPTERS: Final[dict[str, Adapter]] = {
    ".mhtml": open_mhtml,
    ".mht": open_mhtml,
    ".eml": open_letter,
    ".warc": open_warc,
    ".warc.gz": open_warc,
    ".wacz": open_wacz,
    ".xml": open_feed,
    ".rss": open_feed,
    ".atom": open_feed,
    ".docx": open_docx,
}
