"""The terms found quickly are those that the definition gives, line by line."""

import re
import unicodedata
import zlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backissue.article import Article, Dateline
from backissue.related import features
from backissue.related.features import LEAST_PASSAGE, MAX_PASSAGES
from backissue.related.terms import BUCKETS, HAN, STOP_WORDS, packed, terms, terms_by_line

ENGLISH = ["The", "GPT-4o", "node.js", "it's", "a_b", "x", " ", "\n", "“", "”", "…", "é", "ﬁn", "Σ"]
OTHERS = [
    "模",
    "模型",
    "〇々",
    "，",
    "カナ",
    "한국어",
    "𠀀𠀁",
    "😀",
    "\ud800",
    "\x00",
    "\x85",
    "\u2028",
    "’",
    "…",
    "\xa0",
    "™",
    "․",
    "𝚺",
    "¨",
    "½",
    "₂",
    "\u0301",
    "Ａ",
]
PARTS = st.sampled_from([*ENGLISH, *OTHERS])
TEXTS = st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=40).map("".join))


def hashed(term):
    return zlib.crc32(term.encode()) % BUCKETS


def by_definition(line):
    line = unicodedata.normalize("NFKC", line).lower()
    found = [
        hashed(word) for word in re.findall(rf"[^\W_{HAN}]{{2,}}", line) if word not in STOP_WORDS
    ]
    for run in re.findall(f"[{HAN}]+", line):
        pairs = [run[n : n + 2] for n in range(len(run) - 1)]
        found += map(hashed, pairs or [run])
    return sorted(found)


@example("AΣ․A")
@example("A𝚺’A")
@given(TEXTS)
def test_terms_are_words_and_pairs_of_chinese_characters(text):
    expected = [by_definition(line) for line in text.split("\n")]
    assert sorted(terms(text)) == sorted(term for line in expected for term in line)
    found, lines = terms_by_line(text)
    for number, line in enumerate(expected):
        assert sorted(found[lines == number].tolist()) == line


@given(st.lists(st.integers(0, 9), max_size=400))
def test_packed_terms_ascend_and_say_how_often_each_is(found):
    unique, times = packed(np.array(found, np.uint32))
    counted = sorted(Counter(found).items())
    assert np.frombuffer(unique, "<u4").tolist() == [term for term, _ in counted]
    assert list(times) == [min(count, 255) for _, count in counted]


@pytest.mark.parametrize("word", ["model", "模型在"])
def test_passages_are_the_first_lines_that_are_no_labels(word):
    lines = [f"{word} {word}{n}. " * LEAST_PASSAGE for n in range(MAX_PASSAGES + 3)]
    text = "\n".join([word, "", *lines])
    one = features(
        Article(key="a", title="", published=Dateline("2026-05"), body="", text=text), ()
    )
    passages, lengths = one.passage_arrays()
    expected = [sorted(set(by_definition(line))) for line in lines[:MAX_PASSAGES]]
    assert lengths.tolist() == [len(line) for line in expected]
    assert passages.tolist() == [term for line in expected for term in line]
