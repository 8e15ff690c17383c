"""The archives that benchmarks build: raw files made for them, and our own build of those."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from benchmarks.measure import ROOT, Run, run

REFUSED = 3  # the exit status of a build that published all but some files
# As on an editor's machine, where Python keeps what it compiled.
ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": ""}


class RawFiles(msgspec.Struct, frozen=True):
    """How many raw files, over how many months, ending with which."""

    count: int
    months: int
    end: str = "2026-05"


def make_raw(shared: Path, folder: Path, wanted: RawFiles) -> None:
    """Write raw files below ``folder`` with the shared ``make_raw.py``; same arguments, same bytes.

    ``folder/../truth.jsonl`` says of each what it holds.
    """
    run(
        [
            sys.executable,
            shared / "corpora" / "make_raw.py",
            *("--count", str(wanted.count)),
            *("--months", str(wanted.months)),
            *("--end", wanted.end),
            *("--out", folder),
        ]
    )
    (folder / "truth.jsonl").rename(folder.parent / "truth.jsonl")


class Site(msgspec.Struct, frozen=True):
    """Our own site in a folder, built as people build it: the ``pelican`` command."""

    root: Path

    @property
    def content(self) -> Path:
        """What an editor drops."""
        return self.root / "content"

    @property
    def output(self) -> Path:
        """The site."""
        return self.root / "output"

    @property
    def cache(self) -> Path:
        """The store and the search index."""
        return self.root / "cache"

    @property
    def theme(self) -> Path:
        """A copy of the theme, made by ``begin``."""
        return self.root / "theme"

    def begin(self) -> None:
        """Make the content folder, with this repository's topics, and a copy of its theme."""
        self.content.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "content" / "topics.toml", self.content / "topics.toml")
        shutil.copytree(ROOT / "themes" / "broadsheet", self.theme)

    def build(self) -> Run:
        """Bring the site up to date. Refused files are no failure: the report names them."""
        command: list[str | Path] = [
            *(sys.executable, "-m", "pelican", self.content),
            *("-o", self.output, "-s", ROOT / "pelicanconf.py", "-t", self.theme),
            *("-e", f"CACHE_PATH={json.dumps(str(self.cache))}"),
        ]
        return run(command, env=ENVIRONMENT, accept=(0, REFUSED))

    def search(self, query: str) -> Run:
        """Search the archive on the command line."""
        index = self.cache / "index"
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "backissue",
            "search",
            query,
            "--index",
            index,
        ]
        return run(command, env=ENVIRONMENT)

    def articles(self) -> list[Path]:
        """Return the folders of the article pages."""
        months = self.output.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]")
        return sorted(page for month in months for page in folders(month) if page.name != "page")


def folders(place: Path) -> Iterable[Path]:
    """Return the folders in a folder."""
    return (Path(entry.path) for entry in os.scandir(place) if entry.is_dir())
