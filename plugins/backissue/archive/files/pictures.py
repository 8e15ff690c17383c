"""A picture for each article, which others show beside a link to it (Open Graph, Twitter).

It says the site's name, the title and the dateline, black on paper. Pillow draws each letter
once; a picture puts letters together in two bits a pixel and packs them as PNG itself, since
Pillow takes much longer for a whole picture. No font of the machine is used: Pillow's
own, or one that the site names. A title that the font cannot write is left out.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backissue.archive.dates import date_name
from backissue.archive.digests import code_version, digest
from backissue.archive.files.file import File
from backissue.archive.settings import Settings, SettingsError
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.patterns import pattern

NAME: Final = "card.png"
# The size that https://ogp.me's readers ask for, twice as broad as high, nearly.
WIDTH, HEIGHT = 1200, 630
EDGE: Final = 80
TITLE_TOP, TITLE_BOTTOM = 165, 520
SMALL: Final = 32
SIZES: Final = (84, 72, 60, 50)  # of a title: the largest in which it fits
LEADING: Final = 1.2
PAPER_TO_INK: Final = bytes((252, 251, 248, 177, 176, 173, 102, 101, 99, 27, 26, 24))
PACKED: Final = 2  # of zlib: more takes longer than it saves
_PIECES: Final = pattern(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+")
_PLAINER: Final = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("‘’‛′", "'"),
    **dict.fromkeys("“”„″", '"'),
    **{"×": "x", "…": "..."},
}
_NO_CHARACTER: Final = "\uffff"

Pixels = NDArray[np.uint8]


def picture_path(address: str) -> str:
    """Return the file of the picture of the article at an address."""
    return f"{address}{NAME}"


def pictures(
    catalogue: Catalogue, settings: Settings, name: str, keys: Iterable[str] | None
) -> Iterator[File]:
    """Yield the pictures of articles (None: of all) on the site called ``name``.

    Raises SettingsError where Pillow or the site's font is missing.
    """
    if not settings.pictures:
        return
    artist = Artist(settings.picture_font)
    version = digest(code_version("archive/files/pictures.py", "pillow"), artist.font)
    if keys is None:
        entries = (one for month in catalogue.months() for one in list(catalogue.entries(month)))
    else:
        entries = (one for key in keys if (one := catalogue.entry(key)))
    for entry in entries:
        shows = digest(version, name, entry.brief.title, entry.date, entry.brief.lang)
        yield File(picture_path(entry.url), shows, partial(_picture, artist, name, entry))


def _picture(artist: Artist, name: str, entry: Entry) -> bytes:
    dates = (date_name(entry.published, entry.brief.lang), entry.published.day or entry.month)
    return artist.picture(entry.brief.title, dates, name)


class Artist:
    """Draws pictures in one font; ``font`` is a digest of it."""

    def __init__(self, path: str = "") -> None:
        """Take Pillow's own font, or that in a file. Raises SettingsError where there is none."""
        try:
            kit: Any = import_module("PIL.ImageFont")
        except ImportError as error:
            raise SettingsError(
                "BACKISSUE['pictures'] needs Pillow, which is not installed: pip install pillow"
            ) from error
        try:
            self.font = digest(Path(path).read_bytes()) if path else b""
            load = partial(kit.truetype, path) if path else kit.load_default
            self._small = Face(load(SMALL))
            self._titles = [Face(load(size)) for size in SIZES]
        except OSError as error:
            raise SettingsError(f"BACKISSUE['picture_font'] = {path!r}: {error}") from error

    def picture(self, title: str, dates: Sequence[str], name: str) -> bytes:
        """Return a PNG with a title, the first of ``dates`` that the font can write, and a name."""
        rows = np.zeros((HEIGHT, 1 + WIDTH // 4), np.uint8)
        paper = rows[:, 1:]  # before each row of a PNG stands the filter that it went through
        for top, bottom in ((60, 66), (70, 72)):
            paper[top:bottom, EDGE // 4 : (WIDTH - EDGE) // 4] = 255
        if self._small.can_write(name):
            self._small.write(paper, EDGE, 86, self._small.lines(name, WIDTH - 2 * EDGE)[0])
        date = next((one for one in dates if self._small.can_write(one)), "")
        self._small.write(paper, EDGE, 545, date)
        shown = self._titles[0].without_signs(title)
        if self._titles[0].can_write(shown):
            face, lines = self._fit(shown)
            for number, line in enumerate(lines):
                face.write(paper, EDGE, TITLE_TOP + round(number * LEADING * face.height), line)
        return _png(rows)

    def _fit(self, title: str) -> tuple[Face, list[str]]:
        """Return the largest letters in which a title fits, and its lines; cut if none does."""
        for face in self._titles:
            lines = face.lines(title, WIDTH - 2 * EDGE)
            room = int((TITLE_BOTTOM - TITLE_TOP) // (LEADING * face.height))
            if len(lines) <= room:
                return face, lines
        last, more = lines[room - 1], "…" if face.can_write("…") else "..."
        while len(face.lines(last + more, WIDTH - 2 * EDGE)) > 1:
            last = last[:-1]
        return face, [*lines[: room - 1], last.rstrip(" ,.;:") + more]


class Face:
    """A font in one size. ``height`` is that of its letters, from top to foot."""

    def __init__(self, font: Any) -> None:
        self._font = font
        self.height = sum(font.getmetrics()) / LEADING
        self._letters: dict[tuple[str, int], tuple[int, Pixels]] = {}
        self._breadths: dict[str, float] = {}
        self._written: dict[str, bool] = {" ": True, "\u00a0": True}
        self._missing = self._mask(_NO_CHARACTER)

    def can_write(self, text: str) -> bool:
        """Return whether the font has every letter of a text."""
        for letter in text:
            if letter not in self._written:
                self._written[letter] = self._mask(letter) != self._missing
        return all(self._written[letter] for letter in text)

    def without_signs(self, text: str) -> str:
        """Return a text in which signs that the font does not have are plainer ones, or not there.

        Letters and digits stay: no name is spelt wrong.
        """
        if self.can_write(text):
            return text
        signs = (one if self.can_write(one) else _PLAINER.get(one, one) for one in text)
        return "".join(one for one in signs if self.can_write(one) or one.isalnum())

    def lines(self, text: str, most: float) -> list[str]:
        """Return a text in lines no broader than ``most``, cut between words where it can be."""
        lines, line, breadth = [], "", 0.0
        for piece in _PIECES.findall(" ".join(text.split())):
            own = self._breadth(piece)
            if line and breadth + own > most and not piece.isspace():
                lines.append(line.rstrip())
                line, breadth = "", 0.0
            if own > most:  # one word, broader than a line
                for letter in piece:
                    if breadth + self._breadth(letter) > most:
                        lines.append(line)
                        line, breadth = "", 0.0
                    line, breadth = line + letter, breadth + self._breadth(letter)
            elif line or not piece.isspace():
                line, breadth = line + piece, breadth + own
        return [*lines, line.rstrip()]

    def write(self, paper: Pixels, x: float, y: int, text: str) -> None:
        """Write a line; its top left corner is at (x, y). Four pixels of ``paper`` are a byte."""
        for letter in text:
            across = round(x)
            down, ink = self._letter(letter, across % 4)
            height, width = ink.shape
            left = across // 4
            spot = paper[y + down : y + down + height, left : left + width]
            spot |= ink[: spot.shape[0], : spot.shape[1]]
            x += self._breadth(letter)

    def _breadth(self, text: str) -> float:
        for letter in text:
            if letter not in self._breadths:
                self._breadths[letter] = float(self._font.getlength(letter))
        return sum(self._breadths[letter] for letter in text)

    def _letter(self, letter: str, shift: int) -> tuple[int, Pixels]:
        """Return how far down a letter begins, and its ink in bytes, begun ``shift`` pixels in."""
        key = (letter, shift)
        if key not in self._letters:
            (width, height), (right, down), data = self._mask(letter)
            grey = np.frombuffer(data, np.uint8).reshape(height, width).astype(np.uint16)
            left = max(0, shift + right)
            pixels = np.zeros((height, (left + width + 3) // 4 * 4), np.uint8)
            pixels[:, left : left + width] = (3 * grey + 127) // 255
            fours = pixels.reshape(height, pixels.shape[1] // 4, 4)
            ink = fours[..., 0] << 6 | fours[..., 1] << 4 | fours[..., 2] << 2 | fours[..., 3]
            self._letters[key] = down, ink.astype(np.uint8)
        return self._letters[key]

    def _mask(self, letter: str) -> tuple[tuple[int, int], tuple[int, int], bytes]:
        """Return the size of a letter, where it lies, and its greys."""
        mask, (right, down) = self._font.getmask2(letter, mode="L")
        return mask.size, (round(right), round(down)), bytes(mask)


def _png(rows: Pixels) -> bytes:
    """Return rows of two bits a pixel, each after a nought, as PNG (RFC 2083)."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 2, 3, 0, 0, 0)
    parts = (
        (b"IHDR", header),
        (b"PLTE", PAPER_TO_INK),
        (b"IDAT", zlib.compress(rows.tobytes(), PACKED)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
