"""A document as the browser reads it: a slot whose size follows from the document's length.

The lengths of all documents are read before the first query, so a reader knows where each
slot stands without a table of places, and ten results are ten ranges. A slot holds what a
result needs and as much of the text as fits once it is deflated.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from .analysis import normal
from .codec import deflate
from .records import SearchDoc
from .whooshed import LENGTHS

# A slot is so large and, for each unit of a document's length, so many quarters of a byte
# larger: of an English text, three in four fit whole; a Chinese one is written in less.
SMALLEST: Final = 320
LARGEST: Final = 1792
QUARTERS: Final = 13
HEADER: Final = Struct("<H")  # the bytes used
# In a slot that not even the title fits: nothing used, where all of it stands, how long it is.
ELSEWHERE: Final = Struct("<HII")
LONGEST_SHOWN: Final = 8000
_WORD: Final = 40  # so far back a cut looks for a space
_RATIO: Final = 2.2  # bytes of text that are one once they are deflated
_LEFT: Final = 0.05  # of a slot may be left empty where text is cut

SIZES: Final = np.minimum(LARGEST, SMALLEST + np.array(LENGTHS, np.int64) * QUARTERS // 4)


class Record(msgspec.Struct, frozen=True):
    """A document's record, deflated, and at which character its text is cut.

    One that is larger than its slot stands elsewhere.
    """

    packed: bytes
    cut: int


def places(lengths: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return where the slots of documents with these length bytes begin, and where all end."""
    starts: NDArray[np.int64] = np.concatenate(([0], np.cumsum(SIZES[lengths])))
    return starts


def record(doc: SearchDoc, length: int) -> Record:
    """Return what a browser reads of ``doc``, whose length byte is ``length``."""
    fields: list[object] = [doc.url, normal(doc.title), doc.date, doc.lang, doc.topics]
    text = shown_text(doc)
    room = int(SIZES[length]) - HEADER.size
    return _fit(fields, text, room) or Record(_packed(fields, text, len(text)), len(text))


def shown_text(doc: SearchDoc) -> str:
    """Return the text from which snippets of ``doc`` are cut, which is not all of a long one."""
    return normal(doc.text or doc.excerpt)[:LONGEST_SHOWN]


def slot(made: Record, length: int, offset: int) -> bytes:
    """Return the slot of a record whose document has this length byte.

    ``offset`` is where it stands elsewhere if it does not fit.
    """
    size = int(SIZES[length])
    if fits(made, length):
        return (HEADER.pack(len(made.packed)) + made.packed).ljust(size, b"\0")
    return ELSEWHERE.pack(0, offset, len(made.packed)).ljust(size, b"\0")


def fits(made: Record, length: int) -> bool:
    """Return whether a record fits the slot of its document."""
    return HEADER.size + len(made.packed) <= int(SIZES[length])


def _packed(fields: list[object], text: str, cut: int) -> bytes:
    return deflate(msgspec.json.encode([*fields, text[:cut], int(cut < len(text))]))


def _fit(fields: list[object], text: str, room: int) -> Record | None:
    """Return the record with what fits of ``text``, or None where not even the title does."""
    best: Record | None = None
    size = len(text.encode())
    cut = min(len(text), int(len(text) * room * _RATIO / size)) if size else 0
    while True:
        packed = _packed(fields, text, cut)
        if len(packed) <= room:
            full = cut == len(text) or len(packed) > room * (1 - _LEFT)
            if full or (best and best.cut >= cut):
                return Record(packed, cut)
            best = Record(packed, cut)
            wider = min(len(text), int(cut * room / len(packed) * (1 - _LEFT / 3)))
            if wider <= cut:
                return best
            cut = wider
        elif best:
            return best
        elif cut == 0:
            return None
        else:
            smaller = int(cut * room / len(packed) * (1 - _LEFT / 2))
            cut = smaller if smaller >= _WORD else 0
        space = text.rfind(" ", cut - _WORD, cut) if 0 < cut < len(text) else -1
        cut = space if space > 0 else cut
