"""What cleaning finds in a file, dated or not, in the form that extraction benchmarks read."""

from __future__ import annotations

import itertools
from typing import Any

from ..article import Rejected
from .pipeline import open_file, read_piece
from .records import DEFAULTS, CleanSettings, Piece, RawFile
from .shape import shape


def predict(raw: RawFile, settings: CleanSettings = DEFAULTS) -> dict[str, Any] | Rejected:
    """Return title, date, author, text, html, lang and tags of the first article in a file.

    Unlike ``clean`` this asks for neither a date nor a title: a benchmark has pages without.
    """
    pieces = list(itertools.islice(open_file(raw, settings), 50))
    first = next((piece for piece in pieces if isinstance(piece, Piece)), None)
    if first is None:
        return next(piece for piece in pieces if isinstance(piece, Rejected))
    draft, problem = read_piece(first, raw, settings)
    if problem is not None:
        return problem
    shaped = shape(draft.body, draft.canonical, draft.title)
    return {
        "title": draft.title,
        "date": draft.published.value if draft.published else None,
        "author": list(draft.authors),
        "text": shaped.text,
        "html": shaped.body,
        "lang": draft.lang,
        "tags": list(draft.tags),
    }
