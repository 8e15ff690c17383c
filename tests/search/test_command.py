"""`backissue search` in the terminal."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from backissue.cli import main
from backissue.search import explain

from .samples import documents, write


def test_scores_are_taken_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path / "index", documents(40))
    assert main(["search", "reasoning tokens", "--explain", "--index", str(root)]) == 0
    printed = capsys.readouterr().out
    first, *_ = explain(root, "reasoning tokens")
    assert sum(part.adds for part in first.parts) * first.freshness == pytest.approx(first.score)
    for said in (f"{first.score:.4f}", first.title, first.url, "reasoning", "tokens"):
        assert said in printed
    assert main(["search", "zzzzzz", "--explain", "--index", str(root)]) == 1


def test_more_like_a_title_has_any_of_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write(tmp_path / "index", documents(40))
    assert main(["search", "--like", "zzzz of the reasoning", "--index", str(root)]) == 0
    assert "found" in capsys.readouterr().out


def test_a_collection_with_keywords_is_ranked(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "title": "On sorting", "text": "Merge runs.", "keywords": "sorting, merging"},
        {"id": "2", "title": "On parsing", "text": "Shift and reduce.", "date": "June, 1962"},
    ]
    with gzip.open(tmp_path / "docs.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "queries.jsonl").write_text('{"id": "a", "text": "merging"}\n')
    out = tmp_path / "ranks.json"
    assert main(["search", "--ir", str(tmp_path), "--json", str(out)]) == 0
    assert json.loads(out.read_text()) == {"a": ["1"]}
