"""What benchmarks.publish does with a site, done with a small one."""

from pathlib import Path

import pytest

from benchmarks.builds import RawFiles, Site
from benchmarks.measure import FailedError
from benchmarks.publish_ours import Archive, is_clean, measure_ours, ready_articles

TEXT = "The reservoir above the town was measured again on {day} May, and it held {day} metres."


def article(folder: Path, day: int) -> Path:
    path = folder / "2026-05" / f"day-{day}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"Title: The water on day {day}\nDate: 2026-05-{day:02}\n\n"
    path.write_text(head + "\n\n".join([TEXT.format(day=day)] * 6) + "\n")
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    site = Site(tmp_path / "ours")
    site.begin()
    for day in (3, 4):
        article(site.content, day)
    truth = {
        f"2026-05/day-{day}.md": {
            "title": f"The water on day {day}",
            "lang": "en",
            "editor_tags": ["water"],
            "text": TEXT.format(day=day),
        }
        for day in (3, 4, 20)
    }
    held_back = {"the newest": article(tmp_path / "dropped", 20)}
    return Archive(site, RawFiles(2, 1), truth, held_back)


def test_builds_drops_and_changes_a_site_and_finds_it_as_a_clean_build_has_it(
    archive: Archive,
) -> None:
    ours = measure_ours(archive, equal=True)
    assert ours.articles == 2
    assert ours.pages >= 2
    (drop,) = ours.drops
    # Its page, its neighbour's, the month's and the front page at least; not all of the site.
    assert 4 <= drop.written < ours.pages + 20
    assert ours.theme_pages > ours.pages
    assert ours.same is True
    assert len(archive.site.articles()) == 3
    # The peers are given what the cold build had.
    ready = {one.slug: one for one in ready_articles(archive)}
    assert sorted(ready) == ["the-water-on-day-3", "the-water-on-day-4"]
    assert ready["the-water-on-day-3"].date == "2026-05-03"
    assert ready["the-water-on-day-3"].month == "2026-05"


def test_names_the_files_that_a_clean_build_has_not(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    site = archive.site
    site.build()
    page = site.articles()[0] / "index.html"
    page.write_text(page.read_text() + "<!-- not ours -->")
    assert is_clean(site) is False
    assert "2026/05/the-water-on-day-3/index.html" in capsys.readouterr().err


def test_stops_where_a_dropped_article_is_not_published(archive: Archive) -> None:
    (path,) = archive.held_back.values()
    path.write_text("")
    with pytest.raises(FailedError, match=r"day-20\.md was dropped and not published"):
        measure_ours(archive, equal=False)
