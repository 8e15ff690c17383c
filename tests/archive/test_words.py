"""The interface's words in other languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backissue.archive.words import CatalogueError, read_catalogue, translation
from tests.conftest import ROOT, Site

TEMPLATES = ROOT / "themes" / "broadsheet" / "templates"
SHIPPED = TEMPLATES / "translations" / "zh.po"


def used() -> set[str]:
    """Return every word that a template asks to have translated."""
    found: set[str] = set()
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        calls = re.findall(r"""\b_\((?:'((?:[^'\\]|\\.)*)'|"([^"]*)")\)""", text)
        found.update(one.replace("\\'", "'") or other for one, other in calls)
    return found


def holes(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|\{\w\}", text))


def test_the_chinese_catalogue_has_every_word_and_no_other() -> None:
    held = read_catalogue(SHIPPED.read_text(encoding="utf-8"), "zh.po")
    assert used() - held.keys() == set()
    assert held.keys() - used() == set()


def test_a_translation_has_the_holes_that_the_words_have() -> None:
    for source, made in read_catalogue(SHIPPED.read_text(encoding="utf-8"), "zh.po").items():
        assert holes(made) == holes(source), source


def test_words_run_over_lines_and_comments_are_no_words() -> None:
    head = '# c\nmsgid ""\nmsgstr "Language: zh\\n"\n\n'
    text = head + '#: a.html\nmsgid "one "\n"two"\nmsgstr "\\"1\\" "\n"2"\n'
    assert read_catalogue(text, "x.po") == {"one two": '"1" 2'}


@pytest.mark.parametrize("line", ["nonsense", '"before any msgid"', 'msgctxt "menu"'])
def test_what_is_no_catalogue_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(CatalogueError, match=r"x\.po, line 2"):
        read_catalogue(f"#\n{line}\n", "x.po")


def test_the_nearest_catalogue_and_the_first_place_win(tmp_path: Path) -> None:
    def put(place: str, name: str, words: dict[str, str]) -> None:
        path = tmp_path / place / "translations" / f"{name}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (f'msgid "{one}"\nmsgstr "{other}"\n' for one, other in words.items())
        path.write_text("\n".join(lines), encoding="utf-8")

    put("theme", "zh", {"a": "theme", "b": "theme", "c": "theme"})
    put("theme", "zh-TW", {"b": "theme TW"})
    put("own", "zh", {"c": "own"})
    say = translation([tmp_path / "own", tmp_path / "theme"], "zh_TW")
    assert [say(word) for word in "abcd"] == ["theme", "theme TW", "own", "d"]


def test_a_chinese_site_speaks_chinese_on_every_page(tmp_path: Path) -> None:
    text = "水位计今天早上又被读了一次，看守人把数字写在本子里。" * 20
    site = Site(tmp_path, {"DEFAULT_LANG": "zh"})
    site.write(
        {
            "2026-05/a.md": f"Title: 磨坊的水位\nDate: 2026-05-20\nLang: zh\n\n{text}\n",
            "pages/about.html": "<html><head><title>关于</title>"
            '<meta name="slug" content="about"></head><body>本站。</body></html>',
        }
    )
    site.build()
    (article,) = site.pages()
    for path in ("index.html", "archive/index.html", f"{article}index.html", "about/index.html"):
        page = site.read(path)
        assert "跳到正文" in page, path
        assert "Skip to the text" not in page, path
