"""What is found step by step is what is found at once."""

import mmap
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backissue.article import Article, Dateline, Suggestion, TopicMatch
from backissue.related import (
    Block,
    Features,
    State,
    features,
    further_reading,
    load_block,
    save_block,
    update_reading,
)

WORDS = [f"word{n}" for n in range(60)]
TOPICS = ("ai", "chips", "energy")
MONTHS = ("2026-01", "2026-02", "2026-03")


def piece(number: int, month: str, seed: int) -> Features:
    luck = random.Random(seed)
    words = luck.choices(WORDS, weights=range(1, 61), k=30)
    article = Article(
        key=f"a{number}",
        title=" ".join(words[:4]),
        published=Dateline(luck.choice((month, f"{month}-{luck.randint(1, 28):02}"))),
        body="",
        text=" ".join(words[4:17]) + "\n" + " ".join(words[17:]),
        site=luck.choice(("", "One", "Two")),
    )
    return features(article, tuple(TopicMatch(t, 1.0) for t in luck.sample(TOPICS, 1)))


class Site:
    """An archive that is brought up to date as articles come and go."""

    def __init__(self) -> None:
        self.articles: dict[str, Features] = {}
        self.blocks: dict[str, Block] = {}
        self.found: dict[str, tuple[Suggestion, ...]] = {}
        self.asked = 0

    def change(self, come: list[Features], go: set[str] = frozenset()) -> None:
        self.articles.update({article.key: article for article in come})
        self.articles = {k: a for k, a in self.articles.items() if k not in go}
        keys: dict[str, list[str]] = {}
        for key, article in self.articles.items():
            keys.setdefault(article.month, []).append(key)
        state = State(
            keys, self.articles.__getitem__, self.blocks, {article.key for article in come} - go
        )
        reading = update_reading(state)
        # As they lie on the disk.
        self.blocks = {m: load_block(save_block(b)) for m, b in reading.blocks.items()}
        self.found = {k: f for k, f in self.found.items() if k in self.articles} | reading.found
        self.asked = len(reading.found)


@pytest.fixture
def small(monkeypatch):
    """Limits that an archive of twenty articles reaches."""
    monkeypatch.setattr("backissue.related.plan.LEAST_JUDGES", 12)
    monkeypatch.setattr("backissue.related.candidates.POOL", 5)
    monkeypatch.setattr("backissue.related.pools.POOL", 5)
    monkeypatch.setattr("backissue.related.ranking.CROWD", 3)
    monkeypatch.setattr("backissue.related.ranking.FEW", 3)


CHANGES = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.integers(0, 24), st.sampled_from(MONTHS), st.integers(0, 9)), max_size=6
        ),
        st.sets(st.integers(0, 24), max_size=2),
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CHANGES, st.integers(0, 99))
def test_any_sequence_of_changes_ends_where_a_clean_start_does(small, changes, seed):
    site = Site()
    site.change([piece(n, MONTHS[n % 3], seed + n) for n in range(20)])
    for come, go in changes:
        arrivals = {number: piece(number, month, luck) for number, month, luck in come}
        site.change(list(arrivals.values()), {f"a{number}" for number in go})
        assert site.found == further_reading(list(site.articles.values()))


def test_a_newcomer_in_the_last_month_asks_for_few_others(small):
    site = Site()
    site.change([piece(n, MONTHS[n % 3], n) for n in range(90)])
    assert site.asked == 90
    site.change([piece(200, "2026-03", 200)])
    assert 1 <= site.asked < 30
    assert site.found == further_reading(list(site.articles.values()))


def test_a_newcomer_asks_for_few_others_while_the_archive_is_young_too(small):
    site = Site()
    site.change([piece(n, "2026-01", n) for n in range(90)])
    late = next(
        one for one in (piece(200, "2026-01", seed) for seed in range(99)) if one.date[8:] > "20"
    )
    site.change([late])
    assert 1 <= site.asked < 30
    assert site.found == further_reading(list(site.articles.values()))


def test_months_before_the_changed_one_keep_their_blocks(small):
    site = Site()
    site.change([piece(n, MONTHS[n % 3], n) for n in range(30)])
    before = {month: save_block(block) for month, block in site.blocks.items()}
    site.change([piece(100, "2026-02", 5)])
    after = {month: save_block(block) for month, block in site.blocks.items()}
    assert after["2026-01"] == before["2026-01"]
    assert after["2026-02"] != before["2026-02"]


def test_nothing_changed_asks_for_nothing(small):
    site = Site()
    site.change([piece(n, MONTHS[n % 3], n) for n in range(30)])
    site.change([])
    assert site.asked == 0


def test_a_block_is_read_from_a_memory_map_without_a_copy(small, tmp_path):
    site = Site()
    site.change([piece(n, "2026-01", n) for n in range(9)])
    path = tmp_path / "2026-01"
    path.write_bytes(save_block(site.blocks["2026-01"]))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        view = memoryview(mapped)
        block = load_block(view)
        assert block.full.terms.obj is mapped
        assert block == site.blocks["2026-01"]
        del block
        view.release()
