"""Templates escape what they are given as Jinja's own do, whatever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, FileSystemBytecodeCache
from markupsafe import Markup

from backissue.archive.pages.escaping import CACHED, escape_quickly

TEMPLATES = {
    "macros": "{% macro shown(x) %}<b>{{ x }}</b>{% endmacro %}",
    "page": (
        "{% import 'macros' as m %}{{ x }}|{{ m.shown(x) }}|{{ x | safe }}|{{ missing }}"
        "|{{ x ~ '<' }}"
        "{% autoescape false %}{{ x }}{% endautoescape %}"
        "{% set held %}{{ x }}&{% endset %}{{ held }}{% for c in xs %}{{ c }}{% endfor %}"
    ),
}


class Own(str):
    """A string of another class, as plugins of Pelican make them."""


class Html:
    def __html__(self) -> str:
        return "<i>"

    def __str__(self) -> str:
        return "<never>"


def environment(autoescape: bool = True) -> Environment:
    return Environment(
        loader=DictLoader(TEMPLATES), autoescape=autoescape, extensions=["jinja2.ext.loopcontrols"]
    )


TEXTS = st.text(st.sampled_from("a<>&\"'é中 \n"), max_size=8)
VALUES = st.one_of(
    TEXTS,
    TEXTS.map(Markup),
    TEXTS.map(Own),
    st.integers(),
    st.none(),
    st.just(Html()),
    st.lists(TEXTS, max_size=2),
)


@pytest.mark.parametrize("autoescape", [True, False])
@given(x=VALUES, xs=st.lists(VALUES, max_size=3))
def test_any_value_is_shown_as_jinja_shows_it(autoescape: bool, x: Any, xs: list[Any]) -> None:
    plain, quick = environment(autoescape=autoescape), environment(autoescape=autoescape)
    escape_quickly(quick)
    shown = [one.get_template("page").render(x=x, xs=xs) for one in (plain, quick)]
    assert shown[0] == shown[1]


def test_what_others_compiled_is_not_taken_for_ours(tmp_path: Path) -> None:
    """A folder of compiled templates may be that of an older version, and of a newer one."""
    for pattern in (CACHED, "__jinja2_%s.cache", CACHED):
        made = environment()
        made.bytecode_cache = FileSystemBytecodeCache(str(tmp_path), pattern)
        if pattern == CACHED:
            escape_quickly(made)
        assert "&lt;|<b>&lt;</b>" in made.get_template("page").render(x="<", xs=())
    assert len(list(tmp_path.iterdir())) == 2 * len(TEMPLATES)
