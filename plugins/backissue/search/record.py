"""A document as the browser reads it: a slot of fixed size, and the rest of its text apart.

That every slot is as large as the next is its address: no table of places has to be read
before a result can be shown. A slot holds what a result needs and the beginning of the
text, as much as fits once it is deflated; the rest is fetched only where the words that
were sought do not stand in the beginning.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

import msgspec

from .analysis import normal
from .codec import deflate
from .records import SearchDoc

SLOT: Final = 1280
HEADER: Final = Struct("<HII")  # the bytes used; where the rest stands and how long it is
_ROOM: Final = SLOT - HEADER.size
# A fifth of a year of tech news is longer; those rests would be a tenth of all that is exported.
LONGEST_SHOWN: Final = 8000
_WORD: Final = 40  # so far back a cut looks for a space


class Record(msgspec.Struct, frozen=True):
    """A document's record, deflated, the rest of its text, and at which character it is cut.

    An empty ``packed`` says that not even the title fits: then all of it stands in the rest.
    """

    packed: bytes
    rest: bytes
    cut: int


def record(doc: SearchDoc) -> Record:
    """Return what a browser reads of ``doc``."""
    fields: list[object] = [doc.url, normal(doc.title), doc.date, doc.lang, doc.topics]
    text = shown_text(doc)
    packed, cut = _fit(fields, text)
    if not packed:
        return Record(b"", deflate(msgspec.json.encode([*fields, text])), len(text))
    return Record(packed, deflate(text[cut:].encode()) if cut < len(text) else b"", cut)


def shown_text(doc: SearchDoc) -> str:
    """Return the text from which snippets of ``doc`` are cut, which is not all of a long one."""
    return normal(doc.text or doc.excerpt)[:LONGEST_SHOWN]


def slot(made: Record, offset: int) -> bytes:
    """Return the slot of a record whose rest stands at ``offset`` of its file."""
    header = HEADER.pack(len(made.packed), offset, len(made.rest))
    return (header + made.packed).ljust(SLOT, b"\0")


def _fit(fields: list[object], text: str) -> tuple[bytes, int]:
    """Return the deflated record with what fits of ``text``, and where that is cut."""
    cut = min(len(text), 5 * _ROOM)
    while True:
        packed = deflate(msgspec.json.encode([*fields, text[:cut]]))
        if len(packed) <= _ROOM:
            return packed, cut
        if cut == 0:
            return b"", 0
        smaller = int(cut * _ROOM / len(packed) * 0.97)
        if smaller < _WORD:
            smaller = 0
        space = text.rfind(" ", smaller - _WORD, smaller)
        cut = space if space > 0 else smaller
