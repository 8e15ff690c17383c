"""Charts as SVG: bars for named things, columns or lines for time.

Nothing is measured here: what lies across is said in per cent of the picture's width, what
lies down in em. So letters keep their size on any screen, and grow with the reader's own. The
colours are the theme's (``.chart`` in main.css). The table above a chart is its text: the
picture itself is hidden from screen readers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from lxml import etree

from backissue.archive.intake.charts import Chart, Panel, Series
from backissue.archive.intake.quantities import Quantity

MOST_COLUMNS: Final = 8
NARROW: Final = 21.0  # em: the narrowest picture, on a screen of 320 pixels or beside another
LETTER: Final = 0.56  # em: the mean breadth of a figure or small letter in the system's sans
ROW, BAR, GAP = 1.45, 1.05, 0.55  # em: a row's name, one of its bars, the room after it
TALL: Final = 10.0  # em: columns and lines
TOP: Final = 1.5  # em: above the plot
MOST_TICKS: Final = 6
_COLOURS: Final = ("#000", "#b3761d", "#3d6491", "#77726a")
_LINE: Final = {"fill": "none", "stroke-width": "2", "vector-effect": "non-scaling-stroke"}
_NICE: Final = (1.0, 2.0, 2.5, 5.0, 10.0)

Element: TypeAlias = etree._Element


def draw(chart: Chart, title: str) -> Element:
    """Return the ``figure`` of a chart; ``title`` is the table's caption, or empty."""
    figure = etree.Element("figure", {"class": "chart", "aria-hidden": "true"})
    if title:
        etree.SubElement(figure, "figcaption").text = title
    for panel in chart.panels:
        single = len(panel.series) == 1
        box = etree.SubElement(figure, "div")
        if single:
            etree.SubElement(box, "p").text = panel.series[0].name
        else:
            _key(box, panel.series)
        if not chart.times:
            _bars(box, chart.names, panel)
        elif single and _fits_columns(chart, panel.series[0]):
            _columns(box, chart.names, panel.series[0])
        else:
            _lines(box, chart, panel)
    return figure


# -- bars -----------------------------------------------------------------------------------


def _bars(box: Element, names: Sequence[str], panel: Panel) -> None:
    """Draw bars that lie, a group for each name, from a common nought."""
    count = len(panel.series)
    each = ROW + count * BAR + GAP
    svg = _svg(box, len(names) * each)
    values = [one for line in panel.series for one in line.values if one]
    # Room for the longest number after the longest bar, on the narrowest screen.
    room = 100 * (LETTER * max(len(one.text) for one in values) + 0.8) / NARROW
    low, high = min(0.0, *(one.value for one in values)), max(0.0, *(one.value for one in values))
    left = room if low < 0 else 0.0
    scale = (100 - room - left) / (high - low)
    nought = left - low * scale
    for row, name in enumerate(names):
        top = row * each
        _text(svg, name, 0, top + 1.0)
        for n, line in enumerate(panel.series):
            value = line.values[row]
            y = top + ROW + n * BAR
            if value is None:
                _text(svg, "–", nought, y + 0.8, dx=0.3, kind="v")
                continue
            across = abs(value.value) * scale
            begin = nought if value.value >= 0 else nought - across
            _rect(svg, begin, y, across, BAR - 0.15, n)
            if value.value >= 0:
                _text(svg, value.text, begin + across, y + 0.8, dx=0.4, kind="v")
            else:
                _text(svg, value.text, begin, y + 0.8, dx=-0.4, kind="v", anchor="end")


# -- columns --------------------------------------------------------------------------------


def _fits_columns(chart: Chart, line: Series) -> bool:
    """Return whether one series is short enough to stand as columns, its periods without a gap."""
    steps = {other - one for one, other in pairwise(chart.times)}
    known = [one for one in line.values if one]
    if len(steps) > 1 or len(chart.times) > MOST_COLUMNS or any(one.value < 0 for one in known):
        return False
    room = NARROW / len(chart.times) / LETTER
    return max(len(text) for text in (*chart.names, *(one.text for one in known))) < room


def _columns(box: Element, names: Sequence[str], line: Series) -> None:
    """Draw standing columns with their numbers above and their periods below."""
    svg = _svg(box, TOP + TALL + 1.6)
    most = max(one.value for one in line.values if one)
    step = 100 / len(names)
    for n, (name, value) in enumerate(zip(names, line.values, strict=True)):
        middle = step * (n + 0.5)
        if value:
            height = TALL * value.value / most
            _rect(svg, middle - 0.36 * step, TOP + TALL - height, 0.72 * step, height, 0)
            y = TOP + TALL - height - 0.4
            _text(svg, value.text, middle, y, kind="v", anchor="middle")
        _text(svg, name, middle, TOP + TALL + 1.2, anchor="middle")
    _rule(svg, TOP + TALL, "base")


# -- lines ----------------------------------------------------------------------------------


