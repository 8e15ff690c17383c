"""Numbers and periods of time, as the cells of a table write them."""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from backissue.patterns import pattern

Kind = Literal["year", "quarter", "month", "day"]

_NUMBER: Final = pattern(
    r"(?:≈|~|约)?\s*(?P<sign>[-−+]?)\s*"
    r"(?P<before>(?:US|HK|NT|A|C)?\$|[€£¥₹]|USD |EUR |CNY |RMB )?\s*(?P<within>[-−]?)"
    r"(?P<digits>[0-9]{1,3}(?:[,\u2009\u202f\u00a0][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?P<after>\D{0,16})"
)
_NOTE: Final = pattern(r"\s*(?:\[[0-9a-z]{1,2}\]|[*†‡]+)$")
_SCALES: Final = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trillion": 1e12,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "万亿": 1e12,
}
_SCALED: Final = pattern(
    r"(thousand|million|billion|trillion|mn|bn|tn|[kmbt]|万亿|千万|百万|[千万亿])(?![a-z])\s*(.*)",
    re.IGNORECASE,
)
_UNIT: Final = pattern(r"[^\d;:!?()<>\[\]–—-]{0,12}")
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_YEAR: Final = pattern(
    r"(?i)(?:fy ?)?((?:19|20)[0-9]{2})(?:年|财年)? ?(?:e|f|\(?(?:est|forecast)\.?\)?)?"
)
_QUARTER: Final = (
    pattern(r"(?i)q([1-4])[ ,/-]*((?:19|20)[0-9]{2})"),
    pattern(r"(?i)((?:19|20)[0-9]{2})[ ,/-]*q([1-4])"),
    pattern(r"((?:19|20)[0-9]{2}) ?年 ?第?([1-4一二三四]) ?季度?"),
)
_ISO_MONTH: Final = pattern(r"((?:19|20)[0-9]{2})(?:[-/.]|年 ?)(0?[1-9]|1[0-2])月?")
_ISO_DAY: Final = pattern(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_NAMED_MONTH: Final = pattern(r"([A-Za-z]{3,9})\.?(?:[ ,'’-]*((?:19|20)?[0-9]{2}))?")


class Quantity(msgspec.Struct, frozen=True):
    """A number of a cell: its value, its unit as written, and the words of the cell."""

    value: float
    unit: str
    text: str


class Period(msgspec.Struct, frozen=True):
    """A period of time: its kind and its start in days, where every month has 31 of them."""

    kind: Kind
    start: int


def read_quantity(text: str) -> Quantity | None:
    """Return the one number of a cell with its unit, or None where it is anything else.

    ``$1.2bn``, ``−3%``, ``12 ms``, ``3,400``, ``2.5亿元`` are numbers; ``10–20``, ``<5``, ``3/4``,
    ``12 of 40`` and ``1.2.3`` are not.
    """
    shown = _NOTE.sub("", text.strip())
    found = _NUMBER.fullmatch(shown)
    if found is None:
        return None
    value = float(re.sub(r"[^0-9.]", "", found["digits"]))
    after = found["after"].strip()
    scaled = _SCALED.fullmatch(after)
    if scaled:
        value *= _SCALES[scaled[1].lower()]
        after = scaled[2].strip()
    if not _UNIT.fullmatch(after):
        return None
    if found["sign"] in ("-", "−") or found["within"]:
        value = -value
    unit = f"{(found['before'] or '').strip()}{after}".casefold()
    return Quantity(value, unit, shown)


def read_period(text: str) -> Period | None:
    """Return the year, quarter, month or day that a cell names, or None.

    A month without a year is one of the year 0.
    """
    line = text.strip()
    if found := _YEAR.fullmatch(line):
        return _period("year", int(found[1]))
    for form in _QUARTER:
        if found := form.fullmatch(line):
            year, quarter = sorted(found.groups(), key=len, reverse=True)
            number = "一二三四".find(quarter) + 1 or int(quarter)
            return _period("quarter", int(year), 3 * number - 2)
    if found := _ISO_MONTH.fullmatch(line):
        return _period("month", int(found[1]), int(found[2]))
    if found := _ISO_DAY.fullmatch(line):
        return _period("day", *map(int, found.groups()))
    found = _NAMED_MONTH.fullmatch(line)
    return _named_month(found[1].lower(), found[2] or "") if found else None


def _named_month(name: str, year: str) -> Period | None:
    if name == "sept":
        name = "sep"
    numbers = [n for n, month in enumerate(_MONTHS) if name in (month, month[:3])]
    if not numbers:
        return None
    whole = int(year) + (2000 if len(year) == 2 else 0) if year else 0
    return _period("month", whole, numbers[0] + 1)


def _period(kind: Kind, year: int, month: int = 1, day: int = 1) -> Period:
    return Period(kind, 372 * year + 31 * (month - 1) + day - 1)
