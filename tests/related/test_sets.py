"""What articles have of something is compared by hashes, and told by name."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backissue.related.sets import StackedSets, hash_of, pack_names

NAMES = st.lists(st.sampled_from("abcdef"), max_size=4)
PARTS = st.lists(st.lists(NAMES, max_size=5), min_size=1, max_size=3)


@given(PARTS, st.data())
def test_overlaps_are_those_of_the_names(parts, data):
    every = [set(names) for part in parts for names in part]
    if not every:
        return
    stacked = StackedSets([pack_names(part).sets() for part in parts])
    places = st.lists(st.integers(0, len(every) - 1), min_size=1, max_size=6)
    for _ in range(3):  # few are taken one by one, many from the whole
        asking = data.draw(places)
        others = [data.draw(places) for _ in asking]
        found = stacked.overlaps(np.array(asking), np.concatenate(others), [*map(len, others)])
        pairs = [(every[a], every[b]) for a, own in zip(asking, others, strict=True) for b in own]
        assert found.tolist() == [len(a & b) / max(len(a | b), 1) for a, b in pairs]
        assert [stacked.overlap(a, b[0]) for a, b in zip(asking, others, strict=True)] == [
            len(every[a] & every[b[0]]) / max(len(every[a] | every[b[0]]), 1)
            for a, b in zip(asking, others, strict=True)
        ]


@given(PARTS)
def test_those_that_have_a_name_are_found(parts):
    every = [names for part in parts for names in part]
    stacked = StackedSets([pack_names(part).sets() for part in parts])
    holding = stacked.holding(hash_of("a")).tolist()
    assert holding == [n for n, names in enumerate(every) if "a" in names]
    assert stacked.sizes().tolist() == [len(set(names)) for names in every]


@given(st.lists(NAMES, max_size=5), st.lists(NAMES, max_size=5), st.data())
def test_merged_sets_are_those_made_at_once(some, more, data):
    both = [*some, *more]
    order = data.draw(st.permutations(range(len(both))).map(lambda all_: all_[: len(all_) - 1]))
    merged = pack_names(some, told=True).merged(
        pack_names(more, told=True), np.array(order, np.int64)
    )
    at_once = pack_names([both[n] for n in order], told=True)
    assert merged == at_once
    assert all(merged.name(hash_of(name)) == name for n in order for name in both[n])
