"""The months' indexes: what Whoosh holds, what is written when, what a reader meets."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backissue.search import drop_month, explain, export, months, search, write_month
from backissue.search.archive import Archive
from backissue.search.codec import delta, undelta
from backissue.search.extract import FILTER_KEYS, FILTER_MARK, merge_months
from backissue.search.query import parse
from backissue.search.rank import K1, B, freshness, rank
from backissue.search.static import decode_postings
from backissue.search.store import order
from backissue.search.whooshed import TEXT, exhaustive_scores

from .samples import by_month, documents, write

DOCS = documents(90)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("index"), DOCS)


def test_the_columns_beside_the_index_are_what_whoosh_holds(root: Path) -> None:
    with Archive.open(root) as archive:
        for month in archive.months:
            merged = {found.term: found for found in merge_months([month], [0])}
            assert month.facts.lengths == month.index.length_bytes()
            assert month.facts.length == month.index.total_length()
            stored = [row["date"] for row in month.index.stored()]
            assert stored == [date for date, many in month.facts.dates for _ in range(many)]
            fields = [(b"", TEXT)]
            fields += [(FILTER_MARK + key, field) for field, key in FILTER_KEYS.items()]
            seen = 0
            for prefix, field in fields:
                for term in month.index.lexicon(field):
                    postings = month.index.postings(field, term)
                    assert postings is not None
                    found = merged[prefix + term]
                    ids, weights = decode_postings(found.postings, found.docs)
                    assert ids.tolist() == postings.ids.tolist()
                    assert weights.tolist() == postings.weights.tolist()
                    assert found.positions == b"".join(postings.values)
                    seen += 1
            assert seen == len(merged)


@pytest.mark.parametrize("words", [["zoe"], ["gpt", "agent"], ["c++", ".net", "3.5", "o1"]])
def test_scores_are_those_of_whooshs_own_scorer(tmp_path: Path, words: list[str]) -> None:
    """Whoosh's BM25F scorer with Robertson's idf, over one index of all documents."""
    write_month(tmp_path, "all", DOCS)
    with Archive.open(tmp_path) as archive:
        factor = freshness(archive)
        index = archive.months[0].index
        ranked = rank(parse(" OR ".join(f'"{word}"' for word in words)), archive)
        theirs = exhaustive_scores(index, words, B, K1)
        ours = dict(zip(ranked.ids.tolist(), ranked.scores.tolist(), strict=True))
        assert ours.keys() == theirs.keys()
        assert len(ours) > 5
        for number, score in theirs.items():
            assert ours[number] == pytest.approx(score * factor[number], rel=1e-4)


def test_the_cut_into_months_changes_no_score(root: Path, tmp_path: Path) -> None:
    write_month(tmp_path, "all", DOCS)
    for query in ("reasoning tokens", '"open source" models', "推理", "benchm"):
        whole, cut = search(tmp_path, query, 50), search(root, query, 50)
        assert [(hit.key, hit.score) for hit in whole.hits] == [
            (hit.key, hit.score) for hit in cut.hits
        ]


def test_the_order_of_arrival_changes_no_byte(root: Path, tmp_path: Path) -> None:
    shuffled = list(DOCS)
    random.Random(7).shuffle(shuffled)
    once = dict(export(root))
    again = dict(export(write(tmp_path, shuffled)))
    assert once == again


def test_names_say_what_is_in_a_file(root: Path, tmp_path: Path) -> None:
    once = dict(export(root))
    new = DOCS[0].__class__(
        key="2026-05/new.txt", url="2026/05/new/", title="New", month="2026-05", date="2026-05-09"
    )
    again = dict(export(write(tmp_path, [*DOCS, new])))
    immutable = [name for name in once if name.endswith(".bin")]
    assert all(once[name] == again[name] for name in immutable if name in again)
    old = {name for name in once if name.startswith(("p-", "t-", "r-"))}
    assert len(old & set(again)) >= len(old) // 2


def test_an_unchanged_month_is_left_alone(tmp_path: Path) -> None:
    docs = by_month(DOCS)["2026-05"]
    write_month(tmp_path, "2026-05", docs)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    write_month(tmp_path, "2026-05", list(reversed(docs)))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_months_come_and_go(tmp_path: Path) -> None:
    write(tmp_path, DOCS)
    assert months(tmp_path) == ("2026-03", "2026-04", "2026-05")
    drop_month(tmp_path, "2026-04")
    assert months(tmp_path) == ("2026-03", "2026-05")
    write_month(tmp_path, "2026-05", [])
    assert months(tmp_path) == ("2026-03",)
    assert months(tmp_path / "absent") == ()
    assert search(tmp_path / "absent", "anything").total == 0


def test_a_write_that_fails_leaves_the_old_index(tmp_path: Path) -> None:
    docs = by_month(DOCS)["2026-05"]
    write_month(tmp_path, "2026-05", docs)
    before = search(tmp_path, "agents")
    broken = docs[0].__class__(
        key="x",
        url="x",
        title=None,
        month="2026-05",
        date="2026-05",  # type: ignore[arg-type]
    )
    with pytest.raises((TypeError, AttributeError)):
        write_month(tmp_path, "2026-05", [*docs, broken])
    assert search(tmp_path, "agents") == before
    assert not list(tmp_path.rglob("draft-*"))


def test_readers_meet_the_old_index_or_the_new(tmp_path: Path) -> None:
    docs = by_month(DOCS)["2026-05"]
    write_month(tmp_path, "2026-05", docs)
    few, many = docs[: len(docs) // 2], docs

    def read(_: int) -> int:
        return search(tmp_path, "month:2026-05").total

    with ThreadPoolExecutor(3) as pool:
        reads = [pool.submit(read, at) for at in range(30)]
        for at in range(4):
            write_month(tmp_path, "2026-05", few if at % 2 == 0 else many)
        totals = {future.result() for future in reads}
    assert totals <= {len(few), len(many)}


def test_an_explanation_adds_up_to_the_score(root: Path) -> None:
    found = explain(root, "reasoning tokens -zzz", 5)
    scores = [hit.score for hit in search(root, "reasoning tokens -zzz", 5).hits]
    assert [one.score for one in found] == scores
    for one in found:
        assert {part.text for part in one.parts} == {"reasoning", "tokens"}
        assert sum(part.adds for part in one.parts) * one.freshness == pytest.approx(one.score)


def test_documents_are_numbered_by_date(root: Path) -> None:
    with Archive.open(root) as archive:
        dates = [archive.doc(number).date for number in range(archive.count)]
    assert dates == sorted(dates)
    assert [doc.key for doc in order(reversed(DOCS))] == [doc.key for doc in order(DOCS)]


def test_positions_survive_their_encoding() -> None:
    lists = [[0], [], [1, 2, 3], [63, 64, 1000, 200_000], []]
    assert undelta(b"".join(map(delta, lists))) == lists
