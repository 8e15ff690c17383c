"""Postings as columns: parts merged are the columns of all their documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backissue.search.analysis import STOP_WORDS, normal, term_of, tokens
from backissue.search.columns import columns_of, split, words, words_in
from backissue.search.merging import Run, merge
from backissue.search.records import SearchDoc

from .samples import HAN, VOCABULARY, Rows, by_term, documents

DOCS = documents(40)


def whole(docs: Sequence[SearchDoc]) -> dict[bytes, Rows]:
    return by_term(merge([Run(columns_of(docs), np.arange(len(docs), dtype=np.int32))]))


@given(st.lists(st.integers(-1, 3), min_size=len(DOCS), max_size=len(DOCS)))
def test_parts_merged_are_the_columns_of_all_that_is_left(owners: list[int]) -> None:
    """Each document is in the part of its number; those of -1 are in the first, but gone."""
    left = [doc for doc, owner in zip(DOCS, owners, strict=True) if owner >= 0]
    numbers = np.cumsum(np.array(owners) >= 0) - 1
    runs = []
    for part in range(4):
        held = [at for at, one in enumerate(owners) if max(one, 0) == part]
        ids = [int(numbers[at]) if owners[at] >= 0 else -1 for at in held]
        runs.append(Run(columns_of(DOCS[at] for at in held), np.array(ids, np.int32)))
    assert by_term(merge(runs)) == whole(left)


def test_a_small_part_beside_a_large_one_is_merged_alike() -> None:
    last = len(DOCS) - 1
    others = [at for at in range(len(DOCS)) if at != last // 2]
    large = Run(columns_of(DOCS[at] for at in others), np.array(others, np.int32))
    doc = SearchDoc(key="k", url="u", title="zyzzyva aardvark", month="2026-05", date="2026-05")
    small = Run(columns_of([doc]), np.array([last // 2], np.int32))
    together = [*DOCS[: last // 2], doc, *DOCS[last // 2 + 1 :]]
    assert by_term(merge([large, small])) == by_term(merge([small, large])) == whole(together)


@pytest.mark.parametrize("step", [1, 3, len(DOCS)])
def test_words_of_some_documents_are_those_of_their_own_columns(step: int) -> None:
    columns = columns_of(DOCS)
    some = np.arange(0, len(DOCS), step, dtype=np.int32)
    assert words_in(columns, some) == words(columns_of(DOCS[::step]))
    assert "reasoning" in words(columns)


PIECES = [
    *VOCABULARY.split(),
    *HAN,
    " ",
    "\n",
    "e\u0301",
    "\u0300",
    "ß",
    "ﬁ",
    "'",
    "’s",
    ".",
    "+",
    "#",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_the_terms_of_a_text_are_those_of_its_tokens(text: str) -> None:
    text = normal(text)
    expected: set[str] = set()
    before = None
    for token in tokens(text):
        if token.kind == "word" and token.form not in STOP_WORDS:
            expected.add(term_of(token.form))
        elif token.kind != "word":
            expected.add(token.form)
        if token.kind == "han" and before and before.end == token.start:
            expected.add(before.form + token.form)
        before = token if token.kind == "han" else None
    doc = SearchDoc(key="k", url="u", title="", month="2026-05", date="2026-05", body=text, lang="")
    assert {term.decode() for term in split(columns_of([doc]).terms)} == expected


def test_no_documents_have_no_terms() -> None:
    assert columns_of([]).terms == b""
    assert list(merge([])) == []
