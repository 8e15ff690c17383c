"""Pictures that lie beside a raw file and are shown in its articles.

A browser that saves a page "complete" puts them into a folder (``story_files/``), an editor beside
the file. A page asks for them by relative addresses; which of those there are is no matter of
cleaning, so that a picture that comes, changes or goes costs no cleaning, only its article's page.
Pictures within a raw file (MHTML, SingleFile) are asked for as if they lay in such a folder too.
"""

from __future__ import annotations

import functools
import html
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from backissue.archive.addresses import slug_of
from backissue.archive.digests import digest
from backissue.archive.intake.pixels import pixels
from backissue.archive.intake.sources import is_picture
from backissue.article import Article, Reason, Rejected
from backissue.clean import RawFile, pictures_in
from backissue.patterns import pattern

LARGEST: Final = 10_000_000  # bytes; a photograph straight from a camera has some 5 million
LEAST: Final = 3  # pixels; what is smaller counts readers
NAME_LENGTH: Final = 60
TAKEN: Final = ("card",)  # what the archive itself puts beside a page: pictures.py

_FOLDER: Final = "_files/"  # behind the name of a raw file: the pictures within it
_SOURCE: Final = pattern(r'<img\b(?:[^>"]|"[^"]*")*?\ssrc="([^"]*)"')


class Picture(msgspec.Struct, frozen=True):
    """A picture of an article: the address by which its body asks for it, its path below the
    content folder, the name under which it is published, its size, a digest of its bytes.
    """

    asked: str
    path: str
    name: str
    width: int
    height: int
    digest: bytes


class Beside(msgspec.Struct, frozen=True):
    """What a raw file asks for: the pictures of each of its articles, by the article's key.

    ``refused`` are those that cannot be published, ``paths`` all that it asks for, there or not.
    """

    pictures: dict[bytes, tuple[Picture, ...]] = {}
    refused: tuple[Rejected, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def state(self) -> tuple[object, ...]:
        """All of it in a form that can be digested."""
        return (sorted(self.pictures.items()), self.refused, self.paths)


NOTHING: Final = Beside()


def look_beside(
    content: Path, source: str, asked: Mapping[bytes, tuple[str, ...]], held: Collection[str]
) -> Beside:
    """Return what there is of the pictures that the articles of a raw file ask for.

    ``held`` are the paths of the pictures that there are.
    """
    if not asked:
        return NOTHING
    pictures = {}
    refused: dict[str, Rejected] = {}
    paths = {path_of(source, address) for addresses in asked.values() for address in addresses}
    for key, addresses in asked.items():
        found, problems = find_pictures(content, source, addresses, held)
        refused.update((one.where, one) for one in problems)
        if found:
            pictures[key] = found
    return Beside(pictures, tuple(refused.values()), tuple(sorted(paths)))


def stamp_of(paths: Iterable[str], held: Mapping[str, bytes]) -> bytes:
    """Return what changes when one of the pictures that a raw file asks for does."""
    return b"".join(held.get(path, b"-") for path in paths)


def asked_for(article: Article) -> tuple[str, ...]:
    """Return the relative addresses of pictures in an article, its main picture's first."""
    addresses = [article.image.src] if article.image else []
    if "<img" in article.body:
        addresses += map(html.unescape, _SOURCE.findall(article.body))
    return tuple(dict.fromkeys(one for one in addresses if _is_relative(one)))


def path_of(source: str, address: str) -> str:
    """Return the path below the content folder that an address in a raw file means."""
    path = unquote(address.partition("?")[0].partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), path))


def find_pictures(
    content: Path, source: str, addresses: Iterable[str], held: Collection[str]
) -> tuple[tuple[Picture, ...], tuple[Rejected, ...]]:
    """Return the pictures that a raw file asks for, and those that cannot be published.

    ``held`` are the paths of the pictures that there are. What is no picture by its bytes is
    passed over.
    """
    found: list[Picture] = []
    refused: list[Rejected] = []
    taken = set(TAKEN)
    for address in addresses:
        path = path_of(source, address)
        if path in held:
            data = _read(content / path, path)
        elif path.startswith(source + _FOLDER):
            data = _bounded(_within(content, source).get(posixpath.basename(path), b""), path)
        else:
            continue
        if isinstance(data, Rejected):
            refused.append(data)
            continue
        size = pixels(data)
        if size is None or min(size.width, size.height) < LEAST:
            continue
        stem = slug_of(posixpath.basename(path).rpartition(".")[0])[:NAME_LENGTH].strip("-")
        name = next(one for one in _numbered(stem) if one not in taken)
        taken.add(name)
        found.append(
            Picture(address, path, name + size.ending, size.width, size.height, digest(data))
        )
    return tuple(found), tuple(refused)


def _read(place: Path, path: str) -> bytes | Rejected:
    try:
        with place.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        return Rejected(
            reason=Reason.UNREADABLE,
            where=path,
            detail=error.strerror or str(error),
            hint="Look at the file's permissions, or copy it into the content folder again.",
        )
    return _bounded(data, path)


def _bounded(data: bytes, path: str) -> bytes | Rejected:
    if len(data) <= LARGEST:
        return data
    return Rejected(
        reason=Reason.TOO_LARGE,
        where=path,
        detail=f"the picture has more than {LARGEST:,} bytes; its article is shown without it",
        hint="Save it smaller: 2,000 pixels across are enough for any screen.",
    )


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _is_relative(address: str) -> bool:
    if address.startswith(("/", "\\", "#", "?")):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and is_picture(unquote(parts.path))


def read_picture(content: Path, picture: Picture) -> bytes:
    """Return the bytes of a picture. Raises OSError."""
    source, folder, name = picture.path.rpartition(_FOLDER)
    if folder and (content / source).is_file() and not (content / picture.path).exists():
        data = _within(content, source).get(name)
        if data is None:
            raise FileNotFoundError(picture.path)
        return data
    return (content / picture.path).read_bytes()


def _within(content: Path, source: str) -> Mapping[str, bytes]:
    """The pictures within a raw file; empty where it cannot be read: cleaning has said so."""
    try:
        said = (content / source).stat()
    except OSError:
        return {}
    return _unpacked(content, source, said.st_mtime_ns, said.st_size)


@functools.lru_cache(maxsize=1)  # of one article after another; a page may hold fifty pictures
def _unpacked(content: Path, source: str, _changed: int, _size: int) -> Mapping[str, bytes]:
    try:
        return pictures_in(RawFile(source, (content / source).read_bytes()))
    except OSError:
        return {}
