"""A local server of a site as a static host serves it: gzip, its 404 page, its ``_headers``."""

from __future__ import annotations

import gzip
import mimetypes
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

PACKED: Final = (".js", ".json", ".html", ".css", ".svg", ".xml", ".txt")
KINDS: Final = {".js": "text/javascript", ".xml": "application/xml", ".txt": "text/plain"}


class Serving(ThreadingHTTPServer):
    """Serves what lies in ``folder`` (which may be made later) on a free port of 127.0.0.1."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a visitor who has hung up; speak of everything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """The address of the site, a slash at its end."""
        return f"http://127.0.0.1:{self.server_port}/"


def read_headers(text: str) -> list[tuple[str, str]]:
    """Return the headers that a ``_headers`` file (Netlify, Cloudflare Pages) has for ``/*``."""
    found: list[tuple[str, str]] = []
    everywhere = False
    for line in text.splitlines():
        if line.strip().startswith("#") or not line.strip():
            continue
        if not line[0].isspace():
            everywhere = line.strip() == "/*"
        elif everywhere:
            name, _, value = line.strip().partition(":")
            found.append((name, value.strip()))
    return found


class _Handler(BaseHTTPRequestHandler):
    # An answer is sent at once and in one write, as web servers do (see search_server.Handler).
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Serving

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with a file, the index of a folder, or the site's own 404 page."""
        path = self.server.folder / unquote(urlsplit(self.path).path).lstrip("/")
        if path.is_dir():
            path = path / "index.html"
        status = 200 if path.is_file() else 404
        if status == 404:
            path = self.server.folder / "404.html"
        data = path.read_bytes() if path.is_file() else b""
        headers = {"Content-Type": KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0]}
        ranged = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if ranged and status == 200:
            first, last = int(ranged[1]), min(int(ranged[2]), len(data) - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
            status, data = 206, data[first : last + 1]
        elif path.suffix in PACKED and "gzip" in self.headers.get("Accept-Encoding", ""):
            data = gzip.compress(data, 6)
            headers["Content-Encoding"] = "gzip"
        self._send(status, data, headers)

    def _send(self, status: int, data: bytes, headers: dict[str, str | None]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value or "application/octet-stream")
        own = self.server.folder / "_headers"
        for name, value in read_headers(own.read_text()) if own.is_file() else []:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
