"""Search at the size of a year: our static search beside Pagefind's, on the same articles.

    python -m benchmarks.search [--corpus RAW] [--ir DIR] [--pagefind PYTHON] [--quick] [--json OUT]

``--corpus`` is a folder that ``make_raw.py`` wrote; without it one is made (31,908 articles
over 12 months, with ``--quick`` 2,659 in one). ``--ir`` is a collection like
``corpora/ir/cacm``. ``--pagefind`` is a Python that has ``pagefind[bin]`` and, if it is to be
compared with them, tantivy and bm25s; without it their figures are left out, and the table
says so. ``--work`` keeps the folder.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from backissue.search import SearchDoc, export, rank_collection, write_month
from benchmarks.builds import RawFiles, make_raw
from benchmarks.measure import ROOT, AtLeast, AtMost, Figure, arguments, figure, note, report, run
from benchmarks.measure import shared as shared_path
from benchmarks.search_browser import OURS, PAGEFIND, Session, session
from benchmarks.search_build import load
from benchmarks.search_known import known_items
from benchmarks.search_same import same
from benchmarks.search_service import PLAIN, plain_rate, under_load

QUERIES = (
    "security",
    "open source security",
    "machine learning model",
    "accessibility",
    '"open source"',
    "GPT-4o",
    "design system usability",
    "人工智能",
    "python release -beta",
    "agile procurement",
    "kubernetes",
    "大模型 推理",
    '"open data" government',
    "performance of the new compiler in production",
    "release OR launch",
)
ABSENT = "no Python with pagefind[bin]: give one with --pagefind"


def step(name: str, *paths: Path) -> tuple[float, int]:
    """Run a step of ``search_build``; return its CPU seconds and peak memory."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "benchmarks.search_build",
        name,
        *map(str, paths),
    ]
    done = note(name, run(command, env={"PYTHONPATH": str(ROOT / "plugins")}))
    return done.cpu, done.peak


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Say on the error stream how long a part took, for those who wait."""
    begin = time.perf_counter()
    yield
    print(f"  {name}: {time.perf_counter() - begin:.1f} s", file=sys.stderr, flush=True)


def size(folder: Path) -> tuple[int, float]:
    """Return the number of files below a folder, and their megabytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files) / 1e6


def made_queries(docs: Sequence[SearchDoc], count: int) -> list[str]:
    """Return queries of every kind from the words of ``docs``, the same each time."""
    rng = random.Random(3)
    queries: list[str] = []
    while len(queries) < count:
        doc = rng.choice(docs)
        words = re.findall(r"[A-Za-z][A-Za-z-]{3,}", doc.body)
        runs = re.findall(r"[\u4e00-\u9fff]{2,6}", doc.body)
        if runs and rng.random() < 0.7:
            queries.append(rng.choice(runs))
        if len(words) < 20:
            continue
        at = rng.randrange(len(words) - 6)
        one, two = rng.choice(words), rng.choice(words)
        slip = rng.randrange(len(one) - 1)
        queries.append(
            rng.choice(
                (
                    " ".join(rng.sample(words, rng.randint(1, 3))),
                    f'"{" ".join(words[at : at + 2])}"',
                    f"{one} -{two}",
                    f"{one} after:2025-10 before:2026-04",
                    one[:slip] + one[slip + 1] + one[slip] + one[slip + 2 :],
                    " ".join(words[at : at + 6]),
                    f"in:title {one} OR {two}",
                )
            )
        )
    return queries[:count]


