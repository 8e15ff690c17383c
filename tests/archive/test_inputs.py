"""What tells at a glance whether raw files came or went."""

from pathlib import Path

import pytest

from backissue.archive.inputs import folder_times, has_moved
from backissue.archive.intake.sources import find_changed
from tests.archive.intake.test_sources import lay


@pytest.fixture
def content(tmp_path: Path) -> Path:
    lay(tmp_path, "a.md", "2026-05/b.md", "2026-05/deep/c.md")
    return tmp_path


def times(content: Path) -> bytes:
    return folder_times(content, find_changed(content, frozenset(), {}).listed)


def test_a_file_that_comes_or_goes_shows_in_its_folder(content: Path) -> None:
    before = times(content)
    assert not has_moved(content, before)
    lay(content, "2026-05/deep/d.md")
    assert has_moved(content, before)
    before = times(content)
    (content / "2026-05/b.md").unlink()
    assert has_moved(content, before)


def test_a_folder_that_comes_or_goes_shows(content: Path) -> None:
    before = times(content)
    lay(content, "2026-06/e.md")
    assert has_moved(content, before)
    before = times(content)
    (content / "2026-06/e.md").unlink()
    (content / "2026-06").rmdir()
    assert has_moved(content, before)


def test_an_edit_in_place_is_left_to_the_look_at_every_file(content: Path) -> None:
    before = times(content)
    (content / "a.md").write_text("other words")
    assert not has_moved(content, before)


def test_without_a_build_before_everything_has_moved(content: Path) -> None:
    assert has_moved(content, b"")
