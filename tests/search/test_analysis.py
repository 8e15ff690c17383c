"""Terms: names keep their signs, words their forms, Han its pairs; the browser agrees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backissue.search.analysis import fold, form_of, normal, stem_of, term_of, tokens
from backissue.search.query import _easy_words, _runs, parse

from .samples import QUERIES, documents, node

ENDINGS = (
    "ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness "
    "fulness ousness aliti iviti biliti logi icate ative alize iciti ical ful ness al ance "
    "ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize sion tion e ee eed "
    "ing ed s es ies sses y ll"
)
STARTS = "a b tr rel oper hop ply sky happ y yield fall control agre motor size vieu"


def forms(text: str) -> list[str]:
    return [token.form for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GPT-4o", ["gpt", "4o"]),
        ("C++, C# and .NET", ["c", "c++", "c", "c#", "and", "net", ".net"]),
        ("o1 costs $0.03 or 1,000", ["o1", "costs", "0.03", "or", "1,000"]),
        ("end. Next", ["end", "next"]),
        ("Karpathy's don't", ["karpathy", "dont"]),
        ("naïve CAFÉ Ｆｕｌｌ", ["naive", "cafe", "full"]),
        ("用Claude写", ["用", "claude", "写"]),
    ],
)
def test_text_is_taken_apart_into_forms(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


@given(st.text(st.sampled_from("abcdefghilmnorstuyz"), min_size=1, max_size=14))
@example("happiness")
@example("skies")
def test_a_term_gives_its_word_back(word: str) -> None:
    assert form_of(term_of(word)) == word
    assert term_of(word).startswith(stem_of(word))


def test_forms_of_a_stem_stand_together_before_longer_words() -> None:
    terms = sorted(map(term_of, ("reason", "reasoning", "reasons", "reasonableness", "rear")))
    stems = [stem_of(form_of(term)) for term in terms]
    assert stems == sorted(stems)


def test_the_stemmer_in_the_browser_is_whooshs(tmp_path: Path) -> None:
    words = set()
    for doc in documents(40):
        words |= {token.form for token in tokens(doc.body)}
    endings = ENDINGS.split()
    starts = STARTS.split()
    words |= {start + ending for start in starts for ending in endings} | set(starts)
    listed = sorted(word for word in words if word.isascii() and word.isalpha())
    (tmp_path / "words.json").write_text(json.dumps(listed))
    stems = node("modules.mjs", "analysis.js", "stemOf", f"@{tmp_path / 'words.json'}")
    assert dict(zip(listed, stems, strict=True)) == {word: stem_of(word) for word in listed}
    assert len(listed) > 700


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=30, max_size=60))
def test_any_text_has_the_same_tokens_in_the_browser(texts: list[str]) -> None:
    # What a newer Unicode than Python's knows is left out: it is a letter in one of them only.
    known = [normal("".join(c for c in text if not "\ud800" <= c <= "\udfff")) for text in texts]
    known = [text for text in known if all(is_settled(character) for character in text)]
    there = node("modules.mjs", "analysis.js", "tokens", known)
    for text, found in zip(known, there, strict=True):
        assert [token["form"] for token in found] == forms(text)
        assert [token["position"] for token in found] == [t.position for t in tokens(text)]


def is_settled(character: str) -> bool:
    """Whether both languages' Unicode tables surely say the same of a character."""
    code = ord(character)
    return (
        code < 0x0600
        or 0x1E00 <= code < 0x2C00
        or 0x3000 <= code < 0xA000
        or 0xFF00 <= code < 0x10000
    )


def test_queries_mean_the_same_in_the_browser() -> None:
    there = node("modules.mjs", "query.js", "parse", list(QUERIES))
    for text, found in zip(QUERIES, there, strict=True):
        query = parse(text)
        assert [
            [[leaf["text"], [list(piece.values()) for piece in leaf["pieces"]]] for leaf in group]
            for group in found["groups"]
        ] == [
            [[leaf.text, [list(piece) for piece in leaf.pieces]] for leaf in group]
            for group in query.groups
        ], text
        assert (found["after"], found["before"], found["title"], found["needed"]) == (
            query.after,
            query.before,
            query.title,
            query.needed,
        )


@given(st.text(max_size=200))
@example("(" * 5000)
@example('"' * 999)
@example("x~3 [a TO z] *a*")
@example("-" * 999)
def test_any_text_is_a_query(text: str) -> None:
    query = parse(text)
    assert len(query.groups) <= 32


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(st.sampled_from("aB 3.,'’“：，智能芯é_-+#·《")))
def test_the_words_of_a_plain_title_are_those_of_any_other(title: str) -> None:
    easy = _easy_words(title)
    assert easy in ([], [run.text for run in _runs(normal(title))])
