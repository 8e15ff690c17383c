"""The columns of several parts of an archive as one, a range of terms at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from mmap import MADV_DONTNEED, mmap
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .codec import read_varints
from .columns import Columns, Mapped, Numbers, Wide, split

CHUNK: Final = 16_384  # terms merged at a time
MUCH_SMALLER: Final = 8  # times: parts whose terms are looked up in those of another
_ID_BITS: Final = 32  # of a posting's key, behind the number of its term


class Run(NamedTuple):
    """A part among others: its columns, and the number of each of its documents in all.

    The numbers ascend; -1 stands for a document that is no more. ``pages`` are what mapped columns
    are in: they are let go when they have been looked at.
    """

    columns: Columns | Mapped
    numbers: Numbers
    pages: mmap | None = None


class Merged(NamedTuple):
    """Some terms of several parts together, in the order of their bytes.

    ``docs`` are their numbers of documents, ``starts`` where the postings of each begin and the
    last end. ``ids``, ``weights`` and ``times`` (how many positions) have a number a posting;
    ``steps`` has one a position: how many stand between it and the one before in its posting.
    """

    terms: list[bytes]
    docs: Wide
    starts: Wide
    ids: Wide
    weights: Wide
    times: Wide
    steps: Wide


class _Rows(NamedTuple):
    """Postings in order: ``keys`` are of their terms and documents, the rest as in ``Merged``."""

    keys: Wide
    weights: Wide
    times: Wide
    steps: Wide


class _Part:
    """A run as arrays: where each term of it stands in its own columns and in all."""

    def __init__(self, run: Run) -> None:
        columns = run.columns
        self._pages = run.pages
        self._numbers = run.numbers
        self.terms = split(bytes(columns.terms))
        self.counts: Numbers = np.frombuffer(columns.counts, np.int32).copy()
        self._ids: Numbers = np.frombuffer(columns.ids, np.int32)
        self._weights: Numbers = np.frombuffer(columns.weights, np.int32)
        self._values = np.frombuffer(columns.values, np.uint8)
        self.starts = _starts(self.counts)
        self._sizes: Numbers = np.frombuffer(columns.sizes, np.int32)
        self.places = _starts(np.add.reduceat(self._sizes, self.starts[:-1]))
        self.live: NDArray[np.bool_] | None = None
        if run.numbers.min(initial=0) < 0:
            self.live = run.numbers[self._ids] >= 0
            self._drop_terms(self.live)
        self.of: Numbers = np.zeros(0, np.int32)
        self._let_go()

    def _let_go(self) -> None:
        """Give back the memory of the columns: they are read from the file when asked again."""
        if self._pages is not None:
            self._pages.madvise(MADV_DONTNEED)

    def _drop_terms(self, live: NDArray[np.bool_]) -> None:
        """Leave the terms that have live postings.

        Those of documents that are gone must not count where terms are cut into chunks.
        """
        counts = np.add.reduceat(live, self.starts[:-1], dtype=np.int32)
        held = np.flatnonzero(counts)
        self.terms = [self.terms[at] for at in held.tolist()]
        self.counts = counts[held]
        # What is between has no live posting: it goes with the term before.
        kept = np.append(held, len(counts))
        self.starts, self.places = self.starts[kept], self.places[kept]

    def slice(self, start: int, end: int) -> tuple[slice, _Rows]:
        """Return which terms of the part are ``start`` to ``end`` of all, and their postings."""
        low, high = np.searchsorted(self.of, (start, end)).tolist()
        here = slice(int(self.starts[low]), int(self.starts[high]))
        ids, weights = self._numbers[self._ids[here]], self._weights[here].astype(np.int64)
        values = self._values[int(self.places[low]) : int(self.places[high])]
        if self.live is not None:
            live = self.live[here]
            ids, weights = ids[live], weights[live]
            values = values[np.repeat(live, self._sizes[here])]
        times, steps = _steps(values)
        self._let_go()
        keys = np.repeat(self.of[low:high].astype(np.int64) << _ID_BITS, self.counts[low:high])
        return slice(low, high), _Rows(keys | ids, weights, times, steps)


class Merging:
    """All terms of some runs in order, put together ``CHUNK`` and fewer at a time.

    No chunk depends on one that was made before: several processes may share the work.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        """Take the runs; raise ValueError where one is not what ``columns`` wrote."""
        self._parts = [_Part(run) for run in runs]
        largest = max(self._parts, key=lambda part: len(part.terms), default=None)
        others = [part for part in self._parts if part is not largest]
        few = MUCH_SMALLER * sum(len(part.terms) for part in others)
        if largest and few < len(largest.terms):
            self._terms = _put_among(largest, others)
        else:
            self._terms = _put_together(self._parts)
        for part in self._parts:
            part.terms.clear()  # from here on they are known by their numbers

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-len(self._terms) // CHUNK)

    def before(self, number: int) -> bytes:
        """Return the last term before a chunk, b"" where there is none."""
        return self._terms[number * CHUNK - 1] if number else b""

    def chunk(self, number: int) -> Merged:
        """Return the terms of a chunk that have documents."""
        start = number * CHUNK
        return _chunk(self._terms[start : start + CHUNK], start, self._parts)


