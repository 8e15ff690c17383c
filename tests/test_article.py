"""The records that travel."""

from __future__ import annotations

import pytest

from backissue.article import opening, shorten


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Short enough.", "Short enough."),
        ("One two three four five six", "One two three…"),
        ("One two, three, four five six", "One two, three…"),
        ("Prices fell again. Nobody knows why.", "Prices fell again."),
        ("价格又下跌了一次没有人知道是为什么" * 2, "价格又下跌了一次没有人知道是为什么价…"),
        ("价格又下跌了一次，没有人知道为什么。" * 2, "价格又下跌了一次，没有人知道为什么。"),
    ],
)
def test_a_text_is_cut_between_words_and_says_so_where_something_is_missing(
    text: str, short: str
) -> None:
    assert shorten(text, 19) == short


@pytest.mark.parametrize(
    ("text", "headings", "begins"),
    [
        ("Prices fell.\n\nNobody knows why.", (), "Prices fell. Nobody knows why."),
        ("Highlights\n\nPrices fell.", ("Highlights",), "Prices fell."),
        ("Authors: Ann Lee (Acme)\n\nPrices fell.", (), "Prices fell."),
        ("What is new:\n\n- Prices.\n- Wages.\n\nBoth fell.", (), "Both fell."),
        ("要点\n\n价格下跌。", ("要点",), "价格下跌。"),
        ("New\n\n- Prices\n- Wages", ("New",), "- Prices\n- Wages"),
        ("Prices", ("Prices",), "Prices"),
        ("", (), ""),
    ],
)
def test_a_text_opens_with_its_first_sentences(
    text: str, headings: tuple[str, ...], begins: str
) -> None:
    assert opening(text, headings) == begins
