"""Which topics a month is about more than the month before."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from backissue.archive.pages.rising import Rise, Shares, rising
from tests.conftest import Site
from tests.links import broken_links

BEFORE = Shares({"chips": 40, "law": 40, "ships": 1}, 400)


def test_a_topic_rises_by_its_share_not_by_its_count() -> None:
    twice_the_month = Shares({"chips": 80, "law": 40}, 800)
    assert rising(twice_the_month, BEFORE, 9) == ()
    half_the_month = Shares({"chips": 40, "law": 20}, 200)
    assert rising(half_the_month, BEFORE, 9) == (Rise("chips", 40, 2.0),)


def test_a_topic_that_had_none_is_new() -> None:
    assert rising(Shares({"tape": 30}, 400), BEFORE, 9) == (Rise("tape", 30, 0.0),)


def test_what_chance_does_is_no_rise() -> None:
    assert rising(Shares({"ships": 2}, 400), BEFORE, 9) == ()
    assert rising(Shares({"chips": 44}, 400), BEFORE, 9) == ()


def test_without_a_month_before_nothing_rises() -> None:
    assert rising(Shares({"tape": 30}, 400), Shares({}, 0), 9) == ()


def test_the_surest_come_first_and_ties_by_name() -> None:
    now = Shares({"b": 30, "a": 30, "most": 60}, 400)
    assert [one.slug for one in rising(now, BEFORE, 2)] == ["most", "a"]


counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50))


@given(counts, counts, st.integers(0, 9))
def test_whatever_rises_has_a_larger_share(
    now: dict[str, int], before: dict[str, int], limit: int
) -> None:
    found = rising(Shares(now, 60), Shares(before, 90), limit)
    assert len(found) <= limit
    for one in found:
        assert one.count == now[one.slug]
        assert now[one.slug] / 60 > before.get(one.slug, 0) / 90
        assert one.times == 0.0 or one.times >= 1.0


VOCABULARY = '[[topic]]\nname = "Databases"\n\n[[topic]]\nname = "Rust"\n'


def stories(month: str, databases: int, rust: int) -> dict[str, str]:
    subjects = ["Databases"] * databases + ["Rust"] * rust
    return {
        f"{month}/{number}.md": f"---\ntitle: {subject} {month} {number}\n"
        f"date: {month}-{number + 1:02d}\ntags: [{subject}]\n---\n\n"
        f"What this is about is {subject}, at some length, in part {number} of {month}.\n"
        for number, subject in enumerate(subjects)
    }


def test_a_months_page_follows_what_changes_in_the_month_before(
    site: Callable[..., Site],
) -> None:
    files = {
        "topics.toml": VOCABULARY,
        **stories("2026-03", 3, 9),
        **stories("2026-04", 6, 6),
        **stories("2026-05", 14, 2),
    }
    one = site(files)
    one.build()
    before = one.read("2026/05/index.html")
    assert "More than the month before" in before
    for number in range(3):
        (one.content / "2026-04" / f"{number}.md").unlink()
        del files[f"2026-04/{number}.md"]
    one.build()
    assert one.read("2026/05/index.html") != before
    clean = site(files)
    clean.build()
    assert one.tree() == clean.tree()


def test_each_day_leads_to_the_page_that_has_it(site: Callable[..., Site]) -> None:
    one = site(stories("2026-05", 9, 0), BACKISSUE={"sync": False, "page_size": 2})
    one.build()
    page = BeautifulSoup(one.read("2026/05/index.html"), "html.parser")
    ways = {cell["href"] for cell in page.select(".calendar a")}
    assert {"../../2026/05/page/1/#d1", "../../2026/05/page/4/#d7", "../../2026/05/#d9"} <= ways
    assert len(ways) == 9
    assert list(broken_links(one.tree())) == []
