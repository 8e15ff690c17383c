"""The texts of articles and their candidates compared: many pairs at once.

All that is found is made of sums of products of whole numbers, which are exact in whatever order
they are taken: what is found of a pair does not depend on which others are compared with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backissue.related.archive import Archive
from backissue.related.features import MAX_PASSAGES
from backissue.related.vectors import SCALE, Floats, Ints, Rows, spread, starts_of, sums_of


class Asked(NamedTuple):
    """The terms of several articles, one article after the other.

    ``text`` and ``title`` are their weights in the article and in its title, or nought;
    ``title_sizes`` are the sums of the latter. Term i is in the ``passages`` from ``starts[i]``
    to ``starts[i + 1]``, where it has the ``weights``.
    """

    text: Floats
    title: Floats
    title_sizes: Floats
    starts: Ints
    passages: NDArray[np.uint8]
    weights: NDArray[np.uint16]


class Shared(NamedTuple):
    """The terms that each of some rows shares with the article that it is a candidate of.

    A term is told by its place in ``Asked``. Those of row i are those from ``starts[i]`` to
    ``starts[i + 1]``, with the ``weights`` that they have in the row.
    """

    starts: Ints
    terms: NDArray[np.int32]
    weights: Floats

    def sums(self, values: Floats) -> Floats:
        """Return the sum of the values of each row."""
        ends = np.zeros(len(values) + 1)
        np.cumsum(values, out=ends[1:])
        sums: Floats = np.diff(ends[self.starts])
        return sums

    def greatest(self, values: Floats) -> Floats:
        """Return the greatest of the values of each row, none of which is below nought."""
        greatest = np.zeros(len(self.starts) - 1)
        some = np.flatnonzero(np.diff(self.starts))
        if len(some):
            greatest[some] = np.maximum.reduceat(values, self.starts[some])
        return greatest


def text_columns(archive: Archive, places: Ints, near: Ints, counts: Sequence[int]) -> list[Floats]:
    """Return the columns that compare titles, whole articles and passages.

    ``near`` are the candidates of the articles at ``places``, of which each has one of ``counts``.
    """
    square = float(SCALE * SCALE)
    full, short = archive.full.only(near), archive.titles.only(near)
    asked, texts, titles = _compared(archive, places, counts, full, short)
    title_on_texts, text_on_texts = asked.title[texts.terms], asked.text[texts.terms]
    text_on_texts *= texts.weights
    products = title_on_texts * texts.weights
    text_on_titles = asked.text[titles.terms] * titles.weights
    sizes = sums_of(short.weights.astype(np.float64), np.diff(short.start))
    return [
        titles.sums(asked.title[titles.terms] * titles.weights) / square,
        titles.sums(text_on_titles) / square,
        texts.sums(products) / square,
        titles.sums(titles.weights) / np.maximum(sizes, 1.0),
        texts.sums(title_on_texts) / np.maximum(np.repeat(asked.title_sizes, counts), 1.0),
        texts.greatest(text_on_texts) / square,
        texts.greatest(products) / square,
        titles.greatest(text_on_titles) / square,
        np.diff(texts.starts).astype(np.float64),
        _best_passage(asked, texts) / square,
        _best_passage(asked, titles) / square,
    ]


def _compared(
    archive: Archive, places: Ints, counts: Sequence[int], full: Rows, short: Rows
) -> tuple[Asked, Shared, Shared]:
    """Return the terms of the articles, and which of them the rows of their candidates share."""
    queries = [archive.queries[place] for place in places.tolist()]
    firsts = starts_of(np.array([len(query.terms) for query in queries], np.int64)).tolist()
    text, title = np.zeros(firsts[-1]), np.zeros(firsts[-1])
    ends = np.cumsum([0, *counts])
    in_full, in_short = full.start[ends].tolist(), short.start[ends].tolist()
    on_full = np.zeros(len(full.terms), np.int32)
    on_short = np.zeros(len(short.terms), np.int32)
    for n, (place, query) in enumerate(zip(places.tolist(), queries, strict=True)):
        own, own_title = archive.full.row(place), archive.titles.row(place)
        spans = slice(*in_full[n : n + 2]), slice(*in_short[n : n + 2])
        every = [own[0], own_title[0], full.terms[spans[0]], short.terms[spans[1]]]
        numbers = archive.numbers.of(np.concatenate(every), query.terms, firsts[n] + 1)
        cuts = list(accumulate(map(len, every)))
        text[numbers[: cuts[0]] - 1] = own[1]
        title[numbers[cuts[0] : cuts[1]] - 1] = own_title[1]
        on_full[spans[0]] = numbers[cuts[1] : cuts[2]]
        on_short[spans[1]] = numbers[cuts[2] :]
    passages = [len(query.passages) for query in queries]
    begin = np.cumsum([0, *passages[:-1]])
    starts = [query.starts[:-1] + first for query, first in zip(queries, begin, strict=True)]
    asked = Asked(
        text,
        title,
        np.array([title[a:b].sum() for a, b in pairwise(firsts)]),
        np.concatenate([*starts, [sum(passages)]]),
        np.concatenate([query.passages for query in queries]),
        np.concatenate([query.weights for query in queries]),
    )
    return asked, _shared(on_full, full), _shared(on_short, short)


def _shared(numbers: NDArray[np.int32], rows: Rows) -> Shared:
    where = np.flatnonzero(numbers)
    starts = np.searchsorted(where, rows.start)
    return Shared(starts, numbers[where] - 1, rows.weights[where].astype(np.float64))


def _best_passage(asked: Asked, shared: Shared) -> Floats:
    """Return the greatest product of one of the passages of its article with each row."""
    rows = len(shared.starts) - 1
    where, lengths = spread(asked.starts, shared.terms)
    products = asked.weights[where] * np.repeat(shared.weights, lengths)
    row = np.repeat(np.arange(rows) * MAX_PASSAGES, np.diff(shared.starts))
    cells = np.repeat(row, lengths) + asked.passages[where]
    sums = np.bincount(cells, weights=products, minlength=MAX_PASSAGES * rows)
    best: Floats = sums.reshape(rows, MAX_PASSAGES).max(axis=1)
    return best
