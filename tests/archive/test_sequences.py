"""Any sequence of edits: after each, the output is byte for byte a clean build's.

`make test` runs a few sequences, `make test-long` a thousand of up to thirty edits.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.conftest import ROOT, Site

SUBJECTS = ["databases", "Rust", "chips", "browsers", "数据库"]
TITLES = ["Alpha", "Beta", "Gamma wins", "Delta", "数据库的故事", "Page"]
DATES = ["2026-03-01", "2026-03-09", "2026-03", "2026-04-02", "2026-05", "2026-05-30", "2025-12-31"]
FILES = ["a.md", "b.md", "deep/c.md", "d.md", "e.md", "2026-04/f.md", "g.md", "h.md"]
VOCABULARIES = [
    '[[topic]]\nname = "Databases"\naliases = ["数据库"]\n[[topic]]\nname = "Rust"\n',
    '[[topic]]\nname = "Databases"\n[[topic]]\nname = "Chips"\nparent = "databases"\n',
    '[[topic]]\nname = "Browsers"\ndescription = "Windows on the web"\n',
    "[[topic]]\nname = \n",
]
SIDECARS = ['title = "Corrected"\n', 'date = "2026-03-09"\n', "draft = true\n", 'slug = "beta"\n']

names = st.sampled_from(FILES)


def story(title: str, date: str, subjects: list[str]) -> str:
    body = "\n\n".join(f"This is about {one}, told at some length for readers." for one in subjects)
    tags = ", ".join(subjects)
    return f"---\ntitle: {title}\ndate: {date}\ntags: [{tags}]\n---\n\n{body}\n"


stories = st.builds(
    story,
    st.sampled_from(TITLES),
    st.sampled_from(DATES),
    st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=3, unique=True),
)


class Edits(RuleBasedStateMachine):
    """An editor at work."""

    @initialize(first=stories, second=stories)
    def start(self, first: str, second: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="backissue-test-"))
        self.site = Site(self.folder / "site", {})
        self.look: dict[str, object] = {
            "BACKISSUE": {"page_size": 2, "front_size": 3, "sync": False}
        }
        self.site.write({"a.md": first, "b.md": second, "topics.toml": VOCABULARIES[0]})

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @rule(name=names, text=stories)
    def add_or_edit(self, name: str, text: str) -> None:
        self.site.write({name: text})

    @rule(name=names, text=stories)
    def edit_and_keep_the_mtime(self, name: str, text: str) -> None:
        path = self.site.content / name
        if path.exists():
            status = path.stat()
            path.write_text(text)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    @rule(name=names)
    def delete(self, name: str) -> None:
        (self.site.content / name).unlink(missing_ok=True)

    @rule(name=names, other=names)
    def rename(self, name: str, other: str) -> None:
        path, target = self.site.content / name, self.site.content / other
        if path.exists():
            target.parent.mkdir(exist_ok=True)
            path.rename(target)

    @rule(name=names, text=st.sampled_from(["", *SIDECARS]))
    def correct(self, name: str, text: str) -> None:
        sidecar = self.site.content / f"{name}.toml"
        if text and sidecar.parent.exists():
            sidecar.write_text(text)
        else:
            sidecar.unlink(missing_ok=True)

    @rule(name=names)
    def spoil(self, name: str) -> None:
        if (self.site.content / name).exists():
            (self.site.content / name).write_bytes(b"\0\0\0")

    @rule(vocabulary=st.sampled_from(VOCABULARIES))
    def change_topics(self, vocabulary: str) -> None:
        self.site.write({"topics.toml": vocabulary})

    @rule(page_size=st.integers(1, 3), name=st.sampled_from(["One", "Two"]))
    def change_settings(self, page_size: int, name: str) -> None:
        self.look["BACKISSUE"] = {"page_size": page_size, "front_size": 3, "sync": False}
        self.look["SITENAME"] = name

    @rule(words=st.sampled_from(["", "changed"]))
    def change_theme(self, words: str) -> None:
        theme = self.folder / "theme"
        shutil.copytree(ROOT / "themes" / "broadsheet", theme, dirs_exist_ok=True)
        template = theme / "templates" / "article.html"
        template.write_text(template.read_text() + words)
        self.look["THEME"] = str(theme)

    @rule()
    def lose_part_of_the_output(self) -> None:
        if (self.site.output / "topics").is_dir():
            shutil.rmtree(self.site.output / "topics")

    @invariant()
    def the_output_is_that_of_a_clean_build(self) -> None:
        if not hasattr(self, "site"):
            return
        self.site.build(**self.look)
        clean = Site(self.folder / "clean", {})
        shutil.rmtree(clean.root)
        shutil.copytree(self.site.content, clean.content)
        clean.build(**self.look)
        ours, theirs = self.site.tree(), clean.tree()
        assert sorted(ours) == sorted(theirs)
        assert [path for path in ours if ours[path] != theirs[path]] == []


def run(examples: int, steps: int) -> None:
    Edits.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    Edits.TestCase().runTest()


def test_a_few_sequences_of_edits() -> None:
    run(examples=8, steps=8)


@pytest.mark.long
def test_a_thousand_sequences_of_edits() -> None:
    run(examples=1000, steps=30)
