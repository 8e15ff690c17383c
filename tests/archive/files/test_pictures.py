"""The picture of an article, which others show beside a link to it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from bs4 import BeautifulSoup

from backissue.archive.settings import SettingsError
from tests.conftest import Site

TEXT = "The gauge at the mill was read again in the morning, and the keeper wrote it down. " * 9
BASE = "https://example.org"
DRAWN = {"SITEURL": BASE, "BACKISSUE": {"pictures": True, "sync": False}}


def article(title: str, day: str) -> str:
    return f"---\ntitle: {title}\ndate: {day}\n---\n\n{TEXT}\n"


FILES = {
    "a.md": article("The mill on Wednesday", "2026-05-20"),
    "b.md": article("The bell on Thursday", "2026-05"),
}


@pytest.fixture
def pillow() -> ModuleType:
    return pytest.importorskip("PIL.Image", reason="Pillow is absent")


def artist() -> Any:
    from backissue.archive.files.pictures import Artist  # noqa: PLC0415

    return Artist()


def inked(pillow: ModuleType, data: bytes, top: int, bottom: int) -> int:
    """Return how many pixels between two heights are not paper."""
    image = pillow.open(io.BytesIO(data))
    image.load()
    assert image.size == (1200, 630)
    band = image.convert("L").crop((0, top, 1200, bottom))
    return sum(band.histogram()[:240])


def test_title_date_and_name_stand_on_it(pillow: ModuleType) -> None:
    whole = artist().picture("The mill", ("20 May 2026",), "The Back Issue")
    bare = artist().picture("", ("",), "")
    for top, bottom in ((80, 130), (165, 520), (540, 600)):
        assert inked(pillow, whole, top, bottom) > 500
        assert inked(pillow, bare, top, bottom) == 0
    assert whole == artist().picture("The mill", ("20 May 2026",), "The Back Issue")


@pytest.mark.parametrize("title", ["word " * 90, "x" * 400, "A-very-long-word " + "y" * 60])
def test_a_long_title_stays_within_its_place(pillow: ModuleType, title: str) -> None:
    data = artist().picture(title, ("",), "")
    assert inked(pillow, data, 165, 525) > 5_000
    assert inked(pillow, data, 525, 630) == 0
    image = pillow.open(io.BytesIO(data)).convert("L")
    assert sum(image.crop((1130, 0, 1200, 630)).histogram()[:240]) == 0


def test_what_the_font_cannot_write_is_left_out(pillow: ModuleType) -> None:
    data = artist().picture("星期三的磨坊", ("2026年5月20日", "2026-05-20"), "The Back Issue")
    assert inked(pillow, data, 165, 520) == 0
    assert inked(pillow, data, 540, 600) > 500
    assert inked(pillow, data, 80, 130) > 500


def test_a_sign_that_the_font_does_not_have_takes_no_title_away(pillow: ModuleType) -> None:
    plain = artist().picture("The mill at noon", ("",), "")
    assert artist().picture("The mill\U0001f389 at noon", ("",), "") == plain
    assert inked(pillow, artist().picture("“Mill” – at noon…", ("",), ""), 165, 520) > 500


def test_pages_name_their_pictures_for_others(
    pillow: ModuleType, site: Callable[..., Site]
) -> None:
    one = site(FILES, **DRAWN)
    one.build()
    assert len(one.pages()) == 2
    for address in one.pages():
        page = BeautifulSoup(one.read(f"{address}index.html"), "html.parser")
        picture = f"{BASE}/{address}card.png"
        assert page.find("meta", property="og:image")["content"] == picture
        card = page.find("meta", {"name": "twitter:card"})
        assert card["content"] == "summary_large_image"
        news = json.loads(page.find("script", type="application/ld+json").string)
        assert news["image"] == [picture]
        assert inked(pillow, (one.output / address / "card.png").read_bytes(), 165, 520) > 500
        assert page.find("img") is None


def test_a_picture_follows_its_article(pillow: ModuleType, site: Callable[..., Site]) -> None:
    one = site(FILES, **DRAWN)
    one.build()
    (one.content / "a.md").unlink()
    one.write({"b.md": article("The bell on Friday", "2026-05")})
    one.build()
    clean = site({"b.md": article("The bell on Friday", "2026-05")}, **DRAWN)
    clean.build()
    assert one.tree() == clean.tree()
    one.build(BACKISSUE={"sync": False})
    assert not list(one.output.rglob("card.png"))


def test_without_pillow_the_setting_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from backissue.archive.files import pictures  # noqa: PLC0415

    def missing(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.setattr(pictures, "import_module", missing)
    with pytest.raises(SettingsError, match="needs Pillow"):
        pictures.Artist()


def test_a_font_that_is_not_there_is_named(pillow: ModuleType) -> None:
    from backissue.archive.files.pictures import Artist  # noqa: PLC0415

    with pytest.raises(SettingsError, match="no-such-font"):
        Artist("no-such-font.ttf")
