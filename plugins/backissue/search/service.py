"""The service: the site, and its search as a JSON API, from one folder.

It answers from the exported files, which give what the Whoosh index gives (the tests hold
them together), and follows a publish: when the manifest changes, the files it names are
opened, while requests under way keep those they began with.

Starlette and Granian are wanted only here, and are imported when the service starts.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from .finding import Page, answer
from .query import MOST_CHARACTERS
from .records import Results
from .static import StaticArchive

if TYPE_CHECKING:
    from starlette.applications import Starlette  # type: ignore[import-not-found,unused-ignore]
    from starlette.requests import Request  # type: ignore[import-not-found,unused-ignore]
    from starlette.responses import Response  # type: ignore[import-not-found,unused-ignore]

SITE: Final = "BACKISSUE_SITE"
MOST_RESULTS: Final = 100
DEEPEST: Final = 10_000
MOST_ANSWERS: Final = 2_000
BUCKETS: Final = (0.005, 0.015, 0.05, 0.1, 0.25, 0.5, 1.0)


class Folder:
    """The exported search of a site, opened anew whenever its manifest has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._archive: StaticArchive | None = None
        self._answered: StaticArchive | None = None
        self._answers: dict[tuple[str, Page], bytes] = {}

    def answer(self, text: str, page: Page) -> bytes:
        """Return what the archive answers now, as JSON; answers that were asked for are kept."""
        archive = self.archive()
        with self._lock:
            if archive is not self._answered:
                self._answers.clear()
                self._answered = archive
            known = self._answers.get((text, page))
        if known is None:
            known = msgspec.json.encode(answer(archive, text, page))
            with self._lock:
                if archive is self._answered:
                    while len(self._answers) >= MOST_ANSWERS:
                        del self._answers[next(iter(self._answers))]
                    self._answers[text, page] = known
        return known

    def archive(self) -> StaticArchive:
        """Return the archive as it is now. Raises FileNotFoundError where there is none."""
        found = (self._folder / "manifest.json").stat()
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if self._archive is None or stamp != self._seen:
            with self._lock:
                if self._archive is None or stamp != self._seen:
                    self._archive = self._open()
                    self._seen = stamp
        return self._archive

    def _open(self) -> StaticArchive:
        # A publish may be replacing the manifest at this moment, and taking the files of
        # the one before away: the next look finds both in place.
        for _ in range(20):
            try:
                return StaticArchive(self._folder)
            except (FileNotFoundError, msgspec.DecodeError):
                time.sleep(0.05)
        return StaticArchive(self._folder)


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


class Refused(Exception):  # noqa: N818
    """A request whose parameters are not what the API takes."""


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
        "400": {"description": "a parameter is wrong"},
        "503": {"description": "there is no index yet"},
    }
    search = {"get": {"summary": "Search", "parameters": parameters, "responses": answers}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "backissue search", "version": "1"},
        "paths": {"/api/search": search},
    }


def application(site: Path) -> Starlette:
    """Return the ASGI application that serves ``site`` (an output folder) and its search."""
    from starlette.applications import Starlette  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from starlette.concurrency import run_in_threadpool  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from starlette.responses import JSONResponse, PlainTextResponse, Response  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from starlette.routing import Mount, Route  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from starlette.staticfiles import StaticFiles  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    folder = Folder(site / "search")
    metrics = Metrics()

    def found(request: Request) -> Response:
        text, page = page_of(request.query_params)
        return Response(folder.answer(text, page), media_type="application/json")

    async def search(request: Request) -> Response:
        start = time.perf_counter()
        try:
            response = await run_in_threadpool(found, request)
        except Refused as refused:
            response = JSONResponse({"error": str(refused)}, status_code=400)
        except FileNotFoundError:
            response = JSONResponse({"error": "there is no index yet"}, status_code=503)
        metrics.add(response.status_code, time.perf_counter() - start)
        return response

    async def health(request: Request) -> Response:
        try:
            count = (await run_in_threadpool(folder.archive)).count
        except FileNotFoundError:
            return JSONResponse({"status": "no index"}, status_code=503)
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
    return application(Path(os.environ[SITE]))
