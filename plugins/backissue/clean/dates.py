"""Dates as pages write them, in the precision in which they are written."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from typing import Final

from backissue.patterns import pattern

from ..article import Dateline

FIRST_YEAR: Final = 1990  # nothing on the web is older
LAST_YEAR: Final = 2099

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier janv enero ene gennaio janeiro januari leden ledna января"
            " янв stycznia styczeń ocak يناير січня",
            "february feb februar február février févr febrero febbraio fevereiro fev februari"
            " února únor février февраля февр lutego luty şubat فبراير лютого",
            "march mar märz mars marzo março maart března marec марта мар marca marzec mart مارس"
            " березня",
            "april apr avril avr abril abr aprile dubna апреля апр kwietnia kwiecień nisan"
            " أبريل квітня",
            "may mai mayo maggio maio mei maj května мая maja mayıs مايو травня",
            "june jun juni juin junio giugno junho června июня czerwca haziran يونيو червня",
            "july jul juli juillet juil julio luglio julho července июля lipca temmuz يوليو липня",
            "august aug août agosto augustus srpna августа авг sierpnia ağustos أغسطس серпня"
            " augusti",
            "september sep sept septembre septiembre settembre setembro září сентября сент"
            " września eylül سبتمبر вересня",
            "october oct okt oktober octobre octubre ottobre outubro října октября окт października"
            " ekim أكتوبر жовтня",
            "november nov novembre noviembre novembro listopadu ноября нояб listopada kasım نوفمبر"
            " листопада",
            "december dec dez dezember décembre déc diciembre dic dicembre dezembro prosince"
            " декабря дек grudnia aralık ديسمبر грудня",
        ),
        1,
    )
    for name in names.split()
}
# Short names that are words of English too: read between a day and a year alone.
_SHORT: Final = {
    "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ago": 8, "set": 9, "out": 10, "ott": 10,
}  # fmt: skip
_NAME: Final = "(" + "|".join(sorted(map(re.escape, _MONTHS), key=lambda n: (-len(n), n))) + r")\.?"
_YEAR: Final = r"((?:19|20)\d\d)"
_WITH_YEAR: Final = pattern(_YEAR)
_ORD: Final = r"(?:st|nd|rd|th|er|º|\.)?"
_CLOCK: Final = r"(?:[T ,]{1,3}(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"

# Year first: 2026-05-20, 2026/5/20, 2026.05.20, with or without a time.
_ISO: Final = pattern(rf"(?<!\d){_YEAR}([-/]|\.\s?)(\d{{1,2}})\2(\d{{1,2}})(?!\d){_CLOCK}")
_BASIC: Final = pattern(rf"(?<!\d){_YEAR}(\d\d)(\d\d)(?:T?\d{{4,6}}Z?)?(?!\d)")
_CJK: Final = pattern(
    rf"(?<!\d){_YEAR}\s*[年년]\s*(\d{{1,2}})\s*[月월](?:\s*(\d{{1,2}})\s*[日号號일])?"
    r"(?:\s*(?:[上下]午)?\s*(\d{1,2})[:：时時](\d{2}))?"
)
_BETWEEN: Final = _NAME.replace("(", "(" + "|".join(_SHORT) + "|", 1)
# These are looked for in small letters: so the first letters of the names decide at once.
_MDY: Final = pattern(rf"(?<![^\W\d_]){_NAME}\s*(\d{{1,2}}){_ORD},?\s*(?:of\s+)?{_YEAR}(?!\d)")
_DMY: Final = pattern(
    rf"(?<!\d)(\d{{1,2}}){_ORD}[\s\-/]*(?:de |of )?{_BETWEEN}"
    rf"(?:,| de|,? of)?[\s\-/,]*{_YEAR}(?!\d)"
)
_MY: Final = pattern(rf"(?<![^\W\d_]){_NAME}[\s,]+{_YEAR}(?!\d)")
_NUMERIC: Final = pattern(rf"(?<![\d/.-])(\d{{1,2}})([/.\-])(\d{{1,2}})\2{_YEAR}(?!\d)")
_YEAR_MONTH: Final = pattern(rf"^\s*{_YEAR}[-/.](\d{{1,2}})\s*$")
_RFC: Final = pattern(r"^\s*[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d")
# How units of time begin, in days; of several the longest counts.
_UNITS: Final = {
    **dict.fromkeys(("min", "мин", "分", "分钟", "分鐘", "분"), 0.0007),
    **dict.fromkeys(("hour", "stund", "hor", "heure", "or", "час", "小时", "小時", "時間"), 1 / 24),
    "시간": 1 / 24,
    **dict.fromkeys(("day", "tag", "d", "jour", "giorn", "дн", "ден", "天", "日", "일"), 1.0),
    **dict.fromkeys(
        ("week", "woche", "seman", "semaine", "settiman", "нед", "周", "週", "주"), 7.0
    ),
    **dict.fromkeys(("month", "monat", "mes", "mois", "mês", "mese", "mesi", "месяц"), 30.0),
    **dict.fromkeys(("个月", "個月", "か月", "ヶ月", "개월"), 30.0),
    **dict.fromkeys(("year", "jahr", "año", "ano", "an", "год", "лет", "年", "년"), 365.0),
}
_UNIT: Final = (
    "((?:" + "|".join(sorted(_UNITS, key=lambda n: (-len(n), n))) + r")[^\W\d_前전之]{0,6})"
)
_AGO: Final = pattern(
    rf"(\d+|\ban?)\s*{_UNIT}\s*(?:ago\b|之?前|전|fa\b|atrás\b|назад\b)"
    rf"|\b(?:vor|hace|il y a|há)\s+(\d+)\s*{_UNIT}",
    re.IGNORECASE,
)
_THAT_DAY: Final = pattern(r"(昨天|昨日|어제|вчера)|今天|今日|오늘|сегодня", re.IGNORECASE)


def _made(year: str | int, month: str | int, day: str | int | None = None) -> Dateline | None:
    y, m = int(year), int(month)
    if not (FIRST_YEAR <= y <= LAST_YEAR and 1 <= m <= 12):
        return None
    if day is None:
        return Dateline(f"{y:04d}-{m:02d}")
    try:
        return Dateline(dt.date(y, m, int(day)).isoformat())
    except ValueError:
        return None


def _timed(date: Dateline | None, found: re.Match[str], at: int) -> Dateline | None:
    """Add the time of the clock groups ``at`` to ``at + 3`` of a match."""
    hour, minute, second, zone = found.group(at, at + 1, at + 2, at + 3)
    if date is None or hour is None or int(hour) > 23 or int(minute) > 59:
        return date
    if zone and zone != "Z" and ":" not in zone:
        zone = zone[:3] + ":" + zone[3:]
    zone = "+00:00" if zone == "Z" else zone or ""
    return Dateline(f"{date.value}T{int(hour):02d}:{minute}:{min(int(second or 0), 59):02d}{zone}")


def parse(value: str, *, day_first: bool | None = None) -> Dateline | None:
    """Read the first date in ``value``, or return None.

    A month with a year is a date of month precision. ``day_first`` says how 03/04/2026 is
    meant; without it a number above 12 decides, else the American reading is taken.
    """
    if _RFC.match(value):
        moment = _rfc(value)
        if moment:
            return moment
    hits = find(value[:300], day_first=day_first)
    if hits:
        return hits[0][1]
    month = _YEAR_MONTH.match(value)
    if month:
        return _made(*month.groups())
    basic = _BASIC.search(value[:300])
    if basic:
        return _made(*basic.groups())
    return _epoch(value)


def find(text: str, *, day_first: bool | None = None) -> list[tuple[int, Dateline]]:
    """Return every date in ``text`` with its place, in order; months only where no day is said."""
    return [(start, date) for start, _, date in spans(text, day_first=day_first)]


def spans(text: str, *, day_first: bool | None = None) -> list[tuple[int, int, Dateline]]:
    """Return every date in ``text`` with where it begins and ends, in order, as ``find`` does."""
    if not _WITH_YEAR.search(text):  # each of the forms below has one
        return []
    taken: list[tuple[int, int, Dateline]] = []

    def add(found: re.Match[str], date: Dateline | None) -> None:
        start, end = found.span()
        if date is not None and not any(start < e and s < end for s, e, _ in taken):
            taken.append((start, end, date))

    for found in _ISO.finditer(text):
        year, _, month, day = found.group(1, 2, 3, 4)
        add(found, _timed(_made(year, month, day), found, 5))
    for found in _CJK.finditer(text):
        add(found, _made(*found.group(1, 2, 3)))
    small = text.lower()
    for found in _MDY.finditer(small):
        add(found, _made(found.group(3), _MONTHS[found.group(1)], found.group(2)))
    for found in _DMY.finditer(small):
        name = found.group(2)
        add(found, _made(found.group(3), _MONTHS.get(name) or _SHORT[name], found.group(1)))
    for found in _NUMERIC.finditer(text):
        add(found, _numeric(found, day_first))
    for found in _MY.finditer(small):
        add(found, _made(found.group(2), _MONTHS[found.group(1)]))
    return sorted(taken, key=lambda hit: hit[0])


def _numeric(found: re.Match[str], day_first: bool | None) -> Dateline | None:
    first, mark, second, year = found.groups()
    if int(first) > 12 or (
        int(second) <= 12 and (day_first or (day_first is None and mark == "."))
    ):
        first, second = second, first
    return _made(year, first, second)


def _epoch(value: str) -> Dateline | None:
    digits = value.strip()
    if not re.fullmatch(r"1\d{9}(?:\d{3})?", digits):
        return None
    seconds = int(digits[:10])
    moment = dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
    return Dateline(moment.isoformat())


def _rfc(value: str) -> Dateline | None:
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return Dateline(moment.isoformat())


def ago(text: str, today: str) -> Dateline | None:
    """Read "3 hours ago" against ``today`` (the ISO date on which the page was archived)."""
    now = parse(today)
    if now is None or now.day is None:
        return None
    found, word = _AGO.search(text), _THAT_DAY.search(text)
    if found:
        count, unit = found.group(1) or found.group(3), found.group(2) or found.group(4)
        number = 1 if count.lower() in ("a", "an") else int(count[:4])
        days = number * next(
            _UNITS[unit[:size].lower()]
            for size in range(len(unit), 0, -1)
            if unit[:size].lower() in _UNITS
        )
    elif word:
        days = 1.0 if word.group(1) else 0.0
    else:
        return None
    if days >= 25:
        moment = dt.date.fromisoformat(now.day) - dt.timedelta(days=min(days, 12_000))
        return Dateline(moment.isoformat()[:7])
    return Dateline((dt.date.fromisoformat(now.day) - dt.timedelta(days=days)).isoformat())


# One sign parts all of a date: "/2026/4-2-1-released/" is a version in a year's folder.
_URL_DAYS: Final = tuple(
    pattern(rf"/{_YEAR}{sign}(\d{{1,2}}){sign}(\d{{1,2}})(?=[/\-_.]|$)") for sign in "/-_"
)
_URL_NAMED: Final = pattern(rf"/{_YEAR}/{_NAME}/(\d{{1,2}})(?=/|$)", re.IGNORECASE)
_URL_PACKED: Final = pattern(rf"(?:[/_=]|/[a-z]{{0,3}}-){_YEAR}(\d\d)(\d\d)(?!\d)")
_SLUG_PACKED: Final = pattern(rf"-{_YEAR}(\d\d)(\d\d)(?!\d)")
_URL_MONTH: Final = pattern(rf"/{_YEAR}[/\-](\d{{1,2}})(?=/)")


def in_url(url: str) -> Dateline | None:
    """Read the date that an address carries (``/2026/05/20/``, ``/2026-05-20-``, ``/2026/05/``)."""
    for form in (*_URL_DAYS, _URL_PACKED):
        found = form.search(url)
        date = _made(*found.groups()) if found else None
        if date:
            return date
    named = _URL_NAMED.search(url)
    if named:
        return _made(named.group(1), _MONTHS[named.group(2).lower()], named.group(3))
    month = _URL_MONTH.search(url)
    return _made(*month.groups()) if month else None


def in_slug(url: str) -> Dateline | None:
    """Read a date among the words of an address, which may as well be a part of the headline."""
    found = _SLUG_PACKED.search(url)
    return _made(*found.groups()) if found else None


_NAME_DAY: Final = pattern(rf"(?<!\d){_YEAR}[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_NAME_MONTH: Final = pattern(rf"^{_YEAR}[-_.](\d\d)(?!\d)")
_FOLDER: Final = pattern(rf"(?:^|/){_YEAR}[-_./](\d{{1,2}})(?:[-_./](\d{{1,2}}))?(?=/)")


def in_file_name(name: str) -> Dateline | None:
    """Read the date in the last part of a path (``2026-05-20-title.html``, ``20260520.txt``)."""
    last = name.rsplit("/", 1)[-1]
    found = _NAME_DAY.search(last)
    date = _made(*found.groups()) if found else None
    if date:
        return date
    month = _NAME_MONTH.search(last)
    return _made(*month.groups()) if month else None


def in_folder(name: str) -> Dateline | None:
    """Read the month or day that the folders of a path name (``2026-05/``, ``2026/05/``)."""
    found = _FOLDER.search(name)
    if not found:
        return None
    year, month, day = found.groups()
    return _made(year, month, day) or _made(year, month)


def month_after(month: str) -> str:
    """Return the month that follows one (``YYYY-MM``)."""
    year, number = int(month[:4]), int(month[5:7])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"
