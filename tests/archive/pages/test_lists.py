"""Numbered lists: full pages never change again."""

from hypothesis import given
from hypothesis import strategies as st

from backissue.archive.pages.lists import spans

counts = st.integers(min_value=0, max_value=300)
sizes = st.integers(min_value=1, max_value=40)


def test_a_short_list_is_one_page() -> None:
    (only,) = spans("2026/05/", 7, 40)
    assert (only.address, only.start, only.count, only.older) == ("2026/05/", 0, 7, "")


def test_the_newest_page_takes_the_last_full_one_along_while_it_is_short() -> None:
    *_, newest = spans("2026/05/", 83, 40)
    assert (newest.start, newest.count, newest.older) == (40, 43, "2026/05/page/1/")
    *_, newest = spans("2026/05/", 110, 40)
    assert (newest.start, newest.count, newest.older) == (80, 30, "2026/05/page/2/")


@given(counts, sizes)
def test_every_article_stands_on_one_numbered_page_or_on_the_newest(count: int, size: int) -> None:
    *numbered, newest = spans("x/", count, size)
    places = [place for span in numbered for place in range(span.start, span.start + span.count)]
    assert places == list(range(len(places)))
    assert {*places, *range(newest.start, newest.start + newest.count)} == set(range(count))


@given(counts, sizes)
def test_a_newcomer_changes_no_full_page_but_the_last_ones_way_on(count: int, size: int) -> None:
    before = spans("x/", count, size)[:-1]
    after = spans("x/", count + 1, size)
    assert before[:-1] == after[: max(0, len(before) - 1)]
    for old, new in zip(before, after, strict=False):
        assert (old.start, old.count, old.older) == (new.start, new.count, new.older)


@given(counts, sizes)
def test_one_can_walk_from_the_oldest_page_to_the_newest(count: int, size: int) -> None:
    pages = {span.address: span for span in spans("x/", count, size)}
    address, seen = next(iter(pages)), 1
    while pages[address].newer:
        address = pages[address].newer
        seen += 1
    assert address == "x/"
    assert seen == len(pages)
