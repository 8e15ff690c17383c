"""Pelican's own pages, from Pelican's own objects."""

from __future__ import annotations

from bs4 import BeautifulSoup
from pelican.contents import Page
from pelican.settings import DEFAULT_CONFIG

from tests.theme.factory import ENVIRONMENT


def test_a_page_of_pelican_needs_nothing_from_the_archive():
    settings = {**DEFAULT_CONFIG, "DEFAULT_LANG": "en", "SITEURL": ""}
    metadata = {"title": "A < B", "slug": "about", "lang": "zh"}
    page = Page("<p>正文</p>", metadata, settings=settings, source_path="about.md")
    text = ENVIRONMENT.get_template("page.html").render(
        page=page, SITENAME="S", SITESUBTITLE="", SITEURL="..", DEFAULT_LANG="en"
    )
    parsed = BeautifulSoup(text, "html.parser")
    assert parsed.html["lang"] == "zh"
    assert parsed.select_one(".body p").get_text() == "正文"
    assert parsed.find("link", rel="stylesheet")["href"] == "../theme/css/main.css"
