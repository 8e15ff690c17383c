"""The same bytes under another order of files, time zone, locale, umask, hash seed, path, jobs.

Each build is a process of its own, as an editor's is, of enough articles that cleaning, indexing
and rendering are spread over processes.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.archive.test_sequences import SUBJECTS, VOCABULARIES, story
from tests.conftest import ROOT

COUNT = 150
BUILD = """
import sys
from pathlib import Path
from tests.conftest import Site
site = Site(Path(sys.argv[1]), {})
site.build(BACKISSUE={"sync": False, "page_size": 20, "jobs": int(sys.argv[2])})
"""
ENVIRONMENTS: dict[str, dict[str, Any]] = {
    "hash seed 1": {"env": {"PYTHONHASHSEED": "1"}},
    "hash seed 4242": {"env": {"PYTHONHASHSEED": "4242"}},
    "east": {"env": {"TZ": "Asia/Shanghai"}},
    "west": {"env": {"TZ": "America/Los_Angeles"}},
    "locale C": {"env": {"LC_ALL": "C", "PYTHONUTF8": "0"}},
    "locale C.UTF-8": {"env": {"LC_ALL": "C.UTF-8"}},
    "umask": {"umask": 0o077},
    "backwards": {"order": "backwards"},
    "shuffled": {"order": "shuffled"},
    "deep path": {"path": "another folder/深い/site"},
    "one process": {"jobs": 1},
    "three processes": {"jobs": 3},
}


def articles() -> dict[str, str]:
    """Return raw files of several months, some with the same title."""
    rng = random.Random(11)
    return {
        f"{number % 7}/{number}.md": story(
            f"Story {rng.randrange(90)} of {rng.choice(SUBJECTS)}",
            rng.choice(["2026-03", "2026-04-02", "2026-04-30", f"2026-05-{1 + number % 28:02d}"]),
            rng.sample(SUBJECTS, rng.randint(1, 3)),
        )
        for number in range(COUNT)
    }


def build(root: Path, how: dict[str, Any]) -> dict[str, str]:
    """Build a site as ``how`` says; return the digest of each file of its output."""
    content = root / "content"
    files = list({**articles(), "topics.toml": VOCABULARIES[0]}.items())
    if how.get("order") == "backwards":
        files.reverse()
    elif how.get("order") == "shuffled":
        random.Random(5).shuffle(files)
    for name, text in files:
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    paths = os.pathsep.join((str(ROOT), str(ROOT / "plugins")))
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(root), str(how.get("jobs", 2))],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths, **how.get("env", {})},
        umask=how.get("umask", 0o022),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        path.relative_to(root / "output").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((root / "output").rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return build(tmp_path_factory.mktemp("usual"), {})


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_gives_the_same_bytes(
    name: str, usual: dict[str, str], tmp_path: Path
) -> None:
    how = ENVIRONMENTS[name]
    found = build(tmp_path / how.get("path", "site"), how)
    assert sorted(found) == sorted(usual)
    assert [path for path, digest in found.items() if usual[path] != digest] == []
    assert len(found) > COUNT


def test_many_articles_published_at_once_give_what_a_clean_build_gives(tmp_path: Path) -> None:
    """So many pages change that they are rendered by processes, beside the search's files."""
    build(tmp_path / "grown", {})
    for site in ("grown", "clean"):
        for number in range(COUNT):
            path = tmp_path / site / "content" / "more" / f"{number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(story(f"New {number}", f"2026-05-{1 + number % 28:02d}", ["Rust"]))
    assert build(tmp_path / "grown", {}) == build(tmp_path / "clean", {})
