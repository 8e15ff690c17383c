"""Rank a test collection with a site's own index and ranking, to measure both.

A collection is a folder with ``docs.jsonl.gz`` (id, title, text and, if known, date,
keywords, authors) and ``queries.jsonl`` (id, text), as CACM is handed round.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from backissue.patterns import pattern

from .archive import Archive
from .query import parse
from .rank import rank
from .records import SearchDoc
from .store import write_month

DEPTH: Final = 100
UNDATED: Final = "1970-01"
_ISO: Final = pattern(r"\d{4}-\d\d(?:-\d\d)?")
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_WORDS: Final = pattern(r"([A-Za-z]{3})[a-z]*\.?,? (\d{4})")


class _Doc(msgspec.Struct):
    id: str
    title: str
    text: str = ""
    date: str = ""
    keywords: str = ""
    authors: str = ""


class _Query(msgspec.Struct):
    id: str
    text: str


def rank_collection(folder: Path, depth: int = DEPTH) -> dict[str, list[str]]:
    """Return for each query of the collection in ``folder`` the ids of its best documents.

    Raises FileNotFoundError where the folder is no collection.
    """
    queries = folder / "queries.jsonl"
    with tempfile.TemporaryDirectory(prefix="backissue-ir-") as root:
        write_month(Path(root), "collection", list(_documents(folder / "docs.jsonl.gz")))
        with Archive.open(Path(root)) as archive:
            return _run(archive, queries, depth)


def _run(archive: Archive, queries: Path, depth: int) -> dict[str, list[str]]:
    decoder = msgspec.json.Decoder(_Query)
    run: dict[str, list[str]] = {}
    for line in queries.read_bytes().splitlines():
        query = decoder.decode(line)
        best = rank(parse(query.text), archive).ids[:depth]
        run[query.id] = [archive.doc(number).key for number in best.tolist()]
    return run


def _documents(path: Path) -> Iterator[SearchDoc]:
    decoder = msgspec.json.Decoder(_Doc)
    with gzip.open(path, "rb") as lines:
        for line in lines:
            doc = decoder.decode(line)
            date = iso_date(doc.date)
            yield SearchDoc(
                key=doc.id,
                url=doc.id,
                title=doc.title,
                month=date[:7],
                date=date,
                body=doc.text,
                topics=("keywords",) if doc.keywords else (),
                topic_names=(doc.keywords,) if doc.keywords else (),
                authors=(doc.authors,) if doc.authors else (),
            )


def iso_date(text: str) -> str:
    """Return a date in ISO form ("December, 1958" -> "1958-12"), UNDATED where it is none."""
    iso = _ISO.match(text)
    if iso:
        return iso.group()
    words = _WORDS.match(text)
    if words and words[1].lower() in _MONTHS:
        return f"{words[2]}-{_MONTHS.index(words[1].lower()) + 1:02d}"
    return UNDATED
