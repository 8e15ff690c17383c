"""Packed strings are the strings they were made of."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backissue.related.strings import FEW, Strings

LISTS = st.lists(st.text(max_size=6), max_size=9)


@given(LISTS)
def test_strings_are_read_again_one_by_one_and_all(strings):
    packed = msgspec.msgpack.decode(msgspec.msgpack.encode(Strings.of(strings)), type=Strings)
    assert [*packed] == strings
    assert [packed[n] for n in range(len(packed))] == strings


def test_there_is_no_string_behind_the_last():
    with pytest.raises(IndexError):
        Strings.of(["one"])[1]


@given(LISTS, st.sets(st.text(max_size=2), max_size=4), st.booleans())
def test_ascending_strings_know_whether_they_have_one_of_some(strings, wanted, many):
    asked = wanted | {f"more than six {n}" for n in range(FEW)} if many else wanted
    assert Strings.of(sorted(strings)).has_any(asked) == (not wanted.isdisjoint(strings))


@given(LISTS, LISTS, st.lists(st.integers(0, 99), max_size=20))
def test_strings_of_both_are_put_into_an_order(strings, more, numbers):
    both = [*strings, *more]
    order = [number % len(both) for number in numbers] if both else []
    merged = Strings.of(strings).merged(Strings.of(more), np.array(order, np.int64))
    assert [*merged] == [both[n] for n in order]
