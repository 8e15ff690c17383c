"""The body of an article made ready for its page.

Cleaning leaves safe HTML that says what things are. Here it gets what a page needs: an
anchor on every heading, a table of contents, a box of its own around each table, and no
picture that a reader's browser would fetch from somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import lxml.html
import msgspec
from lxml.html import HtmlElement
from lxml.html.builder import SPAN, A, E

from backissue.archive.addresses import slug_of
from backissue.archive.intake.beside import Picture
from backissue.archive.intake.charts import MOST_POINTS, Chart, chart_of
from backissue.archive.intake.drawing import draw
from backissue.patterns import pattern

CONTENTS_FROM: Final = 4  # headings from which a table of contents helps
CONTENTS_TO: Final = 24  # and to which: of more, only those of the upper levels are in it
WORDS_A_MINUTE: Final = 238  # silent reading of English non-fiction: Brysbaert, 2019
CHARACTERS_A_MINUTE: Final = 260  # silent reading of Chinese, the same review
# The folder in which a browser puts the parts of a page saved "complete": on no server is it.
_SAVED_BESIDE = pattern(r"[^/](?:_files|\.files|-Dateien|_fichiers|_archivos)/[^/]+$")
_CHINESE = pattern(r"[\u3400-\u9fff\uf900-\ufaff]")


class TocLine(msgspec.Struct, frozen=True):
    """A line of the table of contents: level (2 to 6), anchor, text."""

    level: int
    id: str
    text: str


class Body(msgspec.Struct, frozen=True):
    """A body that is ready for its page, with its table of contents and its length."""

    html: str
    toc: tuple[TocLine, ...]
    words: int
    minutes: int


def dress(clean_html: str, text: str, lang: str, pictures: Sequence[Picture] = ()) -> Body:
    """Return the body of a page from cleaned HTML, its plain text and its language.

    ``pictures`` are those that lie beside its raw file.
    """
    if not clean_html.strip():
        return Body("", (), 0, 0)
    root = lxml.html.fragment_fromstring(clean_html, create_parent="div")
    toc = _anchor_headings(root)
    for number, table in enumerate(root.xpath(".//table[not(ancestor::table)]"), 1):
        _box_table(table, f"表 {number}" if lang.startswith("zh") else f"Table {number}")
    held = {picture.asked: picture for picture in pictures}
    first = True
    for image in root.xpath(".//img"):
        if picture := held.get(image.get("src", "")):
            _show(image, picture, first)
            first = False
        else:
            _keep_reader_private(image, "图片" if lang.startswith("zh") else "Picture")
    for link in root.xpath(".//a"):
        if not urlsplit(link.get("href", "")).scheme:
            link.drop_tag()  # it led somewhere on a site, or in a file, that is not here
    words, minutes = reading_time(text)
    return Body(inner_html(root), _contents(toc), words, minutes)


def reading_time(text: str) -> tuple[int, int]:
    """Return the number of words (a Chinese character counts as one) and of minutes (>= 1)."""
    chinese = len(_CHINESE.findall(text))
    words = len(_CHINESE.sub(" ", text).split())
    minutes = words / WORDS_A_MINUTE + chinese / CHARACTERS_A_MINUTE
    return words + chinese, max(1, round(minutes))


def plain_text(clean_html: str) -> str:
    """Return the words of cleaned HTML on one line."""
    if not clean_html.strip():
        return ""
    root = lxml.html.fragment_fromstring(clean_html, create_parent="div")
    return " ".join(root.text_content().split())


def inner_html(root: HtmlElement) -> str:
    """Return the HTML inside ``root``."""
    whole: str = lxml.html.tostring(root, encoding="unicode", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("<")].strip()


def _anchor_headings(root: HtmlElement) -> list[TocLine]:
    taken: set[str] = set()
    toc = []
    for heading in root.xpath(".//h2|.//h3|.//h4|.//h5|.//h6"):
        text = " ".join(heading.text_content().split())
        # "s-" keeps an author's words from ever meeting an id of the theme's.
        anchor = base = "s-" + slug_of(text)[:60].strip("-")
        number = 2
        while anchor in taken:
            anchor = f"{base}-{number}"
            number += 1
        taken.add(anchor)
        heading.set("id", anchor)
        toc.append(TocLine(int(heading.tag[1]), anchor, text))
    return toc


def _contents(toc: list[TocLine]) -> tuple[TocLine, ...]:
    """Return the lines of a table of contents: to the deepest level at which they are not too many.

    Where that would leave too few, the next level is in it, however many there are.
    """
    shown: list[TocLine] = []
    for deepest in range(2, 7):
        more = [line for line in toc if line.level <= deepest]
        if len(more) > CONTENTS_TO and len(shown) >= CONTENTS_FROM:
            break
        shown = more
    return tuple(shown) if len(shown) >= CONTENTS_FROM else ()


def _box_table(table: HtmlElement, label: str) -> None:
    """Put a table into a box of its own, which scrolls and says what it holds."""
    caption = table.find("caption")
    named = " ".join(caption.text_content().split()) if caption is not None else ""
    box = E.section(tabindex="0")
    box.set("class", "table")
    box.set("aria-label", f"{label}: {named}" if named else label)
    table.getparent().replace(table, box)
    box.tail, table.tail = table.tail, None
    box.append(table)
    chart = _chart(table)
    if chart:
        figure = draw(chart, named)
        figure.tail, box.tail = box.tail, None
        box.addnext(figure)


def _chart(table: HtmlElement) -> Chart | None:
    """Return the chart of a table that has one row of header cells and no cell of two."""
    rows = list(table.iter("tr"))
    if not 2 <= len(rows) <= MOST_POINTS + 2 or table.find(".//table") is not None:
        return None
    head, *below = rows
    if any(cell.tag != "th" for cell in head) or table.find(".//*[@colspan]") is not None:
        return None
    if table.find(".//*[@rowspan]") is not None:
        return None
    return chart_of(_words(head), [_words(row) for row in below])


def _words(row: HtmlElement) -> list[str]:
    return [" ".join(cell.text_content().split()) for cell in row]


def _show(image: HtmlElement, picture: Picture, at_once: bool) -> None:
    """Let an image show a picture that is published beside its page.

    Its size is said, so that nothing moves when it comes: the page's own width, where that is the
    smaller one. ``at_once``: it may be what the reader sees first.
    """
    said = image.get("width", "")
    width = min(int(said), picture.width) if said and int(said) else picture.width
    height = max(1, round(picture.height * width / picture.width))
    alt = image.get("alt", "")
    for name in image.attrib:
        del image.attrib[name]
    image.set("src", picture.name)
    image.set("alt", alt)
    image.set("width", str(width))
    image.set("height", str(height))
    if not at_once:
        image.set("loading", "lazy")
    image.set("decoding", "async")


def _keep_reader_private(image: HtmlElement, unnamed: str) -> None:
    """Put a link where a picture stood: a page asks nothing of anybody else's server.

    A picture that has no address of its own (inline data, a file that was saved beside the
    page) leaves its description. ``unnamed`` is what a picture without one is called.
    """
    source, label = image.get("src", ""), image.get("alt", "")
    remote = urlsplit(source).scheme in ("http", "https") and not _SAVED_BESIDE.search(source)
    if remote and next(image.iterancestors("a"), None) is None:
        stand_in = A(label or unnamed, href=source, rel="external noopener nofollow")
        stand_in.set("class", "remote-image")
    elif label:
        stand_in = SPAN(label)
        stand_in.set("class", "missing-image")
    else:
        image.drop_tree()
        return
    stand_in.tail = image.tail
    image.tail = None
    image.getparent().replace(image, stand_in)
