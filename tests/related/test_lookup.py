"""Terms are found among many, whichever way they are looked for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backissue.related.lookup import Numbers, Probe

# Few last sixteen bits, so that many terms end alike.
TERMS = st.builds(lambda high, low: high << 16 | low, st.integers(0, 63), st.integers(0, 3))
ROWS = st.dictionaries(TERMS, st.integers(1, 1 << 14), max_size=40)


@given(ROWS, st.lists(TERMS, max_size=60))
def test_a_probe_finds_every_term_of_its_row_with_its_weight(row, terms):
    own = sorted(row)
    probe = Probe(np.array(own, np.uint32), np.array([row[term] for term in own], np.uint16))
    near, weights = probe.find(np.array(terms, np.uint32))
    found = dict(zip(near.tolist(), weights.tolist(), strict=True))
    assert [found.get(n, 0) for n in range(len(terms))] == [row.get(term, 0) for term in terms]


@given(st.sets(TERMS), st.lists(TERMS), st.integers(1, 9), st.booleans())
def test_numbers_are_those_of_the_known_terms_and_of_nothing_else(known, terms, first, many):
    numbers = Numbers(many)
    for _ in range(2):  # a table is left as it was
        found = numbers.of(np.array(terms, np.uint32), np.array(sorted(known), np.uint32), first)
        expected = {term: n for n, term in enumerate(sorted(known), first)}
        assert found.tolist() == [expected.get(term, 0) for term in terms]


@given(st.lists(TERMS), st.booleans())
def test_terms_that_are_one_have_one_number(terms, many):
    found = Numbers(many).any_of(np.array(terms, np.uint32)).tolist()
    assert len({*zip(terms, found, strict=True)}) == len(set(terms)) == len(set(found))
    assert all(number < len(terms) for number in found)
