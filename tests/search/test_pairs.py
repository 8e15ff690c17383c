"""Pairs of frequent words: what is written is where two words stand side by side."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backissue.search.columns import columns_of
from backissue.search.merging import Run, merge
from backissue.search.opened import OpenShard
from backissue.search.pairs import (
    FORMS_BETWEEN,
    Term,
    bucket,
    cover,
    is_pair,
    pair_key,
    pair_shards,
)
from backissue.search.rank import PLACE_BITS
from backissue.search.segment import packed
from backissue.search.shard import cut_shards

from .samples import by_term, documents

DOCS = 60
TEXTS = st.text(min_size=1, max_size=6).map(str.encode)


def test_pairs_are_where_one_word_follows_another() -> None:
    columns = columns_of(documents(DOCS))
    lengths = np.full(DOCS, 160, np.uint8)
    chunks = list(merge([Run(columns, np.arange(DOCS, dtype=np.int32))]))
    rows = by_term(chunks)
    shards = [
        packed(raw)
        for chunk in chunks
        for raw in cut_shards(chunk, b"", DOCS, lengths, 400)
        if raw.first >= b"m"  # some of the words
    ]
    words: dict[bytes, set[tuple[int, int]]] = {}
    for shard in shards:
        opened = OpenShard(shard.postings, DOCS, lengths)
        for term in opened.terms:
            words[term] = {(number, place) for number, _, places in rows[term] for place in places}
    expected = {
        pair_key(one, other, True): starts
        for one, here in words.items()
        for other, there in words.items()
        if (starts := {(doc, place) for doc, place in here if (doc, place + 1) in there})
    }
    made = pair_shards([(one.postings, one.positions) for one in shards], DOCS, lengths, 200)
    assert len(made) > 5
    found: dict[bytes, set[tuple[int, int]]] = {}
    for number, raw in enumerate(made):
        if raw is None:
            continue
        shard = packed(raw)
        opened = OpenShard(shard.postings, DOCS, lengths)
        positions = opened.positions(shard.positions)
        for at, term in enumerate(opened.terms):
            assert bucket(term, len(made)) == number
            low, high = int(positions.starts[at]), int(positions.starts[at + 1])
            places = positions.places(low, high).tolist()
            found[term] = {divmod(place, 1 << PLACE_BITS) for place in places}
    assert found == expected
    assert any(len(starts) > 1 for starts in found.values())


def test_no_pair_is_no_shard() -> None:
    assert pair_shards([], DOCS, np.zeros(DOCS, np.uint8), 100) == []


def test_words_are_covered_by_pairs_where_both_are_frequent() -> None:
    terms = [Term(word, True, at) for at, word in enumerate([b"a", b"b", b"c", b"rare"])]
    covered = cover(terms, lambda term: term.key != b"rare")
    assert [(term.key[:3], term.offset) for term in covered] == [
        (b"a b", 0),
        (b"b c", 1),
        (b"rar", 3),
    ]
    apart = [Term(b"a", True, 0), Term(b"b", True, 2)]
    assert cover(apart, lambda _: True) == apart


@given(TEXTS, TEXTS)
def test_forms_of_two_stems_are_told_apart_and_stand_together(one: bytes, other: bytes) -> None:
    stems = pair_key(b"train", b"model", False)
    keys = {
        pair_key(b"train" + first, b"model" + second, True)
        for first in (b"", b"\x01" + one.hex().encode())
        for second in (b"", b"\x02" + other.hex().encode())
    }
    assert len(keys) == 4
    assert all(is_pair(key) and key.startswith(stems) and FORMS_BETWEEN in key for key in keys)
    assert all(stems < key < stems + b" " for key in keys)
    assert len({bucket(key, 97) for key in (*keys, stems)}) == 1
