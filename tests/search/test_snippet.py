"""What is marked in a text: the same, whether every word is looked at or few."""

from hypothesis import given
from hypothesis import strategies as st

from backissue.search.analysis import normal
from backissue.search.query import parse
from backissue.search.snippet import Marker, leaves_of, snippet

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


def test_a_snippet_is_the_beginning_where_nothing_is_marked() -> None:
    marker = Marker(leaves_of(parse("absent")))
    assert snippet("one two", False, marker) == "one two"
    assert snippet("one <b>\ntwo", True, marker) == "one &lt;b&gt; two…"
