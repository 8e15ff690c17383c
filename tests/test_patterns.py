"""Patterns that are compiled late: they do what compiled ones do, and all of them can be."""

import pickle
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

import backissue
from backissue.patterns import _Late, pattern


def late(value: object) -> Iterator[_Late]:
    """Yield the patterns in a value of a module."""
    if isinstance(value, _Late):
        yield value
    elif isinstance(value, dict):
        yield from late(tuple(value.values()))
    elif isinstance(value, (tuple, list, frozenset)):
        for one in value:
            yield from late(one)


def test_all_patterns_of_all_rooms_can_be_compiled() -> None:
    count = 0
    for module in pkgutil.walk_packages(backissue.__path__, "backissue."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(import_module(module.name)).values():
            for one in late(value):
                re.compile(one.pattern)
                count += 1
    assert count > 200


def test_it_is_as_if_compiled_at_once() -> None:
    some = pattern(r"(a+)(?P<rest>b*)", re.IGNORECASE)
    at_once = re.compile(r"(a+)(?P<rest>b*)", re.IGNORECASE)
    found = some.search("xxAAb")
    assert found is not None
    assert found.re == at_once
    assert some.sub("-", "aabxa") == at_once.sub("-", "aabxa")
    assert (some.pattern, some.flags, some.groups) == (at_once.pattern, at_once.flags, 2)
    assert pattern(rb"\d+").findall(b"1 22") == [b"1", b"22"]
    assert pickle.loads(pickle.dumps(some)).fullmatch("ab")


def test_nothing_is_compiled_before_it_is_used() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error):
        wrong.match("")
