"""The service: the site, and its search as a JSON API, from one folder.

It answers from the exported files, which give what the Whoosh index gives (the tests hold
them together), and follows a publish: when the manifest changes, the files it names are
opened, while what was there before goes on answering.

A worker's queries are answered one after the other, each within a budget of postings that are
read: one that asks for more is refused, so that none can hold up the others for long.

Starlette and Granian are wanted only here, and are imported when the service starts.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from .finding import Page, answer
from .query import MOST_CHARACTERS, Leaf, Piece
from .rank import Ids, Listing
from .records import Results
from .static import OtherFormatError, StaticArchive

if TYPE_CHECKING:
    from starlette.applications import Starlette  # type: ignore[import-not-found,unused-ignore]
    from starlette.requests import Request  # type: ignore[import-not-found,unused-ignore]
    from starlette.responses import Response  # type: ignore[import-not-found,unused-ignore]

SITE: Final = "BACKISSUE_SITE"
MOST_RESULTS: Final = 100
DEEPEST: Final = 10_000
MOST_ANSWERS: Final = 2_000
# What a query may read, in postings: some 200 ms of one core. A position takes as long as three
# postings do, and to find a word at all as long as so many.
BUDGET: Final = 2_500_000
A_PLACE: Final = 3
A_LISTING: Final = 25_000
SWITCH: Final = 0.0005  # seconds after which a query lets the worker's other thread have its turn
BUCKETS: Final = (0.005, 0.015, 0.05, 0.1, 0.25, 0.5, 1.0)


class Refused(Exception):  # noqa: N818
    """A request that is not what the API takes, or asks for too much."""


class Measured:
    """An archive that refuses to read more than the budget of one query."""

    def __init__(self, archive: StaticArchive) -> None:
        self._archive = archive
        self._left = BUDGET
        self.count = archive.count
        self.total_length = archive.total_length
        self.lengths = archive.lengths
        self.dates = archive.dates
        self.words = archive.words
        self.shown = archive.shown
        self.topics = archive.topics

    def _spend(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise Refused("the query asks for too much at once: use fewer or rarer words")

    def listing(self, piece: Piece) -> Listing:
        """Return the documents of a piece. Raises Refused where the budget is spent."""
        self._spend(A_LISTING)
        found = self._archive.listing(piece)
        self._spend(len(found.ids))
        return found

    def doc_frequency(self, piece: Piece) -> int:
        """Return how many documents a piece has. Raises Refused where the budget is spent."""
        self._spend(A_LISTING)
        return self._archive.doc_frequency(piece)

    def standing(self, leaf: Leaf, title: bool) -> Listing:
        """Return where a leaf stands. Raises Refused where the budget is spent."""
        return self._archive.standing(leaf, title, self._spend_on)

    def _spend_on(self, documents: int, places: int) -> None:
        self._spend(documents + A_PLACE * places)

    def filtered(self, field: str, value: str) -> Ids:
        """Return the documents of a filter. Raises Refused where the budget is spent."""
        self._spend(A_LISTING)
        return self._archive.filtered(field, value)


class Folder:
    """The exported search of a site, opened anew whenever its manifest has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._archive: StaticArchive | None = None
        self._answers: dict[tuple[str, Page], bytes] = {}

    def known(self, text: str, page: Page) -> bytes | None:
        """Return the answer, as JSON, if it was given before and nothing was published since."""
        return self._answers.get((text, page)) if self._stamp() == self._seen else None

    def answer(self, text: str, page: Page) -> bytes:
        """Return what the archive answers, as JSON, and keep it.

        Raises Refused where the query asks for too much.
        """
        archive = self.archive()
        made = msgspec.json.encode(answer(Measured(archive), text, page))
        with self._lock:
            if archive is self._archive:
                while len(self._answers) >= MOST_ANSWERS:
                    del self._answers[next(iter(self._answers))]
                self._answers[text, page] = made
        return made

    def _stamp(self) -> tuple[int, int, int]:
        found = (self._folder / "manifest.json").stat()
        return found.st_mtime_ns, found.st_size, found.st_ino

    def archive(self) -> StaticArchive:
        """Return the archive as it is now. Raises FileNotFoundError where there is none."""
        stamp = self._stamp()
        if self._archive is None or stamp != self._seen:
            with self._lock:
                if self._archive is None or stamp != self._seen:
                    self._archive = self._open()
                    self._answers = {}
                    self._seen = stamp
                    _settle()
        return self._archive

    def _open(self) -> StaticArchive:
        # A publish may be replacing the manifest at this moment, and taking the files of
        # the one before away: the next look finds both in place.
        kept = self._archive.kept if self._archive else None
        for _ in range(20):
            try:
                return _ready(StaticArchive(self._folder, kept))
            except OtherFormatError:
                raise
            except (FileNotFoundError, msgspec.DecodeError):
                time.sleep(0.05)
        return _ready(StaticArchive(self._folder, kept))


def _settle() -> None:
    """Let no answer wait while Python's collector looks through the archive that is kept."""
    gc.unfreeze()
    gc.collect()  # the archive before, if there was one
    gc.freeze()


def _ready(archive: StaticArchive) -> StaticArchive:
    """Return an archive that has read what any first query would have to wait for."""
    archive.topics()
    archive.words().correct("reday")
    return archive


