"""A local server of static files that counts: byte ranges (one or many), gzip, a delay."""

from __future__ import annotations

import gzip
import mimetypes
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

PACKED = (".js", ".json", ".html", ".css")


class Counting(ThreadingHTTPServer):
    """Serves ``folder``; ``requests`` and ``bytes`` are what was sent since ``reset``."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path, multirange: bool = True, delay: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.multirange = multirange
        self.delay = delay
        self.lock = threading.Lock()
        self.reset()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """The address of the folder."""
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a visitor who has hung up; speak of everything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def reset(self) -> None:
        """Begin to count anew."""
        with self.lock:
            self.requests = 0
            self.bytes = 0
            self.log: list[tuple[str, int]] = []

    def count(self, path: str, size: int) -> None:
        """Count an answer."""
        with self.lock:
            self.requests += 1
            self.bytes += size
            self.log.append((path, size))


class Handler(BaseHTTPRequestHandler):
    """Answers GET, ranges included.

    As web servers do, it sends what it has at once and the head of an answer with its body: in two
    writes and with Nagle's algorithm (RFC 1122, 4.2.3.4) each answer on a connection that was used
    before would wait some 40 ms for the browser's delayed acknowledgement.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # http.server flushes after each answer
    server: Counting

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
        return

    def do_GET(self) -> None:
        """Answer with a file, whole or in parts."""
        if self.server.delay:
            time.sleep(self.server.delay)
        path = self.server.folder / unquote(urlsplit(self.path).path).lstrip("/")
        if path.is_dir():
            path = path / "index.html"
        if not path.is_file():
            self._send(404, b"", {}, str(path))
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if path.suffix == ".js":
            kind = "text/javascript"
        ranges = self._ranges(path.stat().st_size)
        if ranges and (len(ranges) == 1 or self.server.multirange):
            self._send_ranges(path, ranges, kind)
            return
        data = path.read_bytes()
        if ranges:  # a host that answers several ranges with the whole file
            self._send(200, data, {"Content-Type": kind}, path.name)
            return
        headers = {"Content-Type": kind}
        if path.suffix in PACKED and "gzip" in self.headers.get("Accept-Encoding", ""):
            data = gzip.compress(data, 6)
            headers["Content-Encoding"] = "gzip"
        self._send(200, data, headers, path.name)

    def _ranges(self, size: int) -> list[tuple[int, int]]:
        found = re.fullmatch(r"bytes=([\d,\- ]+)", self.headers.get("Range", ""))
        if not found:
            return []
        pairs = (part.strip().split("-") for part in found[1].split(","))
        return [(int(first), min(int(last), size - 1)) for first, last in pairs]

    def _send_ranges(self, path: Path, ranges: list[tuple[int, int]], kind: str) -> None:
        total, name = path.stat().st_size, path.name
        parts = []
        with path.open("rb") as file:
            for first, last in ranges:
                file.seek(first)
                parts.append(file.read(last + 1 - first))
        if len(ranges) == 1:
            ((first, last),) = ranges
            headers = {"Content-Type": kind, "Content-Range": f"bytes {first}-{last}/{total}"}
            self._send(206, parts[0], headers, name)
            return
        out = bytearray()
        for (first, last), part in zip(ranges, parts, strict=True):
            out += f"--RANGE\r\nContent-Type: {kind}\r\n".encode()
            out += f"Content-Range: bytes {first}-{last}/{total}\r\n\r\n".encode()
            out += part + b"\r\n"
        out += b"--RANGE--\r\n"
        headers = {"Content-Type": "multipart/byteranges; boundary=RANGE"}
        self._send(206, bytes(out), headers, name)

    def _send(self, status: int, body: bytes, headers: dict[str, str], name: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.server.count(name, len(body))  # before it is sent: who asked may look at once
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # who asked has hung up, as our engine does at a 200
