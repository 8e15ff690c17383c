"""What kind of picture some bytes are, and how large: told by the bytes, not by a name."""

from __future__ import annotations

import struct
from typing import Final

import msgspec

# Exif orientations in which a picture lies on its side: https://www.cipa.jp/std/documents/e/DC-008
_ON_ITS_SIDE: Final = frozenset({5, 6, 7, 8})
_ORIENTATION: Final = 0x0112
# Markers of JPEG (ITU T.81, table B.1) that begin a frame, and those that stand alone.
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_AVIF_HEAD: Final = 8192  # the box that tells the size comes before the pixels


class Pixels(msgspec.Struct, frozen=True):
    """A picture's usual ending, its width and its height."""

    ending: str
    width: int
    height: int


def pixels(data: bytes) -> Pixels | None:
    """Return what kind of picture ``data`` is: PNG, JPEG, GIF, WebP or AVIF; None for all else.

    SVG is not among them: it may hold script.
    """
    try:
        found = _read(data)
    except (struct.error, IndexError):
        return None  # cut short
    return found if found and found.width > 0 and found.height > 0 else None


def _read(data: bytes) -> Pixels | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return Pixels(".png", *struct.unpack_from(">II", data, 16))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Pixels(".gif", *struct.unpack_from("<HH", data, 6))
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis"):
        return _avif(data[:_AVIF_HEAD])
    return None


def _jpeg(data: bytes) -> Pixels | None:
    at, on_its_side = 2, False
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Pixels(".jpg", height, width) if on_its_side else Pixels(".jpg", width, height)
        if marker == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            on_its_side = _orientation(data[at + 10 : at + 2 + length]) in _ON_ITS_SIDE
        at += 2 + length
    return None


def _orientation(exif: bytes) -> int:
    """Return the orientation that Exif names in its first directory, 1 (upright) without."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    (start,) = struct.unpack_from(f"{order}I", exif, 4)
    (count,) = struct.unpack_from(f"{order}H", exif, start)
    for number in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, start + 2 + 12 * number)
        if tag == _ORIENTATION:
            return int(value)
    return 1


def _webp(data: bytes) -> Pixels | None:
    """Read the first chunk: https://developers.google.com/speed/webp/docs/riff_container."""
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Pixels(".webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Pixels(".webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[n : n + 3], "little") + 1 for n in (24, 27))
        return Pixels(".webp", width, height)
    return None


def _avif(head: bytes) -> Pixels | None:
    """Read the image spatial extents (ISO/IEC 23008-12, 6.5.3); of several the largest."""
    sizes = []
    at = head.find(b"ispe")
    while at >= 0:
        sizes.append(struct.unpack_from(">II", head, at + 8))
        at = head.find(b"ispe", at + 4)
    return Pixels(".avif", *max(sizes)) if sizes else None
