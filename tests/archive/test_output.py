"""Files of the output are written whole or not at all."""

from pathlib import Path

import pytest

from backissue.archive.output import present_files, remove_files, write_whole


def test_a_file_with_the_same_bytes_is_left_alone(tmp_path: Path) -> None:
    assert write_whole(tmp_path, "a/b.html", b"x")
    before = (tmp_path / "a/b.html").stat()
    assert not write_whole(tmp_path, "a/b.html", b"x")
    after = (tmp_path / "a/b.html").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_changed_file_is_replaced_not_truncated(tmp_path: Path) -> None:
    write_whole(tmp_path, "a.html", b"old")
    with (tmp_path / "a.html").open("rb") as reader:
        assert write_whole(tmp_path, "a.html", b"new")
        assert reader.read() == b"old"
    assert present_files(tmp_path) == {"a.html"}


def test_removing_the_last_file_of_a_folder_removes_the_folder(tmp_path: Path) -> None:
    write_whole(tmp_path, "2026/05/a/index.html", b"x")
    write_whole(tmp_path, "2026/06/b/index.html", b"x")
    assert remove_files(tmp_path, ["2026/05/a/index.html", "never/there.html"]) == 1
    assert not (tmp_path / "2026/05").exists()
    assert present_files(tmp_path) == {"2026/06/b/index.html"}


def test_a_write_that_fails_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        write_whole(tmp_path, "file/below", b"x")
