"""The form of a figure: ratio, bar, table, JSON, exit status."""

import json
from pathlib import Path

import pytest

from benchmarks.measure import AtLeast, AtMost, arguments, check, figure, report, table

MET = figure("build, CPU", 3.0, "s", peer="Hugo", peer_value=4.0, bar=AtMost(1, of_peer=True))
MISSED = figure("F1", 0.9, "", bar=AtLeast(0.97))
NOT_RUN = figure("publish, wall", 0.5, "s", peer="Zola", bar=AtMost(1 / 600, of_peer=True))
NO_BAR = figure("memory", 120.4, "MiB")


def test_a_bar_is_judged_by_the_ratio_or_by_our_own_value() -> None:
    assert MET.ratio == 0.75
    assert MET.met is True
    assert MISSED.met is False
    assert figure("wall", 0.8, "s", bar=AtMost(0.8)).met is True
    faster = figure(
        "pages a second", 90, "", peer="it", peer_value=30, bar=AtLeast(3, of_peer=True)
    )
    assert faster.met is True


def test_a_bar_that_was_not_run_is_said_to_be_so_and_not_counted_as_met() -> None:
    assert NOT_RUN.met is None
    assert NOT_RUN.bar == "≤ 1/600 × (not run: no figure of Zola)"
    told = figure("wall", 0.5, "s", bar=AtMost(1), not_run="needs 31,908 articles")
    assert told.met is None
    assert told.bar == "≤ 1 s (not run: needs 31,908 articles)"
    assert figure("wall", None, "s", bar=AtMost(1)).bar == "≤ 1 s (not run: not measured)"


def test_the_table_shows_values_ratios_verdicts_and_their_sum() -> None:
    lines = table([MET, MISSED, NOT_RUN, NO_BAR, check("title", good=True)]).splitlines()
    assert lines[0].split() == ["figure", "ours", "peer", "peer's", "ratio", "unit", "bar", "met"]
    assert lines[2].split() == [
        "build,",
        "CPU",
        "3",
        "Hugo",
        "4",
        "0.75",
        "×",
        "s",
        "≤",
        "1",
        "×",
        "yes",
    ]
    assert lines[3].endswith("NO")
    assert lines[4].endswith("not run")
    assert lines[5].split() == ["memory", "120.4", "-", "MiB"]
    assert lines[-1] == "4 bars: 2 met, 1 missed, 1 not run."


def test_the_json_has_the_form_that_the_design_names(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    report("some", [MET, NOT_RUN], out)
    first, second = json.loads(out.read_text())
    assert first == {
        "figure": "build, CPU",
        "ours": 3.0,
        "peer": "Hugo",
        "peer_value": 4.0,
        "ratio": 0.75,
        "unit": "s",
        "bar": "≤ 1 ×",
        "met": True,
    }
    assert second["met"] is None
    assert second["ratio"] is None


def test_the_exit_status_is_1_where_a_bar_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    assert report("some", [MET, NOT_RUN], None) == 0
    assert report("some", [MET, MISSED], None) == 1
    assert "2 bars: 1 met, 1 missed, 0 not run." in capsys.readouterr().out


def test_every_benchmark_starts_from_the_same_arguments() -> None:
    options = arguments("what it does").parse_args(["--corpus", "some/where", "--quick"])
    assert options.corpus == Path("some/where")
    assert options.quick is True
    assert options.json is None


def test_a_peer_that_found_nothing_is_a_peer_all_the_same() -> None:
    bar = AtLeast(1, of_peer=True)
    assert figure("found", 0.9, "", peer="it", peer_value=0.0, bar=bar).met
    assert not figure("found", 0.0, "", peer="it", peer_value=0.0, bar=bar).met
