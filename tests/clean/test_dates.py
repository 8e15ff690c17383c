"""Dates in addresses."""

from backissue.article import Dateline
from backissue.clean.dates import in_url


def test_a_version_in_a_years_folder_is_no_date() -> None:
    assert in_url("https://a.example/blog/2026/4-2-1-post-mortem/") is None
    assert in_url("https://a.example/2026/04/02/story/") == Dateline("2026-04-02")
    assert in_url("https://a.example/news/2026-04-02-story") == Dateline("2026-04-02")
