"""Which tables have numbers that make a chart, and what it would show.

Pure functions over the words of a table's cells. A table makes a chart where its rows are
periods of time or named things and at least one of its columns is a quantity in one unit;
where anything is in doubt (several units in a column, spans, ranges, identifiers, ranks, rows
that are different quantities) it makes none. ``drawing.py`` draws what is found here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

import msgspec

from backissue.archive.intake.quantities import Period, Quantity, read_period, read_quantity
from backissue.patterns import pattern

# What a chart can show before the table says it better.
MOST_POINTS: Final = 60
MOST_ROWS: Final = 16  # of named things
MOST_SERIES: Final = 4
MOST_PANELS: Final = 3
FEWEST: Final = 3  # rows
LONGEST_NAME: Final = 40  # of a row, in half-width characters
LONGEST_VALUE: Final = 12
WIDEST: Final = 1_000.0  # times that the largest value may be the smallest
ALIKE: Final = 5.0  # times that a row's values differ where rows are different quantities
UNALIKE: Final = 20.0  # times that those of a column differ there
LEAST_SPREAD: Final = 0.02  # of the largest value: what bars from nought can show
FEW: Final = 5.0  # numbers of things that are read faster than seen

_RANK: Final = pattern(
    r"(?i)#|№|no\.?|nr\.?|ranks?|ranking|ids?|position|place|序号|排名|名次|编号"
)
_TOTAL: Final = pattern(
    r"(?i)(?:sub-?|grand )?(?:total|sum|overall|all|average|mean|median)\b.*"
    r"|总计|合计|总和|平均.*|小计"
)
_MISSING: Final = frozenset(
    {"", "-", "–", "—", "―", "n/a", "na", "n.a.", "…", "...", "tbd", "暂无"}
)


class Series(msgspec.Struct, frozen=True):
    """One line, or one bar of each row: its name and its values, None where one is missing."""

    name: str
    values: tuple[Quantity | None, ...]


class Panel(msgspec.Struct, frozen=True):
    """What shares one scale: the series of one unit."""

    series: tuple[Series, ...]


class Chart(msgspec.Struct, frozen=True):
    """What a table shows: the names of its rows, their periods where they are time, the panels.

    ``times`` are the periods' starts (``Period.start``), oldest first; it is empty where the rows
    are named things.
    """

    names: tuple[str, ...]
    times: tuple[int, ...]
    panels: tuple[Panel, ...]


def chart_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Chart | None:
    """Return the chart of a table, or None where its numbers make none.

    ``head`` are the words of its header cells, ``rows`` those of the cells below, each on one
    line.
    """
    width = len(head)
    if width < 2 or not rows or any(len(row) != width for row in rows):
        return None
    return _across(head, rows) or _down(head, rows)


def _down(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Chart | None:
    """Return the chart of a table whose rows are periods or things."""
    if len(rows) < FEWEST:
        return None
    named = next((n for n in range(len(head)) if not _is_rank(head[n], rows, n)), None)
    if named is None or named > 1:
        return None
    kept = [row for row in rows if not _TOTAL.fullmatch(row[named])]
    names = [row[named] for row in kept]
    periods = [read_period(name) for name in names]
    if any(periods) and not all(periods):
        return None
    others = [n for n in range(len(head)) if n != named and not _is_rank(head[n], rows, n)]
    series = [Series(head[n], values) for n in others if (values := _column(kept, n))]
    if 2 * len(series) < len(others):
        return None  # the words of such a table say more than its few numbers
    if all(periods):
        return _in_time(names, [one for one in periods if one], series)
    return _of_things(names, series)


def _across(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Chart | None:
    """Return the chart of a table whose columns are periods, and whose rows are series."""
    periods = [read_period(name) for name in head[1:]]
    if len(periods) < FEWEST or not all(periods):
        return None
    series = []
    for row in rows:
        if _TOTAL.fullmatch(row[0]) and len(rows) > 1:
            continue
        values = _column([[cell] for cell in row[1:]], 0)
        if values is None:
            return None
        series.append(Series(row[0], values))
    return _in_time(head[1:], [one for one in periods if one], series)


def _in_time(
    names: Sequence[str], periods: Sequence[Period], series: Sequence[Series]
) -> Chart | None:
    times = [period.start for period in periods]
    if len({period.kind for period in periods}) > 1 or len(times) < FEWEST:
        return None
    falling = all(one > other for one, other in pairwise(times))
    if not falling and not all(one < other for one, other in pairwise(times)):
        return None
    step = -1 if falling else 1
    turned = [Series(one.name, one.values[::step]) for one in series]
    return _chart(names[::step], times[::step], turned)


def _of_things(names: Sequence[str], series: Sequence[Series]) -> Chart | None:
    if not FEWEST <= len(names) <= MOST_ROWS or len(set(names)) < len(names):
        return None
    if any(not name or read_quantity(name) or _breadth(name) > LONGEST_NAME for name in names):
        return None
    if _rows_are_quantities(series):
        return None
    return _chart(names, (), series)


def _chart(names: Sequence[str], times: Sequence[int], series: Sequence[Series]) -> Chart | None:
    """Return the chart of series, those of one stated unit in one panel."""
    panels: dict[tuple[str, int], list[Series]] = {}
    for number, one in enumerate(series):
        unit = _unit(one)
        # Of two columns without a unit nobody knows whether they count the same.
        panels.setdefault((unit, 0 if unit else number), []).append(one)
    least = 0.0 if times else LEAST_SPREAD
    drawn = [together for together in panels.values() if _says_something(together, least)]
    points = sum(len(one.values) for together in drawn for one in together)
    if not drawn or len(drawn) > MOST_PANELS or points > MOST_POINTS:
        return None
    if any(len(together) > MOST_SERIES for together in drawn):
        return None
    return Chart(tuple(names), tuple(times), tuple(Panel(tuple(one)) for one in drawn))


def _column(rows: Sequence[Sequence[str]], number: int) -> tuple[Quantity | None, ...] | None:
    """Return the quantities of a column; None where it is not one of them in one unit."""
    values: list[Quantity | None] = []
    for row in rows:
        if row[number].casefold() in _MISSING:
            values.append(None)
            continue
        value = read_quantity(row[number])
        if value is None or len(value.text) > LONGEST_VALUE:
            return None
        values.append(value)
    known = [one for one in values if one]
    if len(known) < 2 or 4 * (len(values) - len(known)) > len(values):
        return None
    if len({one.unit for one in known}) > 1 or _are_labels(known):
        return None
    return tuple(values)


def _are_labels(values: Sequence[Quantity]) -> bool:
    """Return whether numbers are names: years, codes that begin with a nought, versions.

    Versions (1.17, 1.18, 1.18) go on by one in their last place, or stay.
    """
    bare = [one.text for one in values]
    if all(re.fullmatch(r"(?:19|20)[0-9]{2}", text) for text in bare):
        return True
    if any(re.match(r"0[0-9]", text) for text in bare):
        return True
    if not all(re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", text) for text in bare):
        return False
    if len({len(text.partition(".")[2]) for text in bare}) > 1:
        return False
    numbers = [int(text.replace(".", "")) for text in bare]
    return all(abs(other - one) <= 1 for one, other in pairwise(numbers))


def _is_rank(name: str, rows: Sequence[Sequence[str]], number: int) -> bool:
    """Return whether a column only counts or names its rows."""
    if _RANK.fullmatch(name.strip()):
        return True
    cells = [row[number].rstrip(".") for row in rows]
    return len(cells) > 2 and cells == [str(n) for n in range(1, len(cells) + 1)]


def _rows_are_quantities(series: Sequence[Series]) -> bool:
    """Return whether each row is a quantity of its own (layers, heads, parameters).

    Then the values of a row are alike and those of a column are not.
    """
    if len(series) < 2:
        return False
    columns = [[abs(one.value) for one in line.values if one and one.value] for line in series]
    rows = [
        [abs(one.value) for one in cells if one and one.value]
        for cells in zip(*(line.values for line in series), strict=True)
    ]
    across = [max(row) / min(row) for row in rows if len(row) > 1]
    down = [max(column) / min(column) for column in columns if len(column) > 1]
    if not across or not down or any(_unit(one) for one in series):
        return False
    return median(across) <= ALIKE and median(down) >= UNALIKE


def _says_something(together: Sequence[Series], least: float) -> bool:
    """Return whether values differ enough to be seen, and not so much that small ones cannot."""
    values = [value.value for one in together for value in one.values if value]
    largest = max(map(abs, values))
    counts = all(value.is_integer() for value in values) and not any(map(_unit, together))
    if counts and largest <= FEW:
        return False
    smallest = min((abs(value) for value in values if value), default=0)
    spread = max(values) - min(values)
    return spread > 0 and spread >= least * largest and largest <= WIDEST * smallest


def _unit(series: Series) -> str:
    """Return the unit of a series: that of its values, or what its name says in brackets."""
    unit = next(one.unit for one in series.values if one)
    named = re.search(r"[(（\[]([^()（）\[\]]{1,16})[)）\]]\s*$", series.name)
    return unit or (named[1].strip() if named else "")


def _breadth(text: str) -> int:
    """Return how broad a text is, in half-width characters."""
    return sum(2 if char > "\u2e80" else 1 for char in text)
