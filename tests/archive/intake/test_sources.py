"""Which files of the content folder are articles, and when they count as changed."""

import os
from pathlib import Path

import pytest

from backissue.archive.intake.sources import find_changed, find_sources, read_source


def names(content: Path, skip: frozenset[str] = frozenset()) -> list[str]:
    return [source.name for source in find_sources(content, skip)]


def lay(content: Path, *files: str) -> None:
    for name in files:
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def test_files_are_found_in_every_folder_in_the_order_of_their_names(tmp_path: Path) -> None:
    lay(tmp_path, "b.html", "2026-05/a.txt", "2026-05/deep/c.md")
    assert names(tmp_path) == ["2026-05/a.txt", "2026-05/deep/c.md", "b.html"]


def test_what_holds_no_article_is_passed_over(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "story.html",
        "story.html.toml",
        "story_files/ad.html",
        ".hidden.html",
        "draft.txt~",
        "~$story.docx",
        "Thumbs.db",
        "2026-05/desktop.ini",
        "pages/about.html",
        "topics.toml",
    )
    assert names(tmp_path, frozenset({"pages", "topics.toml"})) == ["story.html"]


def test_a_sidecar_without_its_raw_file_is_found(tmp_path: Path) -> None:
    lay(tmp_path, "story.html", "story.toml", "2026-05/gone.txt.toml", "a_files/b.toml", ".c.toml")
    (tmp_path / "folder").mkdir()
    lay(tmp_path, "folder.toml", "topics.toml")
    found = names(tmp_path, frozenset({"topics.toml"}))
    assert found == ["2026-05/gone.txt.toml", "folder.toml", "story.html", "story.toml"]


def test_pictures_count_wherever_they_lie(tmp_path: Path) -> None:
    lay(tmp_path, "a.PNG", "a.html", "a_files/b.webp", "a_files/c.js", "a_files/d/e.jpeg", "f.svg")
    assert names(tmp_path) == ["a.PNG", "a.html", "a_files/b.webp", "a_files/d/e.jpeg", "f.svg"]


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    content = tmp_path / "content"
    lay(content, "a.txt")
    (content / "link.txt").symlink_to(tmp_path / "outside.txt")
    (content / "folder").symlink_to(tmp_path)
    assert names(content) == ["a.txt", "folder", "link.txt"]
    for link in ("folder", "link.txt"):
        with pytest.raises(OSError, match="a symbolic link, not a file"):
            read_source(content, link, 100)


def test_what_is_no_file_is_found_and_never_waited_for(tmp_path: Path) -> None:
    lay(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.html")
    for folder in ("empty.html", "2026.05", "page.files", "empty"):
        (tmp_path / folder).mkdir()
    assert names(tmp_path) == ["a.txt", "empty.html", "pipe.html"]
    with pytest.raises(OSError, match="an empty folder, not a file"):
        read_source(tmp_path, "empty.html", 100)
    with pytest.raises(OSError, match="a pipe, a socket or a device, not a file"):
        read_source(tmp_path, "pipe.html", 100)


def test_an_edit_that_keeps_the_mtime_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    (before,) = find_sources(tmp_path, frozenset())
    status = path.stat()
    path.write_text("two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    (after,) = find_sources(tmp_path, frozenset())
    assert before != after


@pytest.mark.parametrize("year", [1901, 1969, 2400])
def test_a_clock_that_was_wrong_is_no_trouble(tmp_path: Path, year: int) -> None:
    lay(tmp_path, "a.txt")
    (before,) = find_sources(tmp_path, frozenset())
    seconds = (year - 1970) * 31_556_952
    os.utime(tmp_path / "a.txt", (seconds, seconds))
    (after,) = find_sources(tmp_path, frozenset())
    assert before != after


def test_a_new_sidecar_changes_the_stamp_and_is_read_with_the_file(tmp_path: Path) -> None:
    lay(tmp_path, "a.txt")
    (before,) = find_sources(tmp_path, frozenset())
    (tmp_path / "a.txt.toml").write_text('title = "A"')
    (after,) = find_sources(tmp_path, frozenset())
    assert before != after
    assert read_source(tmp_path, "a.txt", 100) == (b"a.txt", b'title = "A"')


def test_no_more_is_read_than_the_limit_and_one_byte(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x" * 1000)
    assert len(read_source(tmp_path, "big.txt", 10)[0]) == 11


def changed(content: Path, known: dict[str, bytes]) -> list[str]:
    return [source.name for source in find_changed(content, frozenset(), known).own]


def test_only_the_files_of_folders_that_changed_are_given(tmp_path: Path) -> None:
    lay(tmp_path, "a.md", "2026-05/b.md", "2026-05/c.md", "2026-05/deep/d.md", "2026-06/e.md")
    known = find_changed(tmp_path, frozenset(), {}).listed
    assert changed(tmp_path, {}) == names(tmp_path)
    assert changed(tmp_path, known) == []
    (tmp_path / "2026-05/b.md").write_text("other words")
    assert changed(tmp_path, known) == ["2026-05/b.md", "2026-05/c.md"]
    (tmp_path / "2026-05/b.md").unlink()
    assert changed(tmp_path, known) == ["2026-05/c.md"]
    lay(tmp_path, "f.md")
    assert changed(tmp_path, known) == ["2026-05/c.md", "a.md", "f.md"]


def test_where_a_picture_changed_all_files_are_given(tmp_path: Path) -> None:
    lay(tmp_path, "2026-05/a.md", "2026-06/b.md", "images/c.png")
    before = find_changed(tmp_path, frozenset(), {})
    assert [one.name for one in before.pictures] == ["images/c.png"]
    assert changed(tmp_path, before.listed) == []
    (tmp_path / "images/c.png").write_text("another picture")
    assert changed(tmp_path, before.listed) == ["2026-05/a.md", "2026-06/b.md"]