def _lines(box: Element, chart: Chart, panel: Panel) -> None:
    """Draw lines over time, with rules across at round numbers."""
    svg = _svg(box, TOP + TALL + 1.8)
    values = [one for line in panel.series for one in line.values if one]
    ticks = _ticks([one.value for one in values])
    low, high = ticks[0], ticks[-1]

    def down(value: float) -> float:
        return TOP + TALL * (high - value) / (high - low)

    for tick in ticks:
        _rule(svg, down(tick), "base" if tick in (0, low) else "")
        _text(svg, _like(tick, values), 0, down(tick) - 0.3, kind="v")
    first, last = chart.times[0], chart.times[-1]
    # The numbers of the rules stand at the left, the last point's needs no room.
    across = [14 + 84 * (time - first) / (last - first) for time in chart.times]
    for n, line in enumerate(panel.series):
        plot = etree.SubElement(
            svg,
            "svg",
            {
                **{"y": f"{TOP:g}em", "width": "100%", "height": f"{TALL:g}em"},
                **{"viewBox": "0 0 100 100", "preserveAspectRatio": "none", "overflow": "visible"},
            },
        )
        for run in _runs(line.values):
            points = " ".join(
                f"{across[m]:.4g},{100 * (high - one.value) / (high - low):.4g}" for m, one in run
            )
            etree.SubElement(
                plot,
                "polyline",
                {"class": f"s{n}", "points": points, **_LINE, **_plain(n, "stroke")},
            )
        for m, one in enumerate(line.values):
            if one:
                where = {"cx": f"{across[m]:.4g}%", "cy": f"{down(one.value):.4g}em"}
                etree.SubElement(
                    svg, "circle", {"class": f"s{n}", **where, "r": ".22em", **_plain(n)}
                )
    for m in _named(chart.names, across):
        anchor = "end" if m == len(across) - 1 else "middle"
        at = 100 if anchor == "end" else across[m]
        _text(svg, chart.names[m], at, TOP + TALL + 1.3, anchor=anchor)


def _runs(values: Sequence[Quantity | None]) -> list[list[tuple[int, Quantity]]]:
    """Return the stretches of values between those that are missing."""
    runs: list[list[tuple[int, Quantity]]] = [[]]
    for n, value in enumerate(values):
        if value:
            runs[-1].append((n, value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _named(names: Sequence[str], across: Sequence[float]) -> list[int]:
    """Return which periods are named, from the last back: those that have room beside the others.

    Of periods in equal steps every second, third … is named.
    """
    broad = 100 * (LETTER * max(map(len, names)) + 0.8) / NARROW
    steps = range(1, len(names) + 1)
    for step in steps:
        chosen = range(len(names) - 1, -1, -step)
        places = [across[m] for m in chosen]
        places[0] = 100 - broad / 2
        if all(one - other >= broad for one, other in pairwise(places)):
            break
    return sorted(chosen)


def _ticks(values: Sequence[float]) -> list[float]:
    """Return round numbers from below the smallest of ``values`` (or nought) to the largest."""
    low, high = min(values), max(values)
    if low > 0 and low < 0.6 * high:
        low = 0.0
    if high < 0:
        high = 0.0
    raw = (high - low) / (MOST_TICKS - 2)
    unit = 10 ** math.floor(math.log10(raw))
    step = next(nice * unit for nice in _NICE if nice * unit >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def _like(number: float, values: Sequence[Quantity]) -> str:
    """Return a number written as the cells write theirs, as far as they agree on it."""
    example = max(values, key=lambda one: abs(one.value)).text
    digits = [n for n, char in enumerate(example) if char.isdigit()]
    before = example[: digits[0]].lstrip("~≈约-−+ ")
    after = example[digits[-1] + 1 :]
    largest = max(values, key=lambda one: abs(one.value))
    written = float("".join(char for char in example if char.isdigit() or char == "."))
    scale = abs(largest.value) / written if written else 1.0
    shown = f"{abs(number) / scale:,.6g}" if abs(number) / scale < 1e6 else f"{abs(number):,.0f}"
    return f"{'−' if number < 0 else ''}{before}{shown}{after}"


# -- pieces ---------------------------------------------------------------------------------


def _svg(box: Element, height: float) -> Element:
    return etree.SubElement(
        box, "svg", {"width": "100%", "height": f"{height:.4g}em", "focusable": "false"}
    )


def _key(box: Element, series: Sequence[Series]) -> None:
    """Say which colour is whose."""
    key = etree.SubElement(box, "ul")
    for n, line in enumerate(series):
        item = etree.SubElement(key, "li")
        swatch = etree.SubElement(item, "svg", {"width": ".8em", "height": ".8em"})
        etree.SubElement(
            swatch, "rect", {"class": f"s{n}", "width": "100%", "height": "100%", **_plain(n)}
        )
        swatch.tail = line.name


def _rect(  # noqa: PLR0913, PLR0917
    svg: Element, x: float, y: float, width: float, height: float, kind: int
) -> None:
    etree.SubElement(
        svg,
        "rect",
        {
            **{"class": f"s{kind}", "x": f"{x:.4g}%", "y": f"{y:.4g}em"},
            **{"width": f"{width:.4g}%", "height": f"{height:.4g}em"},
            **_plain(kind),
        },
    )


def _plain(kind: int, what: str = "fill") -> dict[str, str]:
    """Return a colour for a theme that has none for charts; any stylesheet is stronger."""
    return {what: _COLOURS[kind]} if kind or what == "stroke" else {}


def _rule(svg: Element, y: float, kind: str) -> None:
    given = {"x2": "100%", "y1": f"{y:.4g}em", "y2": f"{y:.4g}em", "stroke": "#999"}
    etree.SubElement(svg, "line", {"class": kind, **given} if kind else given)


def _text(  # noqa: PLR0913
    svg: Element, text: str, x: float, y: float, *, dx: float = 0, kind: str = "", anchor: str = ""
) -> None:
    given = {"x": f"{x:.4g}%", "y": f"{y:.4g}em"}
    if dx:
        given["dx"] = f"{dx:g}em"
    if kind:
        given["class"] = kind
    if anchor:
        given["text-anchor"] = anchor
    etree.SubElement(svg, "text", given).text = text
