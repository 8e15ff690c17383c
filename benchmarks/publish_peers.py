"""The peers of benchmarks.publish: Hugo, stock Pelican, trafilatura, Pagefind.

They live in a virtual environment of their own, which ``make bench-peers`` makes from
requirements/peers.txt; BACKISSUE_PEERS names another. Hugo and Pelican are given the same
articles as we have, already clean, with the same topics, months and addresses.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.measure import ROOT, Run, note, run

VENV: Final = ROOT / ".venv" / "peers"
NOT_RENDERED: Final = {"build": {"render": "never"}}  # pages that our site has not
_FENCE_ATTRIBUTES: Final = re.compile(r"^(\s*(?:```|~~~)[^{\n]*)\{.*$", re.MULTILINE)
PELICAN_SETTINGS: Final = """\
SITENAME = "The Back Issue"
SITEURL = "https://backissue.example"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "simple"
ARTICLE_URL = "{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
ARTICLE_TRANSLATION_ID = None
TAG_URL = "topics/{slug}/"
TAG_SAVE_AS = TAG_URL + "index.html"
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = ""
MONTH_ARCHIVE_URL = "{date:%Y}/{date:%m}/"
MONTH_ARCHIVE_SAVE_AS = MONTH_ARCHIVE_URL + "index.html"
DEFAULT_PAGINATION = 40
PAGINATION_PATTERNS = (
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)
FEED_ALL_ATOM = "feeds/all.atom.xml"
TAG_FEED_ATOM = "feeds/topics/{slug}.atom.xml"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 20
"""


class Ready(msgspec.Struct, frozen=True):
    """A clean article as peers are given it. ``keywords`` are the tags that its file carries."""

    slug: str
    title: str
    date: str
    month: str
    lang: str
    topics: tuple[str, ...]
    keywords: tuple[str, ...]
    text: str


class Peers(msgspec.Struct, frozen=True):
    """The peers' programs; an absent one is None."""

    hugo: Path | None
    pelican: Path | None
    trafilatura: Path | None
    pagefind: Path | None

    def absent(self) -> list[str]:
        """Return the names of the peers that cannot be run."""
        return [name for name in self.__struct_fields__ if getattr(self, name) is None]


def find_peers() -> Peers:
    """Return the peers that are there."""
    venv = Path(os.environ.get("BACKISSUE_PEERS", VENV))

    def first(pattern: str) -> Path | None:
        return next(iter(sorted(venv.glob(pattern))), None)

    # The programs themselves: their Python wrappers take a quarter of a second.
    packages = "lib/python3*/site-packages"
    return Peers(
        hugo=first(f"{packages}/hugo/binaries/hugo"),
        pelican=first("bin/pelican"),
        trafilatura=first("bin/trafilatura"),
        pagefind=first(f"{packages}/pagefind_bin/pagefind"),
    )


def write_hugo(folder: Path, articles: Iterable[Ready]) -> None:
    """Write a Hugo site: our pages in its templates, the articles as Markdown."""
    shutil.copytree(ROOT / "benchmarks" / "hugo", folder)
    content = folder / "content"
    for article in articles:
        year, month = article.month.split("-")
        place = content / year / month
        if not place.is_dir():
            place.mkdir(parents=True)
            _page(place / "_index.md", {"title": article.month})
            _page(content / year / "_index.md", {"title": year, **NOT_RENDERED})
        front = {
            "title": article.title,
            "date": _day(article.date),
            "tags": article.topics,
            "topicmonths": [f"{topic}-{article.month}" for topic in article.topics],
            "keywords": article.keywords,
            "description": article.text[:180],
            "params": {"lang": article.lang},
        }
        _page(place / f"{article.slug}.md", front, _markdown(article.text))
    (content / "topicmonths").mkdir()
    _page(content / "topicmonths" / "_index.md", {"title": "Months", **NOT_RENDERED})
    _page(content / "archive.md", {"title": "Archive", "layout": "archive"})
    _page(content / "search.md", {"title": "Search", "layout": "search"})


def build_hugo(hugo: Path, folder: Path, related: bool) -> Run:
    """Build the whole Hugo site, with its related articles or without."""
    shutil.rmtree(folder / "public", ignore_errors=True)
    environment = {
        "HUGO_PARAMS_RELATED": "true" if related else "false",
        "HUGO_CACHEDIR": str(folder / "cache"),
    }
    return run([hugo, "--quiet"], cwd=folder, env=environment)


def write_pelican(folder: Path, articles: Iterable[Ready]) -> None:
    """Write a site for stock Pelican: settings, and the articles as Markdown."""
    content = folder / "content"
    content.mkdir(parents=True)
    (folder / "pelicanconf.py").write_text(PELICAN_SETTINGS)
    for number, article in enumerate(articles):
        head = {
            "Title": " ".join(article.title.split()),
            "Date": _day(article.date),
            "Slug": article.slug,
            "Tags": ", ".join(article.topics),
            "Lang": article.lang,
        }
        lines = [f"{name}: {value}" for name, value in head.items() if value]
        path = content / f"article-{number:06}.md"  # a date in the name would be taken for its date
        path.write_text("\n".join(lines) + "\n\n" + _markdown(article.text), "utf-8")


def build_pelican(pelican: Path, folder: Path) -> Run:
    """Build the whole site with stock Pelican."""
    shutil.rmtree(folder / "output", ignore_errors=True)
    command: list[str | Path] = [
        pelican,
        "content",
        "-o",
        "output",
        "-s",
        "pelicanconf.py",
        "--fatal",
        "errors",
    ]
    return run(command, cwd=folder)


def extract(trafilatura: Path, raw: Path, folder: Path) -> Run:
    """Clean a folder of raw files with trafilatura's own command, as it comes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return run([trafilatura, "--input-dir", raw, "--output-dir", folder])


def index_pages(pagefind: Path, site: Path) -> Run:
    """Index a built site with Pagefind, from the beginning, as it always does."""
    shutil.rmtree(site / "pagefind", ignore_errors=True)
    return run([pagefind, "--site", site])


class Total(msgspec.Struct, frozen=True):
    """What several commands took, one after another."""

    wall: float
    cpu: float
    peak: int


def total(parts: Sequence[Run | None]) -> Total | None:
    """Return the sum of several runs, or None where one of them was not made."""
    made = [part for part in parts if part is not None]
    if len(made) < len(parts):
        return None
    return Total(
        sum(part.wall for part in made),
        sum(part.cpu for part in made),
        max(part.peak for part in made),
    )


def where(program: Path | None, work: Callable[[Path], Run]) -> Run | None:
    """Return what ``work`` did with a program, or None where there is no such program."""
    return note(program.name, work(program)) if program is not None else None


def _page(path: Path, front: Mapping[str, object], text: str = "") -> None:
    # JSON is one of the forms of front matter that Hugo reads.
    path.write_text(json.dumps(front, ensure_ascii=False, indent=1) + "\n\n" + text, "utf-8")


def _markdown(text: str) -> str:
    """Return plain text as Markdown that shows it: no HTML, shortcodes, attributes of its own."""
    plain = html.escape(text, quote=False).replace("{{", "{ {")
    return _FENCE_ATTRIBUTES.sub(r"\1", plain) + "\n"


def _day(date: str) -> str:
    return f"{date}-01" if len(date) == len("2026-05") else date[:10]
