"""What the documents say is there is there, and what is there is documented."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from backissue.archive.settings import Settings
from backissue.cli import _parser
from tests.conftest import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_that_are_named_exist(document: Path) -> None:
    named = re.findall(r"\bdocs/[a-z_]+\.md", document.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_settings_files_name_documents_that_exist() -> None:
    for name in ("pelicanconf.py", "publishconf.py"):
        for document in re.findall(r"docs/[a-z_]+\.md", (ROOT / name).read_text()):
            assert (ROOT / document).exists()


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert set(Settings.__struct_fields__) <= documented


@pytest.mark.parametrize(
    ("room", "document"), [("archive", "architecture.md"), ("clean", "cleaning.md")]
)
def test_every_module_of_a_room_is_named(room: str, document: str) -> None:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    modules = {path.name for path in (ROOT / "plugins" / "backissue" / room).glob("*.py")}
    named = set(re.findall(r"`(?:\w+/)?(\w+\.py)`", text))
    assert modules - named - {"__init__.py", "shell.py"} == set()


def test_every_dependency_is_named_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["serve"]]
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=]", one)[0] for one in wanted]
    assert [name for name in names if not re.search(rf"^\|.*\b{name}\b.*\|.+\|$", text, re.M)] == []


def test_the_readmes_two_commands_are_make_targets() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    commands = re.findall(r"\bmake ([a-z-]+)", (ROOT / "README.md").read_text())
    assert set(commands) <= set(targets)
    assert commands[:2] == ["html", "test"]


def test_the_command_line_is_helped() -> None:
    text = _parser().format_help()
    for command in ("search", "clean", "explain", "related", "topics", "serve"):
        assert command in text
