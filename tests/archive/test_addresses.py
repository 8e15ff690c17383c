"""Addresses: permanent, readable, told apart the same way everywhere."""

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from backissue.archive.addresses import SLUG_LENGTH, file_of, slug_of, tell_apart


def test_a_slug_is_the_titles_words() -> None:
    assert slug_of("Karpathy's Bet: What's Next?") == "karpathys-bet-whats-next"


def test_a_chinese_title_is_written_in_pinyin() -> None:
    assert slug_of("开源数据库") == "kai-yuan-shu-ju-ku"


def test_a_title_of_signs_alone_still_gets_a_slug() -> None:
    assert slug_of("???") == "article"


def test_no_article_takes_the_name_of_a_months_numbered_pages() -> None:
    assert slug_of("Page") == "page-article"


def test_a_long_slug_ends_with_a_word() -> None:
    slug = slug_of("word " * 60)
    assert len(slug) <= SLUG_LENGTH
    assert set(slug.split("-")) == {"word"}


@given(st.text())
def test_any_title_gives_a_safe_slug(title: str) -> None:
    slug = slug_of(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= SLUG_LENGTH + len("-article")


def test_the_earliest_article_keeps_the_slug() -> None:
    suffixes = tell_apart([("2026-05-20", "b.txt"), ("2026-05-03", "z.txt")])
    assert suffixes["z.txt"] == ""
    assert re.fullmatch(r"-[0-9a-f]{6}", suffixes["b.txt"])


@given(st.lists(st.tuples(st.dates().map(str), st.text(min_size=1)), unique_by=lambda c: c[1]))
def test_the_order_of_claims_plays_no_part(claims: list[tuple[str, str]]) -> None:
    mixed = list(claims)
    random.Random(1).shuffle(mixed)
    assert tell_apart(claims) == tell_apart(mixed)
    assert list(tell_apart(claims).values()).count("") == (1 if claims else 0)


def test_a_folders_address_is_its_index_file() -> None:
    assert file_of("") == "index.html"
    assert file_of("2026/05/") == "2026/05/index.html"
    assert file_of("404.html") == "404.html"
