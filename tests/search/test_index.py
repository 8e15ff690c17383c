"""The months' indexes: what Whoosh holds, what is written when, what a reader meets."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import msgspec
import numpy as np
import pytest

from backissue.search import (
    SearchDoc,
    drop_month,
    explain,
    export,
    export_changes,
    months,
    search,
    write_month,
)
from backissue.search.analysis import term_of
from backissue.search.archive import Archive
from backissue.search.codec import undelta
from backissue.search.columns import FILTER_KEYS, FILTER_MARK, _values
from backissue.search.merging import merge
from backissue.search.query import parse
from backissue.search.rank import K1, B, rank
from backissue.search.segment import Shard, Work
from backissue.search.store import MANY, order
from backissue.search.whooshed import TEXT, exhaustive_scores, length_byte
from backissue.search.whooshing import BLOCK

from .samples import by_month, by_term, documents, write

DOCS = documents(90)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("index"), DOCS)


def test_the_columns_beside_the_index_are_what_whoosh_holds(root: Path) -> None:
    with Archive.open(root) as archive:
        for month in archive.months:
            (part,) = month.parts
            merged = by_term(merge(month.runs(0)))
            reader, numbers = part.index.reader, range(part.index.count)
            lengths = [length_byte(reader.doc_field_length(at, TEXT, 0)) for at in numbers]
            assert month.facts.lengths == bytes(lengths)
            assert month.facts.length == reader.field_length(TEXT)
            stored = [reader.stored_fields(at)["date"] for at in numbers]
            assert stored == [date for date, many in month.facts.dates for _ in range(many)]
            fields = [(b"", TEXT)]
            fields += [(FILTER_MARK + key, field) for field, key in FILTER_KEYS.items()]
            seen = 0
            for prefix, field in fields:
                for term in part.index.lexicon(field):
                    postings = part.index.postings(field, term)
                    assert postings is not None
                    ids, weights, places = zip(*merged[prefix + term], strict=True)
                    assert list(ids) == postings.ids.tolist()
                    assert list(weights) == postings.weights.tolist()
                    assert list(places) == undelta(b"".join(postings.values))
                    seen += 1
            assert seen == len(merged)


def test_a_term_of_very_many_articles_is_read_back_whole(tmp_path: Path) -> None:
    """Whoosh keeps postings in blocks; a term of many articles has several."""
    count = 2 * BLOCK + 1
    docs = [
        SearchDoc(
            key=f"{number:04}",
            url="u",
            title=" ".join(["chips"] * (1 + number % 3)),
            body="models " * (number % 2),
            month="2026-05",
            date="2026-05",
        )
        for number in range(count)
    ]
    write_month(tmp_path, "2026-05", docs)
    with Archive.open(tmp_path) as archive:
        index = archive.months[0].parts[0].index
        found = [index.postings(TEXT, term_of(word).encode()) for word in ("chips", "models")]
        chips, models = found
        assert chips is not None
        assert models is not None
        assert chips.ids.tolist() == list(range(count))
        assert chips.weights.tolist() == [4 * (1 + number % 3) for number in range(count)]
        assert models.ids.tolist() == list(range(1, count, 2))
        assert models.weights.tolist() == [1] * (count // 2)


@pytest.mark.parametrize("words", [["zoe"], ["gpt", "agent"], ["c++", ".net", "3.5", "o1"]])
def test_scores_are_those_of_whooshs_own_scorer(tmp_path: Path, words: list[str]) -> None:
    """Whoosh's BM25F scorer with Robertson's idf, over one index of all documents."""
    write_month(tmp_path, "all", DOCS)
    with Archive.open(tmp_path) as archive:
        factor = archive.dates().freshness
        index = archive.months[0].parts[0].index
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


def test_names_say_what_is_in_a_file(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("backissue.search.store"), "OPEN", 1)
    once = dict(export(root))
    new = DOCS[0].__class__(
        key="2026-05/new.txt", url="2026/05/new/", title="New", month="2026-05", date="2026-05-09"
    )
    again = dict(export(write(tmp_path, [*DOCS, new])))
    immutable = [name for name in once if name.endswith(".bin")]
    assert all(once[name] == again[name] for name in immutable if name in again)
    before, after = (json.loads(made["manifest.json"])["segments"] for made in (once, again))
    assert after[:-1] == before[:-1] != []  # the months before stand as they were


def test_an_unchanged_month_is_left_alone(tmp_path: Path) -> None:
    docs = by_month(DOCS)["2026-05"]
    write_month(tmp_path, "2026-05", docs)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    write_month(tmp_path, "2026-05", list(reversed(docs)))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_an_article_more_is_written_beside_what_is_there(tmp_path: Path) -> None:
    docs = by_month(DOCS)["2026-05"]
    write_month(tmp_path, "2026-05", docs[1:])
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*.msgpack")}
    write_month(tmp_path, "2026-05", docs)
    after = {path: path.stat().st_ino for path in tmp_path.rglob("*.msgpack")}
    assert before.items() <= after.items()
    assert len(after) == 2 * len(before)


def test_parts_are_read_as_one_index_of_all_that_counts(tmp_path: Path) -> None:
    docs = by_month(DOCS)["2026-05"]
    parted, whole = tmp_path / "parted", tmp_path / "whole"
    old = [msgspec.structs.replace(doc, body=f"once {doc.body}") for doc in docs[:9]]
    steps = [old, [*old, *docs[9:15]], docs[3:], docs[5:], docs]
    for step in steps:
        write_month(parted, "2026-05", step)
        shutil.rmtree(whole, ignore_errors=True)
        write_month(whole, "2026-05", step)
        with Archive.open(parted) as one, Archive.open(whole) as other:
            assert len(one.months[0].parts) > 1 or step is old
            assert len(other.months[0].parts) == 1
            assert [one.doc(n) for n in range(one.count)] == order(step)
        assert dict(export(parted)) == dict(export(whole))
        for query in ("reasoning tokens", "once", '"open source" -gpt', "lang:zh", "benchm"):
            assert search(parted, query) == search(whole, query)


def test_many_small_parts_become_one(tmp_path: Path) -> None:
    docs = by_month(DOCS)["2026-05"]
    for end in range(1, 20):
        write_month(tmp_path, "2026-05", docs[:end])
        with Archive.open(tmp_path) as archive:
            sizes = sorted(len(part.facts.keys) for part in archive.months[0].parts)
        assert sum(sizes) == end
        assert sum(size < MANY for size in sizes) <= MANY
    assert sizes == [1, 9, 9]


def test_what_is_exported_already_is_not_made_again(root: Path) -> None:
    files = {name: data for name, data in export_changes(root, ()) if data is not None}
    again = dict(export_changes(root, files))
    assert again.keys() == files.keys()
    made = {name for name, data in again.items() if data is not None}
    assert made == {name for name in files if name[:2] not in ("p-", "t-", "r-", "f-")}
    some = [name for name in files if not name.startswith("p-")]
    assert {
        name: data for name, data in export_changes(root, some) if data
    }.items() <= files.items()
    assert any(name.startswith("p-") and data for name, data in export_changes(root, some))


def test_the_order_in_which_a_segment_is_made_makes_no_difference(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dict(export_changes(root, ()))
    monkeypatch.setattr("backissue.search.merging.CHUNK", 100)
    parted = dict(export_changes(root, ()))
    asked: list[int] = []

    def last_first(work: Work, numbers: Sequence[int]) -> Iterator[list[Shard]]:
        asked.append(len(numbers))
        made = {number: work(number) for number in reversed(numbers)}
        return map(made.__getitem__, numbers)

    assert dict(export_changes(root, (), each=last_first)) == parted
    assert asked
    assert min(asked) > 1
    assert whole.keys() - parted.keys()  # a shard ends where a chunk does


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
    marked = [some or [-1] for some in lists]
    starts = np.cumsum([0, *map(len, marked)])[:-1]
    sizes, values = _values(np.concatenate(marked), starts)
    assert undelta(values) == lists
    assert sizes.sum() == len(values)


def test_what_articles_that_are_gone_had_changes_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where terms are cut into chunks, nor where the newest month is cut in two."""
    monkeypatch.setattr(import_module("backissue.search.merging"), "CHUNK", 40)
    monkeypatch.setattr(import_module("backissue.search.export"), "REACH", 12)
    clean = dict(export(write(tmp_path / "clean", DOCS)))
    assert len(msgspec.json.decode(clean["manifest.json"])["segments"]) == 2
    odd = [
        msgspec.structs.replace(doc, key=f"{doc.key}.gone", body="aardvark zyzzyva quokka " * 9)
        for doc in DOCS[:9]
    ]
    used = write(tmp_path / "used", [*DOCS, *odd])
    list(export(used))
    assert dict(export(write(used, DOCS))) == clean
    for part in ("clean", "used"):
        shutil.rmtree(tmp_path / part / "segments")
    assert dict(export(used)) == clean
