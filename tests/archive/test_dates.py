"""Dates as people read them."""

import pytest

from backissue.archive.dates import date_name, month_name
from backissue.article import Dateline


@pytest.mark.parametrize(
    ("value", "lang", "name"),
    [
        ("2026-05", "en", "May 2026"),
        ("2026-05-03", "en", "3 May 2026"),
        ("2026-05-03T23:30:00-04:00", "en", "3 May 2026"),
        ("2026-05", "zh", "2026年5月"),
        ("2026-12-20", "zh-CN", "2026年12月20日"),
    ],
)
def test_a_date_is_named_in_the_precision_known(value: str, lang: str, name: str) -> None:
    assert date_name(Dateline(value), lang) == name


def test_a_month_is_named_in_both_languages() -> None:
    assert month_name("2026-01") == "January 2026"
    assert month_name("2026-01", "zh") == "2026年1月"
