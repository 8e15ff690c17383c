"""Topics are counted alike, whether few documents are looked up or all are gone through."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backissue.search.column import TopicColumn

LISTED = st.lists(st.sets(st.sampled_from("abcdef"), max_size=3).map(sorted), max_size=40)


@given(LISTED, st.randoms(use_true_random=False))
def test_topics_are_counted_of_any_documents(of: list[list[str]], chance: object) -> None:
    many = chance.randint(0, len(of))  # type: ignore[attr-defined]
    ids = chance.sample(range(len(of)), many)  # type: ignore[attr-defined]
    counts = Counter(slug for number in ids for slug in of[number])
    facets = TopicColumn(of, {"a": "An A"}).facets(np.array(ids, np.int64))
    assert {facet.key: facet.count for facet in facets} == dict(counts)
    order = [(-facet.count, facet.key) for facet in facets]
    assert order == sorted(order)
