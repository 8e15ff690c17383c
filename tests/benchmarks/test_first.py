"""The seed's expectations hold, and what is not as expected is said to be wrong."""

from pathlib import Path

import pytest

from benchmarks.builds import Site
from benchmarks.first import SEED, cleaned, cost, held_against, published
from benchmarks.first_seed import EXPECTED, PAGE_ONLY
from benchmarks.measure import Run
from tests.shared import shared


def test_the_cleaned_seed_is_as_written_by_hand() -> None:
    figures = cleaned(shared(SEED))
    assert len(figures) == len(EXPECTED)
    assert all(one.met for one in figures), [one.figure for one in figures if not one.met]


def test_a_field_that_differs_or_is_missing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    figures = held_against(
        "page", {"title": "Another", "lead": "L"}, {"title": "T", "lead": "L", "date": 1}
    )
    assert [(one.figure, one.met) for one in figures] == [
        ("page: title", False),
        ("page: lead", True),
        ("page: date", False),
    ]
    assert "expected 'T'\n  got      'Another'" in capsys.readouterr().out


def test_a_seed_that_was_not_published_is_wrong_in_every_field(tmp_path: Path) -> None:
    figures = published(Site(tmp_path))
    assert len(figures) == len(EXPECTED) + len(PAGE_ONLY)
    assert not any(one.met for one in figures)


def test_the_cost_is_told_for_each_article() -> None:
    run = Run(("x",), 0, wall=10.0, cpu=15.0, peak=200 * 1024 * 1024, output="")
    values = {one.figure: (one.ours, one.unit) for one in cost(run, 300)}
    assert values["build of 300 articles, CPU an article"] == (50.0, "ms")
    assert values["build of 300 articles, most memory of all processes"] == (200.0, "MiB")