def merge(runs: Sequence[Run]) -> Iterator[Merged]:
    """Yield the terms of all runs that have documents, ``CHUNK`` and fewer at a time."""
    merging = Merging(runs)
    return map(merging.chunk, range(merging.chunks))


def _put_among(largest: _Part, others: Sequence[_Part]) -> list[bytes]:
    """Return the terms of all parts in order, where most are those of one; number each part's."""
    known = largest.terms
    added = sorted(set().union(*(part.terms for part in others)))
    places = [bisect_left(known, term) for term in added]
    pairs = zip(places, added, strict=True)
    new = [(at, term) for at, term in pairs if at == len(known) or known[at] != term]
    terms: list[bytes] = []
    before = 0
    for at, term in new:
        terms += known[before:at]
        terms.append(term)
        before = at
    terms += known[before:]
    own = np.arange(len(known), dtype=np.int32)
    largest.of = own + np.searchsorted([at for at, _ in new], own, side="right").astype(np.int32)
    for part in others:
        part.of = np.array([bisect_left(terms, term) for term in part.terms], np.int32)
    return terms


def _put_together(parts: Sequence[_Part]) -> list[bytes]:
    """Return the terms of all parts in order; number each part's."""
    # Sorted runs, one after the other, are what this sort is quickest at.
    terms = list(dict.fromkeys(sorted(chain.from_iterable(part.terms for part in parts))))
    number = {term: at for at, term in enumerate(terms)}
    for part in parts:
        part.of = np.fromiter(map(number.__getitem__, part.terms), np.int32, len(part.terms))
    return terms


def _chunk(terms: list[bytes], start: int, parts: Sequence[_Part]) -> Merged:
    """Return so many ``terms`` from number ``start`` on."""
    docs = np.zeros(len(terms), np.int64)
    found = []
    for part in parts:
        own, rows = part.slice(start, start + len(terms))
        docs[part.of[own] - start] += part.counts[own]
        found.append(rows)
    found.sort(key=lambda rows: len(rows.keys))
    rows = _put_into(found[-1], _in_order(found[:-1])) if len(found) > 1 else found[0]
    ids = rows.keys & ((1 << _ID_BITS) - 1)
    return Merged(terms, docs, _starts(docs), ids, rows.weights, rows.times, rows.steps)


def _in_order(found: Sequence[_Rows]) -> _Rows:
    """Return the postings of some parts in their order."""
    if len(found) == 1:
        return found[0]
    keys, weights, times, steps = map(np.concatenate, zip(*found, strict=True))
    order = np.argsort(keys, kind="stable")
    places = _starts(times)[order]
    times = times[order]
    ends = np.cumsum(times)
    taken = np.repeat(places - (ends - times), times) + np.arange(len(steps))
    return _Rows(keys[order], weights[order], times, steps[taken])


def _put_into(large: _Rows, small: _Rows) -> _Rows:
    """Return the postings of both in their order. That costs little more than to copy them."""
    if not len(small.keys):
        return large
    stays = np.ones(len(large.keys) + len(small.keys), np.bool_)
    stays[np.searchsorted(large.keys, small.keys) + np.arange(len(small.keys))] = False
    times = _laid(stays, large.times, small.times)
    return _Rows(
        _laid(stays, large.keys, small.keys),
        _laid(stays, large.weights, small.weights),
        times,
        _laid(np.repeat(stays, times), large.steps, small.steps),
    )


def _laid(stays: NDArray[np.bool_], large: Wide, small: Wide) -> Wide:
    """Return the numbers of both, those of ``large`` where it ``stays``."""
    found = np.empty(len(stays), np.int64)
    found[stays] = large
    found[~stays] = small
    return found


def _starts(counts: NDArray[np.signedinteger]) -> Wide:
    """Return where each of so many begins, and where the last ends."""
    found = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=found[1:])
    return found


def _steps(values: NDArray[np.uint8]) -> tuple[Wide, Wide]:
    """Return how many positions each posting has that ``columns`` wrote, and what is between."""
    numbers = read_varints(values)
    none = numbers == 0
    ends = np.flatnonzero(none | (numbers & 1 == 1))
    times = np.diff(ends, prepend=-1)
    if none.any():
        times -= none[ends]
        numbers = numbers[~none]
    return times, (numbers >> 1) - 1
