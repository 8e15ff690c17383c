"""What is looked up in parts is what a table of everything says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backissue.article import Article, Dateline
from backissue.related import features
from backissue.related.months import count_more, count_terms
from backissue.related.terms import BUCKETS
from backissue.related.vectors import (
    LOOKED_UP,
    Frequencies,
    Stacked,
    one_after_the_other,
    stack,
    stretches,
)

WORDS = [f"word{n}" for n in range(40)]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=6)
VECTORS = st.lists(
    st.dictionaries(st.integers(0, BUCKETS - 1), st.integers(1, 1 << 14), max_size=9), max_size=6
)


def rows(vectors):
    sparse = [sorted(one.items()) for one in vectors]
    return stack(
        [
            (np.array([t for t, _ in own], np.uint32), np.array([w for _, w in own], np.uint16))
            for own in sparse
        ]
    )


def piece(number, words):
    return features(
        Article(
            key=f"{number}", title="", published=Dateline("2026-05"), body="", text=" ".join(words)
        ),
        (),
    )


@given(st.lists(VECTORS, min_size=1, max_size=3), st.data())
def test_products_with_all_rows_are_the_sums_over_shared_terms(parts, data):
    every = [one for part in parts for one in part]
    if not every:
        return
    place = data.draw(st.integers(0, len(every) - 1))
    found = Stacked([rows(part) for part in parts]).products(place)
    own = every[place]
    assert found.tolist() == [sum(own.get(t, 0) * w for t, w in one.items()) for one in every]


@given(st.lists(VECTORS, min_size=1, max_size=3), st.lists(st.integers(0, 99), max_size=9))
def test_rows_of_parts_are_those_of_the_whole(parts, wanted):
    stacked, whole = (
        Stacked([rows(p) for p in parts]),
        one_after_the_other([rows(p) for p in parts]),
    )
    count = len(whole.start) - 1
    places = np.array([n % count for n in wanted] if count else [], np.int64)
    for _ in range(3):  # few are taken one by one, many from the whole
        for one, other in zip(stacked.only(places), whole.only(places), strict=True):
            assert one.tolist() == other.tolist()
    first, rest = rows(parts[0]), one_after_the_other([rows(p) for p in parts[1:]])
    for one, other in zip(first.merged(rest, places), whole.only(places), strict=True):
        assert one.tolist() == other.tolist()


@given(st.lists(st.integers(0, 9), max_size=12))
def test_stretches_cover_an_order(order):
    spans = stretches(np.array(order, np.int64), 4)
    assert [n for a, b in spans for n in range(a, b)] == order
    assert all(a >= 4 or b <= 4 for a, b in spans)


@given(TEXTS, TEXTS)
def test_terms_counted_in_two_goes_are_those_counted_in_one(some, more):
    first = [piece(n, words) for n, words in enumerate(some)]
    then = [piece(n, words) for n, words in enumerate(more)]
    assert count_more(count_terms(first), then) == count_terms([*first, *then])


@given(TEXTS, TEXTS)
def test_a_term_is_as_rare_for_the_first_article_as_for_the_last(some, more):
    known = Frequencies()
    for texts in (some, more):
        articles = [piece(n, words) for n, words in enumerate(texts)]
        known.add(*count_terms(articles).arrays(), len(articles))
    terms = piece(0, WORDS).term_array()
    together = [one.tolist() for one in known.rarities(articles)]
    assert together == [known.rarity(one.term_array()).tolist() for one in articles]
    looked_up = known.rarity(terms).tolist()
    for _ in range(LOOKED_UP):
        last = known.rarity(terms).tolist()
    assert last == looked_up
    times = [sum(WORDS[0] in words for words in texts) for texts in (some, more)]
    place = terms.tolist().index(piece(0, WORDS[:1]).term_array()[0])
    expected = np.log((1 + len(some) + len(more)) / (1 + sum(times))) + 1
    assert abs(looked_up[place] - expected) < 1e-6
