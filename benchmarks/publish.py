"""Publishing: a cold build, one new article, nothing, another theme; against whole builds.

Makes an archive with make_raw.py, builds it with the ``pelican`` command, drops new
articles into it, and builds it again; then runs the peers on the same articles. Seconds are
by the clock (wall) and of all cores (CPU, user and system, all processes).

Without --count: 2,659 articles in one month, then 31,908 in twelve. --quick: the first
alone. --ten-years: also 319,080 in 120. A bar that belongs to another size, or whose peer
is absent (``make bench-peers`` installs them), is said to be not run.

--corpus is the folder that holds corpora/make_raw.py; without it BACKISSUE_SHARED, or
``shared`` beside the checkout. --equal compares the site, after all its incremental builds,
with a clean build, byte for byte.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.builds import RawFiles
from benchmarks.measure import AtLeast, AtMost, Bar, Figure, Run, arguments, check, figure, report
from benchmarks.measure import shared as find_shared
from benchmarks.publish_ours import (
    Archive,
    Ours,
    count_pages,
    make_archive,
    measure_ours,
    ready_articles,
)
from benchmarks.publish_peers import (
    Peers,
    build_hugo,
    build_pelican,
    extract,
    find_peers,
    index_pages,
    total,
    where,
    write_hugo,
    write_pelican,
)

MONTH: Final = RawFiles(2_659, 1)
YEAR: Final = RawFiles(31_908, 12)
TEN_YEARS: Final = RawFiles(319_080, 120)
PIPELINE: Final = "trafilatura + Hugo, related + Pagefind"
GIB: Final = 1024**3


class Theirs(msgspec.Struct, frozen=True):
    """What the peers took on the articles of one archive; None for those that are absent."""

    hugo: Run | None
    hugo_related: Run | None
    hugo_pages: int | None
    pelican: Run | None
    trafilatura: Run | None
    trafilatura_one: Run | None
    pagefind: Run | None


def main(command_line: Sequence[str] | None = None) -> int:
    """Run the benchmark; return its exit status."""
    options = _arguments().parse_args(command_line)
    shared: Path = options.corpus or find_shared(".")
    peers = find_peers()
    if absent := peers.absent():
        print(f"Absent, and not run: {', '.join(absent)}. `make bench-peers` installs them.")
    figures: list[Figure] = []
    measured: dict[int, Ours] = {}
    for raw in _sizes(options):
        with tempfile.TemporaryDirectory(prefix="backissue-publish-") as folder:
            archive = make_archive(shared, Path(folder), raw)
            ours = measure_ours(archive, options.equal)
            # Peers take hours at ten years; no bar asks for them there.
            theirs = measure_theirs(archive, Path(folder), _at(raw, peers, options.quickly))
        measured[raw.count] = ours
        figures += publish_figures(ours, theirs) + build_figures(ours, theirs)
    figures += growth_figures(measured)
    return report("publish", figures, options.json)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, metavar="N", help="articles, instead of both sizes")
    parser.add_argument(
        "--months", type=int, metavar="M", default=1, help="months they spread over"
    )
    parser.add_argument("--ten-years", action="store_true", help="also 319,080 articles: hours")
    parser.add_argument(
        "--quickly", action="store_true", help="without the peers that take longest"
    )
    parser.add_argument("--equal", action="store_true", help="compare with a clean build at last")
    return parser


def _sizes(options: argparse.Namespace) -> list[RawFiles]:
    if options.count:
        return [RawFiles(options.count, options.months)]
    if options.quick:
        return [MONTH]
    return [MONTH, YEAR, *([TEN_YEARS] if options.ten_years else [])]


def _at(raw: RawFiles, peers: Peers, quickly: bool) -> Peers:
    """Return the peers to run at a size; ``quickly``: none that takes longer than we do."""
    if raw.count > YEAR.count:
        return Peers(None, None, None, None)
    # Stock Pelican's lists are quadratic; it is asked for at a month alone.
    pelican = peers.pelican if raw.count <= MONTH.count else None
    if quickly:
        return Peers(peers.hugo, pelican, None, None)
    return msgspec.structs.replace(peers, pelican=pelican)


def measure_theirs(archive: Archive, folder: Path, peers: Peers) -> Theirs:
    """Run the peers on the articles of an archive."""
    articles = list(ready_articles(archive))
    hugo_site, pelican_site = folder / "hugo", folder / "pelican"
    if peers.hugo:
        write_hugo(hugo_site, articles)
    if peers.pelican:
        write_pelican(pelican_site, articles)
    one = next(iter(archive.held_back.values()))
    plain = where(peers.hugo, lambda it: build_hugo(it, hugo_site, related=False))
    pages = count_pages(hugo_site / "public") if plain else None
    # Hugo's related articles take long, and are compared only as part of the pipeline.
    slow = peers.hugo if peers.pagefind else None
    related = where(slow, lambda it: build_hugo(it, hugo_site, related=True))
    # Pagefind indexes what Hugo made.
    pagefind = peers.pagefind if related else None
    return Theirs(
        hugo=plain,
        hugo_related=related,
        hugo_pages=pages,
        pelican=where(peers.pelican, lambda it: build_pelican(it, pelican_site)),
        trafilatura=where(
            peers.trafilatura, lambda it: extract(it, archive.site.content, folder / "extracted")
        ),
        trafilatura_one=where(
            peers.trafilatura, lambda it: extract(it, one.parent, folder / "extracted")
        ),
        pagefind=where(pagefind, lambda it: index_pages(it, hugo_site / "public")),
    )


def publish_figures(ours: Ours, theirs: Theirs) -> list[Figure]:
    """Return what one new article takes, and an unchanged archive."""
    slowest, size = ours.slowest_drop.run, f"{ours.raw.count:,}"
    whole = total([theirs.trafilatura_one, theirs.hugo_related, theirs.pagefind])
    elsewhere = _unless_at(YEAR, ours)
    name = f"one new article into {size}, the slowest of {len(ours.drops)}"
    figures = [
        *_against(
            name,
            (slowest.wall, slowest.cpu),
            PIPELINE,
            (whole.wall, whole.cpu) if whole else None,
            (AtMost(1 / 600, of_peer=True), elsewhere),
        ),
        figure(f"{name}, wall", slowest.wall, "s", bar=AtMost(1.5), not_run=elsewhere),
        *_against(
            name,
            (slowest.wall, slowest.cpu),
            "Hugo, not related",
            (theirs.hugo.wall, theirs.hugo.cpu) if theirs.hugo else None,
            (AtMost(1 / 25, of_peer=True), elsewhere),
        ),
        figure(f"{name}, most memory", slowest.peak / GIB, "GiB"),
    ]
    for drop in ours.drops:
        kind = f"{drop.kind}, into {size}"
        written = drop.written + drop.removed
        figures += [
            figure(f"{kind}, wall", drop.run.wall, "s"),
            figure(f"{kind}, CPU", drop.run.cpu, "s"),
            figure(f"{kind}, files of the site rewritten", written, "files", bar=AtMost(200)),
        ]
    return [
        *figures,
        figure(f"nothing changed, {size}, wall", ours.unchanged.wall, "s", bar=AtMost(0.8)),
        figure(f"nothing changed, {size}, CPU", ours.unchanged.cpu, "s"),
    ]


def build_figures(ours: Ours, theirs: Theirs) -> list[Figure]:
    """Return what whole builds take: cold, and with another theme; and how much they publish."""
    size, cold, theme = f"{ours.raw.count:,}", ours.cold, ours.theme
    whole = total([theirs.trafilatura, theirs.hugo_related, theirs.pagefind])
    at_year, at_month = _unless_at(YEAR, ours), _unless_at(MONTH, ours)
    figures = [
        *_against(
            f"another theme, {size}, all {ours.theme_pages:,} pages rendered",
            (theme.wall, theme.cpu),
            "Hugo, not related",
            (theirs.hugo.wall, theirs.hugo.cpu) if theirs.hugo else None,
            (AtMost(1, of_peer=True), at_year),
        ),
        check(f"another theme, {size}: every page is rendered", ours.theme_pages >= ours.pages),
        *_against(
            f"cold build, {size}",
            (cold.wall, cold.cpu),
            PIPELINE,
            (whole.wall, whole.cpu) if whole else None,
            (AtMost(0.4, of_peer=True), at_year),
        ),
        figure(
            f"cold build, {size}, most memory of all processes",
            cold.peak / GIB,
            "GiB",
            peer=PIPELINE,
            peer_value=whole.peak / GIB if whole else None,
            bar=AtMost(2),
            not_run=at_year,
        ),
        figure(
            f"cold build, {size}, CPU",
            cold.cpu,
            "s",
            peer="stock Pelican, from ready Markdown",
            peer_value=theirs.pelican.cpu if theirs.pelican else None,
            bar=AtMost(4, of_peer=True),
            not_run=at_month,
        ),
        figure(
            f"pages, {size}",
            ours.pages,
            "pages",
            peer="Hugo",
            peer_value=theirs.hugo_pages,
            bar=AtLeast(1, of_peer=True),
        ),
        figure(
            f"words of the articles, {size}",
            ours.words,
            "words",
            peer="the raw files' own",
            peer_value=ours.words_given,
        ),
        figure(f"articles published of {size}", ours.articles, "articles"),
    ]
    if ours.same is not None:
        figures.append(check(f"{size}, after all this: byte for byte a clean build", ours.same))
    return figures


def growth_figures(measured: dict[int, Ours]) -> list[Figure]:
    """Return what growth costs, from a month to a year and to ten years."""
    month, year, ten = (measured.get(raw.count) for raw in (MONTH, YEAR, TEN_YEARS))
    return [
        figure(
            "growth of a cold build, 12 × the articles, CPU",
            year.cold.cpu if year else None,
            "s",
            peer="ours at 2,659",
            peer_value=month.cold.cpu if month else None,
            bar=AtMost(13, of_peer=True),
            not_run="" if month and year else "needs both sizes",
        ),
        figure(
            "one new article into 319,080, wall",
            ten.slowest_drop.run.wall if ten else None,
            "s",
            peer="ours at 31,908",
            peer_value=year.slowest_drop.run.wall if year else None,
            bar=AtMost(1.5, of_peer=True),
            not_run="" if ten and year else "needs --ten-years",
        ),
    ]


def _against(
    name: str,
    ours: tuple[float, float],
    peer: str,
    theirs: tuple[float, float] | None,
    judged: tuple[Bar, str],
) -> list[Figure]:
    """Return wall seconds, held to the bar, and CPU seconds beside them."""
    bar, not_run = judged
    wall, cpu = theirs or (None, None)
    if theirs is None and not not_run:
        not_run = "the peer is absent"
    return [
        figure(f"{name}, wall", ours[0], "s", peer=peer, peer_value=wall, bar=bar, not_run=not_run),
        figure(f"{name}, CPU", ours[1], "s", peer=peer, peer_value=cpu),
    ]


def _unless_at(raw: RawFiles, ours: Ours) -> str:
    """Return why a bar that belongs to one size is not judged, or an empty string."""
    months = f"{raw.months} month{'' if raw.months == 1 else 's'}"
    return "" if ours.raw == raw else f"needs {raw.count:,} articles in {months}"


if __name__ == "__main__":
    sys.exit(main())
