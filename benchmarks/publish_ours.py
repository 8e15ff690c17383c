"""What benchmarks.publish does with our own site: build it, drop articles, change the theme."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from backissue.archive.intake.body import reading_time
from backissue.archive.store.catalogue import Catalogue
from backissue.archive.store.recall import recall_article
from backissue.archive.store.store import Store
from benchmarks.builds import RawFiles, Site, make_raw
from benchmarks.folders import compare, hashes, snapshot
from benchmarks.measure import FailedError, Run, note
from benchmarks.publish_peers import Ready

UNCHANGED_RUNS: Final = 3
_READ: Final = re.compile(r"([\d,]+) raw files? read")
Truth = Mapping[str, Mapping[str, Any]]


class Drop(msgspec.Struct, frozen=True):
    """One new article, published: what it was, what it took, the files of the site it wrote."""

    kind: str
    run: Run
    written: int
    removed: int


class Ours(msgspec.Struct, frozen=True):
    """What our own site took, at one size. ``same`` is None where it was not looked at."""

    raw: RawFiles
    articles: int
    pages: int
    words: int
    words_given: int
    cold: Run
    drops: tuple[Drop, ...]
    unchanged: Run
    theme: Run
    theme_pages: int
    same: bool | None

    @property
    def slowest_drop(self) -> Drop:
        """The new article that took longest."""
        return max(self.drops, key=lambda drop: drop.run.wall)


class Archive(msgspec.Struct, frozen=True):
    """An archive to measure with: our site, what its raw files hold, files held back by kind."""

    site: Site
    raw: RawFiles
    truth: Truth
    held_back: Mapping[str, Path]


def make_archive(shared: Path, root: Path, raw: RawFiles) -> Archive:
    """Make the raw files of an archive, and a few more that are held back to be dropped later."""
    site = Site(root / "ours")
    site.begin()
    make_raw(shared, site.content, RawFiles(raw.count + len(_KINDS), raw.months, raw.end))
    with (site.root / "truth.jsonl").open(encoding="utf-8") as lines:
        truth = {record["file"]: record for record in map(json.loads, lines)}
    held_back = {}
    for kind, name in choose_drops(truth, raw.end).items():
        held_back[kind] = root / "dropped" / name
        held_back[kind].parent.mkdir(parents=True, exist_ok=True)
        (site.content / name).rename(held_back[kind])
    return Archive(site, raw, truth, held_back)


_KINDS: Final = (
    "a page, the newest of all",
    "a page of the middle of the month",
    "a dump that knows only its month",
)


def choose_drops(truth: Truth, month: str) -> dict[str, str]:
    """Return which files are dropped later, by kind: all are of the last month."""
    last = [record for record in truth.values() if record["file"].startswith(month)]
    pages = sorted(
        (record["date"], record["file"])
        for record in last
        if record["kind"] == "html" and len(record["date"] or "") == len("2026-05-20")
    )
    dumps = sorted(record["file"] for record in last if record["kind"] == "text")
    if len(pages) < 2 or not dumps:
        raise ValueError(f"{month} has too few articles to hold one of each kind back")
    chosen = (pages[-1][1], pages[(len(pages) - 1) // 2][1], dumps[len(dumps) // 2])
    return dict(zip(_KINDS, chosen, strict=True))


def measure_ours(archive: Archive, equal: bool) -> Ours:
    """Build our site and publish changes to it; ``equal``: compare with a clean build at last."""
    site = archive.site
    cold = note("cold build", site.build())
    articles, pages = len(site.articles()), count_pages(site.output)
    words, given = count_words(archive)
    drops = tuple(_drop(archive, kind) for kind in archive.held_back)
    unchanged = sorted(
        (_build_unchanged(site) for _ in range(UNCHANGED_RUNS)), key=lambda run: run.wall
    )
    before = snapshot(site.output)
    _change_theme(site.theme)
    theme = note("another theme", site.build())
    _expect_read(theme, 0)
    rendered = compare(before, snapshot(site.output)).written
    return Ours(
        raw=archive.raw,
        articles=articles,
        pages=pages,
        words=words,
        words_given=given,
        cold=cold,
        drops=drops,
        unchanged=unchanged[UNCHANGED_RUNS // 2],
        theme=theme,
        theme_pages=sum(path.endswith(".html") for path in rendered),
        same=is_clean(site) if equal else None,
    )


def ready_articles(archive: Archive) -> Iterator[Ready]:
    """Yield the articles of our site as peers are given them: the same months, topics, addresses.

    They are those of the cold build. Their text is what make_raw.py says that the raw file
    holds, not what we made of it.
    """
    dropped = {f"{path.parent.name}/{path.name}" for path in archive.held_back.values()}
    store = Store(archive.site.cache / "store.sqlite")
    try:
        for entry in Catalogue(store.db).entries():
            if entry.source in dropped:
                continue
            record = archive.truth[entry.source]
            yield Ready(
                entry.slug,
                record["title"],
                entry.date,
                entry.month,
                record["lang"],
                entry.brief.topics,
                tuple(record["editor_tags"]),
                record["text"],
            )
    finally:
        store.close()


def count_pages(folder: Path) -> int:
    """Return how many pages a site has."""
    return sum(1 for _ in folder.rglob("*.html"))


def count_words(archive: Archive) -> tuple[int, int]:
    """Return how many words our articles have, and how many the peers' are given."""
    store = Store(archive.site.cache / "store.sqlite")
    ours = given = 0
    try:
        for entry in Catalogue(store.db).entries():
            article = recall_article(store, entry.article)
            ours += reading_time(f"{article.lead}\n\n{article.text}")[0]
            given += reading_time(archive.truth[entry.source]["text"])[0]
    finally:
        store.close()
    return ours, given


