"""Stories: which articles tell one event, and the timeline of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from backissue.archive.pages.cards import SAME_STORY
from backissue.archive.store.catalogue import Catalogue
from backissue.archive.store.store import Store
from backissue.archive.stories import MOST, Stories, story_address
from backissue.article import Article, Dateline, Suggestion
from tests.archive.test_later import AGAIN, FILES, LATER, STORY, article
from tests.conftest import Site

WATER = (
    "The Hallow reservoir fell below the sluice mark and the jammed gate of Hallow dam was dry. "
    "Engineers and divers of the Hallow dam looked at the steel cable, and the villages came."
)
THIRD = {"c.md": article("Water falls behind Hallow dam", "2026-05-09", WATER)}
FOURTH = {"d.md": article("An inquest opens", "2026-05-11", f"{AGAIN} {WATER}")}
TIMELINE = "stories/2026/05/gate-jams-at-hallow-dam/"


def timeline(site: Site, address: str = TIMELINE) -> list[str]:
    page = BeautifulSoup(site.read(f"{address}index.html"), "html.parser")
    return [a.get_text() for a in page.select("ol.listing h3 a")]


def listed(site: Site, address: str = "stories/") -> list[str]:
    page = BeautifulSoup(site.read(f"{address}index.html"), "html.parser")
    return [a.get_text() for a in page.select("ol.listing h3 a")]


def test_a_story_has_a_timeline_that_its_articles_the_front_and_the_sitemap_name(
    site: Callable[..., Site],
) -> None:
    one = site({**FILES, **LATER, **THIRD})
    one.build()
    assert timeline(one) == [
        "Gate jams at Hallow dam",
        "Divers free the gate of Hallow dam",
        "Water falls behind Hallow dam",
    ]
    for slug in ("gate-jams-at-hallow-dam", "water-falls-behind-hallow-dam"):
        page = BeautifulSoup(one.read(f"2026/05/{slug}/index.html"), "html.parser")
        assert page.select_one(".facts").find("a", href=f"../../../{TIMELINE}")
    front = BeautifulSoup(one.read("index.html"), "html.parser")
    assert [a["href"] for a in front.select(".more a") if "stories" in a["href"]] == [
        f"./{TIMELINE}",
        "./stories/",
    ]
    assert f"/{TIMELINE}</loc>" in one.read("sitemaps/2026-05.xml")
    assert "Part of a story" not in one.read("2026/05/bakery-on-the-corner/index.html")


def test_a_timeline_follows_what_comes_changes_and_goes(site: Callable[..., Site]) -> None:
    files = {**FILES, **LATER}
    one = site(files)
    one.build()
    assert listed(one) == []

    def step(**changes: str | None) -> None:
        for stem, text in changes.items():
            name = f"{stem}.md"
            if text is None:
                del files[name]
                (one.content / name).unlink()
            else:
                files[name] = text
                one.write({name: text})
        one.build()
        clean = site(files)
        clean.build()
        assert one.tree() == clean.tree()

    step(c=THIRD["c.md"])
    assert len(timeline(one)) == 3
    before = one.read("2026/05/divers-free-the-gate-of-hallow-dam/index.html")
    step(d=FOURTH["d.md"])
    assert len(timeline(one)) == 4
    # Its members name the story, not how many they are.
    after = BeautifulSoup(one.read("2026/05/divers-free-the-gate-of-hallow-dam/index.html"), "lxml")
    facts = BeautifulSoup(before, "lxml").select_one(".facts")
    assert facts == after.select_one(".facts")
    step(a=article("The gate of Hallow dam jams", "2026-05-04", STORY))
    assert not (one.output / TIMELINE).exists()
    moved = "stories/2026/05/the-gate-of-hallow-dam-jams/"
    assert timeline(one, moved)[0] == "The gate of Hallow dam jams"
    step(a=FILES["a.md"], e=article("A month's word of Hallow dam", "2026-05", STORY))
    assert "A month's word of Hallow dam" in timeline(one)
    step(d=None, e=None)
    step(c=None)
    assert listed(one) == []
    assert not (one.output / "stories/2026").exists()


def test_stories_are_listed_with_their_newest_articles_and_by_the_month_they_began_in(
    site: Callable[..., Site],
) -> None:
    one = site({**FILES, **LATER, **THIRD})
    one.build()
    assert listed(one) == listed(one, "stories/2026/05/") == ["Gate jams at Hallow dam"]
    index = BeautifulSoup(one.read("stories/index.html"), "html.parser")
    assert [a.get_text() for a in index.select(".thread a")] == timeline(one)[::-1]
    assert [a["href"] for a in index.select(".bars a")] == ["../stories/2026/05/"]
    page = BeautifulSoup(one.read(f"{TIMELINE}index.html"), "html.parser")
    ways = [a["href"] for a in page.select(".crumbs a")]
    assert ways == ["../../../../stories/", "../../../../stories/2026/05/"]
    assert "/stories/2026/05/</loc>" in one.read("sitemaps/2026-05.xml")
    assert "/stories/</loc>" in one.read("sitemaps/site.xml")
    archive = BeautifulSoup(one.read("archive/index.html"), "html.parser")
    assert archive.main.find("a", href="../stories/")


def test_the_latest_stories_are_those_of_the_newest_articles(store: Store) -> None:
    dates = {
        key: f"2026-05-{day:02d}" for key, day in zip("abcdef", (1, 2, 9, 3, 4, 5), strict=True)
    }
    catalogue = entries(store, dates)
    catalogue.put_further("a", named("b", "c"))
    catalogue.put_further("d", named("e", "f"))
    stories = Stories(catalogue)
    stories.settle(store)
    assert [head.key for head in stories.latest(9)] == ["a", "d"]
    assert [head.key for head in stories.latest(1)] == ["a"]
    assert stories.months() == {"2026-05": 2}


def entries(store: Store, dates: dict[str, str]) -> Catalogue:
    catalogue = Catalogue(store.db)
    for key, date in dates.items():
        made = Article(
            key=key, title=f"{key} {key * 3}", published=Dateline(date), body="", text=""
        )
        catalogue.add(key, made, (b"", b""), ())
    return catalogue


def named(*keys: str) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(key, 0.9, SAME_STORY) for key in keys)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.sqlite")


def test_a_story_is_known_by_its_first_article_whose_day_is_known(store: Store) -> None:
    catalogue = entries(store, {"a": "2026-05", "b": "2026-05-02", "c": "2026-05-03"})
    catalogue.put_further("a", named("b", "c"))
    stories = Stories(catalogue)
    stories.settle(store)
    assert stories.members("b") == ["a", "b", "c"]
    assert [story_address(head) for head in stories.heads("2026-05")] == ["stories/2026/05/b-bbb/"]
    assert stories.heads("2026-04") == []


def test_what_several_publishers_call_by_one_name_is_no_series(store: Store) -> None:
    catalogue = Catalogue(store.db)
    for key in "abc":
        made = Article(
            key=key,
            title="A bridge falls",
            published=Dateline("2026-05-03"),
            body="",
            text="",
            site=f"The {key} Post",
        )
        catalogue.add(key, made, (b"", b""), ())
    catalogue.put_further("a", named("b", "c"))
    stories = Stories(catalogue)
    stories.settle(store)
    assert stories.members("a") == ["a", "b", "c"]


def test_two_articles_are_no_story_and_neither_is_a_series_nor_what_has_no_end(
    store: Store,
) -> None:
    catalogue = entries(store, {"a": "2026-05-01", "b": "2026-05-02"})
    catalogue.put_further("a", named("b"))
    for number in range(4):
        title = f"A week of weather, part {number}"
        weekly = Article(
            key=f"w{number}", title=title, published=Dateline("2026-05-03"), body="", text=""
        )
        catalogue.add(weekly.key, weekly, (b"", b""), ())
    catalogue.put_further("w0", named("w1", "w2", "w3"))
    letters = "abcdefghijkl"
    chain = dict.fromkeys((x + y for x in letters for y in letters), "2026-05-04")
    assert len(chain) > MOST
    entries(store, chain)
    catalogue.before.update(dict.fromkeys(chain))
    for key, other in pairwise(chain):
        catalogue.put_further(key, named(other))
    stories = Stories(catalogue)
    stories.settle(store)
    assert stories.heads() == []


DATES = ("2026-04", "2026-04-30", "2026-05", "2026-05-01", "2026-05-02")
KEYS = st.sampled_from("abcdefgh")
STEP = st.one_of(
    st.tuples(KEYS, st.sampled_from(DATES)),
    st.tuples(KEYS, st.lists(KEYS, max_size=3, unique=True)),
    st.tuples(KEYS, st.none()),
)


@settings(deadline=None, max_examples=120)
@given(st.lists(st.lists(STEP, max_size=5), min_size=1, max_size=6), st.sampled_from((3, 4, MOST)))
def test_after_any_changes_stories_are_those_of_all_articles_at_once(
    builds: list[list[tuple[str, str | list[str] | None]]], most: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("backissue.archive.stories.MOST", most)
        store = Store(Path(folder) / "store.sqlite")
        held: dict[str, str] = {}
        for changes in builds:
            catalogue = Catalogue(store.db)
            for key, change in changes:
                change_one(catalogue, held, key, change)
            Stories(catalogue).settle(store)
        moved = stored(store)
        whole = Catalogue(store.db)
        store.db.execute("DELETE FROM story")
        whole.before.update({entry.key: entry for entry in whole.entries()})
        Stories(whole).settle(store)
        assert moved == stored(store)
        assert Counter(head for _, head, _ in moved) == groups(whole, most)
        store.close()


def groups(catalogue: Catalogue, most: int) -> Counter[str]:
    """Return the first article of each group of three to ``most``, and how many it has."""
    found = {entry.key: {entry.key} for entry in catalogue.entries()}
    for key in list(found):
        for one in catalogue.further(key):
            both = found[key] | found[one.key]
            found.update(dict.fromkeys(both, both))
    stories = {frozenset(keys) for keys in found.values() if 3 <= len(keys) <= most}
    entries = [[e for key in keys if (e := catalogue.entry(key))] for keys in stories]
    firsts = (
        min(some, key=lambda e: (e.month, not e.published.day, e.date, e.key)) for some in entries
    )
    return Counter({first.key: len(some) for first, some in zip(firsts, entries, strict=True)})


def stored(store: Store) -> list[tuple[str, str, str]]:
    return store.db.execute("SELECT key, head, month FROM story ORDER BY key").fetchall()


def change_one(
    catalogue: Catalogue, held: dict[str, str], key: str, change: str | list[str] | None
) -> None:
    """Add, date or take away an article, or let it name others, as relating does."""
    before = {one.key for one in catalogue.further(key)}
    if isinstance(change, str):
        catalogue.drop(key)
        held[key] = change
        made = Article(key=key, title=key * 3, published=Dateline(change), body="", text="")
        catalogue.add(key, made, (b"", b""), ())
        return
    if change is None:
        catalogue.drop(key)
        held.pop(key, None)
        for other in catalogue.suggesting(key):
            kept = [one for one in catalogue.further(other) if one.key != key]
            catalogue.put_further(other, kept)
            if entry := catalogue.entry(other):
                catalogue.before.setdefault(other, entry)
    names = [one for one in change or () if one in held and one != key and key in held]
    catalogue.put_further(key, named(*names))
    for other in {key, *before, *names}:
        if entry := catalogue.entry(other):
            catalogue.before.setdefault(other, entry)
