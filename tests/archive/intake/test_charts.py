"""Which tables make a chart, and what stands in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from backissue.archive.intake.body import dress
from backissue.archive.intake.charts import Chart, chart_of
from backissue.archive.intake.drawing import draw
from backissue.archive.intake.quantities import read_period, read_quantity


def read(table: str) -> Chart | None:
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in table.split("\n"))
    return chart_of(head, rows)


CHARTS = {
    "a quantity over years": "Year | Sold\n2021 | $1.2bn\n2022 | $1.9bn\n2023 | $2.4bn",
    "newest first": "Quarter | Sold\nQ3 2024 | 9\nQ2 2024 | 8\nQ1 2024 | 4",
    "periods across": "Plant | 2021 | 2022 | 2023\nNorth | 10 | 12 | 17\nSouth | 5 | 6 | 9",
    "named things": "Model | Score\nOne | 71.2%\nTwo | 80.9%\nThree | 64%",
    "in Chinese": "模型 | 准确率\n通义 | 86.2%\n深度 | 78%\n月之暗面 | 79.9%",
    "beside words": "Part | P50 | P99 | Of\nA | 2ms | 8ms | a\nB | 1ms | 3ms | b\nC | 9ms | 9ms | ",
    "below a rank": "# | Name | Stars\n1 | a | 900\n2 | b | 700\n3 | c | 300",
    "one missing": "Model | Score\nOne | 71%\nTwo | —\nThree | 64%\nFour | 50%",
    "of days": "Day | Calls\n2026-05-01 | 12\n2026-05-02 | 19\n2026-05-04 | 8",
    "above a total": "Item | Cost\nRent | $80\nFood | $40\nTea | $12\nTotal | $132",
}
NONE = {
    "words": "Option | Meaning\n-a | all\n-b | brief\n-c | count",
    "two rows": "Model | Score\nOne | 71%\nTwo | 80%",
    "several units in a column": "Test | Result\nA | 86 ms\nB | 72848\nC | 12%",
    "ranges": "Way | Takes\nA | 2-5 days\nB | 2-4 weeks\nC | 76-162ms",
    "years as values": "Name | Founded\nA | 1998\nB | 2004\nC | 2015",
    "codes": "Name | Code\nA | 0123\nB | 0456\nC | 0789",
    "versions": "Driver | Since\nA | 1.14\nB | 1.15\nC | 1.15",
    "ranks only": "Rank | Name\n1 | a\n2 | b\n3 | c",
    "the same in all": "Name | Gift\nA | $1,800\nB | $1,800\nC | $1,800",
    "a handful": "Label | Level\nLow | 0\nMiddle | 2\nHigh | 4",
    "rows of different kinds": "Of | X | Y\nLayers | 96 | 80\nHeads | 12 | 10\nWords | 5000 | 4000",
    "mostly words": "Of | Time | Use | To\nA | 3 s | few | a\nB | 4 s | low | b\nC | 6 s | all | c",
    "the same name twice": "Name | Score\nA | 1.5%\nA | 2.5%\nB | 3.5%",
    "years and things mixed": "Of | Sold\n2021 | 10\n2022 | 12\nLater | 40",
    "ragged": "Name | Score\nA | 10%\nB\nC | 30%",
    "too small to see": "Name | Bytes\nA | 1 B\nB | 5,000 B\nC | 9,000 B",
    "nothing to see": "Name | Perplexity\nA | 9.4281\nB | 9.5093\nC | 9.5124",
    "too many": "Name | Score\n" + "\n".join(f"n{n} | {n}.5%" for n in range(20)),
}


@pytest.mark.parametrize("name", CHARTS)
def test_numbers_over_time_or_things_make_a_chart(name: str) -> None:
    assert read(CHARTS[name])


@pytest.mark.parametrize("name", NONE)
def test_where_numbers_make_no_chart_there_is_none(name: str) -> None:
    assert read(NONE[name]) is None


def test_time_runs_forwards_whatever_the_table_does() -> None:
    chart = read(CHARTS["newest first"])
    assert chart
    assert chart.names == ("Q1 2024", "Q2 2024", "Q3 2024")
    assert [one.value for one in chart.panels[0].series[0].values if one] == [4, 8, 9]


def test_rows_are_series_where_the_columns_are_periods() -> None:
    chart = read(CHARTS["periods across"])
    assert chart
    assert [series.name for panel in chart.panels for series in panel.series] == ["North", "South"]


def test_a_total_is_no_bar_beside_its_parts() -> None:
    chart = read(CHARTS["above a total"])
    assert chart
    assert chart.names == ("Rent", "Food", "Tea")


def test_one_scale_is_shared_only_by_one_stated_unit() -> None:
    shared = read("Part | P50 | P99\nA | 12ms | 28ms\nB | 1ms | 3ms\nC | 9ms | 9ms")
    apart = read("Repo | Lines | Files\nA | 24549 | 561\nB | 2957 | 206\nC | 11696 | 200")
    assert shared
    assert apart
    assert [len(panel.series) for panel in shared.panels] == [2]
    assert [len(panel.series) for panel in apart.panels] == [1, 1]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        *(("$1.2bn", 1.2e9, "$"), ("−3%", -3, "%"), ("12 ms", 12, "ms"), ("3,400", 3400, "")),
        *(("2.5亿元", 2.5e8, "元"), ("~7B", 7e9, ""), ("-$4.50", -4.5, "$"), ("0.95x", 0.95, "x")),
        *(("170 KB", 170, "kb"), ("12 tokens/s", 12, "tokens/s"), ("44.1[3]", 44.1, "")),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: float, unit: str) -> None:
    found = read_quantity(text)
    assert found
    assert (found.value, found.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    "text",
    ["", "—", "10–20", "<5", "3/4", "12 of 40", "1.2.3", "2-5 days", "5 (est 7)", "1,5", "x"],
)
def test_what_is_no_single_number_is_none(text: str) -> None:
    assert read_quantity(text) is None


def test_periods_sort_by_time() -> None:
    written = ["2023", "Q2 2023", "2023年5月", "June 2023", "2023-07", "2023-07-04", "Aug '23"]
    starts = [period.start for one in written if (period := read_period(one))]
    assert len(starts) == len(written)
    assert starts == sorted(starts)
    assert read_period("May") == read_period("may")
    assert [read_period(one) for one in ("A", "20231", "Model 3", "13/2023", "Maybe 2023")] == 5 * [
        None
    ]


TABLE = (
    "<p>a</p><table><caption>Sold &lt; made</caption><thead><tr><th>Year</th><th>Sold</th></tr>"
    "</thead><tbody><tr><td>2021</td><td>$1bn</td></tr><tr><td>2022</td><td>$3bn</td></tr>"
    "<tr><td>2023</td><td>$2bn</td></tr></tbody></table>tail"
)


def test_the_chart_stands_under_its_table_and_the_table_is_its_text() -> None:
    html = dress(TABLE, "", "en").html
    assert html.index("</table></section><figure") < html.index("</figure>tail")
    figure = html[html.index("<figure") : html.index("</figure>")]
    assert 'aria-hidden="true"' in figure
    assert "<figcaption>Sold &lt; made</figcaption>" in figure
    assert re.findall(r"<text[^>]*>([^<]*)<", figure) == [
        *("$1bn", "2021", "$3bn", "2022", "$2bn", "2023")
    ]
    assert " style=" not in figure  # the policy allows none


def test_no_chart_of_a_table_with_cells_of_two() -> None:
    assert "<figure" not in dress(TABLE.replace("<td>$1bn", '<td colspan="2">$1bn'), "", "en").html


cells = st.sampled_from(
    ["1", "-2.5%", "0", "$3", "7 ms", "9bn", "", "—", "2021", "Q1 2024", "May", "x"]
)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=2, max_size=9))
def test_whatever_the_table_is_its_chart_can_be_drawn(rows: list[list[str]]) -> None:
    chart = chart_of(rows[0], rows[1:])
    if chart:
        drawn = etree.tostring(draw(chart, "")).decode()
        assert "nan" not in drawn
        numbers = [
            float(one)
            for one in re.findall(r'(?:x|y|width|height|c[xy])="(-?[0-9.e+]+)[%em"]', drawn)
        ]
        assert all(-2 <= one <= 200 for one in numbers)