def one_more(root: Path, before: Path, docs: dict[str, list[SearchDoc]]) -> tuple[int, float]:
    """Add an article to the newest month; return the files rewritten, and their megabytes."""
    month = max(docs)
    newest = docs[month]
    new = SearchDoc(
        key=f"{month}/one-more.txt",
        url="one-more/",
        title="One article more",
        month=month,
        date=newest[-1].date,
        body=newest[len(newest) // 2].body[:4000],
    )
    write_month(root, month, [*newest, new])
    changed = [
        len(data)
        for name, data in export(root)
        if not (before / name).exists() or (before / name).read_bytes() != data
    ]
    write_month(root, month, newest)
    return len(changed), sum(changed) / 1e6


def in_browser(ours: Session, peer: Session | None) -> list[Figure]:
    """Return the figures of a session, beside Pagefind's."""
    start = peer.start if peer else None
    figures = [
        figure("before the first query", ours.start.bytes / 1e3, "kB", bar=AtMost(60),
               peer="Pagefind", peer_value=start.bytes / 1e3 if start else None),
        figure("… requests", ours.start.requests, "", bar=AtMost(3),
               peer="Pagefind", peer_value=start.requests if start else None),
    ]  # fmt: skip
    bars = {
        "bytes": (45e3, 110e3, 1e3, "kB"),
        "requests": (4, 4, 1, ""),
        "ms": (60, 250, 1, "ms"),
    }
    for field, (median, worst, unit, name) in bars.items():
        for what, bar in (("median", median), ("worst", worst)):
            theirs = getattr(peer, what)(field) / unit if peer else None
            figures.append(
                figure(
                    f"a query: {field}, {what} of {len(ours.queries)}",
                    getattr(ours, what)(field) / unit,
                    name,
                    bar=AtMost(bar / unit),
                    peer="Pagefind",
                    peer_value=theirs,
                )
            )
    return figures


def quality(folder: Path) -> list[Figure]:
    """Return nDCG@10 on a collection, by the collection's own program."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "run.json"
        out.write_text(json.dumps(rank_collection(folder)), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, folder / "score_ir.py", out],
            capture_output=True,
            text=True,
            check=True,
        )
    found = re.search(r"ndcg@10=([\d.]+)", done.stdout)
    # The best of the baselines that the issue names: Whoosh, one field, Robertson's idf.
    bar = AtLeast(0.4988)
    return [figure(f"nDCG@10 on {folder.name}", float(found[1]) if found else None, "", bar=bar)]


def known(docs: Sequence[SearchDoc], python: str | None) -> list[Figure]:
    """Return how far up known items stand, beside each peer that is there."""
    bar = AtLeast(1, of_peer=True)
    return [
        figure(f"MRR@10, {asked}", own, "", peer=peer, peer_value=value,
               bar=None if peer == "bm25s" else bar)
        for asked, own, peers in known_items(docs, python=python)
        for peer, value in peers.items()
    ]  # fmt: skip


def service(site: Path, root: Path, queries: Sequence[str]) -> list[Figure]:
    """Return how the service does with twenty clients at once, on two cores."""
    load = under_load(site, queries)
    plain = plain_rate(root, queries[:PLAIN])
    worst = max(*load.ms, *load.hostile)
    return [
        figure("service, 20 clients: p50", load.quantile(0.5), "ms", bar=AtMost(15)),
        figure("service, 20 clients: p99", load.quantile(0.99), "ms", bar=AtMost(80)),
        figure("service: slowest answer, hostile ones too", worst, "ms", bar=AtMost(500)),
        figure("service: answers a second", load.rate, "", bar=AtLeast(5, of_peer=True),
               peer="Whoosh, two processes", peer_value=plain),
    ]  # fmt: skip


def pagefind(python: str | None, docs: Path, site: Path) -> tuple[float, int] | None:
    """Index the same articles with Pagefind; return its CPU seconds and peak memory."""
    if python is None:
        return None
    step("pages", docs, site)
    done = note("pagefind", run([python, "-m", "pagefind", "--site", str(site)]))
    return done.cpu, done.peak


def main() -> int:
    """Measure, print the table, write the JSON; return 1 where a bar was missed."""
    parser = arguments(__doc__)
    parser.add_argument("--ir", type=Path, metavar="DIR", help="a collection to rank")
    parser.add_argument("--pagefind", metavar="PYTHON", help="a Python that has pagefind[bin]")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where to work, and keep it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backissue-search-") as place:
        work = options.work or Path(place)
        figures = measure(work, options.corpus, options.pagefind, options.quick)
    if options.ir:
        figures += quality(options.ir)
    return report("search", figures, options.json)


def measure(work: Path, corpus: Path | None, python: str | None, quick: bool) -> list[Figure]:
    """Return all figures but those of ranking quality."""
    work.mkdir(parents=True, exist_ok=True)
    raw, docs, root, site = work / "raw" / "content", work / "docs", work / "index", work / "site"
    if corpus is None:
        make_raw(shared_path("."), raw, RawFiles(2659, 1) if quick else RawFiles(31908, 12))
    step("docs", corpus or raw, docs)
    index_cpu, _ = step("index", docs, root)
    export_cpu, export_peak = step("export", root, site / "search")
    theirs = pagefind(python, docs, work / "peer")
    peer = {"peer": "Pagefind", "peer_value": theirs[0] if theirs else None}
    months = load(docs)
    every = [doc for some in months.values() for doc in some]
    queries = made_queries(every, 100 if quick else 1000)
    with timed(f"{len(queries)} queries both ways"):
        alike, different = same(root, site / "search", queries)
    for query in different[:10]:
        print(f"  not the same: {query}", file=sys.stderr)
    files, megabytes = size(site / "search")
    with timed("one article more"):
        more_files, more_megabytes = one_more(root, site / "search", months)
    with timed("in the browser"):
        ours = session(site, OURS, QUERIES)
        other = session(work / "peer", PAGEFIND, QUERIES) if theirs else None
        single = session(site, OURS, QUERIES, multirange=False)
        slow = session(site, OURS, QUERIES, delay=0.1)
        slow_peer = session(work / "peer", PAGEFIND, QUERIES, delay=0.1) if theirs else None
    with timed("the service"):
        served = service(site, root, queries)
    with timed("known items"):
        found = known(every, python)
    absent = "" if theirs else ABSENT
    return [
        figure("index and export: CPU", index_cpu + export_cpu, "s", **peer,
               bar=AtMost(3, of_peer=True), not_run=absent),
        figure("export alone: CPU", export_cpu, "s", **peer, bar=AtMost(0.4, of_peer=True),
               not_run=absent),
        figure("export: peak memory", export_peak / 1e9, "GB", bar=AtMost(1.5), peer="Pagefind",
               peer_value=theirs[1] / 1e9 if theirs else None),
        figure("files on disk", files, "", bar=AtMost(2000)),
        figure("bytes on disk", megabytes, "MB", bar=AtMost(130)),
        figure("one article more: files", more_files, "", bar=AtMost(40)),
        figure("one article more: bytes", more_megabytes, "MB", bar=AtMost(3)),
        *in_browser(ours, other),
        figure("a query, no multi-range: requests, worst", single.worst("requests"), "",
               bar=AtMost(14)),
        figure("a query, 100 ms a request: median", slow.median("ms"), "ms", peer="Pagefind",
               peer_value=slow_peer.median("ms") if slow_peer else None,
               bar=AtMost(0.4, of_peer=True), not_run=absent),
        figure(f"the same as Whoosh's, of {len(queries)} queries", alike, "",
               bar=AtLeast(len(queries))),
        *served,
        *found,
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
