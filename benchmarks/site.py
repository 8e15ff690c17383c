"""The reader's site, judged: weights, accessibility, validity, data for machines, links, policy.

    python -m benchmarks.site [--count N] [--months M] [--every] [--quick] [--json OUT]

The sample content is built as people publish it, served on 127.0.0.1 and judged, every kind of
page of it. ``--count`` takes that many raw files of ``make_raw.py`` instead (``--corpus``: the
folder that holds corpora/make_raw.py), over ``--months`` months. ``--install`` first
puts the judges that come from npm into ``--npm``; one that is absent is said to be not run.
``--quick`` leaves Lighthouse out; ``--every`` has Chromium and axe look at every article.
What was found is said line by line before the table.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks import site_tools
from benchmarks.builds import ENVIRONMENT, REFUSED, RawFiles, make_raw
from benchmarks.measure import ROOT, AtLeast, AtMost, Figure, arguments, figure, note, report, run
from benchmarks.measure import shared as shared_path
from benchmarks.site_browser import Seen, every_article, kinds, look, search_states
from benchmarks.site_files import (
    CHECKS,
    Tree,
    articles_without_picture,
    heaviest_frame,
    heaviest_page,
    read_tree,
    scripts_of,
    sitemap_findings,
    style_weights,
    styles_of,
    words_of,
)
from benchmarks.site_server import Serving
from benchmarks.site_tools import Tools

SHOWN: Final = 12  # findings of one kind that are said
LIGHTHOUSE: Final = ("front", "month", "article", "topic", "search")
QUERIES: Final = ("tape", "zzyzxqwv")
KIB: Final = 1000
VALIDATED: Final = 1000  # pages of a site that are validated each and all


def main(command_line: Sequence[str] | None = None) -> int:
    """Run the benchmark; return its exit status."""
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=0, help="raw files of make_raw.py")
    parser.add_argument("--months", type=int, default=1, help="over so many months")
    parser.add_argument("--npm", type=Path, default=site_tools.FOLDER, help="where the judges are")
    parser.add_argument("--install", action="store_true", help="install the judges there first")
    parser.add_argument("--every", action="store_true", help="look at every article")
    parser.add_argument("--work", type=Path, help="build there and keep it")
    options = parser.parse_args(command_line)
    if options.install:
        site_tools.install(options.npm)
    with tempfile.TemporaryDirectory(prefix="backissue-site-") as folder:
        root: Path = options.work or Path(folder)
        root.mkdir(parents=True, exist_ok=True)
        if options.count:
            content = root / "content"
            make_raw(
                options.corpus or shared_path("."), content, RawFiles(options.count, options.months)
            )
            shutil.copyfile(ROOT / "content" / "topics.toml", content / "topics.toml")
        else:
            content = ROOT / "content"
        server = Serving(root / "output")
        build(content, root, server.url)
        figures = judge(server, site_tools.find(options.npm), options)
        server.shutdown()
    return report("site", figures, options.json)


def build(content: Path, root: Path, url: str) -> None:
    """Build the site with an address of its own, as publishconf.py has one."""
    command: list[str | Path] = [
        *(sys.executable, "-m", "pelican", content, "-o", root / "output"),
        *("-s", ROOT / "publishconf.py", "-e", f"SITEURL={json.dumps(url.rstrip('/'))}"),
        f"CACHE_PATH={json.dumps(str(root / 'cache'))}",
    ]
    note("build", run(command, env=ENVIRONMENT, accept=(0, REFUSED)))


def judge(server: Serving, tools: Tools, options: Namespace) -> list[Figure]:
    """Return every figure of a site that is served."""
    tree = read_tree(server.folder)
    pages = kinds(tree)
    looked_at = {**pages, **(every_article(tree) if options.every else {})}
    return [
        *weights(tree, pages),
        *files(tree, tools),
        *validators(server.folder, tools, pages),
        *browser(look(server.url, search_states(looked_at, QUERIES), tools.axe), tools),
        *lighthouse(server, tools, pages, quick=options.quick),
    ]


def weights(tree: Tree, pages: dict[str, str]) -> Iterator[Figure]:
    """Yield what pages weigh, as they lie on the disk."""
    for name, articles, limit in (("article", True, 60), ("any other page", False, 150)):
        path, size = heaviest_page(tree, articles)
        print(f"  heaviest {name}: {path}, {size:,} bytes", file=sys.stderr)
        yield figure(f"HTML, heaviest {name}", size / KIB, "kB", bar=AtMost(limit))
        if articles:
            yield figure("its own words, of that", words_of(tree.get(path, b"")) / KIB, "kB")
    path, size = heaviest_frame(tree)
    print(f"  heaviest frame: {path}, {size:,} bytes", file=sys.stderr)
    yield figure("HTML of an article around its text, most", size / KIB, "kB")
    article = f"{pages['article']}index.html"
    style = styles_of(tree, article) / KIB
    yield figure("CSS of an article, with the counts", style, "kB", bar=AtMost(15))
    packed = sum(size for _, size in style_weights(tree).values())
    yield figure("CSS of all pages, packed", packed / KIB, "kB")
    scripts = {name: scripts_of(tree, f"{pages[name]}index.html") for name in LIGHTHOUSE}
    del scripts["search"]
    yield figure("JS before search is used", max(scripts.values()) / KIB, "kB", bar=AtMost(0))


def files(tree: Tree, tools: Tools) -> Iterator[Figure]:
    """Yield what the files alone tell."""
    for name, check in CHECKS.items():
        yield found(name, check(tree))
    yield figure("articles without a picture in JSON-LD", articles_without_picture(tree), "")
    schema = site_tools.sitemap_schema(tools.schema)
    breaches = sitemap_findings(tree, schema) if schema else None
    yield found("sitemaps against their XSD", breaches, "the npm package sitemap is absent")


def validators(folder: Path, tools: Tools, pages: dict[str, str]) -> Iterator[Figure]:
    """Yield what html-validate and the Nu checker find: on every page, if they are not too many."""
    paths = sorted(folder.rglob("*.html"))
    if len(paths) > VALIDATED:
        kept = (folder / address / "index.html" for address in pages.values())
        paths = [path for path in kept if path.is_file()] + [folder / "404.html"]
    yield figure("pages that are validated", len(paths), "")
    judges: tuple[tuple[str, Path | None, Callable[..., list[str]]], ...] = (
        ("html-validate, errors", tools.html_validate, site_tools.html_validate),
        ("Nu checker, errors", tools.nu, site_tools.nu),
    )
    for name, tool, validate in judges:
        made = validate(tool, paths, folder) if tool else None
        yield found(name, made, "it is absent, or what runs it")


def browser(seen: Seen | None, tools: Tools) -> Iterator[Figure]:
    """Yield what Chromium and axe-core find, in both schemes, on a narrow and a wide screen."""
    missing = "Debian's chromium is absent"
    axe = seen.axe if seen and tools.axe else None
    yield figure("pages looked at, with width and scheme", seen.pages if seen else None, "")
    yield found("axe-core, violations", axe, "axe-core is absent")
    yield found("requests to anywhere else", seen.elsewhere if seen else None, missing)
    yield found("console, what was refused or failed", seen.said if seen else None, missing)
    yield found("pages wider than the screen", seen.wide if seen else None, missing)


def lighthouse(
    server: Serving, tools: Tools, pages: dict[str, str], *, quick: bool
) -> Iterator[Figure]:
    """Yield the lowest of Lighthouse's four scores, LCP and CLS, page by page."""
    missing = "left out by --quick" if quick else "Lighthouse or Chromium is absent"
    for name in LIGHTHOUSE:
        made = None
        if tools.lighthouse and not quick:
            made = site_tools.lighthouse(tools.lighthouse, server.url + pages[name])
            for line in made.marked:
                print(f"  Lighthouse, {name}: {line}", file=sys.stderr)
        reason = "" if made else missing
        lowest = min(made.categories.values()) if made else None
        yield figure(
            f"Lighthouse, {name}, lowest score", lowest, "", bar=AtLeast(98), not_run=reason
        )
        lcp, cls = (made.lcp, made.cls) if made else (None, None)
        yield figure(f"Lighthouse, {name}, LCP", lcp, "s", bar=AtMost(1.2), not_run=reason)
        yield figure(f"Lighthouse, {name}, CLS", cls, "", bar=AtMost(0.02), not_run=reason)


def found(name: str, findings: Iterable[str] | None, missing: str = "") -> Figure:
    """Return the figure of findings, of which there must be none; say the first of them."""
    if findings is None:
        return figure(name, None, "", bar=AtMost(0), not_run=missing)
    lines = list(findings)
    for line in lines[:SHOWN]:
        print(f"  {name}: {line}", file=sys.stderr)
    return figure(name, len(lines), "", bar=AtMost(0))


if __name__ == "__main__":
    sys.exit(main())
