"""The words that a misspelt one may stand for, as a file."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backissue.search import lexicon
from backissue.search.analysis import LONGEST
from backissue.search.lexicon import (
    Lexicon,
    Word,
    complete,
    correct,
    offer,
    pack_words,
    top_words,
    unpack_words,
)

FORMS = st.text(st.characters(min_codepoint=97, max_codepoint=0x9FFF), min_size=1, max_size=LONGEST)


@given(st.dictionaries(FORMS, st.integers(1, 20), max_size=30))
def test_what_is_packed_is_unpacked(counts: dict[str, int]) -> None:
    words = [Word(form, bits) for form, bits in sorted(counts.items())]
    assert unpack_words(pack_words(words)) == words


def test_the_longest_word_of_letters_that_take_three_bytes_is_kept() -> None:
    words = [Word("龍" * LONGEST, 2), Word("龍" * (LONGEST - 1) + "龜", 3)]
    assert unpack_words(pack_words(sorted(words))) == sorted(words)


COUNTS = st.lists(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 9)))


@given(COUNTS, st.integers(1, 30))
def test_the_commonest_words_are_kept_and_the_first_of_equals(
    months: list[dict[str, int]], room: int
) -> None:
    counts = sum(map(Counter, months), Counter[str]())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexicon, "OFFERED", room)
        patch.setattr(lexicon, "MOST_WORDS", room)
        offered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:room]
        assert sorted(offer(months).items()) == sorted(offered)
        frequent = [Word(form, count.bit_length()) for form, count in counts.items() if count > 1]
        kept = sorted(frequent, key=lambda word: (-word.bits, word.form))[:room]
        assert top_words(months) == sorted(kept)


def test_the_commonest_word_one_slip_away_is_meant() -> None:
    words = [Word("agent", 3), Word("agents", 9), Word("argent", 4)]
    assert correct("agnet", words) == "agent"
    assert correct("agentt", words) == "agents"
    assert correct("tale", words) is None


SHORT = st.text("abc", min_size=3, max_size=8)


@given(st.dictionaries(SHORT, st.integers(1, 5), max_size=40), SHORT)
def test_a_lexicon_answers_as_a_look_at_all_words(counts: dict[str, int], asked: str) -> None:
    words = [Word(form, bits) for form, bits in sorted(counts.items())]
    known = Lexicon(words)
    assert known.correct(asked) == correct(asked, words)
    assert known.complete(asked[:3]) == complete(asked[:3], words)
