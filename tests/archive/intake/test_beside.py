"""Pictures that lie beside raw files are published with their articles, and go with them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import feedparser
import pytest
from bs4 import BeautifulSoup

from backissue.archive.intake import beside
from backissue.archive.intake.beside import asked_for, path_of
from backissue.article import Article, Dateline, Image
from tests.archive.pictures import png
from tests.conftest import Site
from tests.stock import page

Make = Callable[..., Site]

TEXT = (
    "<p>" + "The keeper of the mill read the gauge again and wrote the number down. " * 8 + "</p>"
)
HEAD = '<link rel="canonical" href="https://mill.example/2026/05/gauge">'
SAVED = page(
    "The gauge at the mill",
    TEXT
    + '<p><img src="./The%20gauge_files/photo(1).png" alt="The gauge" width="300" height="9"></p>'
    + '<p><img src="The gauge_files/second.jpg"><img src="The gauge_files/pixel.gif"></p>'
    + '<p><img src="https://mill.example/far.png" alt="Far"></p>'
    + TEXT,
    HEAD,
)
NOTE = (
    "---\ntitle: The sluice\ndate: 2026-05-04\nimage: pictures/sluice.png\n---\n\n"
    "![The water](pictures/water.png) was high, the keeper of the sluice said in the evening.\n"
)
START: dict[str, str | bytes] = {
    "2026-05/The gauge.html": SAVED,
    "2026-05/The gauge_files/photo(1).png": png(1200, 600),
    "2026-05/The gauge_files/second.jpg": png(40, 30),
    "2026-05/The gauge_files/pixel.gif": png(1, 1),
    "2026-05/The gauge_files/ad.html": "<p>Buy!</p>",
    "2026-05/sluice.md": NOTE,
    "2026-05/pictures/sluice.png": png(700, 400),
    "2026-05/nobody.png": png(20, 20),
}
GAUGE, SLUICE = "2026/05/the-gauge-at-the-mill/", "2026/05/the-sluice/"


def article(site: Site, address: str) -> BeautifulSoup:
    return BeautifulSoup(site.read(f"{address}index.html"), "html.parser")


def shown(site: Site, address: str) -> dict[str, tuple[str, str]]:
    images = article(site, address).select("main img")
    return {one["src"].split("/")[-1]: (one["width"], one["height"]) for one in images}


def test_a_saved_page_shows_what_was_saved_beside_it(site: Make) -> None:
    one = site(START, SITEURL="https://n.example")
    report = one.build()
    assert report.refused == ()
    assert shown(one, GAUGE) == {"photo-1.png": ("300", "150"), "second.png": ("40", "30")}
    assert (one.output / GAUGE / "photo-1.png").read_bytes() == png(1200, 600)
    published = {path.name for path in (one.output / GAUGE).iterdir()}
    assert published == {"index.html", "index.json", "photo-1.png", "second.png"}
    first, second = article(one, GAUGE).select("main img")
    assert (first["alt"], second["alt"], second["loading"]) == ("The gauge", "", "lazy")
    assert "loading" not in first.attrs
    assert article(one, GAUGE).find("a", string="Far")["href"] == "https://mill.example/far.png"


def test_machines_and_feeds_get_whole_addresses(site: Make) -> None:
    one = site(START, SITEURL="https://n.example")
    one.build()
    whole = f"https://n.example/{GAUGE}photo-1.png"
    found = article(one, GAUGE)
    assert found.find("meta", property="og:image")["content"] == whole
    assert found.find("meta", property="og:image:width")["content"] == "1200"
    assert json.loads(found.find("script", type="application/ld+json").string)["image"] == [whole]
    assert json.loads(one.read(f"{GAUGE}index.json"))["pictures"][0] == whole
    feed = feedparser.parse(one.read("feeds/all.atom.xml"))
    bodies = " ".join(entry.content[0].value for entry in feed.entries)
    assert f'src="{whole}"' in bodies
    assert 'src="second.png"' not in bodies


def test_the_picture_that_an_editor_names_stands_above_the_body(site: Make) -> None:
    one = site(START)
    one.build()
    assert shown(one, SLUICE) == {"sluice.png": ("700", "400")}
    assert article(one, SLUICE).select_one("figure.main img")
    assert article(one, SLUICE).find(class_="missing-image").get_text() == "The water"


def test_another_theme_shows_them_too(site: Make) -> None:
    one = site(START, THEME="simple")
    one.build()
    for address, name in ((SLUICE, "sluice.png"), (GAUGE, "photo-1.png")):
        image = article(one, address).find("img", src=lambda src, end=name: src.endswith(end))
        assert image["width"]
        assert (one.output / address / name).is_file()


def test_pages_follow_pictures_that_come_change_and_go(site: Make) -> None:
    files = dict(START)
    one = site(files)
    one.build()

    def step(*gone: str, **came: bytes | str) -> None:
        for name in gone:
            del files[name]
            (one.content / name).unlink()
        named = {name.replace("__", "/").replace("_dot_", "."): data for name, data in came.items()}
        files.update(named)
        one.write(named)
        one.build()
        clean = site(files)
        clean.build()
        assert one.tree() == clean.tree()

    water = "2026-05/pictures/water.png"
    step(**{water: png(90, 60)})
    assert shown(one, SLUICE)["water.png"] == ("90", "60")
    step(**{water: png(90, 60, grey=3)})
    assert (one.output / SLUICE / "water.png").read_bytes() == png(90, 60, grey=3)
    step(**{water: png(60, 90)})
    assert shown(one, SLUICE)["water.png"] == ("60", "90")
    step(**{"2026-05/again.md": NOTE.replace("pictures/water.png", "nobody.png")})
    step(**{"2026-05/sluice.md": NOTE.replace("title: The", "title: A")})
    step(water, "2026-05/nobody.png")
    step("2026-05/The gauge.html")
    assert not (one.output / GAUGE).exists()
    step("2026-05/sluice.md", "2026-05/again.md")
    assert not list(one.output.rglob("*.png"))


def test_a_picture_costs_its_own_article_and_nothing_else(site: Make) -> None:
    one = site(START)
    one.build()
    one.write({"2026-05/pictures/water.png": png(90, 60)})
    before = one.tree()
    one.build()
    after = one.tree()
    moved = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert moved <= {
        f"{SLUICE}index.html",
        f"{SLUICE}index.json",
        f"{SLUICE}water.png",
        *("feeds/all.atom.xml", "feeds/months/2026-05.atom.xml"),
    }
    one.write({"2026-05/nobody.png": png(21, 20)})
    assert one.build().written == 0


def test_what_is_too_large_is_said_and_what_is_no_picture_is_passed_over(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    files = {**START, "2026-05/pictures/water.png": svg}
    monkeypatch.setattr(beside, "LARGEST", len(png(1200, 600)) - 1)
    one = site(files)
    (refused,) = one.build().refused
    assert refused.where == "2026-05/The gauge_files/photo(1).png"
    assert "shown without it" in refused.detail
    assert shown(one, GAUGE) == {"second.png": ("40", "30")}
    assert "alert(1)" not in one.read(f"{SLUICE}index.html")
    assert not (one.output / SLUICE / "water.png").exists()


def test_an_article_asks_for_relative_pictures_alone() -> None:
    body = (
        '<p><img alt="a > b" src="a/b.png"><img src="/c.png"><img src="https://a.test/d.png">'
        '<img src="//a.test/e.png"><img src="f.svg">'
        '<img src="g&amp;h.jpg?x=1"><img src="a/b.png"></p>'
    )
    made = Article(key="a", title="A", published=Dateline("2026-05"), body=body, text="")
    assert asked_for(made) == ("a/b.png", "g&h.jpg?x=1")
    named = Article(
        key="a", title="A", published=Dateline("2026-05"), body="", text="", image=Image("z.avif")
    )
    assert asked_for(named) == ("z.avif",)


def test_an_address_leads_nowhere_but_into_the_content_folder() -> None:
    assert path_of("2026-05/a.html", "./a_files/b%20c.png?v=1") == "2026-05/a_files/b c.png"
    assert path_of("2026-05/a.html", "../shared/b.png") == "shared/b.png"
    assert path_of("a.html", "../../etc/b.png").startswith("..")  # no file is held under that


def test_pictures_within_a_raw_file_are_published(site: Make) -> None:
    inline = base64.b64encode(png(640, 480)).decode()
    body = f'{TEXT}<p><img src="data:image/png;base64,{inline}" alt="The gauge"></p>{TEXT}'
    made = site({"2026-05/gauge.html": page("The gauge at the mill", body, HEAD)})
    made.build()
    ((name, size),) = shown(made, GAUGE).items()
    assert size == ("640", "480")
    assert (made.output / GAUGE / name).read_bytes() == png(640, 480)
