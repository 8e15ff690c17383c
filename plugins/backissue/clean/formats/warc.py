"""WARC (ISO 28500) and WACZ: what a crawler received, a record an answer."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from ...article import Reason, Rejected
from ..records import CleanSettings, Piece, Said

_CHUNK: Final = 65_536
_LONGEST_HEADER: Final = 65_536
_PAGES: Final = ("text/html", "application/xhtml+xml")


class _BrokenError(Exception):
    """The archive ends or breaks in the middle of something."""


class _TooMuchError(Exception):
    """The archive unpacks to more than is allowed."""


def _chunks(data: bytes, most: int) -> Iterator[bytes]:
    """Yield the bytes of an archive, unpacked member by member, never more than ``most``."""
    if not data.startswith(b"\x1f\x8b"):
        yield data
        return
    total = 0
    view = memoryview(data)
    at = 0
    while at < len(data) and data[at : at + 2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(31)
        while not unpacker.eof:
            piece = unpacker.unconsumed_tail or bytes(view[at : at + _CHUNK])
            if not unpacker.unconsumed_tail:
                at += len(piece)
            if not piece:
                raise _BrokenError
            try:
                out = unpacker.decompress(piece, _CHUNK)
            except zlib.error as error:
                raise _BrokenError from error
            total += len(out)
            if total > most:
                raise _TooMuchError
            yield out
        at -= len(unpacker.unused_data)


class _Reader:
    """Reads lines and lengths from chunks, holding one record at most."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = bytearray()

    def _more(self) -> bool:
        for chunk in self._chunks:
            if chunk:
                self._held += chunk
                return True
        return False

    def line(self) -> bytes:
        """Return the next line without its end, or b"" at the end of everything."""
        while b"\n" not in self._held and len(self._held) < _LONGEST_HEADER:
            if not self._more():
                break
        end = self._held.find(b"\n")
        end = end + 1 if end >= 0 else len(self._held)
        line = bytes(self._held[:end])
        del self._held[:end]
        return line

    def read(self, size: int) -> bytes:
        """Return the next ``size`` bytes; raise _BrokenError where there are fewer."""
        while len(self._held) < size:
            if not self._more():
                raise _BrokenError
        out = bytes(self._held[:size])
        del self._held[:size]
        return out

    def skip(self, size: int) -> None:
        """Pass over ``size`` bytes without holding them."""
        while size > 0:
            if not self._held and not self._more():
                raise _BrokenError
            step = min(size, len(self._held))
            del self._held[:step]
            size -= step


def open_warc(name: str, data: bytes, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Yield the pages of a WARC file, packed or not, one a response or resource record."""
    yield from _records(name, data, settings, 0)


def open_wacz(name: str, data: bytes, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Yield the pages of every WARC file inside a WACZ package."""
    number = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            inside = sorted(
                (
                    info
                    for info in package.infolist()
                    if info.filename.endswith((".warc", ".warc.gz"))
                ),
                key=lambda info: info.filename,
            )
            if sum(info.file_size for info in inside) > settings.max_unpacked:
                raise _TooMuchError
            for info in inside:
                for piece in _records(name, package.read(info), settings, number):
                    number = piece.number if isinstance(piece, Piece) else number
                    yield piece
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        yield _refused(name, Reason.UNREADABLE, "this is no complete WACZ package")
    except _TooMuchError:
        yield _refused(name, Reason.TOO_LARGE, "it unpacks to more than is allowed")


def _records(
    name: str, data: bytes, settings: CleanSettings, number: int
) -> Iterator[Piece | Rejected]:
    reader = _Reader(_chunks(data, settings.max_unpacked))
    begun = number
    try:
        while number - begun < settings.max_items:
            head = _warc_head(reader)
            if head is None:
                break
            size = int(head["content-length"]) if head.get("content-length", "").isdigit() else -1
            if size < 0:
                raise _BrokenError
            if head.get("warc-type", "").lower() not in ("response", "resource"):
                reader.skip(size)
                continue
            if size > settings.max_bytes:
                number += 1
                yield _refused(f"{name}#{number}", Reason.TOO_LARGE, f"the page has {size:,} bytes")
                reader.skip(size)
                continue
            page = _page(head, reader.read(size), settings)
            if isinstance(page, str):
                number += 1
                yield _refused(f"{name}#{number}", Reason.UNREADABLE, page)
            elif page is not None:
                number += 1
                data_, said = page
                yield Piece(shape="html", data=data_, said=said, number=number)
    except _BrokenError:
        where = f"{name}#{number + 1}"
        yield _refused(where, Reason.TRUNCATED, "the archive breaks off in the middle of a record")
    except _TooMuchError:
        most = f"{settings.max_unpacked:,}"
        yield _refused(name, Reason.TOO_LARGE, f"the archive unpacks to more than {most} bytes")


def _refused(where: str, reason: Reason, detail: str) -> Rejected:
    hint = "Fetch the archive again, or split it; what stands before this place is published."
    return Rejected(reason=reason, where=where, detail=detail, hint=hint)


def _warc_head(reader: _Reader) -> dict[str, str] | None:
    """Read the head of the next record, or return None at the end of the archive."""
    line = reader.line()
    while line and not line.strip():
        line = reader.line()
    if not line:
        return None
    if not line.startswith(b"WARC/"):
        raise _BrokenError
    return _headers(iter(reader.line, b""))


def _headers(lines: Iterator[bytes]) -> dict[str, str]:
    out: dict[str, str] = {}
    for line in lines:
        if not line.strip():
            break
        key, _, value = line.decode("utf-8", "replace").partition(":")
        out.setdefault(key.strip().lower(), value.strip())
    return out


def _page(
    head: dict[str, str], block: bytes, settings: CleanSettings
) -> tuple[bytes, Said] | str | None:
    """Return the page in a record and what the record says.

    Returns None where it is no page, and what is wrong with it where it cannot be read.
    """
    url = head.get("warc-target-uri", "").strip("<>")
    kind = head.get("content-type", "").lower()
    body = block
    if block.startswith(b"HTTP/"):
        top, _, body = block.partition(b"\r\n\r\n")
        lines = iter(top.splitlines())
        status = next(lines, b"").split(b" ")
        if len(status) < 2 or status[1] != b"200":
            return None
        http = _headers(lines)
        kind = http.get("content-type", "").lower()
        body = _unwrapped(body, http, settings.max_bytes)
        packing = http.get("content-encoding", "").lower()
        if packing in ("br", "zstd") and kind.startswith(_PAGES) and b"<" not in body[:200]:
            return f"the page is compressed with {packing}, which is not read here"
    if not kind.startswith(_PAGES) or not body.strip():
        return None
    encoding = kind.partition("charset=")[2].split(";")[0].strip(" \"'")
    said = Said(
        canonical=url if url.startswith(("http://", "https://")) else "",
        archived=head.get("warc-date", ""),
        encoding=encoding,
    )
    return body, said


def _unwrapped(body: bytes, http: dict[str, str], most: int) -> bytes:
    """Undo chunks and compression of an HTTP body; no more than ``most`` bytes come out."""
    if "chunked" in http.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    packing = http.get("content-encoding", "").lower()
    if packing in ("gzip", "x-gzip", "deflate"):
        for bits in (47, -15):
            try:
                return zlib.decompressobj(bits).decompress(body, most)
            except zlib.error:
                continue  # deflate is sent with and without its header
    return body


def _dechunked(body: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 40)
        size = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            # Crawlers often store the body without its chunks and keep the header.
            return b"".join(parts) if parts else body
        if length <= 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