def is_clean(site: Site) -> bool:
    """Return whether a site is byte for byte what a clean build is; say what differs."""
    clean = Site(site.root.with_name("clean"))
    clean.root.mkdir()
    shutil.copytree(site.content, clean.content)
    shutil.copytree(site.theme, clean.theme)
    clean.build()
    ours, theirs = hashes(site.output), hashes(clean.output)
    differing = sorted(
        path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)
    )
    for path in differing[:20]:
        print(f"not as a clean build has it: {path}", file=sys.stderr)
    if len(differing) > 20:
        print(f"... and {len(differing) - 20} more", file=sys.stderr)
    if not differing:
        shutil.rmtree(clean.root)
    return not differing


def _drop(archive: Archive, kind: str) -> Drop:
    site, path = archive.site, archive.held_back[kind]
    before, articles = snapshot(site.output), len(site.articles())
    # Into the same folder as its month's others, under its own name.
    shutil.copyfile(path, site.content / path.parent.name / path.name)
    run = note(kind, site.build())
    _expect_read(run, 1)
    if len(site.articles()) != articles + 1:
        raise FailedError(f"{path.name} was dropped and not published:\n{run.output}")
    difference = compare(before, snapshot(site.output))
    return Drop(kind, run, len(difference.written), len(difference.removed))


def _build_unchanged(site: Site) -> Run:
    run = note("nothing changed", site.build())
    _expect_read(run, 0)
    return run


def _expect_read(run: Run, count: int) -> None:
    """Raise FailedError where a build read another number of raw files than had changed."""
    found = _READ.search(run.output)
    read = int(found[1].replace(",", "")) if found else None
    if read != count:
        raise FailedError(f"{count} raw files had changed, {read} were read:\n{run.output}")


def _change_theme(theme: Path) -> None:
    """Change the text that a template puts on every page."""
    base = theme / "templates" / "base.html"
    old = base.read_text("utf-8")
    new = old.replace("</body>", "<!-- another edition -->\n</body>")
    if new == old:
        raise ValueError(f"{base} has no </body> to change")
    base.write_text(new, "utf-8")
