"""After any edits, the output is byte for byte that of a clean build of the same content."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Site

Make = Callable[..., Site]
VOCABULARY = """
[[topic]]
name = "Databases"
[[topic]]
name = "Rust"
description = "A language."
"""


def story(title: str, date: str, text: str = "") -> str:
    body = text or f"{title} is about databases and Rust, in a body of its own. " * 5
    return f"---\ntitle: {title}\ndate: {date}\ntags: [Databases]\n---\n\n{body}\n"


def start() -> dict[str, str]:
    return {
        "topics.toml": VOCABULARY,
        "a.md": story("Alpha", "2026-03-01"),
        "b.md": story("Beta", "2026-04-02"),
        "c.md": story("Gamma", "2026-04-03"),
        "d.md": story("Delta", "2026-05"),
    }


def add(content: Path) -> None:
    (content / "e.md").write_text(story("Epsilon", "2026-04-02"))


def edit(content: Path) -> None:
    (content / "b.md").write_text(story("Beta", "2026-04-02", "Another body about Rust. " * 9))


def retitle(content: Path) -> None:
    (content / "b.md").write_text(story("Beta renamed", "2026-04-02"))


def move_to_another_month(content: Path) -> None:
    (content / "b.md").write_text(story("Beta", "2026-02-02"))


def delete(content: Path) -> None:
    (content / "c.md").unlink()


def delete_a_whole_month(content: Path) -> None:
    (content / "a.md").unlink()


def rename(content: Path) -> None:
    (content / "a.md").rename(content / "z.md")


def collide(content: Path) -> None:
    (content / "b2.md").write_text(story("Beta", "2026-04-01"))


def correct(content: Path) -> None:
    (content / "d.md.toml").write_text('title = "Delta, corrected"\n')


def hide(content: Path) -> None:
    (content / "d.md.toml").write_text("draft = true\n")


def change_topics(content: Path) -> None:
    (content / "topics.toml").write_text(VOCABULARY.replace("Databases", "Data stores"))


def spoil(content: Path) -> None:
    (content / "c.md").write_bytes(b"")


EDITS = [
    add, edit, retitle, move_to_another_month, delete, delete_a_whole_month, rename, collide,
    correct, hide, change_topics, spoil,
]  # fmt: skip


def clean_build(one: Site, make: Make, **settings: object) -> dict[str, bytes]:
    other = make({}, **settings)
    shutil.copytree(one.content, other.content, dirs_exist_ok=True)
    other.build()
    return other.tree()


@pytest.mark.parametrize("change", EDITS, ids=lambda change: change.__name__)
def test_one_edit_gives_what_a_clean_build_gives(site: Make, change: Callable) -> None:
    one = site(start())
    one.build()
    before = one.tree()
    change(one.content)
    one.build()
    after = one.tree()
    assert after == clean_build(one, site)
    assert after != before or change is rename


def test_all_edits_one_after_another(site: Make) -> None:
    one = site(start())
    for change in (edit, add, collide, change_topics, correct, rename, delete):
        one.build()
        change(one.content)
    one.build()
    assert one.tree() == clean_build(one, site)


def test_what_an_edit_undone_leaves_is_what_was_there(site: Make) -> None:
    one = site(start())
    one.build()
    before = one.tree()
    add(one.content)
    one.build()
    (one.content / "e.md").unlink()
    report = one.build()
    assert report.removed > 0
    assert one.tree() == before


def test_a_setting_that_changes_lists_changes_them_all(site: Make) -> None:
    one = site(start())
    one.build()
    one.build(BACKISSUE={"page_size": 2, "front_size": 1})
    assert one.tree() == clean_build(one, site, BACKISSUE={"page_size": 2, "front_size": 1})


def test_output_that_somebody_removed_comes_back(site: Make) -> None:
    one = site(start())
    one.build()
    before = one.tree()
    shutil.rmtree(one.output / "2026")
    one.build()
    assert one.tree() == before


def test_a_file_that_is_not_ours_stays(site: Make) -> None:
    one = site(start())
    one.build()
    (one.output / "CNAME").write_text("news.example")
    delete(one.content)
    one.build()
    assert one.read("CNAME") == "news.example"


def test_a_build_with_nothing_new_writes_nothing(site: Make) -> None:
    one = site(start())
    one.build()
    report = one.build()
    assert (report.changed, report.written, report.removed) == (0, 0, 0)


def test_an_edit_of_one_article_leaves_other_months_pages_alone(site: Make) -> None:
    one = site(start())
    one.build()
    before = (one.output / "2026/03/alpha/index.html").stat().st_mtime_ns
    (one.content / "d.md").write_text(story("Delta", "2026-05", "It is about gardens now. " * 9))
    one.build()
    assert (one.output / "2026/03/alpha/index.html").stat().st_mtime_ns == before


def test_what_a_build_that_died_had_not_related_is_related_by_a_later_one(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = site(start())
    one.build()
    add(one.content)
    saved = one.content / "b.md"

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    # It dies before it relates; then the edit is taken back, and it dies again.
    for text in (story("Beta", "2026-04-02", "All about Rust. " * 20), saved.read_text()):
        saved.write_text(text)
        with monkeypatch.context() as patch:
            patch.setattr("backissue.archive.edition.relate", die)
            with pytest.raises(KeyboardInterrupt):
                one.build()
    one.build()
    assert one.tree() == clean_build(one, site)


def test_a_folder_that_is_as_before_a_build_that_died_is_looked_at_again(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = site({**start(), "2026-04/f.md": story("Zeta", "2026-04-05")})
    one.build()
    before = one.tree()
    added = one.content / "2026-04" / "g.md"

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    added.write_text(story("Eta", "2026-04-06"))
    with monkeypatch.context() as patch:
        patch.setattr("backissue.archive.edition.relate", die)
        with pytest.raises(KeyboardInterrupt):
            one.build()
    added.unlink()  # the folder holds just what it held when the site was published
    assert one.build().gone == 1
    assert one.tree() == before


def test_where_another_setting_makes_other_articles_files_of_all_folders_are_read(
    site: Make,
) -> None:
    one = site({**start(), "2026-04/f.md": story("Zeta", "2026-04-05")})
    one.build()
    (one.content / "2026-04" / "g.md").write_text(story("Eta", "2026-04-06"))
    (one.content / "topics.toml").write_text(VOCABULARY.replace("Databases", "Data stores"))
    assert one.build().changed == 6
    assert one.tree() == clean_build(one, site)
