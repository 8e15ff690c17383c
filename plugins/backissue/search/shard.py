"""A shard of the static search: a range of terms with their postings, and their positions.

Each is a stretch of bytes of its own, for most queries ask for no positions:

    postings    the size of what follows deflated: the terms, parted by line feeds, and their
                numbers of documents; then, as columns of bits (``bits``): how far each document
                is from the one before, and the weights
    positions   how the positions of each term are counted, how many those postings have of
                which it does not follow, and how far each position is from the one before

A shard that has no more than one stem says, behind its numbers of documents, in how many bits
the lower part of a weight is. Where there are several forms of the stem, their documents are
joined in one list, as most queries ask for it; how many it has is said next. Which of them each
form has, and with what weight, then stands before the positions.

The widths of Rice's code are else not written: they follow from what a reader knows by then,
which is how many of the segment's documents have a term, and how long a document is.
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
from .bits import Streams, Wide, fixed, log2, unary
from .codec import varint, varint_sizes, varints
from .merging import Merged
from .whooshed import LENGTHS

UNIT: Final = 256  # the bytes of a part of a shard are a multiple of it
# How the positions of a term are counted: those of a posting of weight 1 are one, of others
# as many as its weight or what it says; none of its postings has any; or each says it.
PLAIN, NONE, MIXED = 0, 1, 2
WIDEST: Final = 8  # bits of the lower part of a weight
TERM_BYTES: Final = 1.5  # what a term takes beside its letters and its postings
LETTER_BYTES: Final = 0.45  # what a letter of a term takes once it is deflated
# Shards are cut where the term that begins the next needs fewest letters to tell it from the
# one before (Bayer and Unterauer 1977), so far from where they would else be cut.
SLACK: Final = 0.25
LARGE: Final = 0.35  # of a shard: a word that takes more has one for itself
GROUP: Final = 100_000  # postings of which shards are made in one go
_COMPARED: Final = 24  # letters of neighbouring terms, as columns

LENGTH_OF: Final = np.array(LENGTHS, np.int64)


class RawShard(NamedTuple):
    """A range of terms: where it begins, what is to be deflated of it, and its bits."""

    first: bytes
    terms: bytes
    postings: bytes
    positions: bytes


class Lists(NamedTuple):
    """The lists of documents of some shards: of each term, or joined of all the forms of a stem.

    A number a shard: which is the first list of it, and the end (``borders``); whether there is
    no stem but one (``alone``), and ``several`` forms of it. A number a list: the bits of the
    lower part of its weights (``low``), of how many documents it is and where it begins. A number
    a term: its list (``of``). Of each posting of a term: which of the list's documents it is
    (``ranks``), and whether others of the list have it too (``shared``).
    """

    borders: Wide
    alone: NDArray[np.bool_]
    several: NDArray[np.bool_]
    low: Wide
    docs: Wide
    starts: Wide
    ids: Wide
    weights: Wide
    of: Wide
    ranks: Wide
    shared: NDArray[np.bool_]


def stem(term: bytes) -> bytes:
    """Return the part of a term before what tells a form from its stem."""
    for at, byte in enumerate(term):
        if at and byte < FORMS_END[0]:
            return term[:at]
    return term


def join(chunk: Merged, count: int, borders: Sequence[int]) -> Lists:
    """Return the lists of the shards between ``borders``."""
    pairs = ((chunk.terms[low], chunk.terms[high - 1]) for low, high in pairwise(borders))
    alone = np.array([stem(first) == stem(last) for first, last in pairs], np.bool_)
    sizes = np.diff(borders)
    several = alone & (sizes > 1)
    new = ~np.repeat(several, sizes)
    new[borders[:-1]] = True
    of = np.cumsum(new) - 1
    key = np.repeat(of, chunk.docs) * count + chunk.ids
    order = np.argsort(key, kind="stable")  # mostly in order as it is
    key = key[order]
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    lists, ids = np.divmod(key[begins], count)
    docs = np.bincount(lists, minlength=int(of[-1]) + 1)
    starts = np.concatenate(([0], np.cumsum(docs)))
    weights = np.add.reduceat(chunk.weights[order], begins)
    rows = np.empty(len(order), np.int64)  # of each posting, in which row of its list it is
    rows[order] = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(order)))
    first = np.concatenate((of[borders[:-1]], [len(docs)]))
    low = np.zeros(len(docs), np.int64)
    low[first[:-1][alone]] = _low(weights, starts, first[:-1][alone])
    return Lists(
        first,
        alone,
        several,
        low,
        docs,
        starts,
        ids,
        weights,
        of,
        rows - starts[np.repeat(of, chunk.docs)],
        np.bincount(rows, minlength=len(begins))[rows] > 1,
    )


def _low(weights: Wide, starts: Wide, lists: Wide) -> Wide:
    """Return with how many lower bits the weights of each of some lists take least."""
    if not len(lists):
        return lists
    rest = weights - 1
    docs = np.diff(starts)[lists]
    taken = [
        np.add.reduceat(rest >> width, starts[:-1])[lists] + docs * width
        for width in range(WIDEST + 1)
    ]
    found: Wide = np.argmin(taken, axis=0)
    return found


def id_widths(count: int | Wide, docs: Wide) -> Wide:
    """Return the widths of the gaps of lists that so many of ``count`` documents have."""
    return log2(count // np.maximum(docs, 1))


def step_widths(lengths: Wide, times: Wide) -> Wide:
    """Return the widths of the steps in postings, by their documents' lengths."""
    return log2(lengths // (times + 1))


def cut_shards(
    chunk: Merged, before: bytes, count: int, lengths: NDArray[np.uint8], size: int
) -> Iterator[RawShard]:
    """Yield the terms of a chunk in shards of about ``size`` bytes.

    ``before`` is the term before them, ``count`` the number of documents, ``lengths`` their length
    bytes. A shard begins with as much of its first term as tells it from the term before.
    """
    if not chunk.terms:
        return
    shared, stems = _shared(before, chunk.terms)
    borders = _borders(_costs(chunk, count), shared, stems, size)
    firsts = [chunk.terms[at][: shared[at] + 1] for at in borders[:-1]]
    yield from shards_between(chunk, borders, firsts, count, lengths)


def shards_between(
    chunk: Merged,
    borders: list[int],
    firsts: Iterable[bytes],
    count: int,
    lengths: NDArray[np.uint8],
) -> Iterator[RawShard]:
    """Yield the terms of a chunk in shards, each of which begins at one of ``borders``.

    ``firsts`` is what the shards say they begin with; the last of ``borders`` is the chunk's end.
    """
    begins = iter(firsts)
    for some, edges in _groups(chunk, borders):
        lists = join(some, count, edges)
        postings = _side_by_side(_postings(lists, count))
        forms = _forms(some, lists, edges)
        positions = _side_by_side((*forms, *_positions(some, lengths, edges)))
        for both in zip(_said(some, lists, edges), postings, positions, strict=True):
            yield RawShard(next(begins), *both)


def _groups(chunk: Merged, borders: list[int]) -> Iterator[tuple[Merged, list[int]]]:
    """Yield the shards between ``borders`` some at a time, so that little memory is taken."""
    rows = chunk.starts[borders] // GROUP
    edges = [0, *(np.flatnonzero(np.diff(rows)) + 1).tolist(), len(borders) - 1]
    placed = 0
    for first, last in pairwise(dict.fromkeys(edges)):
        low, high = borders[first], borders[last]
        here = slice(int(chunk.starts[low]), int(chunk.starts[high]))
        times = chunk.times[here]
        steps = chunk.steps[placed : placed + int(times.sum())]
        placed += len(steps)
        some = Merged(
            chunk.terms[low:high],
            chunk.docs[low:high],
            chunk.starts[low : high + 1] - here.start,
            chunk.ids[here],
            chunk.weights[here],
            times,
            steps,
        )
        yield some, [border - low for border in borders[first : last + 1]]


def _side_by_side(columns: Iterable[Streams]) -> Iterator[bytes]:
    """Yield what each shard has of some columns."""
    return map(b"".join, zip(*(column.each() for column in columns), strict=True))


def _said(chunk: Merged, lists: Lists, borders: Sequence[int]) -> Iterator[bytes]:
    """Yield what each shard says of its terms."""
    low, docs = lists.low[lists.borders[:-1]].tolist(), lists.docs[lists.borders[:-1]].tolist()
    counts = varints(chunk.docs)
    ends = np.concatenate(([0], np.cumsum(varint_sizes(chunk.docs))))[borders].tolist()
    for number, here in enumerate(pairwise(borders)):
        terms = b"\n".join(chunk.terms[slice(*here)])
        listed = varint(len(terms)) + terms + counts[ends[number] : ends[number + 1]]
        listed += varint(low[number]) if lists.alone[number] else b""
        yield listed + (varint(docs[number]) if lists.several[number] else b"")


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


def _gaps(ids: Wide, starts: Wide) -> Wide:
    """Return how far each document is from the one before in its list."""
    before = np.concatenate(([-1], ids[:-1]))
    before[starts] = -1
    gaps: Wide = ids - before - 1
    return gaps


def _costs(chunk: Merged, count: int) -> Wide:
    """Return what the terms take up to the end of each, in bytes and parts."""
    starts = chunk.starts[:-1]
    widths = np.repeat(id_widths(count, chunk.docs), chunk.docs)
    bits = (_gaps(chunk.ids, starts) >> widths) + 1 + widths + chunk.weights
    spelled = np.fromiter(map(len, chunk.terms), np.int64, len(chunk.terms))
    taken = np.add.reduceat(bits, starts)
    costs: Wide = np.cumsum(taken / 8 + spelled * LETTER_BYTES + TERM_BYTES)
    return costs


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


def _postings(lists: Lists, count: int) -> tuple[Streams, ...]:
    edges = lists.starts[lists.borders]
    gaps = _gaps(lists.ids, lists.starts[:-1])
    widths = np.repeat(id_widths(count, lists.docs), lists.docs)
    low = np.repeat(lists.low, lists.docs)
    rest = lists.weights - 1
    return (
        unary(gaps >> widths, edges),
        fixed(gaps & ((1 << widths) - 1), widths, edges),
        unary(rest >> low, edges),
        fixed(rest & ((1 << low) - 1), low, edges),
    )


def _forms(chunk: Merged, lists: Lists, borders: list[int]) -> tuple[Streams, ...]:
    """Return which documents of a list that is of several terms each of them has.

    Where several have the same document, their weights are said.
    """
    terms = np.repeat(lists.several, np.diff(borders))
    rows = np.repeat(terms, chunk.docs)
    docs = np.where(terms, chunk.docs, 0)
    starts = np.concatenate(([0], np.cumsum(docs)))
    edges = starts[borders]
    begins = starts[:-1][terms]
    sizes = np.repeat(lists.docs[lists.of][terms], chunk.docs[terms])
    widths = id_widths(sizes, np.repeat(chunk.docs[terms], chunk.docs[terms]))
    ranks = _gaps(lists.ranks[rows], begins)
    shared = lists.shared[rows]
    rest = chunk.weights[rows][shared] - 1
    low = np.repeat(lists.low[lists.of], chunk.docs)[rows][shared]
    asked = np.concatenate(([0], np.cumsum(shared)))[edges]
    return (
        unary(ranks >> widths, edges),
        fixed(ranks & ((1 << widths) - 1), widths, edges),
        unary(rest >> low, asked),
        fixed(rest & ((1 << low) - 1), low, asked),
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
