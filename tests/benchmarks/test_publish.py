"""What benchmarks.publish makes of what it measured, and what it drops into the archive."""

from pathlib import Path

import pytest

from benchmarks.builds import RawFiles
from benchmarks.measure import Figure, Run
from benchmarks.publish import (
    MONTH,
    PIPELINE,
    TEN_YEARS,
    YEAR,
    Theirs,
    build_figures,
    growth_figures,
    publish_figures,
)
from benchmarks.publish_ours import Drop, Ours, choose_drops
from benchmarks.publish_peers import Ready, find_peers, total, write_hugo, write_pelican

NOBODY = Theirs(None, None, None, None, None, None, None)
GIB = 1024**3
STOCK = "stock Pelican, from ready Markdown"


def took(wall: float, peak: int = GIB) -> Run:
    return Run(command=("x",), status=0, wall=wall, cpu=2 * wall, peak=peak, output="")


def ours(raw: RawFiles, **changed: object) -> Ours:
    values: dict[str, object] = {
        "raw": raw,
        "articles": raw.count,
        "pages": 110,
        "words": 1000,
        "words_given": 1000,
        "cold": took(100),
        "drops": (Drop("a page", took(1.2), 30, 1), Drop("a dump", took(1.4), 250, 0)),
        "unchanged": took(0.5),
        "theme": took(20),
        "theme_pages": 110,
        "same": None,
        **changed,
    }
    return Ours(**values)  # type: ignore[arg-type]


THEIRS = Theirs(
    hugo=took(40),
    hugo_related=took(990),
    hugo_pages=110,
    pelican=took(10),
    trafilatura=took(100),
    trafilatura_one=took(1),
    pagefind=took(9),
)


def verdicts(figures: list[Figure], peer: str = "") -> dict[str, bool | None]:
    return {one.figure: one.met for one in figures if one.bar and one.peer == peer}


def test_a_year_is_judged_by_the_bars_of_a_year() -> None:
    published = publish_figures(ours(YEAR), THEIRS)
    assert verdicts(published, PIPELINE) == {
        "one new article into 31,908, the slowest of 2, wall": True  # 1.4 s against 1,000 s
    }
    assert verdicts(published, "Hugo, not related") == {
        "one new article into 31,908, the slowest of 2, wall": True
    }
    assert verdicts(published) == {
        "one new article into 31,908, the slowest of 2, wall": True,
        "a page, into 31,908, files of the site rewritten": True,
        "a dump, into 31,908, files of the site rewritten": False,
        "nothing changed, 31,908, wall": True,
    }
    built = build_figures(ours(YEAR, theme_pages=109, same=False), THEIRS)
    assert verdicts(built, PIPELINE) == {
        "cold build, 31,908, wall": True,  # 100 s against 1,099 s
        "cold build, 31,908, most memory of all processes": True,
    }
    assert verdicts(built, "stock Pelican, from ready Markdown") == {
        "cold build, 31,908, CPU": None
    }
    assert verdicts(built) == {
        "another theme, 31,908: every page is rendered": False,
        "31,908, after all this: byte for byte a clean build": False,
    }


def test_stock_pelican_is_the_bar_of_a_month() -> None:
    built = build_figures(ours(MONTH), THEIRS)
    assert verdicts(built, "stock Pelican, from ready Markdown") == {
        "cold build, 2,659, CPU": False
    }
    assert set(verdicts(built, PIPELINE).values()) == {None}


def test_without_peers_no_bar_of_theirs_is_met() -> None:
    figures = publish_figures(ours(YEAR), NOBODY) + build_figures(ours(YEAR), NOBODY)
    compared = [one for one in figures if one.bar and "×" in one.bar]
    assert len(compared) == 6
    assert all(one.met is None and "not run" in one.bar for one in compared)
    # What needs no peer is judged all the same.
    memory = next(one for one in figures if "cold build" in one.figure and one.unit == "GiB")
    assert memory.met is True


def test_growth_needs_both_sizes() -> None:
    assert {one.met for one in growth_figures({MONTH.count: ours(MONTH)})} == {None}
    year = ours(YEAR, cold=took(1400))
    cold, one_more = growth_figures({MONTH.count: ours(MONTH), YEAR.count: year})
    assert (cold.ratio, cold.met) == (14, False)
    assert one_more.met is None
    ten = ours(TEN_YEARS, drops=(Drop("a page", took(2.0), 9, 0),))
    assert growth_figures({YEAR.count: year, TEN_YEARS.count: ten})[1].met is True


def test_a_pipeline_is_the_sum_of_its_parts_and_nothing_where_one_is_absent() -> None:
    whole = total([took(1, GIB), took(2, 3 * GIB)])
    assert whole is not None
    assert (whole.wall, whole.cpu, whole.peak) == (3, 6, 3 * GIB)
    assert total([took(1), None]) is None


def test_drops_are_one_of_each_kind_and_of_the_last_month() -> None:
    def record(file: str, kind: str, date: str | None) -> dict[str, object]:
        return {"file": file, "kind": kind, "date": date}

    records = [
        record("2026-04/0.html", "html", "2026-04-30"),
        record("2026-05/1.html", "html", "2026-05-02"),
        record("2026-05/2.html", "html", "2026-05-11"),
        record("2026-05/3.html", "html", "2026-05-29"),
        record("2026-05/4.html", "html", None),
        record("2026-05/5.txt", "text", "2026-05"),
    ]
    chosen = choose_drops({str(one["file"]): one for one in records}, "2026-05")
    assert list(chosen.values()) == ["2026-05/3.html", "2026-05/2.html", "2026-05/5.txt"]
    with pytest.raises(ValueError, match="too few"):
        choose_drops({"2026-04/0.html": records[0]}, "2026-05")


def test_an_absent_environment_has_no_peers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKISSUE_PEERS", str(tmp_path / "nothing"))
    assert find_peers().absent() == ["hugo", "pelican", "trafilatura", "pagefind"]


def test_peers_are_given_each_article_as_plain_markdown(tmp_path: Path) -> None:
    text = "Braces {{< stay >}} & <b>tags</b>\n\n```{r setup}\nx <- 1\n```"
    article = Ready("a-slug", "A: title", "2026-05", "2026-05", "en", ("claude",), ("k",), text)
    write_hugo(tmp_path / "hugo", [article])
    write_pelican(tmp_path / "pelican", [article])
    page = (tmp_path / "hugo/content/2026/05/a-slug.md").read_text()
    assert '"date": "2026-05-01"' in page
    assert '"claude-2026-05"' in page
    (plain,) = (tmp_path / "pelican/content").iterdir()
    head, _, body = plain.read_text().partition("\n\n")
    assert head.splitlines() == [
        "Title: A: title",
        "Date: 2026-05-01",
        "Slug: a-slug",
        "Tags: claude",
        "Lang: en",
    ]
    shown = "Braces { {&lt; stay &gt;}} &amp; &lt;b&gt;tags&lt;/b&gt;\n\n```\nx &lt;- 1\n```\n"
    assert body == shown
    assert page.endswith(shown)
