"""Why an article stands where it stands: what each word of the query added to its score."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from .archive import Archive
from .finding import understood
from .rank import norms, rank, score_leaf
from .whooshed import LENGTHS


class Part(msgspec.Struct, frozen=True):
    """A word or phrase of the query: how many articles have it, and what it adds here."""

    text: str
    articles: int
    adds: float


class Explanation(msgspec.Struct, frozen=True):
    """A result's score: the parts, whose sum times ``freshness`` is ``score``."""

    url: str
    title: str
    score: float
    freshness: float
    length: int
    parts: tuple[Part, ...]


def explain(root: Path, text: str, limit: int = 10) -> tuple[Explanation, ...]:
    """Return the scores of the first ``limit`` answers to ``text``, taken apart."""
    with Archive.open(root) as archive:
        query, _ = understood(text, archive)
        ranked = rank(query, archive)
        lengths = archive.lengths()
        norm = norms(archive.count, archive.total_length)[lengths]
        scored = [
            (leaf, *score_leaf(leaf, query.title, archive, norm))
            for group in query.groups
            for leaf in group
        ]
        fresh = archive.dates().freshness
        found = []
        for number, score in zip(
            ranked.ids[:limit].tolist(), ranked.scores[:limit].tolist(), strict=True
        ):
            parts = []
            for leaf, ids, gained in scored:
                at = np.flatnonzero(ids == number)
                if len(at):
                    parts.append(Part(leaf.text, len(ids), float(gained[at[0]])))
            doc = archive.doc(number)
            factor = float(fresh[number])
            found.append(
                Explanation(
                    doc.url, doc.title, score, factor, LENGTHS[lengths[number]], tuple(parts)
                )
            )
        return tuple(found)
