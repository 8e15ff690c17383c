"""What stops a whole build is said in words, harms nothing and leaves nothing running."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backissue.archive.failures import explain_failure
from backissue.archive.publishing.output import OutputError, check_places
from backissue.archive.settings import SettingsError
from tests.conftest import ROOT, Site

STORY = (
    "---\ntitle: {0}\ndate: 2026-05-20\n---\n\nA laboratory found something. " + "It is new. " * 60
)


@pytest.mark.parametrize("place", [".", "content", "content/site", "cache", ".."])
def test_an_output_folder_that_holds_others_is_refused(tmp_path: Path, place: str) -> None:
    root = tmp_path / "site"
    with pytest.raises(OutputError, match="may not be one in the other"):
        check_places(root / place, root / "content", root / "cache")


def test_an_output_folder_of_its_own_is_taken(tmp_path: Path) -> None:
    check_places(tmp_path / "output", tmp_path / "content", tmp_path / ".backissue")
    check_places(tmp_path / ".backissue" / "out", tmp_path / "content", tmp_path / ".backissue")


def test_a_folder_that_somebody_else_filled_is_left_alone(site: Callable[..., Site]) -> None:
    one = site({"a.md": STORY.format("One")})
    photos = one.output / "archive" / "photos.txt"
    photos.parent.mkdir(parents=True)
    photos.write_text("mine")
    with pytest.raises(OutputError, match="holds archive, which backissue did not publish"):
        one.build()
    assert photos.read_text() == "mine"


def test_a_site_whose_store_was_removed_is_published_again(site: Callable[..., Site]) -> None:
    one = site({"a.md": STORY.format("One")})
    one.build()
    before = one.tree()
    (one.root / "cache" / "store.sqlite").unlink()
    one.build()
    assert one.tree() == before


def test_a_build_that_fails_while_the_search_is_made_leaves_no_process(
    site: Callable[..., Site], tmp_path: Path
) -> None:
    # The search's files are larger than what a pipe holds: whoever sends them waits.
    one = site({f"{n}.md": STORY.format(f"Number {n}") for n in range(3)})
    broken = tmp_path / "templates"
    broken.mkdir()
    (broken / "article.html").write_text("{{ nothing.at.all() }}")
    with pytest.raises(Exception, match="nothing"):
        one.build(THEME_TEMPLATES_OVERRIDES=[str(broken)], BACKISSUE={"sync": False, "jobs": 2})
    assert multiprocessing.active_children() == []
    assert one.build().articles == 3


def test_a_page_that_wants_an_address_of_the_archive_is_refused(site: Callable[..., Site]) -> None:
    one = site({"a.md": STORY.format("One")})
    page = "<html><head><title>Topics</title></head><body>Mine</body></html>"
    one.build()
    before = one.tree()
    one.write({"pages/topics.html": page, "pages/about.html": page.replace("Topics", "About")})
    (refused,) = one.build().refused
    assert refused.where == "pages/topics.html"
    assert one.read("topics/index.html") == before["topics/index.html"].decode()
    assert "Mine" in one.read("about/index.html")
    for _ in range(2):
        one.write({"b.md": STORY.format("Two")})
        assert [refused.where for refused in one.build().refused] == ["pages/topics.html"]


def test_a_picture_that_a_page_lost_is_named(site: Callable[..., Site]) -> None:
    page = '<html><head><title>Mill</title></head><body><img src="{static}/images/a.png"></body>'
    one = site({"a.md": STORY.format("One"), "pages/mill.html": page, "images/a.png": b"\x89PNG"})
    assert one.build().refused == ()
    assert (one.output / "images" / "a.png").is_file()
    (one.content / "images" / "a.png").unlink()
    (refused,) = one.build().refused
    assert refused.where == "images/a.png"
    assert "no such file" in refused.detail
    assert not (one.output / "images" / "a.png").exists()
    assert "Mill" in one.read("mill/index.html")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "BACKISSUE is a dictionary"),
        ({"clean": {"max_byte": 1}}, r"BACKISSUE\['clean'\].*max_byte"),
        ({"jobs": "two"}, r"BACKISSUE\['jobs'\].*`int`"),
        ({"vocabulary": 5}, r"BACKISSUE\['vocabulary'\].*`str`"),
    ],
)
def test_a_wrong_setting_is_named(site: Callable[..., Site], value: object, said: str) -> None:
    one = site({"a.md": STORY.format("One")})
    with pytest.raises(SettingsError, match=said):
        one.build(BACKISSUE=value)
    assert not one.output.exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space", "/a/b"), "the disk is full (/a/b)"),
        (PermissionError(errno.EACCES, "Permission denied", "/a"), "Permission denied (/a)"),
        (OSError(errno.EROFS, "Read-only file system", "/a"), "Read-only file system (/a)"),
        (KeyboardInterrupt(), "Ctrl-C"),
    ],
)
def test_what_a_person_can_put_right_is_a_sentence(error: BaseException, said: str) -> None:
    assert said in (explain_failure(error) or "")


def test_what_only_code_can_tell_is_left_to_pelican() -> None:
    assert explain_failure(TypeError("a fault of ours")) is None
    assert explain_failure(FileNotFoundError(errno.ENOENT, "No such file", "/a")) is None


def command(one: Site, *more: str) -> list[str]:
    conf = one.root / "settings.py"
    conf.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom pelicanconf import *\n"
        f"THEME = {str(ROOT / 'themes/broadsheet')!r}\nCACHE_PATH = {str(one.root / 'cache')!r}\n"
        + "\n".join(more)
    )
    pelican = [sys.executable, "-m", "pelican", str(one.content), "-o", str(one.output)]
    return [*pelican, "-s", str(conf)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('BACKISSUE = {"page_sise": 3}', "BACKISSUE has no setting 'page_sise'."),
        ("PLUGINS = []", 'PLUGINS must name "backissue.archive"'),
    ],
)
def test_the_command_says_one_sentence_and_fails(
    site: Callable[..., Site], line: str, said: str
) -> None:
    one = site({"a.md": STORY.format("One")})
    done = subprocess.run(command(one, line), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The site was not built: ")
    assert said in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_store_that_is_no_database_is_explained(site: Callable[..., Site]) -> None:
    one = site({"a.md": STORY.format("One")})
    (one.root / "cache").mkdir()
    (one.root / "cache" / "store.sqlite").write_text("nothing that SQLite ever wrote" * 9)
    done = subprocess.run(command(one), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "store.sqlite in the cache folder is damaged" in done.stderr


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Heed Ctrl-C: what a shell starts in the background ignores it, and what that starts too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.skipif(sys.platform == "win32", reason="signals to groups of processes")
def test_ctrl_c_is_one_line_and_a_status_of_its_own(site: Callable[..., Site]) -> None:
    one = site({f"{n}.md": STORY.format(f"Number {n}") for n in range(120)})
    with subprocess.Popen(
        command(one, 'BACKISSUE = {"jobs": 2}'),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as build:
        # The lock is taken when the build begins, the workers come with the first raw files.
        while not (one.root / "cache" / "store.sqlite").exists() and build.poll() is None:
            time.sleep(0.01)
        os.killpg(build.pid, signal.SIGINT)
        _, said = build.communicate()
    assert build.returncode == 130, said
    assert "The site was not built: stopped by Ctrl-C." in said
    assert not one.output.exists()
    assert one.build().articles == 120
