"""The service under load: `backissue serve` asked by many clients at once, hostile queries too.

    python -m benchmarks.search_service SITE QUERIES.json [INDEX]

``SITE`` is a folder with ``search/``; the queries are a JSON list, each of which is asked once:
no answer that is timed was kept from before. ``INDEX`` is the folder of Whoosh's indexes, which
are then asked the same way: as many processes as the service has workers, by the clock.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from backissue.search.archive import Archive
from backissue.search.query import parse
from backissue.search.whooshed import TEXT
from benchmarks.measure import ROOT

CLIENTS: Final = 20
WORKERS: Final = 2
PLAIN: Final = 60  # queries that Whoosh is asked: it takes its time
HOSTILE: Final = (
    "(" * 900,
    '"' + "a b " * 240 + '"',
    " OR ".join(f"a{chr(97 + n % 26)}" for n in range(200)),
    "-" * 500 + "x",
    "的" * 1000,
    " ".join("abcdefghijklmnopqrstuvwxyz"),
    "topic:" * 150,
    "zzzzy " * 160,
)


class Load(NamedTuple):
    """Milliseconds of all answers, those of hostile queries, and answers a second."""

    ms: tuple[float, ...]
    hostile: tuple[float, ...]
    rate: float

    def quantile(self, part: float) -> float:
        """Return the time within which so many answers came."""
        return sorted(self.ms)[min(int(len(self.ms) * part), len(self.ms) - 1)]


def plain_rate(root: Path, queries: Sequence[str]) -> float:
    """Return how many queries a second Whoosh answers, used plainly by ``WORKERS`` processes.

    Each query is asked once. The clock of a process runs once all have opened the indexes.
    """
    every = list(dict.fromkeys(queries))
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(WORKERS)
    with ProcessPoolExecutor(WORKERS, context, initializer=_meet_at, initargs=(ready,)) as pool:
        shares = [every[number::WORKERS] for number in range(WORKERS)]
        seconds = list(pool.map(_ask_plainly, [root] * WORKERS, shares))
    return sum(len(some) / took for some, took in zip(shares, seconds, strict=True))


_ready: Barrier | None = None  # of a process that asks Whoosh


def _meet_at(barrier: Barrier) -> None:
    global _ready  # noqa: PLW0603 - a barrier comes to a process only when it starts
    _ready = barrier


def _ask_plainly(root: Path, queries: Sequence[str]) -> float:
    """Return the seconds that Whoosh takes for some queries.

    Whoosh scores all documents that have any of the words of a query, in our own indexes below
    ``root``, and gives the best ten of each: no pruning, which errs, no snippets, no facets.
    """
    from whoosh.query import Or, Term  # noqa: PLC0415 - a peer
    from whoosh.scoring import BM25F  # noqa: PLC0415
    from whoosh.searching import Searcher  # noqa: PLC0415

    with Archive.open(root) as archive:
        parts = [part.index.reader for month in archive.months for part in month.parts]
        searchers = [Searcher(reader, weighting=BM25F()) for reader in parts]
        if _ready is not None:
            _ready.wait(60)
        begin = time.perf_counter()
        for query in queries:
            pieces = [p for some in parse(query).groups for leaf in some for p in leaf.pieces]
            either = Or([Term(TEXT, piece.key.encode()) for piece in pieces])
            for searcher in searchers:
                searcher.search(either, limit=10, optimize=False)
        return time.perf_counter() - begin


@contextmanager
def serving(site: Path) -> Iterator[int]:
    """Serve ``site`` with the command that people use; yield the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "backissue.cli", "serve", str(site)]
    path = {**os.environ, "PYTHONPATH": str(ROOT / "plugins")}
    program = subprocess.Popen(
        [*command, "--port", str(port), "--workers", str(WORKERS)],
        env=path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        program.terminate()
        program.wait(20)


def ask(connection: http.client.HTTPConnection, query: str) -> float:
    """Ask; return the milliseconds that the answer took. Raises where it is not 200 or 400."""
    begin = time.perf_counter()
    connection.request("GET", f"/api/search?q={quote(query)}")
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (200, 400):
        raise RuntimeError(f"status {answer.status} for {query[:40]!r}")
    return 1000 * (time.perf_counter() - begin)


def under_load(site: Path, queries: Sequence[str], clients: int = CLIENTS) -> Load:
    """Return how the service of ``site`` does with so many clients, each asking its share.

    No query is asked twice. A client asks as soon as it has its answer, so that as many queries
    as there are clients are waiting at any time.
    """
    with serving(site) as port:
        settled = threading.Barrier(clients + 1)

        def client(number: int) -> list[float]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            ask(connection, "")  # its worker may still be starting
            settled.wait(60)
            return [ask(connection, one) for one in islice(asked, number, None, clients)]

        asked = list(dict.fromkeys(queries))
        with ThreadPoolExecutor(clients) as pool:
            waiting = [pool.submit(client, number) for number in range(clients)]
            settled.wait(60)
            begin = time.perf_counter()
            times = [ms for one in waiting for ms in one.result()]
        seconds = time.perf_counter() - begin
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        hostile = tuple(ask(connection, query) for query in HOSTILE)
    return Load(tuple(times), hostile, len(times) / seconds)


if __name__ == "__main__":
    asked_ = json.loads(Path(sys.argv[2]).read_text())
    load = under_load(Path(sys.argv[1]), asked_)
    print(f"{len(load.ms)} answers, {load.rate:.0f} a second")
    print(f"p50 {load.quantile(0.5):.1f} ms, p99 {load.quantile(0.99):.1f} ms")
    print(f"worst {max(load.ms):.0f} ms, worst hostile {max(load.hostile):.0f} ms")
    if len(sys.argv) > 3:
        print(f"plain Whoosh: {plain_rate(Path(sys.argv[3]), asked_[:PLAIN]):.1f} a second")
