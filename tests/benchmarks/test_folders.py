"""Which files of a folder were written between two moments."""

import os
from pathlib import Path

from benchmarks.folders import compare, hashes, snapshot


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_names_what_was_added_changed_replaced_and_removed(tmp_path: Path) -> None:
    for name in ("same", "changed", "replaced", "kept time", "gone"):
        write(tmp_path, f"in/{name}", "before")
    kept = (tmp_path / "in/kept time").stat().st_mtime_ns
    before = snapshot(tmp_path)
    write(tmp_path, "in/changed", "after!")
    write(tmp_path, "in/new", "new")
    write(tmp_path, "beside", "before").rename(tmp_path / "in/replaced")
    longer = write(tmp_path, "in/kept time", "longer than before")
    os.utime(longer, ns=(kept, kept))
    (tmp_path / "in/gone").unlink()

    difference = compare(before, snapshot(tmp_path))

    assert difference.written == ("in/changed", "in/kept time", "in/new", "in/replaced")
    assert difference.removed == ("in/gone",)


def test_hashes_are_those_of_the_bytes(tmp_path: Path) -> None:
    write(tmp_path, "one/a", "same")
    write(tmp_path, "one/b/c", "other")
    write(tmp_path, "two/a", "same")
    one, two = hashes(tmp_path / "one"), hashes(tmp_path / "two")
    assert one.keys() == {"a", "b/c"}
    assert one["a"] == two["a"] != one["b/c"]
