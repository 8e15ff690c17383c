"""The records that travel from a raw file to a page.

Everything here is frozen and made of plain values, so that a record can be hashed,
compared, stored and sent to another process. No other module is shared by all stages.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

import msgspec

EXCERPT_LENGTH: Final = 180
_OPENING: Final = 4_000  # characters of a text in which its first sentences stand
_SENTENCE_ENDS: Final = tuple(
    stop + quote for stop in ".!?。！？…" for quote in ("", "”", "’", '"', "」")
)


class Reason(StrEnum):
    """Why a file was not published. Each is explained in docs/refusals.md."""

    EMPTY = "empty"
    BINARY = "binary"
    TOO_LARGE = "too large"
    TOO_DEEP = "too deep"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    UNKNOWN_FORMAT = "unknown format"
    NO_TITLE = "no title"
    NO_BODY = "no body"
    NO_DATE = "no date"
    BAD_SETTING = "bad setting"
    BAD_VOCABULARY = "bad vocabulary"


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or a part of one, that could not be published.

    ``where`` names the file and, after a colon, the line or the part; ``detail`` is what
    was seen there; ``hint`` is what an editor can do about it.
    """

    reason: Reason
    where: str
    detail: str
    hint: str


class Origin(StrEnum):
    """Where the value of a field was found."""

    EDITOR = "editor"
    CONTAINER = "container"
    JSONLD = "json-ld"
    MICRODATA = "microdata"
    META = "meta"
    TIME = "time element"
    VISIBLE = "visible text"
    URL = "url"
    FILENAME = "file name"
    FOLDER = "folder name"
    GUESS = "guess"


class Found(msgspec.Struct, frozen=True):
    """The provenance of one field: its origin, how sure we are (0 to 1), a note for people."""

    origin: Origin
    sure: float
    note: str = ""


class Dateline(msgspec.Struct, frozen=True, order=True):
    """A date in the precision in which it is known.

    ``value`` is ISO 8601 with reduced precision: ``2026-05``, ``2026-05-20`` or
    ``2026-05-20T09:30:00+08:00``. The day is the page's own local day. Values sort by time,
    a month before its days.
    """

    value: str

    @property
    def month(self) -> str:
        """The month as ``YYYY-MM``."""
        return self.value[:7]

    @property
    def day(self) -> str | None:
        """The day as ``YYYY-MM-DD``, or None where only the month is known."""
        return self.value[:10] if len(self.value) >= 10 else None


class Image(msgspec.Struct, frozen=True):
    """The main picture of an article; ``src`` is an address or a path beside the raw file."""

    src: str
    alt: str = ""
    caption: str = ""


class Heading(msgspec.Struct, frozen=True):
    """A heading of the body: its level (2 to 6) and its plain text."""

    level: int
    text: str


class Question(msgspec.Struct, frozen=True):
    """One entry of an FAQ; ``answer`` is clean HTML, ``lang`` a BCP 47 tag."""

    question: str
    answer: str
    lang: str


class Reference(msgspec.Struct, frozen=True):
    """One entry of the further reading that the page itself gives."""

    title: str
    excerpt: str = ""
    url: str = ""


class Correction(msgspec.Struct, frozen=True, order=True):
    """What an editor put right in an article after it was published, and when."""

    date: Dateline
    note: str


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article, as cleaning leaves it.

    ``key`` identifies it within the archive: the path of its raw file below ``content/``
    with ``/`` between folders, and ``#`` and a number for the second and later articles of
    a container. ``body`` is safe HTML whose highest heading is ``h2`` and in which an
    ``<aside role="note">`` is a call-out. ``text`` is the plain text of the body, blocks
    parted by a blank line. ``lead`` is plain text and is not repeated in the body.
    ``lang`` is a BCP 47 tag (``en``, ``zh``). ``canonical`` is the address at which the
    article was published first, ``site`` the name of who published it. ``found`` says of a
    field's value where it came from. ``corrections`` are the editor's, the earliest first.
    """

    key: str
    title: str
    published: Dateline
    body: str
    text: str
    lead: str = ""
    updated: Dateline | None = None
    authors: tuple[str, ...] = ()
    lang: str = "en"
    tags: tuple[str, ...] = ()
    canonical: str = ""
    site: str = ""
    slug: str = ""
    image: Image | None = None
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    faq: tuple[Question, ...] = ()
    draft: bool = False
    sha256: str = ""
    found: dict[str, Found] = {}
    corrections: tuple[Correction, ...] = ()

    @property
    def modified(self) -> Dateline | None:
        """When it was changed last: updated or corrected, whichever came later."""
        changed = [self.updated] if self.updated else []
        return max((*changed, *(one.date for one in self.corrections)), default=None)

    @property
    def excerpt(self) -> str:
        """The lead, or how the text begins, cut at a word near EXCERPT_LENGTH characters."""
        said = self.lead or opening(self.text, {heading.text for heading in self.headings})
        return shorten(said, EXCERPT_LENGTH)


class TopicMatch(msgspec.Struct, frozen=True):
    """A topic of an article: its slug, a score (0 to 1) and the evidence, for people."""

    slug: str
    score: float
    evidence: tuple[str, ...] = ()


class Suggestion(msgspec.Struct, frozen=True):
    """An article worth reading after another one: its key, a score (0 to 1) and why.

    Where both are near by their words alone, ``shares`` are hashes of the strongest terms that
    they share, the strongest first: ``related.mentions`` says what they are called.
    """

    key: str
    score: float
    why: str = ""
    shares: tuple[int, ...] = ()


def opening(text: str, headings: Collection[str] = ()) -> str:
    """Return the first sentences of a text whose blocks are parted by blank lines.

    Headings, lists, code and lines that are no sentences (who wrote it, what a list is going
    to say) are passed over, unless the text begins with nothing else.
    """
    begins = text[:_OPENING].split("\n\n")
    spoken = [block for block in begins if block not in headings]
    sentences = [block for block in spoken if "\n" not in block and block.endswith(_SENTENCE_ENDS)]
    return " ".join(sentences or spoken) or text


def shorten(text: str, length: int) -> str:
    """Return ``text`` on one line, cut before ``length`` characters with an ellipsis.

    The cut falls between words where there is a space in the last third, and anywhere
    otherwise (Chinese has none). Where it falls at the end of a sentence, nothing is missing.
    """
    line = " ".join(text[: 4 * length].split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    space = cut.rfind(" ")
    if space > 2 * length // 3:
        cut = cut[:space]
    cut = cut.rstrip(" ,;:，、；：—–-")
    return cut if cut.endswith(_SENTENCE_ENDS) else f"{cut}…"
