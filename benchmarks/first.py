"""The first edition: the seed article field by field, and a build of 300 raw files.

The seed article is held against expectations written by hand, once as cleaning leaves it
and once as it is published, in an archive of 300 other articles (``--quick``: 60) over
four months, from raw files that make_raw.py writes. The build's CPU seconds and its most
memory are those of all its processes.

``--corpus`` is the folder that holds seed/ and corpora/make_raw.py; without it they are
looked for below BACKISSUE_SHARED, or in ``shared`` beside the checkout.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backissue.article import Article
from backissue.clean import RawFile, clean
from benchmarks.builds import RawFiles, Site, make_raw
from benchmarks.first_seed import ADDRESS, EXPECTED, PAGE_ONLY, Fields, of_article, of_page
from benchmarks.measure import Figure, Run, arguments, check, figure, report, shared

SEED = "seed/karpathy-joins-anthropic.txt"
RAW = RawFiles(300, 4)
QUICK = RawFiles(60, 4)
QUERY = "reasoning tokens"
MIB = 1024 * 1024


def main(command_line: Sequence[str] | None = None) -> int:
    """Run the benchmark; return its exit status."""
    options = arguments(__doc__).parse_args(command_line)
    base: Path = options.corpus or shared(".")
    wanted = QUICK if options.quick else RAW
    figures = cleaned(base / SEED)
    with tempfile.TemporaryDirectory(prefix="backissue-first-") as folder:
        site = Site(Path(folder))
        site.begin()
        make_raw(base, site.content, wanted)
        shutil.copyfile(base / SEED, site.content / "2026-05" / Path(SEED).name)
        built = site.build()
        figures += published(site)
        figures += searched(site)
        figures += cost(built, len(site.articles()))
    return report("first", figures, options.json)


def cleaned(path: Path) -> list[Figure]:
    """Return how the cleaned seed article compares with what was written by hand."""
    (article,) = clean(RawFile(f"2026-05/{path.name}", path.read_bytes()))
    got = of_article(article) if isinstance(article, Article) else {}
    return held_against("cleaned", got, EXPECTED)


def published(site: Site) -> list[Figure]:
    """Return how the published seed article compares with what was written by hand."""
    try:
        got = of_page(site.output, ADDRESS)
    except (FileNotFoundError, LookupError) as error:
        print(f"published: {error}", file=sys.stderr)
        got = {}
    return held_against("published", got, {**EXPECTED, **PAGE_ONLY})


def held_against(where: str, got: Fields, expected: Fields) -> list[Figure]:
    """Return a figure for each field; say of each wrong one what it is."""
    figures = []
    for name, value in expected.items():
        good = name in got and got[name] == value
        figures.append(check(f"{where}: {name}", good))
        if not good:
            print(f"{where}: {name}\n  expected {value!r}\n  got      {got.get(name)!r}")
    return figures


def searched(site: Site) -> list[Figure]:
    """Return whether the command line finds the seed article, and what a search costs."""
    found = site.search(QUERY)
    return [
        check(f"backissue search {QUERY!r} finds the seed", ADDRESS in found.output),
        figure("one search on the command line, wall", found.wall, "s"),
        figure("one search on the command line, CPU", found.cpu, "s"),
    ]


def cost(built: Run, articles: int) -> list[Figure]:
    """Return what the build took."""
    name = f"build of {articles} articles"
    return [
        figure(f"{name}, CPU of all processes", built.cpu, "s"),
        figure(f"{name}, CPU an article", 1000 * built.cpu / articles, "ms"),
        figure(f"{name}, wall", built.wall, "s"),
        figure(f"{name}, most memory of all processes", built.peak / MIB, "MiB"),
    ]


if __name__ == "__main__":
    sys.exit(main())
