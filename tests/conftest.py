"""What every test can ask for: ``site``, a whole site from files given as text."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pelican.settings import read_settings
from playwright.sync_api import expect

from backissue.archive.report import Report
from backissue.archive.shell import ArchivePelican

# A slow machine is no failure; and CI tries the same cases each time, people new ones.
hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("house")
# A page's own default is five seconds, which a browser beside three others does not always keep.
expect.set_options(timeout=30_000)

ROOT = Path(__file__).resolve().parent.parent


class Site:
    """A site in a temporary folder, built by the real Pelican with the real theme."""

    report: Report

    def __init__(self, root: Path, settings: Mapping[str, Any]) -> None:
        self.root = root
        self.content = root / "content"
        self.output = root / "output"
        self.settings = dict(settings)
        self.content.mkdir(parents=True, exist_ok=True)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files below the content folder."""
        for name, data in files.items():
            path = self.content / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)

    def build(self, **settings: Any) -> Report:
        """Build the site as it stands and return the report."""
        override = {
            "PATH": str(self.content),
            "OUTPUT_PATH": str(self.output),
            "CACHE_PATH": str(self.root / "cache"),
            "THEME": str(ROOT / "themes" / "broadsheet"),
            "BACKISSUE": {"sync": False},
            **self.settings,
            **settings,
        }
        pelican = ArchivePelican(read_settings(str(ROOT / "pelicanconf.py"), override=override))
        pelican.run()
        assert pelican.report is not None
        return pelican.report

    def read(self, path: str) -> str:
        """Return the text of a file of the output."""
        return (self.output / path).read_text(encoding="utf-8")

    def tree(self) -> dict[str, bytes]:
        """Return every file of the output with its bytes."""
        return {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file()
        }

    def pages(self) -> list[str]:
        """Return the addresses of the article pages, in order."""
        found = self.output.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/*/index.html")
        addresses = (path.parent.relative_to(self.output).as_posix() + "/" for path in found)
        return sorted(address for address in addresses if not address.endswith("/page/"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return the sample site, built once for all who only read it, with its ``report``."""
    one = Site(tmp_path_factory.mktemp("sample"), {})
    shutil.copytree(ROOT / "content", one.content, dirs_exist_ok=True)
    one.report = one.build()
    return one


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Site]:
    """Return a function that makes a site of files given as text: ``site({name: text})``."""
    made: list[Site] = []

    def make(files: Mapping[str, str | bytes] = {}, **settings: Any) -> Site:
        one = Site(tmp_path / f"site{len(made)}", settings)
        one.write(files)
        made.append(one)
        return one

    return make
