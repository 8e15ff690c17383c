"""What goes into cleaning, what is gathered on the way, and nothing of how it is done."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from ..article import Correction, Dateline, Found, Image, Origin, Question, Reference

Shape = Literal["html", "text", "markdown"]


class RawFile(msgspec.Struct, frozen=True):
    """One file below ``content/``: its path there (``/`` between folders), its bytes, its sidecar.

    ``sidecar`` holds the bytes of ``<file>.toml`` where an editor wrote one.
    """

    name: str
    data: bytes
    sidecar: bytes | None = None


class CleanSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The limits of cleaning.

    ``max_bytes`` is the largest file read (30 MB is 60 times the largest page of the
    extraction corpus); ``max_depth`` the deepest nesting of elements (nh3 takes time
    quadratic in it; the deepest real page seen has under 100); ``max_elements`` the most
    elements of a page (the largest real one seen has 20,000) and twice the most lines and cells
    of a text; ``max_text`` the most characters of an article (the longest novels have three
    million); ``max_items`` the most articles read from one container; ``max_unpacked`` the most
    bytes that a packed container may unpack to.
    """

    max_bytes: int = 30_000_000
    max_depth: int = 500
    max_elements: int = 200_000
    max_text: int = 5_000_000
    max_items: int = 50_000
    max_unpacked: int = 300_000_000


DEFAULTS: Final = CleanSettings()


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a container says about one article that it holds. Empty is: says nothing.

    ``pictures`` are the addresses of those within it, with the names of embedded.py.
    """

    title: str = ""
    published: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lang: str = ""
    canonical: str = ""
    site: str = ""
    lead: str = ""
    encoding: str = ""
    archived: str = ""
    draft: bool = False
    pictures: dict[str, str] = {}


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One article as an adapter hands it over: its shape, its source, what the container says.

    ``data`` is set where the encoding is still to be found, ``text`` where it is known.
    ``number`` counts the articles of a container from 1, and is 0 for a file that is one.
    """

    shape: Shape
    text: str = ""
    data: bytes | None = None
    said: Said = Said()
    number: int = 0


class Cut(msgspec.Struct, frozen=True):
    """Something left out of the article: the beginning of its text, and why, for people."""

    text: str
    why: str


FIELDS: Final = (
    "title",
    "published",
    "updated",
    "authors",
    "lang",
    "tags",
    "canonical",
    "site",
    "slug",
    "lead",
    "image",
    "references",
    "faq",
    "corrections",
    "draft",
)


class Draft:
    """What is known of one article so far; each field holds the surest value offered."""

    def __init__(self) -> None:
        self.title = ""
        self.published: Dateline | None = None
        self.updated: Dateline | None = None
        self.authors: tuple[str, ...] = ()
        self.lang = ""
        self.tags: tuple[str, ...] = ()
        self.canonical = ""
        self.site = ""
        self.slug = ""
        self.lead = ""
        self.image: Image | None = None
        self.references: tuple[Reference, ...] = ()
        self.faq: tuple[Question, ...] = ()
        self.corrections: tuple[Correction, ...] = ()
        self.draft = False
        self.hide = False
        self.body = ""
        self.found: dict[str, Found] = {}
        self.cuts: list[Cut] = []
        self.notes: list[str] = []
        self.truncated = False
        self.folder = ""  # where pictures within the file seem to be: embedded.py
        self.pictures: dict[str, str] = {}

    def offer(self, field: str, value: Any, origin: Origin, sure: float, note: str = "") -> None:
        """Keep ``value`` for ``field`` if it says something and is surer than what is there.

        Among equally sure values the first one stays, so the order of offers is the rank of
        the sources.
        """
        if value is None or value in ("", ()):
            return
        before = self.found.get(field)
        if before is None or sure > before.sure:
            setattr(self, field, value)
            self.found[field] = Found(origin, sure, note)

    def cut(self, text: str, why: str) -> None:
        """Note that ``text`` was left out."""
        line = " ".join(text[:400].split())
        if line:
            self.cuts.append(Cut(line[:160], why))
