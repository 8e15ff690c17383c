"""What cannot be published is refused with a reason, a place and a hint, never with a crash."""

from pathlib import Path

import pytest

from backissue.article import Article, Reason, Rejected
from backissue.clean import ENDINGS, CleanSettings, RawFile, clean

DEFAULTS = CleanSettings()
PAGE = (
    "<html><head><title>A new chip for small machines</title></head><body><article><p>{}</p>"
    "</article></body></html>"
)
TEXT = "The company showed a chip that needs half the power of the one before it. " * 4


def refused(name: str, data: bytes, settings: CleanSettings = DEFAULTS) -> Rejected:
    (result,) = clean(RawFile(name, data), settings)
    assert isinstance(result, Rejected), result
    assert result.where.startswith(name)
    assert result.detail
    assert result.hint
    return result


@pytest.mark.parametrize("data", [b"", b"  \n\t ", b"\n" * 50])
def test_an_empty_file(data):
    assert refused("2026-05/a.html", data).reason is Reason.EMPTY


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        bytes(range(32)) * 40,
        b"GIF89a\x01\x00\x01\x00",
    ],
)
def test_a_binary_file_under_a_page_s_name(data):
    assert refused("2026-05/a.html", data).reason is Reason.BINARY


def test_an_article_that_is_longer_than_any_book():
    page = PAGE.format(TEXT).encode()
    found = refused("2026-05/a.html", page, CleanSettings(max_text=len(TEXT) - 2))
    assert found.reason is Reason.TOO_LARGE
    assert f"{len(TEXT) - 1} characters" in found.detail


def test_a_file_over_the_limit():
    page = PAGE.format(TEXT).encode()
    found = refused("2026-05/a.html", page, CleanSettings(max_bytes=100))
    assert found.reason is Reason.TOO_LARGE
    assert "100" in found.detail


def test_nesting_over_the_limit():
    page = PAGE.format("<div>" * 600 + TEXT).encode()
    assert refused("2026-05/a.html", page).reason is Reason.TOO_DEEP


def test_an_ending_nobody_reads():
    found = refused("2026-05/a.xyz", b"anything")
    assert found.reason is Reason.UNKNOWN_FORMAT
    assert ".html" in found.hint
    assert refused("2026-05/README", b"anything").reason is Reason.UNKNOWN_FORMAT


def test_a_sidecar_that_corrects_nothing():
    found = refused("2026-05/story.toml", b'title = "A chip"')
    assert found.reason is Reason.BAD_SETTING
    assert "'story'" in found.detail


def test_no_title():
    page = f"<html><body><div><p>{TEXT}</p><p>{TEXT}</p></div></body></html>".encode()
    found = refused("2026-05/a.html", page)
    assert found.reason is Reason.NO_TITLE
    assert "2026-05/a.html.toml" in found.hint


def test_no_body():
    page = b"<html><head><title>A page built by scripts</title></head><body></body></html>"
    assert refused("2026-05/a.html", page).reason is Reason.NO_BODY


def test_a_page_that_breaks_off_before_its_article():
    page = b"<html><head><title>A page cut short</title><meta name='descri"
    assert refused("2026-05/a.html", page).reason is Reason.TRUNCATED


def test_no_date_says_what_to_do():
    found = refused("loose/story.html", PAGE.format(TEXT).encode())
    assert found.reason is Reason.NO_DATE
    assert "2026-05/" in found.hint
    assert 'loose/story.html.toml beside it with the line: date = "2026-05-20"' in found.hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("2026-05/story.html", "2026-05"),
        ("2026/05/story.html", "2026-05"),
        ("news/2026/05/17/story.html", "2026-05-17"),
        ("2026-05-20-story.html", "2026-05-20"),
        ("20260520_story.html", "2026-05-20"),
        ("2026-04/2026-05-02 story.html", "2026-05-02"),
    ],
)
def test_a_date_in_the_path_will_do(name, value):
    (article,) = clean(RawFile(name, PAGE.format(TEXT).encode()))
    assert isinstance(article, Article)
    assert article.published.value == value


def test_every_reason_is_explained_in_the_docs():
    page = Path(__file__).parents[2] / "docs" / "refusals.md"
    explained = {
        line[3:].strip() for line in page.read_text("utf-8").splitlines() if line.startswith("## ")
    }
    assert explained == {reason.value for reason in Reason}


def test_every_ending_is_named_in_the_docs():
    page = (Path(__file__).parents[2] / "docs" / "cleaning.md").read_text("utf-8")
    for ending in sorted(ENDINGS):
        assert f"`{ending}`" in page, ending
