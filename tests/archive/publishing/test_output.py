"""The output folder: what readers see is one whole publish."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backissue.archive.publishing.output import OutputFolder


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path: Path) -> OutputFolder:
    one = OutputFolder(tmp_path / "output", tmp_path / "cache" / "spare")
    one.prepare_anew()
    one.write("index.html", b"old")
    one.write("2026/05/a/index.html", b"a")
    one.exchange(lambda _: True)
    one.stock()
    return again(one)


def again(one: OutputFolder) -> OutputFolder:
    """Return the folder as the next build opens it."""
    return OutputFolder(one.root, one.spare)


def test_nothing_is_seen_before_the_exchange_and_everything_after(folder: OutputFolder) -> None:
    before = tree(folder.root)
    folder.prepare([])
    folder.write("index.html", b"new")
    folder.write("2026/05/b/index.html", b"b")
    folder.remove("2026/05/a/index.html")
    assert tree(folder.root) == before
    folder.exchange(lambda _: True)
    assert tree(folder.root) == {"index.html": b"new", "2026/05/b/index.html": b"b"}


def test_what_did_not_change_is_the_same_file_not_a_copy(folder: OutputFolder) -> None:
    inode = (folder.root / "2026/05/a/index.html").stat().st_ino
    folder.prepare([])
    folder.write("index.html", b"new")
    folder.exchange(lambda _: True)
    assert (folder.root / "2026/05/a/index.html").stat().st_ino == inode


def test_the_spare_catches_up_by_the_files_that_differ(folder: OutputFolder) -> None:
    folder.prepare([])
    folder.write("index.html", b"new")
    folder.write("2026/06/c/index.html", b"c")
    folder.remove("2026/05/a/index.html")
    folder.exchange(lambda _: True)
    after = again(folder)
    after.prepare(folder.touched)
    assert tree(after.spare) == tree(after.root)


def test_a_publish_that_died_half_way_is_taken_back_by_the_next(folder: OutputFolder) -> None:
    folder.prepare([])
    folder.write("index.html", b"torn")
    after = again(folder)
    after.prepare(folder.touched)
    assert tree(after.spare) == tree(after.root)
    assert after.read("index.html") == b"old"


def test_a_reader_who_has_a_file_open_goes_on_reading_it(folder: OutputFolder) -> None:
    folder.prepare([])
    with (folder.root / "index.html").open("rb") as reader:
        folder.write("index.html", b"new")
        folder.exchange(lambda _: True)
        assert reader.read() == b"old"


def test_what_others_put_beside_the_site_is_carried_over(folder: OutputFolder) -> None:
    (folder.root / "CNAME").write_text("news.example")
    (folder.root / ".git").mkdir()
    (folder.root / ".git" / "HEAD").write_text("ref")
    folder.prepare([])
    folder.write("index.html", b"new")
    folder.exchange(lambda name: name in ("index.html", "2026"))
    assert tree(folder.root)["CNAME"] == b"news.example"
    assert tree(folder.root)[".git/HEAD"] == b"ref"
    assert not (folder.spare / "CNAME").exists()


def test_removing_the_last_file_of_a_folder_removes_the_folder(folder: OutputFolder) -> None:
    folder.prepare([])
    assert folder.remove("2026/05/a/index.html")
    assert not folder.remove("never/there.html")
    assert not (folder.spare / "2026").exists()


def test_traces_show_that_somebody_removed_a_folder(folder: OutputFolder) -> None:
    before = folder.traces()
    assert folder.traces() == before
    (folder.root / "2026/05/a/index.html").unlink()
    (folder.root / "2026/05/a").rmdir()
    assert folder.traces() != before
    assert folder.missing(["index.html", "2026/05/a/index.html"]) == ["2026/05/a/index.html"]


def test_a_link_for_an_output_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "output").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match="a link or a mount point"):
        OutputFolder(tmp_path / "output", tmp_path / "spare")


def test_without_an_exchange_in_one_step_it_is_done_in_three(
    folder: OutputFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(one: Path, other: Path) -> None:
        raise OSError(38, os.strerror(38), str(one), None, str(other))

    monkeypatch.setattr("backissue.archive.publishing.output._exchange", cannot)
    folder.prepare([])
    folder.write("index.html", b"new")
    folder.exchange(lambda _: True)
    assert tree(folder.root)["index.html"] == b"new"


def test_an_exchange_in_three_steps_that_died_after_the_first_is_undone(
    folder: OutputFolder,
) -> None:
    folder.root.rename(folder.root.with_name(".output.aside"))
    after = again(folder)
    after.prepare([])
    assert after.is_published
    assert tree(after.root)["index.html"] == b"old"
