"""The service under load: `backissue serve` asked by many clients at once, hostile queries too.

    python -m benchmarks.search_service SITE QUERIES.json

``SITE`` is a folder with ``search/``; the queries are a JSON list.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from backissue.search.archive import Archive
from backissue.search.query import parse
from backissue.search.whooshed import TEXT
from benchmarks.measure import ROOT

CLIENTS: Final = 20
ROUNDS: Final = 2  # of all queries: the second time answers may be kept
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
    """Return how many queries a second one core answers with Whoosh used plainly.

    Whoosh scores all documents that have any of the words of a query, in our own indexes below
    ``root``, and gives the best ten of each: no pruning, which errs, no snippets, no facets.
    """
    from whoosh.query import Or, Term  # noqa: PLC0415 - a peer
    from whoosh.scoring import BM25F  # noqa: PLC0415
    from whoosh.searching import Searcher  # noqa: PLC0415

    with Archive.open(root) as archive:
        parts = [part.index.reader for month in archive.months for part in month.parts]
        searchers = [Searcher(reader, weighting=BM25F()) for reader in parts]
        begin = time.process_time()
        for query in queries:
            pieces = [p for some in parse(query).groups for leaf in some for p in leaf.pieces]
            either = Or([Term(TEXT, piece.key.encode()) for piece in pieces])
            for searcher in searchers:
                searcher.search(either, limit=10, optimize=False)
        return len(queries) / (time.process_time() - begin)


@contextmanager
def serving(site: Path) -> Iterator[int]:
    """Serve ``site`` with the command that people use; yield the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "backissue.cli", "serve", str(site)]
    path = {**os.environ, "PYTHONPATH": str(ROOT / "plugins")}
    program = subprocess.Popen(
        [*command, "--port", str(port), "--workers", "2"],
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
    """Return how the service of ``site`` does with so many clients, each asking its share."""
    with serving(site) as port:
        settled = threading.Barrier(clients + 1)

        def client(number: int) -> list[float]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            ask(connection, "")  # its worker may still be starting
            settled.wait(60)
            return [ask(connection, one) for one in islice(asked, number, None, clients)]

        asked = list(queries) * ROUNDS
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
    load = under_load(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))
    print(f"{len(load.ms)} answers, {load.rate:.0f} a second")
    print(f"p50 {load.quantile(0.5):.1f} ms, p99 {load.quantile(0.99):.1f} ms")
    print(f"worst {max(load.ms):.0f} ms, worst hostile {max(load.hostile):.0f} ms")
