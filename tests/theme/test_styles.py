"""The stylesheets: their weight, what they fetch, and whether they can be read."""

from __future__ import annotations

import re

import pytest

from tests.theme.factory import THEME, rendered

CSS = THEME / "static" / "css"
MAIN = (CSS / "main.css").read_text(encoding="utf-8")
LIMIT = 15_000
COUNTS = 3_500  # left for the counts: some ninety topics and months


def test_an_article_asks_for_main_css_and_the_counts_alone():
    asked = [link["href"] for link in rendered("rich article").find_all("link", rel="stylesheet")]
    assert asked == ["../../../theme/css/main.css", "../../../theme/counts.css"]
    assert (CSS / "main.css").stat().st_size + COUNTS <= LIMIT


def test_no_page_asks_for_more_than_21_kilobytes_of_style():
    assert sum(path.stat().st_size for path in CSS.glob("*.css")) + COUNTS <= 21_000


def test_styles_fetch_nothing():
    for path in CSS.glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "url(" not in text


def colours(scheme: str) -> dict[str, str]:
    """Return the custom properties that hold colours, in a colour scheme."""
    light = dict(re.findall(r"--(\w+):(#[0-9a-f]{6}|#[0-9a-f]{3})\b", MAIN.split("@media", 1)[0]))
    dark = re.search(r"prefers-color-scheme:dark\)\{:root\{([^}]*)\}", MAIN)
    assert dark
    found = {"light": light, "dark": dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", dark[1]))}
    assert found["light"].keys() == found["dark"].keys()
    return found[scheme]


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "mark"])
@pytest.mark.parametrize("ground", ["paper", "tint"])
def test_text_can_be_read_in_both_schemes(scheme, ink, ground):
    shades = colours(scheme)
    assert contrast(shades[ink], shades[ground]) >= 4.5


def test_chinese_is_never_set_in_italics():
    upright = re.search(r":lang\(zh\):is\(([^)]*)\)\{font-style:normal\}", MAIN)
    assert upright
    assert {"em", "i", "cite", "dfn"} <= set(upright[1].split(","))
    for rule in re.findall(r"([^{}]*)\{[^}]*font-style:italic", MAIN):
        for selector in rule.split(","):
            assert selector.split()[-1].strip() in upright[1].split(","), selector
