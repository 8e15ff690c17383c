"""Shards as bytes: what is written is read again, whatever the numbers are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from backissue.search.bits import fixed, read_fixed, read_unary, unary
from backissue.search.columns import columns_of
from backissue.search.merging import Merged, Run, merge
from backissue.search.opened import OpenShard
from backissue.search.rank import PLACE_BITS
from backissue.search.segment import borders, packed
from backissue.search.shard import RawShard, cut_shards

from .samples import Rows, by_term, documents

NUMBERS = st.lists(st.integers(0, 300), max_size=60)


@given(NUMBERS, st.integers(0, 60))
def test_numbers_in_unary_are_read_again(numbers: list[int], cut: int) -> None:
    cut = min(cut, len(numbers))
    streams = unary(np.array(numbers, np.int64), np.array([0, cut, len(numbers)]))
    one, at = read_unary(streams.data, 0, cut)
    other, end = read_unary(streams.data, at, len(numbers) - cut)
    assert [*one.tolist(), *other.tolist()] == numbers
    assert at == streams.starts[1]
    assert end == len(streams.data)


@given(st.lists(st.tuples(st.integers(0, 2**25 - 1), st.integers(0, 25)), max_size=60))
def test_numbers_of_some_bits_are_read_again(rows: list[tuple[int, int]]) -> None:
    widths = np.array([width for _, width in rows], np.int64)
    numbers = np.array([number & (1 << width) - 1 for number, width in rows], np.int64)
    streams = fixed(numbers, widths, np.array([0, len(rows)]))
    again, end = read_fixed(streams.data, 0, widths)
    assert again.tolist() == numbers.tolist()
    assert end == len(streams.data) == (int(widths.sum()) + 7) // 8


def cut_all(
    chunks: list[Merged], count: int, lengths: NDArray[np.uint8], size: int
) -> list[RawShard]:
    """Return the shards of all chunks."""
    last = [b"", *(chunk.terms[-1] for chunk in chunks)]
    return [
        raw
        for chunk, before in zip(chunks, last, strict=False)
        for raw in cut_shards(chunk, before, count, lengths, size)
    ]


def read_back(chunks: list[Merged], count: int, lengths: bytes, size: int) -> dict[bytes, Rows]:
    known = np.frombuffer(lengths, np.uint8)
    found: dict[bytes, Rows] = {}
    before = b""
    for raw in cut_all(chunks, count, known, size):
        shard = packed(raw)
        opened = OpenShard(shard.postings, count, known)
        places = opened.positions(shard.positions)
        assert not before or before < raw.first
        assert raw.first <= opened.terms[0]
        for at, term in enumerate(opened.terms):
            low, high = int(places.starts[at]), int(places.starts[at + 1])
            ids = places.ids[low:high]
            pairs = divmod(places.places(low, high), 1 << PLACE_BITS)
            found[term] = [
                (number, weight, pairs[1][pairs[0] == number].tolist())
                for number, weight in zip(
                    ids.tolist(), places.weights[low:high].tolist(), strict=True
                )
            ]
        assert listed(opened) == (
            [together(found[term] for term in opened.terms)]
            if opened.joined
            else [together([found[term]]) for term in opened.terms]
        )
        before = opened.terms[-1]
    return found


def listed(shard: OpenShard) -> list[dict[int, int]]:
    """Return for each list of a shard its documents and their weights."""
    return [
        dict(zip(shard.ids[low:high].tolist(), shard.weights[low:high].tolist(), strict=True))
        for low, high in pairwise(shard.starts.tolist())
    ]


def together(terms: Iterable[Rows]) -> dict[int, int]:
    """Return the documents of some terms and the sums of their weights."""
    sums: Counter[int] = Counter()
    for rows in terms:
        sums.update({number: weight for number, weight, _ in rows})
    return dict(sums)


@pytest.mark.parametrize("size", [40, 400, 100_000])
def test_shards_hold_what_was_merged(size: int) -> None:
    docs = documents(60)
    columns = columns_of(docs)
    chunks = list(merge([Run(columns, np.arange(60, dtype=np.int32))]))
    lengths = bytes(min(doc, 200) for doc in range(60))  # any will do: they set widths
    assert read_back(chunks, 60, lengths, size) == by_term(chunks)


@pytest.mark.parametrize("group", [1, 50, 700])
def test_shards_do_not_depend_on_how_many_are_made_in_one_go(
    group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = columns_of(documents(60))
    chunks = list(merge([Run(columns, np.arange(60, dtype=np.int32))]))
    lengths = np.arange(60, dtype=np.uint8)
    whole = cut_all(chunks, 60, lengths, 400)
    monkeypatch.setattr("backissue.search.shard.GROUP", group)
    assert cut_all(chunks, 60, lengths, 400) == whole
    assert len(whole) > 1


POSTING = st.tuples(st.integers(1, 9), st.sets(st.integers(0, 5000), max_size=9))


@given(
    st.dictionaries(st.integers(0, 40), POSTING, min_size=1), st.binary(min_size=41, max_size=41)
)
def test_any_weights_and_positions_are_read_again(
    given: dict[int, tuple[int, set[int]]], lengths: bytes
) -> None:
    """Postings of one weight have one position, no position or any number of them."""
    rows = sorted(given.items())
    places = [sorted(some)[:weight] for _, (weight, some) in rows]
    steps = [np.diff(some, prepend=-1) - 1 for some in places]
    merged = Merged(
        terms=[b"term"],
        docs=np.array([len(rows)]),
        starts=np.array([0, len(rows)]),
        ids=np.array([number for number, _ in rows]),
        weights=np.array([weight for _, (weight, _) in rows]),
        times=np.array([len(some) for some in places]),
        steps=np.concatenate(steps).astype(np.int64),
    )
    assert read_back([merged], 41, lengths, 100) == by_term([merged])


FORM = st.dictionaries(st.integers(0, 40), st.integers(1, 60), min_size=1)


@given(st.lists(FORM, min_size=1, max_size=5), st.sampled_from([1, 100_000]))
def test_the_forms_of_a_stem_are_joined_and_read_apart(
    forms: list[dict[int, int]], size: int
) -> None:
    rows = [sorted(form.items()) for form in forms]
    total = sum(map(len, rows))
    merged = Merged(
        terms=[b"stem" + (b"\x01%d" % at if at else b"") for at in range(len(rows))],
        docs=np.array(list(map(len, rows))),
        starts=np.concatenate(([0], np.cumsum(list(map(len, rows))))),
        ids=np.array([number for form in rows for number, _ in form]),
        weights=np.array([weight for form in rows for _, weight in form]),
        times=np.ones(total, np.int64),
        steps=np.arange(total),
    )
    assert read_back([merged], 41, bytes(range(41)), size) == by_term([merged])


def test_a_key_more_moves_borders_near_it_only() -> None:
    keys = [f"2026-05/{number:05d}.txt" for number in range(0, 4000, 2)]
    before = {keys[at] for at in borders(keys, 50)}
    for place in (1, 1001, 3999):
        more = sorted([*keys, f"2026-05/{place:05d}.txt"])
        changed = before ^ {more[at] for at in borders(more, 50)}
        assert all(abs(int(key[8:13]) - place) <= 204 for key in changed)
    gaps = np.diff([0, *borders(keys, 50), len(keys)])
    assert gaps.min() >= 50
    assert len(gaps) > 10
    assert borders(keys[:100], 50) == []
