"""What is kept stays within its bytes, and what a publish left alone is not read again."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from backissue.search.finding import answer
from backissue.search.kept import Kept
from backissue.search.static import StaticArchive

from .samples import documents, export_to, write


class Block(NamedTuple):
    nbytes: int


def test_what_was_asked_for_least_lately_goes_first() -> None:
    made: list[str] = []

    def ask(name: str, size: int = 20) -> None:
        kept.get(name, lambda: (made.append(name), Block(size))[1])

    kept = Kept(100)
    for name in "abcdea":
        ask(name)
    assert made == [*"abcde"]
    ask("f")  # b goes
    ask("a")
    ask("b")
    assert made == [*"abcdefb"]
    assert kept.nbytes == 100


def test_what_is_too_large_is_given_and_not_kept() -> None:
    kept = Kept(100)
    assert kept.get("large", lambda: Block(26)) == Block(26)
    assert kept.nbytes == 0


def test_an_archive_that_is_opened_again_reads_no_shard_again(tmp_path: Path) -> None:
    export_to(write(tmp_path / "index", documents(60)), tmp_path / "search")
    before = StaticArchive(tmp_path / "search")
    expected = answer(before, 'reasoning "open source"')
    read = before.kept.nbytes
    assert read > 0
    again = StaticArchive(tmp_path / "search", before.kept)
    assert answer(again, 'reasoning "open source"') == expected
    assert again.kept.nbytes == read
