"""What is marked in a text: the same, whether every word is looked at or few."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backissue.search.analysis import normal
from backissue.search.query import like, parse
from backissue.search.snippet import Marker, highlight, in_units, leaves_of, snippet, window

_WORDS = """
open opened OPENING opens source deployability employable ponies pony don't o'neil naïve café
Ünal GPT-4o C++ c# .NET asp.net o1 3.5 1,000 2026 news new generalization rational relational
开源 人工智能 智 能源 大模型，推理 ＧＰＴ ガンダム 한국어 х² x² ½ ① 𠮷野家 😀 🆕 İstanbul ſet μ ™
“quoted” (open) open/source open_source open-source
"""
WORDS = [*_WORDS.split(), "\u00a0open", "\u2028open", "\u200bopen"]
TEXTS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", "", "\n", ", ", "。"])), max_size=30
).map(lambda pairs: normal("".join(word + end for word, end in pairs)))
QUERIES = st.lists(
    st.tuples(st.sampled_from(["", "", '"']), st.sampled_from(WORDS)), min_size=1, max_size=4
).map(lambda pairs: " ".join(f"{mark}{word}{mark}" for mark, word in pairs))


@given(TEXTS, QUERIES)
def test_a_look_at_few_words_finds_what_a_look_at_all_does(text: str, query: str) -> None:
    marker = Marker(leaves_of(parse(query)))
    assert marker.marks(text) == marker.thorough(text)


@given(TEXTS, QUERIES, st.integers(1, 3))
def test_a_look_at_the_first_stretch_with_all_shows_what_a_look_at_all_does(
    text: str, query: str, times: int
) -> None:
    text = ("and so on " * 9).join([text] * times)
    marker = Marker(leaves_of(parse(query)))
    with mock.patch("backissue.search.snippet._PIECE", 40):
        few = marker.marks_shown(text)
    shown = []
    for found in (few, marker.marks(text)):
        units, marks = in_units(text, found)
        stretch = window(units, marks)
        shown.append((stretch, highlight(units, marks, *stretch)))
    assert shown[0] == shown[1]


@given(TEXTS)
def test_a_title_of_plain_words_is_read_as_any_other(title: str) -> None:
    # What stands behind is not ASCII, and no word.
    assert like(title) == like(f"{title} …")


def test_a_snippet_is_the_beginning_where_nothing_is_marked() -> None:
    marker = Marker(leaves_of(parse("absent")))
    assert snippet("one two", False, marker) == "one two"
    assert snippet("one <b>\ntwo", True, marker) == "one &lt;b&gt; two…"


@pytest.mark.parametrize("end", [".", "!", "。", '."', "？”", "…", ".\n"])
def test_no_dots_stand_behind_the_end_of_a_sentence(end: str) -> None:
    marker = Marker(leaves_of(parse("absent")))
    assert not snippet(f"one two{end}", True, marker).endswith(f"{end.strip()}…")
    assert snippet(f"one two{end} three", True, marker).endswith("three…")
