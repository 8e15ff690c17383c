"""Dates as people read them, in the languages of the archive, without a locale."""

from __future__ import annotations

from typing import Final

from backissue.article import Dateline

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def month_name(month: str, lang: str = "en") -> str:
    """Return the name of a month ``YYYY-MM``: ``May 2026`` or ``2026年5月``."""
    year, number = int(month[:4]), int(month[5:7])
    if lang.startswith("zh"):
        return f"{year}年{number}月"
    return f"{_MONTHS[number - 1]} {year}"


def date_name(date: Dateline, lang: str = "en") -> str:
    """Return a date as people write it, in the precision in which it is known."""
    if date.day is None:
        return month_name(date.month, lang)
    day = int(date.day[8:10])
    if lang.startswith("zh"):
        return f"{month_name(date.month, lang)}{day}日"
    return f"{day} {month_name(date.month, lang)}"
