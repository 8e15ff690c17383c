"""A document as the browser reads it: a slot of fixed size, and the rest of its text apart.

That every slot is as large as the next is its address: no table of places has to be read
before a result can be shown. A slot holds what a result needs and the beginning of the
text, as much as fits once it is deflated; the rest is fetched only where the words that
were sought do not stand in the beginning.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from .analysis import normal
from .codec import deflate
from .records import SearchDoc

SLOT: Final = 1280
_ROOM: Final = SLOT - 2  # two bytes say how much of the slot is used
_ANYWHERE: Final = (987_654_321, 123_456_789)
_SPARE: Final = 8
_WORD: Final = 40  # so far back a cut looks for a space


class Record(NamedTuple):
    """A document's slot and rest, and the two parts of its text that they hold."""

    slot: bytes
    rest: bytes
    head: str
    tail: str


def record(doc: SearchDoc, offset: int) -> Record:
    """Return ``doc`` as a slot whose rest will stand at ``offset`` of its file."""
    fields: list[object] = [doc.url, normal(doc.title), doc.date, doc.lang, doc.topics]
    text = normal(doc.text or doc.excerpt)
    packed, cut, rest = _fit(fields, text, offset)
    if packed is None:
        # Not even the title fits: all of it stands in the rest.
        whole = deflate(msgspec.json.encode([*fields, text]))
        packed = deflate(msgspec.json.encode([offset, len(whole)]))
        return Record(_slot(packed), whole, text, "")
    return Record(_slot(packed), rest, text[:cut], text[cut:])


def _slot(packed: bytes) -> bytes:
    return (len(packed).to_bytes(2, "little") + packed).ljust(SLOT, b"\0")


def _fit(fields: list[object], text: str, offset: int) -> tuple[bytes | None, int, bytes]:
    """Return the deflated record with what fits of ``text``, where it is cut, and the rest."""
    cut = min(len(text), 5 * _ROOM)
    while True:
        # Measured with stand-ins for the place of the rest, so that the cut is the same
        # wherever the document stands.
        packed = deflate(msgspec.json.encode([*fields, text[:cut], *_ANYWHERE]))
        if len(packed) + _SPARE <= _ROOM:
            rest = deflate(text[cut:].encode()) if cut < len(text) else b""
            place = [offset, len(rest)] if rest else []
            return deflate(msgspec.json.encode([*fields, text[:cut], *place])), cut, rest
        if cut == 0:
            return None, 0, b""
        smaller = int(cut * _ROOM / len(packed) * 0.97)
        if smaller < _WORD:
            smaller = 0
        space = text.rfind(" ", smaller - _WORD, smaller)
        cut = space if space > 0 else smaller
