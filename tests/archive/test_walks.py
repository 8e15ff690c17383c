"""Random edits of articles that are one story, and of pictures beside raw files.

After each few of them the output is byte for byte a clean build's. `make test-long` walks further.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from tests.archive.intake.test_beside import NOTE, SAVED
from tests.archive.pictures import png
from tests.archive.test_later import AGAIN, FILES, STORY, article
from tests.archive.test_stories import WATER
from tests.conftest import Site

TEXTS = (STORY, AGAIN, WATER, f"{AGAIN} {WATER}", f"{STORY} {WATER}")
TITLES = ("Gate jams at Hallow dam", "Divers free a gate", "Water falls", "An inquest opens")
DAYS = ("2026-05", "2026-05-03", "2026-05-05", "2026-05-08", "2026-04-28", "2026-06-01")
PICTURES = (
    *("pictures/water.png", "pictures/sluice.png"),
    *("The gauge_files/photo(1).png", "The gauge_files/second.jpg"),
)


def change(random: Random, names: list[str]) -> tuple[str, str | bytes | None]:
    """Return a file and what becomes of it: None for nothing."""
    kind = random.randrange(6)
    if kind < 2:
        text = article(random.choice(TITLES), random.choice(DAYS), random.choice(TEXTS))
        return f"s{random.randrange(6)}.md", text
    if kind == 2:
        return random.choice(names), None
    if kind == 3:
        picture = png(random.choice([90, 700]), random.choice([60, 400]), random.randrange(3))
        return random.choice(PICTURES), picture
    if kind == 4:
        text = NOTE.replace("The sluice", random.choice(["The sluice", "A sluice"]))
        return random.choice(["sluice.md", "b2.md"]), text.replace(
            "pictures/water.png", random.choice(PICTURES[:3:2]).replace(" ", "%20")
        )
    text = SAVED.replace("<h1>The gauge", random.choice(["<h1>The gauge", "<h1>A gauge"]))
    return random.choice(["The gauge.html", "The other.html"]), text


def walk(folder: Path, seed: int, steps: int) -> None:
    """Edit a site at random, and compare it after each step with one built from nothing."""
    random = Random(seed)
    files: dict[str, str | bytes] = {**FILES, "The gauge.html": SAVED, "sluice.md": NOTE}
    one = Site(folder / "one", {})
    one.write(files)
    one.build()
    for step in range(steps):
        for _ in range(random.randrange(1, 5)):
            name, text = change(random, sorted(files))
            if text is not None:
                files[name] = text
                one.write({name: text})
            elif len(files) > 1:
                del files[name]
                (one.content / name).unlink()
        one.build()
        clean = Site(folder / "clean", {})
        clean.write(files)
        clean.build()
        assert one.tree() == clean.tree(), f"seed {seed}, step {step}"
        shutil.rmtree(folder / "clean")


def test_stories_and_pictures_follow_any_edits(tmp_path: Path) -> None:
    walk(tmp_path, 2, 5)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
def test_stories_and_pictures_follow_any_edits_for_long(tmp_path: Path, seed: int) -> None:
    walk(tmp_path, seed, 14)
