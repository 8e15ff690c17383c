"""Later coverage: an article names the later ones that told its story further."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from backissue.archive.pages.article_pages import is_later
from backissue.archive.pages.cards import SAME_STORY
from backissue.related.reading import SAME_STORY_WHY
from tests.conftest import Site

STORY = (
    "The Hallow dam gate jammed at noon and the Hallow reservoir rose above the sluice mark. "
    "Engineers of the Hallow dam asked for divers, and the villages below were told to wait."
)
AGAIN = (
    "Divers went down to the jammed gate of the Hallow dam before dawn and cut a steel cable. "
    "By evening the Hallow reservoir stood below the sluice mark, and the villages slept."
)
OTHERS = (
    "A choir from the valley sang in the old glass works, and the tickets were gone in an hour.",
    "The bakery on the corner bakes its bread in the night and sells it warm before the sun is up.",
    "Astronomers counted moons around a distant planet and published a catalogue of their orbits.",
    "The library lends garden tools now, and the queue for the hedge cutter is the longest of all.",
)


def article(title: str, day: str, text: str) -> str:
    return f"---\ntitle: {title}\ndate: {day}\n---\n\n" + "\n\n".join([text] * 4) + "\n"


FILES = {
    "a.md": article("Gate jams at Hallow dam", "2026-05-04", STORY),
    **{
        f"o{number}.md": article(" ".join(text.split()[1:5]), f"2026-05-{number + 10}", text)
        for number, text in enumerate(OTHERS)
    },
}
LATER = {"b.md": article("Divers free the gate of Hallow dam", "2026-05-07", AGAIN)}


def later(site: Site, slug: str) -> list[str]:
    page = BeautifulSoup(site.read(f"2026/05/{slug}/index.html"), "html.parser")
    return [a.get_text() for a in page.select("section[aria-labelledby=later] h3 a")]


def test_an_article_gains_and_loses_later_coverage_as_it_comes_and_goes(
    site: Callable[..., Site],
) -> None:
    one = site(FILES)
    one.build()
    assert later(one, "gate-jams-at-hallow-dam") == []
    one.write(LATER)
    one.build()
    assert later(one, "gate-jams-at-hallow-dam") == ["Divers free the gate of Hallow dam"]
    assert later(one, "divers-free-the-gate-of-hallow-dam") == []
    clean = site({**FILES, **LATER})
    clean.build()
    assert one.tree() == clean.tree()

    changed = {"b.md": article("Divers gave up at Hallow dam", "2026-05-07", AGAIN)}
    one.write(changed)
    one.build()
    assert later(one, "gate-jams-at-hallow-dam") == ["Divers gave up at Hallow dam"]
    clean = site({**FILES, **changed})
    clean.build()
    assert one.tree() == clean.tree()

    (one.content / "b.md").unlink()
    one.build()
    clean = site(FILES)
    clean.build()
    assert one.tree() == clean.tree()


def test_what_is_later_coverage_is_no_further_reading_too(site: Callable[..., Site]) -> None:
    one = site({**FILES, **LATER})
    one.build()
    page = BeautifulSoup(one.read("2026/05/gate-jams-at-hallow-dam/index.html"), "html.parser")
    shown = [a["href"] for a in page.select(".after .cards h3 a")]
    assert len(shown) == len(set(shown))


def test_the_reason_is_the_one_that_relating_gives() -> None:
    assert SAME_STORY == SAME_STORY_WHY


@pytest.mark.parametrize(
    ("date", "than", "answer"),
    [
        ("2026-05-20", "2026-05-19", True),
        ("2026-05-20", "2026-05-20", False),
        ("2026-05-20", "2026-05", False),
        ("2026-05", "2026-05-20", False),
        ("2026-06", "2026-05-20", True),
        ("2026-05-20T09:30:00+08:00", "2026-05-20", False),
    ],
)
def test_a_date_is_later_where_both_are_known_well_enough(
    date: str, than: str, answer: bool
) -> None:
    assert is_later(date, than) is answer


days = st.dates().map(str).flatmap(lambda day: st.sampled_from([day, day[:7]]))


@given(days, days)
def test_of_two_dates_one_at_most_is_later(one: str, other: str) -> None:
    assert not (is_later(one, other) and is_later(other, one))
