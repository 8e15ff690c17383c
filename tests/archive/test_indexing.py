"""The search index, brought up to date."""

from pathlib import Path

from backissue.archive.indexing import written_months
from backissue.search import SearchDoc, drop_month, months, write_month


def test_months_that_have_an_index_are_those_that_the_search_finds(tmp_path: Path) -> None:
    assert written_months(tmp_path) == set()
    for month in ("2026-04", "2026-05"):
        doc = SearchDoc(key=month, url=f"{month}/", title="A title", month=month, date=month)
        write_month(tmp_path, month, [doc])
    (tmp_path / "segments").mkdir()
    assert written_months(tmp_path) == set(months(tmp_path)) == {"2026-04", "2026-05"}
    drop_month(tmp_path, "2026-04")
    assert written_months(tmp_path) == {"2026-05"}
