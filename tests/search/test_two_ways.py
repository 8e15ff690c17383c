"""The browser's engine gives what the Whoosh index gives: the same articles, order, words."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from backissue.search import Results, search
from backissue.search.archive import Archive
from backissue.search.finding import Page, answer
from backissue.search.query import like, parse
from backissue.search.rank import rank
from backissue.search.shard import UNIT
from backissue.search.static import StaticArchive

from .samples import QUERIES, documents, export_to, node, write

PHRASES = (
    '"agents training"',
    '"reasoning tokens models"',
    '"reasoning models"',
    '"models of the reasoning"',
    "reasoning-tokens",
    "model-training-agents",
    '"大模型推理"',
    '"模型 reasoning"',
    'agents -"reasoning tokens"',
    'in:title "reasoning tokens"',
    "in:title reasoning-tokens",
    '"tokens tokens"',
    '"reasoning zzzzz"',
    'lang:"en zh" data',
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("archive")
    root = write(folder / "index", documents(400))
    return root, export_to(root, folder / "search")


def as_engine(results: Results) -> dict[str, Any]:
    return {
        "total": results.total,
        "hits": [
            [
                hit.url,
                hit.title,
                hit.date,
                hit.lang,
                hit.score,
                hit.snippet,
                list(hit.topics),
                hit.like,
            ]
            for hit in results.hits
        ],
        "topics": [[facet.key, facet.name, facet.count] for facet in results.topics],
        "months": [[facet.key, facet.count] for facet in results.months],
        "suggestion": results.suggestion,
        "whole": results.whole,
        "related": list(results.related),
    }


def from_engine(answer: dict[str, Any]) -> dict[str, Any]:
    names = ("url", "title", "date", "lang", "score", "snippet", "topics", "like")
    return {
        "total": answer["total"],
        "hits": [[hit[name] for name in names] for hit in answer["hits"]],
        "topics": [[f["slug"], f["name"], f["count"]] for f in answer["facets"]["topics"]],
        "months": [[f["key"], f["count"]] for f in answer["facets"]["months"]],
        "suggestion": answer["suggestion"],
        "whole": answer["whole"],
        "related": answer["related"],
    }


def test_each_query_has_one_answer_on_both_ways_in(archive: tuple[Path, Path]) -> None:
    root, folder = archive
    answers = node("engine.mjs", str(folder), list(QUERIES))["answers"]
    for query, given in zip(QUERIES, answers, strict=True):
        assert from_engine(given) == as_engine(search(root, query)), query


def test_the_exported_files_answer_the_same_in_python(archive: tuple[Path, Path]) -> None:
    root, folder = archive
    exported = StaticArchive(folder)
    for query in QUERIES:
        assert as_engine(answer(exported, query)) == as_engine(search(root, query)), query


def test_words_with_shards_of_their_own_give_the_same_answers(
    archive: tuple[Path, Path], tmp_path: Path
) -> None:
    root, _ = archive
    with mock.patch("backissue.search.segment.SHARD_BYTES", -300):  # as small as shards can be
        folder = export_to(root, tmp_path / "search")
    exported = StaticArchive(folder)
    shards = [
        segment._shard(number)
        for segment in exported.segments
        for number in segment._numbers(b"train", False)
    ]
    assert any(shard.joined for shard in shards)
    answers = node("engine.mjs", str(folder), list(QUERIES))["answers"]
    for query, given in zip(QUERIES, answers, strict=True):
        expected = as_engine(search(root, query))
        assert from_engine(given) == expected, query
        assert as_engine(answer(exported, query)) == expected, query


@pytest.mark.parametrize("bytes_of_a_shard", [-300, 400])
def test_phrases_of_frequent_words_are_found_by_their_pairs(
    archive: tuple[Path, Path], tmp_path: Path, bytes_of_a_shard: int
) -> None:
    root, _ = archive
    with (
        mock.patch("backissue.search.segment.FREQUENT", UNIT),  # each word that has a place
        mock.patch("backissue.search.segment.SHARD_BYTES", bytes_of_a_shard),
    ):
        folder = export_to(root, tmp_path / "search")
    exported = StaticArchive(folder)
    assert any(segment._pairs > 1 for segment in exported.segments)
    answers = node("engine.mjs", str(folder), [*QUERIES, *PHRASES])["answers"]
    for query, given in zip([*QUERIES, *PHRASES], answers, strict=True):
        expected = as_engine(search(root, query))
        assert from_engine(given) == expected, query
        assert as_engine(answer(exported, query)) == expected, query
    read: list[int] = []
    phrase = parse('"reasoning tokens"').groups[0][0]
    assert len(exported.standing(phrase, False, lambda _, places: read.append(places)).ids)
    assert not any(read)  # the pair's documents alone


def test_what_compiles_the_engine_finds_its_made_up_documents() -> None:
    # In each of three turns 512 documents have the words, and none has the phrase.
    assert node("modules.mjs", "warm.js", "warm", [None]) == [3 * 512]


def test_an_unfinished_word_is_the_beginning_of_longer_ones(archive: tuple[Path, Path]) -> None:
    root, folder = archive
    queries = ["bench", "tokens univers", "benchmar", "tr", "t", "zzz", "agen OR univ"]
    options = [[query, {"typing": True}] for query in queries]
    answers = node("engine.mjs", str(folder), options)["answers"]
    with Archive.open(root) as opened:
        for query, given in zip(queries, answers, strict=True):
            assert from_engine(given) == as_engine(answer(opened, query, Page(typing=True)))
    assert answers[0]["total"] > 0
    assert answers[2]["suggestion"] is None


def test_the_queries_are_not_all_empty(archive: tuple[Path, Path]) -> None:
    found = [query for query in QUERIES if search(archive[0], query).total]
    assert len(found) > 40


@pytest.mark.parametrize("many", [0, 1, 10, 399])
def test_the_first_are_the_same_however_many_are_put_in_order(
    archive: tuple[Path, Path], many: int
) -> None:
    exported = StaticArchive(archive[1])
    for query in map(parse, QUERIES):
        every, some = rank(query, exported), rank(query, exported, many)
        assert some.ids[:many].tolist() == every.ids[:many].tolist()
        assert some.scores[:many].tolist() == every.scores[:many].tolist()
        assert sorted(some.ids.tolist()) == sorted(every.ids.tolist())
        assert some.whole == every.whole


@pytest.mark.parametrize("ranges", ["multi", "single", "none"])
def test_answers_do_not_depend_on_how_the_host_serves_ranges(
    archive: tuple[Path, Path], ranges: str
) -> None:
    queries = ["reasoning tokens", '"reasoning tokens" 大模型', "in:title agents OR data"]
    once = node("engine.mjs", str(archive[1]), queries, "multi")["answers"]
    assert node("engine.mjs", str(archive[1]), queries, ranges)["answers"] == once


def test_a_page_that_was_opened_before_a_publish_finds_what_came_with_it(
    archive: tuple[Path, Path], tmp_path: Path
) -> None:
    docs = [doc for doc in documents(400) if doc.date > "2026-03-10"]
    folder = export_to(write(tmp_path / "root", docs), tmp_path / "search")
    queries = ["reasoning", "model"]
    answers = node("publish.mjs", str(folder), str(archive[1]), *queries)
    assert answers == node("engine.mjs", str(archive[1]), queries)["answers"]
    assert answers != node("engine.mjs", str(folder), queries)["answers"]


def test_small_packs_give_the_same_answers(archive: tuple[Path, Path], tmp_path: Path) -> None:
    root, folder = archive
    small = export_to(root, tmp_path / "small", pack_bytes=20_000)
    assert len(list(small.glob("p-*.bin"))) > len(list(folder.glob("p-*.bin")))
    queries = ["reasoning tokens", "大模型", "policy -chip"]
    answers = node("engine.mjs", str(small), queries)["answers"]
    assert answers == node("engine.mjs", str(folder), queries)["answers"]


def test_what_is_like_an_article_has_words_of_its_title(archive: tuple[Path, Path]) -> None:
    assert like('The "C++" OR -GPT-4o of 人工智能: in:title') == (
        "c++ OR gpt OR 4o OR 人工 OR 工智 OR 智能 OR title"
    )
    first = search(archive[0], "reasoning tokens").hits[0]
    more = search(archive[0], first.like, 400)
    assert more.total > 1
    assert first.url in [hit.url for hit in more.hits]


def test_pages_of_results_join_without_gap(archive: tuple[Path, Path]) -> None:
    options = [["model", {"limit": 40}], *(["model", {"offset": at}] for at in (0, 10, 20, 30))]
    whole, *pages = node("engine.mjs", str(archive[1]), options)["answers"]
    assert whole["hits"] == [hit for page in pages for hit in page["hits"]]


def test_sorting_by_date_and_narrowing_keep_what_fits(archive: tuple[Path, Path]) -> None:
    options = [
        ["model", {"sort": "date", "limit": 400}],
        ["model", {"topic": "claude", "limit": 400}],
        ["model", {"month": "2026-04", "limit": 400}],
    ]
    by_date, of_topic, of_month = node("engine.mjs", str(archive[1]), options)["answers"]
    dates = [hit["date"] for hit in by_date["hits"]]
    assert dates == sorted(dates, reverse=True)
    assert all("claude" in hit["topics"] for hit in of_topic["hits"])
    counted = {facet["slug"]: facet["count"] for facet in by_date["facets"]["topics"]}
    assert of_topic["total"] == counted["claude"]
    assert all(hit["date"].startswith("2026-04") for hit in of_month["hits"])
