"""Files that cannot be published are named with reason and remedy; the rest goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backissue.archive.report import EXIT_REFUSED, describe
from backissue.article import Reason
from tests.conftest import ROOT, Site

GOOD = "---\ntitle: A good story\ndate: 2026-05-03\n---\n\nIt has a body of its own, and a date.\n"
BAD: dict[str, tuple[bytes, Reason]] = {
    "empty.html": (b"", Reason.EMPTY),
    "blank.txt": (b" \n\n", Reason.EMPTY),
    "picture.html": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, Reason.BINARY),
    "undated.html": (
        b"<title>No date</title><h1>No date</h1><p>" + b"Words without a day. " * 20 + b"</p>",
        Reason.NO_DATE,
    ),
    "sheet.xlsx": (b"PK\x03\x04 not an article", Reason.UNKNOWN_FORMAT),
    "untitled.html": (
        b'<meta name="date" content="2026-05-03"><p>' + b"only a body, no name. " * 20 + b"</p>",
        Reason.NO_TITLE,
    ),
}

Make = Callable[..., Site]


def test_each_bad_file_is_named_with_its_reason_and_the_rest_is_published(site: Make) -> None:
    one = site({"good.md": GOOD, **{name: data for name, (data, _) in BAD.items()}})
    report = one.build()
    assert {refused.where: refused.reason for refused in report.refused} == {
        name: reason for name, (_, reason) in BAD.items()
    }
    assert one.pages() == ["2026/05/a-good-story/"]
    assert report.exit_status == EXIT_REFUSED


def test_what_is_no_file_is_named_and_nothing_outside_is_published(
    site: Make, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(GOOD.replace("A good story", "A secret"))
    one = site({"good.md": GOOD})
    (one.content / "link.md").symlink_to(outside)
    (one.content / "nowhere.md").symlink_to(tmp_path / "nowhere")
    (one.content / "folder.html").mkdir()
    os.mkfifo(one.content / "pipe.html")
    report = one.build()
    assert [refused.where for refused in report.refused] == [
        "folder.html",
        "link.md",
        "nowhere.md",
        "pipe.html",
    ]
    assert {refused.reason for refused in report.refused} == {Reason.UNREADABLE}
    assert one.pages() == ["2026/05/a-good-story/"]
    assert report.exit_status == EXIT_REFUSED


def test_names_that_are_no_text_are_spelled_out_and_the_rest_is_published(site: Make) -> None:
    one = site({"good.md": GOOD})
    folder = one.content / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir()
        (folder / "plain.md").write_text(GOOD)
        (one.content / os.fsdecode(b"na\xefve.md")).write_text(GOOD)
    except OSError:
        pytest.skip("this file system has no such names")
    report = one.build()
    assert [refused.where for refused in report.refused] == ["caf\\xe9", "na\\xefve.md"]
    assert all(refused.detail == "its name is not UTF-8" for refused in report.refused)
    assert one.pages() == ["2026/05/a-good-story/"]


def test_the_report_says_what_to_do(site: Make) -> None:
    report = site({"good.md": GOOD, "undated.html": BAD["undated.html"][0]}).build()
    text = describe(report)
    assert "undated.html: no date" in text
    assert "undated.html.toml" in text


def test_a_refused_file_is_named_by_every_build_until_it_is_mended(site: Make) -> None:
    one = site({"good.md": GOOD, "undated.html": BAD["undated.html"][0]})
    one.build()
    assert [refused.where for refused in one.build().refused] == ["undated.html"]
    one.write({"undated.html.toml": 'date = "2026-05-04"\n'})
    report = one.build()
    assert report.refused == ()
    assert one.pages() == ["2026/05/a-good-story/", "2026/05/no-date/"]


def test_a_file_that_cannot_be_opened_is_named(site: Make) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    one = site({"good.md": GOOD, "locked.html": "<title>x</title>"})
    (one.content / "locked.html").chmod(0)
    assert [refused.reason for refused in one.build().refused] == [Reason.UNREADABLE]


def test_a_broken_vocabulary_is_named_and_articles_are_published_without_topics(site: Make) -> None:
    one = site({"good.md": GOOD, "topics.toml": "[[topic]]\nname = \n"})
    report = one.build()
    assert [refused.reason for refused in report.refused] == [Reason.BAD_VOCABULARY]
    assert report.refused[0].where.startswith("topics.toml:2")
    assert one.pages() == ["2026/05/a-good-story/"]


@pytest.mark.parametrize("bad", [False, True])
def test_the_exit_status_of_pelican_says_whether_all_was_published(
    tmp_path: Path, bad: bool
) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "good.md").write_text(GOOD)
    if bad:
        (content / "undated.html").write_bytes(BAD["undated.html"][0])
    done = subprocess.run(
        [
            Path(sys.executable).parent / "pelican",
            content,
            "-o",
            tmp_path / "output",
            "-s",
            ROOT / "pelicanconf.py",
            "-e",
            f'CACHE_PATH="{tmp_path / "cache"}"',
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == (EXIT_REFUSED if bad else 0), done.stderr
    assert bool(re.search("could not be published", done.stdout)) is bad
    assert "Traceback" not in done.stderr
