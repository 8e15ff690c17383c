"""Shards as they are read: ``shard`` says how they are written. browser/shard.js does the same."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .archive import FORMS_END
from .bits import Bytes, Wide, read_fixed, read_unary
from .codec import Cursor, inflate, read_varints
from .rank import PLACE_BITS, Ids
from .shard import LENGTH_OF, MIXED, PLAIN, id_widths, stem, step_widths

Counts = NDArray[np.integer]

A_TERM: Final = 64  # the bytes that a term takes as an object


class OpenShard:
    """A range of terms that has been read: their documents and weights, and what tells positions.

    ``ids`` and ``weights`` are of one list after the other, which begin at ``starts``: of each
    term or, where it is ``joined``, one of all the terms.
    """

    def __init__(self, data: bytes, count: int, lengths: NDArray[np.uint8]) -> None:
        cursor = Cursor(data)
        listed = Cursor(inflate(cursor.take(cursor.number())))
        self.terms = listed.take(listed.number()).split(b"\n")
        said = read_varints(listed.data[listed.at :])
        self.docs = said[: len(self.terms)]
        alone = stem(self.terms[0]) == stem(self.terms[-1])
        self.joined = alone and len(self.terms) > 1
        self._low = int(said[len(self.terms)]) if alone else 0
        docs = said[-1:] if self.joined else self.docs
        self._lengths = lengths
        raw = np.frombuffer(data, np.uint8)
        self.starts: Wide = np.concatenate(([0], np.cumsum(docs)))
        self.ids, at = _read_lists(raw, cursor.at, np.repeat(id_widths(count, docs), docs), docs)
        self.weights, _ = _read_weights(raw, at, len(self.ids), self._low)

    @property
    def nbytes(self) -> int:
        """About how many bytes it takes."""
        arrays = self.starts.nbytes + self.docs.nbytes + self.ids.nbytes + self.weights.nbytes
        return arrays + A_TERM * len(self.terms)

    def range(self, key: bytes, exact: bool) -> range:
        """Return the places of a term, or of a stem and its forms, which follow it."""
        end = key + b"\0" if exact else key + FORMS_END
        return range(bisect_left(self.terms, key), bisect_left(self.terms, end))

    def positions(self, data: bytes) -> Positions:
        """Return the postings of each term, with their positions."""
        raw: Bytes = np.frombuffer(data, np.uint8)
        ids, weights, at = self.ids, self.weights.astype(np.int64), 0
        if self.joined:
            ids, weights, at = self._forms(raw)
        kinds, at = read_unary(raw, at, len(self.terms))
        of = np.repeat(kinds, self.docs)
        asked = (of == MIXED) | ((of == PLAIN) & (weights > 1))
        said, at = read_unary(raw, at, int(asked.sum()))
        times = np.where(of == PLAIN, weights, 0)
        plain = of[asked] == PLAIN
        times[asked] = np.where(plain & (said == 0), weights[asked], said)
        widths = step_widths(LENGTH_OF[self._lengths[ids]], times)
        widths = np.repeat(widths, times)
        high, at = read_unary(raw, at, len(widths))
        low, at = read_fixed(raw, at, widths)
        starts: Wide = np.concatenate(([0], np.cumsum(self.docs)))
        weights = weights.astype(np.min_scalar_type(int(weights.max(initial=0))))
        return Positions(starts, ids, weights, times, (high << widths) + low)

    def _forms(self, raw: Bytes) -> tuple[Ids, Wide, int]:
        """Return the documents and weights of each term, and the byte after what says them."""
        size = len(self.ids)
        widths = np.repeat(id_widths(size, self.docs), self.docs)
        ranks, at = _read_lists(raw, 0, widths, self.docs)
        weights = self.weights.astype(np.int64)[ranks]
        shared = np.bincount(ranks, minlength=size)[ranks] > 1
        weights[shared], at = _read_weights(raw, at, int(shared.sum()), self._low)
        return self.ids[ranks], weights, at


def _read_lists(raw: Bytes, at: int, widths: Wide, docs: Wide) -> tuple[Ids, int]:
    """Return ascending numbers, so many a list, and the byte after them."""
    high, at = read_unary(raw, at, len(widths))
    low, at = read_fixed(raw, at, widths)
    sums = np.cumsum((high << widths) + low + 1)
    bases = np.concatenate(([0], sums))[np.cumsum(docs) - docs]
    return (sums - np.repeat(bases, docs) - 1).astype(np.int32), at


def _read_weights(raw: Bytes, at: int, count: int, low: int) -> tuple[Counts, int]:
    """Return so many weights, and the byte after them."""
    weights, at = read_unary(raw, at, count)
    if low:
        rest, at = read_fixed(raw, at, np.full(count, low))
        weights = (weights << low) + rest
    weights += 1
    # Kept for long: no wider than they must be.
    return weights.astype(np.min_scalar_type(int(weights.max(initial=0)))), at


class Positions:
    """The postings of each term of a shard, which begin at ``starts``, and their positions."""

    def __init__(self, starts: Wide, ids: Ids, weights: Counts, times: Wide, steps: Wide) -> None:
        self.starts, self.ids, self.weights = starts, ids, weights
        ends = np.concatenate(([0], np.cumsum(times)))
        sums = np.cumsum(steps + 1)
        bases = np.concatenate(([0], sums))[ends[:-1]]
        # Kept for long: no wider than they must be.
        self._ends = ends.astype(np.int32)
        self._places = (sums - np.repeat(bases, times) - 1).astype(np.int32)

    @property
    def nbytes(self) -> int:
        """How many bytes it takes, with documents that may be the shard's own."""
        known = self.starts, self.ids, self.weights, self._ends, self._places
        return sum(array.nbytes for array in known)

    def places(self, start: int, end: int) -> Wide:
        """Return the places (see ``rank.Listing``) of postings ``start`` to ``end``."""
        times = np.diff(self._ends[start : end + 1])
        owners = np.repeat(self.ids[start:end].astype(np.int64) << PLACE_BITS, times)
        places: Wide = owners + self._places[self._ends[start] : self._ends[end]]
        return places
