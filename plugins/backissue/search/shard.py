"""A shard of the static search: a range of terms with their postings, and their positions.

Each is a stretch of bytes of its own, for most queries ask for no positions:

    postings    the size of what follows deflated: the terms, parted by line feeds, and their
                numbers of documents; then, as columns of bits (``bits``): how far each document
                is from the one before, and the weights
    positions   how the positions of each term are counted, how many those postings have of
                which it does not follow, and how far each position is from the one before

The widths of Rice's code are not written: they follow from what a reader knows by then, which
is how many of the segment's documents have a term, and how long a document is.
browser/shard.js reads what is written here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .archive import FORMS_END
from .bits import Bytes, Streams, Wide, fixed, log2, read_fixed, read_unary, unary
from .codec import Cursor, inflate, read_varints, varint, varints
from .merging import Merged
from .rank import PLACE_BITS
from .whooshed import LENGTHS

UNIT: Final = 128  # the bytes of a part of a shard are a multiple of it
# How the positions of a term are counted: those of a posting of weight 1 are one, of others
# as many as its weight or what it says; none of its postings has any; or each says it.
PLAIN, NONE, MIXED = 0, 1, 2
TERM_BYTES: Final = 1.5  # what a term takes beside its letters and its postings
LETTER_BYTES: Final = 0.45  # what a letter of a term takes once it is deflated
# Shards are cut where the term that begins the next needs fewest letters to tell it from the
# one before (Bayer and Unterauer 1977), so far from where they would else be cut.
SLACK: Final = 0.25
LARGE: Final = 0.5  # of a shard: a word that takes more has one for itself
_COMPARED: Final = 24  # letters of neighbouring terms, as columns

LENGTH_OF: Final = np.array(LENGTHS, np.int64)


class RawShard(NamedTuple):
    """A range of terms: where it begins, what is to be deflated of it, and its bits."""

    first: bytes
    terms: bytes
    postings: bytes
    positions: bytes


def id_widths(count: int, docs: Wide) -> Wide:
    """Return the widths of the gaps of terms that so many of ``count`` documents have."""
    return log2(count // np.maximum(docs, 1))


def step_widths(lengths: Wide, times: Wide) -> Wide:
    """Return the widths of the steps in postings, by their documents' lengths."""
    return log2(lengths // (times + 1))


def cut_shards(
    chunks: Iterable[Merged], count: int, lengths: NDArray[np.uint8], size: int
) -> Iterator[RawShard]:
    """Yield terms in shards of about ``size`` bytes.

    ``count`` is the number of documents, ``lengths`` their length bytes. A shard begins with as
    much of its first term as tells it from the term before.
    """
    before = b""
    for chunk in chunks:
        if not chunk.terms:
            continue
        shared, stems = _shared(before, chunk.terms)
        gaps, widths, costs = _gaps(chunk, count)
        borders = _borders(costs, shared, stems, size)
        before = chunk.terms[-1]
        firsts = [chunk.terms[at][: shared[at] + 1] for at in borders[:-1]]
        postings = _postings(chunk, gaps, widths, borders)
        positions = _positions(chunk, lengths, borders)
        streams = zip(_side_by_side(postings), _side_by_side(positions), strict=True)
        for first, here, both in zip(firsts, pairwise(borders), streams, strict=True):
            terms = b"\n".join(chunk.terms[slice(*here)])
            listed = varint(len(terms)) + terms + varints(chunk.docs[slice(*here)])
            yield RawShard(first, listed, *both)


def _side_by_side(columns: Iterable[Streams]) -> Iterator[bytes]:
    """Yield what each shard has of some columns."""
    return map(b"".join, zip(*(column.each() for column in columns), strict=True))


def _shared(before: bytes, terms: Sequence[bytes]) -> tuple[list[int], list[int]]:
    """Return how many bytes each term begins with as the one before it does (-1 for the first),
    and which terms are the first forms of their stems.
    """
    columns = np.array([before, *terms], f"S{_COMPARED}").view(np.uint8).reshape(-1, _COMPARED)
    other = columns[1:] != columns[:-1]
    differs = other.any(axis=1)
    same = np.where(differs, other.argmax(axis=1), _COMPARED)
    marked = (columns[1:, 1:] > 0) & (columns[1:, 1:] < FORMS_END[0])
    stem = np.where(marked.any(axis=1), marked.argmax(axis=1) + 1, _COMPARED + 1)
    first = same < stem
    first[0] = True
    shared: list[int] = same.tolist()
    for at in np.flatnonzero(~differs).tolist():
        shared[at] = common(terms[at - 1] if at else before, terms[at])
    if not before:
        shared[0] = -1
    return shared, np.flatnonzero(first).tolist()


def common(one: bytes, other: bytes) -> int:
    """Return how many bytes ``one`` and ``other`` begin with together."""
    most = min(len(one), len(other))
    for at in range(most):
        if one[at] != other[at]:
            return at
    return most


def _gaps(chunk: Merged, count: int) -> tuple[Wide, Wide, Wide]:
    """Return each posting's gap and its width, and what each term takes, in bytes and parts."""
    starts = chunk.starts[:-1]
    before = np.concatenate(([-1], chunk.ids[:-1]))
    before[starts] = -1
    gaps = chunk.ids - before - 1
    widths = np.repeat(id_widths(count, chunk.docs), chunk.docs)
    taken = np.add.reduceat((gaps >> widths) + 1 + widths + chunk.weights, starts)
    spelled = np.fromiter(map(len, chunk.terms), np.int64, len(chunk.terms))
    return gaps, widths, np.cumsum(taken / 8 + spelled * LETTER_BYTES + TERM_BYTES)


def _borders(costs: Wide, shared: Sequence[int], stems: list[int], size: int) -> list[int]:
    """Return the first term of each shard, and the end of the last.

    The forms of a stem are never parted, and those that are large stand by themselves: a word is
    one shard, and mostly its own.
    """
    last = [*stems[1:], len(costs)]
    ends: list[float] = costs[np.array(last) - 1].tolist()
    large = np.flatnonzero(np.diff(ends, prepend=0.0) > size * LARGE).tolist()
    borders = [0]
    at = 0
    while at < len(ends):
        start = ends[at - 1] if at else 0.0
        next_large = bisect_left(large, at)
        limit = large[next_large] if next_large < len(large) else len(ends)
        if limit == at:
            end = at + 1
        else:
            low = max(bisect_right(ends, start + size * (1 - SLACK)), at + 1)
            high = max(bisect_right(ends, start + size * (1 + SLACK)), low)
            places = range(low, high + 1)
            end = limit if high >= limit else min(places, key=lambda one: shared[stems[one]])
        borders.append(last[end - 1])
        at = end
    return borders


def _postings(chunk: Merged, gaps: Wide, widths: Wide, borders: list[int]) -> tuple[Streams, ...]:
    edges = chunk.starts[borders]
    low = gaps & ((1 << widths) - 1)
    return (
        unary(gaps >> widths, edges),
        fixed(low, widths, edges),
        unary(chunk.weights - 1, edges),
    )


def _positions(
    chunk: Merged, lengths: NDArray[np.uint8], borders: list[int]
) -> tuple[Streams, ...]:
    times, starts = chunk.times, chunk.starts
    one = chunk.weights == 1
    placed = np.add.reduceat(times, starts[:-1])
    odd = np.add.reduceat(np.where(one, times != 1, times == 0).astype(np.int64), starts[:-1])
    kinds = np.where(placed == 0, NONE, np.where(odd > 0, MIXED, PLAIN))
    of = np.repeat(kinds, chunk.docs)
    asked = (of == MIXED) | ((of == PLAIN) & ~one)
    said = np.where((of == PLAIN) & (times == chunk.weights), 0, times)[asked]
    edges = np.array(borders)
    asks = np.concatenate(([0], np.cumsum(asked)))[starts[borders]]
    widths = np.repeat(_widths(lengths[chunk.ids], times), times)
    steps = np.concatenate(([0], np.cumsum(times)))[starts[borders]]
    low = chunk.steps & ((1 << widths) - 1)
    return (
        unary(kinds, edges),
        unary(said, asks),
        unary(chunk.steps >> widths, steps),
        fixed(low, widths, steps),
    )


def _widths(lengths: NDArray[np.uint8], times: Wide) -> Wide:
    """Return ``step_widths`` of length bytes: looked up, where they are few and times are many."""
    most = int(times.max(initial=0)) + 1
    if most * len(LENGTH_OF) > len(times):
        return step_widths(LENGTH_OF[lengths], times)
    table = step_widths(LENGTH_OF[:, None], np.arange(most)).ravel()
    widths: Wide = table[lengths * np.int64(most) + times]
    return widths


class OpenShard:
    """A range of terms that has been read: their documents, weights and, if given, positions."""

    def __init__(self, data: bytes, count: int, lengths: NDArray[np.uint8]) -> None:
        cursor = Cursor(data)
        listed = Cursor(inflate(cursor.take(cursor.number())))
        self.terms = listed.take(listed.number()).split(b"\n")
        self.docs = read_varints(listed.data[listed.at :])
        self.starts: Wide = np.concatenate(([0], np.cumsum(self.docs)))
        self._lengths = lengths
        raw = np.frombuffer(data, np.uint8)
        total = int(self.starts[-1])
        widths = np.repeat(id_widths(count, self.docs), self.docs)
        high, at = read_unary(raw, cursor.at, total)
        low, at = read_fixed(raw, at, widths)
        weights, at = read_unary(raw, at, total)
        self.weights = (weights + 1).astype(np.int32)
        sums = np.cumsum((high << widths) + low + 1)
        bases = np.concatenate(([0], sums))[self.starts[:-1]]
        self.ids = (sums - np.repeat(bases, self.docs) - 1).astype(np.int32)

    def range(self, key: bytes, exact: bool) -> range:
        """Return the places of a term, or of a stem and its forms, which follow it."""
        end = key + b"\0" if exact else key + FORMS_END
        return range(bisect_left(self.terms, key), bisect_left(self.terms, end))

    def positions(self, data: bytes) -> Positions:
        """Return the positions of all the postings."""
        raw: Bytes = np.frombuffer(data, np.uint8)
        kinds, at = read_unary(raw, 0, len(self.terms))
        of = np.repeat(kinds, self.docs)
        asked = (of == MIXED) | ((of == PLAIN) & (self.weights > 1))
        said, at = read_unary(raw, at, int(asked.sum()))
        times = np.where(of == PLAIN, self.weights, 0)
        plain = of[asked] == PLAIN
        times[asked] = np.where(plain & (said == 0), self.weights[asked], said)
        widths = step_widths(LENGTH_OF[self._lengths[self.ids]], times)
        widths = np.repeat(widths, times)
        high, at = read_unary(raw, at, len(widths))
        low, at = read_fixed(raw, at, widths)
        return Positions(times, (high << widths) + low)


class Positions:
    """How many positions each posting of a shard has, and the steps between them."""

    def __init__(self, times: Wide, steps: Wide) -> None:
        starts = np.concatenate(([0], np.cumsum(times)))
        sums = np.cumsum(steps + 1)
        bases = np.concatenate(([0], sums))[starts[:-1]]
        # Kept for long: no wider than they must be.
        self._starts = starts.astype(np.int32)
        self._places = (sums - np.repeat(bases, times) - 1).astype(np.int32)

    def places(self, start: int, end: int, ids: NDArray[np.int32]) -> Wide:
        """Return the positions of postings ``start`` to ``end``, which are of documents ``ids``."""
        times = np.diff(self._starts[start : end + 1])
        owners = np.repeat(ids.astype(np.int64) << PLACE_BITS, times)
        places: Wide = owners + self._places[self._starts[start] : self._starts[end]]
        return places