class Metrics:
    """Counts of answers, in the text form that Prometheus reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._status: Counter[int] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0

    def add(self, status: int, seconds: float) -> None:
        """Count an answer."""
        with self._lock:
            self._status[status] += 1
            self._seconds += seconds
            for bucket in BUCKETS:
                self._buckets[bucket] += seconds <= bucket

    def text(self) -> str:
        """Return the counts."""
        with self._lock:
            total = sum(self._status.values())
            name = "backissue_search"
            lines = [f"# TYPE {name}_requests_total counter"]
            lines += [
                f'{name}_requests_total{{status="{status}"}} {count}'
                for status, count in sorted(self._status.items())
            ]
            lines.append(f"# TYPE {name}_seconds histogram")
            lines += [
                f'{name}_seconds_bucket{{le="{bucket}"}} {self._buckets[bucket]}'
                for bucket in BUCKETS
            ]
            lines.append(f'{name}_seconds_bucket{{le="+Inf"}} {total}')
            lines.append(f"{name}_seconds_sum {self._seconds:.6f}")
            lines.append(f"{name}_seconds_count {total}")
        return "\n".join(lines) + "\n"


def page_of(parameters: Any) -> tuple[str, Page]:
    """Return the query and the page that the parameters of a request ask for.

    Raises Refused, with what is wrong in plain words.
    """
    text = parameters.get("q", "")
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"q is longer than {MOST_CHARACTERS} characters")
    sort = parameters.get("sort", "relevance")
    if sort not in ("relevance", "date"):
        raise Refused('sort is "relevance" or "date"')
    return text, Page(
        limit=_number(parameters, "limit", 10, MOST_RESULTS),
        offset=_number(parameters, "offset", 0, DEEPEST),
        sort=sort,
        topic=parameters.get("topic", "")[:MOST_CHARACTERS],
        month=parameters.get("month", "")[:MOST_CHARACTERS],
        typing=parameters.get("typing", "") in ("1", "true"),
    )


def _number(parameters: Any, name: str, default: int, most: int) -> int:
    value = parameters.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) <= 9 and int(value) <= most):
        raise Refused(f"{name} is a number from 0 to {most}")
    return int(value)


def description() -> dict[str, Any]:
    """Return the API's description (OpenAPI 3.1)."""

    def parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "in": "query", "description": text, "schema": schema}

    number = {"type": "integer", "minimum": 0}
    parameters = [
        parameter("q", "the query", {"type": "string", "maxLength": MOST_CHARACTERS}),
        parameter("limit", "how many results", {**number, "maximum": MOST_RESULTS, "default": 10}),
        parameter("offset", "results to leave out", {**number, "maximum": DEEPEST, "default": 0}),
        parameter("sort", "the order", {"type": "string", "enum": ["relevance", "date"]}),
        parameter("topic", "only this topic (its slug)", {"type": "string"}),
        parameter("month", "only this month (YYYY-MM)", {"type": "string"}),
        parameter("typing", "the last word may be unfinished", {"type": "boolean"}),
    ]
    schemas = msgspec.json.schema(Results)
    answers = {
        "200": {
            "description": "what was found",
            "content": {"application/json": {"schema": schemas}},
        },
        "400": {"description": "a parameter is wrong, or the query asks for too much"},
        "503": {"description": "there is no index yet"},
    }
    search = {"get": {"summary": "Search", "parameters": parameters, "responses": answers}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "backissue search", "version": "1"},
        "paths": {"/api/search": search},
    }


def _why(missing: FileNotFoundError) -> str:
    """Return for people why there is nothing to search."""
    return str(missing) if isinstance(missing, OtherFormatError) else "there is no index yet"


def application(site: Path) -> Starlette:
    """Return the ASGI application that serves ``site`` (an output folder) and its search."""
    from starlette.applications import Starlette  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from starlette.concurrency import run_in_threadpool  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from starlette.responses import JSONResponse, PlainTextResponse, Response  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from starlette.routing import Mount, Route  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from starlette.staticfiles import StaticFiles  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    folder = Folder(site / "search")
    with suppress(FileNotFoundError):  # there is no index yet: then requests say so
        folder.archive()
    metrics = Metrics()

    # One thread: two that are at work wait for each other, and everyone's answer comes late.
    thread = ThreadPoolExecutor(1)

    async def found(request: Request) -> Response:
        text, page = page_of(request.query_params)
        made = folder.known(text, page)
        if made is None:
            loop = asyncio.get_running_loop()
            made = await loop.run_in_executor(thread, folder.answer, text, page)
        return Response(made, media_type="application/json")

    async def search(request: Request) -> Response:
        start = time.perf_counter()
        try:
            response = await found(request)
        except Refused as refused:
            response = JSONResponse({"error": str(refused)}, status_code=400)
        except FileNotFoundError as missing:
            response = JSONResponse({"error": _why(missing)}, status_code=503)
        metrics.add(response.status_code, time.perf_counter() - start)
        return response

    async def health(request: Request) -> Response:
        try:
            count = (await run_in_threadpool(folder.archive)).count
        except FileNotFoundError as missing:
            return JSONResponse({"status": _why(missing)}, status_code=503)
        return JSONResponse({"status": "ok", "articles": count})

    async def counts(request: Request) -> Response:
        return PlainTextResponse(metrics.text())

    async def openapi(request: Request) -> Response:
        return JSONResponse(description())

    return Starlette(
        routes=[
            Route("/api/search", search),
            Route("/api/openapi.json", openapi),
            Route("/healthz", health),
            Route("/metrics", counts),
            Mount("/", StaticFiles(directory=site, html=True)),
        ]
    )


def serve(site: Path, host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serve ``site`` until interrupted. Raises ImportError where Granian is not installed."""
    from granian import Granian  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from granian.constants import Interfaces  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    # A worker is a process of its own, which knows the site from the environment alone.
    os.environ[SITE] = str(site.resolve())
    Granian(
        f"{__name__}:worker",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        factory=True,
    ).serve()


def worker() -> Starlette:
    """Return the application for the site that ``serve`` has named to its workers."""
    sys.setswitchinterval(SWITCH)
    return application(Path(os.environ[SITE]))
