"""Hostile files dropped into content/, one at a time, beside a good article."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.builds import REFUSED, Site
from benchmarks.measure import FailedError
from benchmarks.security_pages import WORDS

SECRET: Final = b"what lies outside the content folder"
GOOD: Final = f"---\ntitle: A good story\ndate: 2026-05-03\n---\n\n{WORDS * 2}\n\n{WORDS}\n"
PAGE: Final = "2026/05/a-good-story/index.html"


class Built(NamedTuple):
    """What a build made of one hostile file: CPU seconds, and what was wrong, "" where nothing."""

    name: str
    cpu: float
    wrong: str


def drop_each(folder: Path, files: Sequence[dict[str, Any]]) -> list[Built]:
    """Build a site with each file in turn, and without it again.

    Right is: the exit status says that all, or all but some, is published; the good article is
    there; a file that must be refused is; nothing is written or read outside of what is ours.
    """
    outside = folder / "outside"
    outside.mkdir()
    (outside / "secret.html").write_bytes(
        b"<title>T</title><meta name=date content=2026-05-01><p>" + SECRET * 9
    )
    (outside / "secret.txt").write_bytes(SECRET)
    site = Site(folder / "site")
    site.begin()
    (site.content / "good.md").write_text(GOOD)
    site.build()
    return [_drop(folder, site, one) for one in files]


def _drop(folder: Path, site: Site, one: dict[str, Any]) -> Built:
    path = site.content / os.fsdecode(base64.b64decode(one["name_b64"]))
    _lay(path, one)
    try:
        run = site.build()
    except FailedError as error:
        return Built(one["id"], 0.0, str(error))
    finally:
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    wrong = []
    if not (site.output / PAGE).is_file():
        wrong.append("the good article is gone")
    if one["expect"] == "quarantine" and run.status != REFUSED and not _root_reads(one):
        wrong.append("it was not refused")
    if escaped := [*folder.rglob("*ESC*"), *Path("/tmp").glob("ESC*")]:
        wrong.append(f"it wrote {escaped[0]}")
    pages = (page for page in site.output.rglob("*") if page.is_file())
    if any(SECRET in page.read_bytes() for page in pages):
        wrong.append("it published what lies outside")
    return Built(one["id"], run.cpu, ", ".join(wrong))


def _root_reads(one: dict[str, Any]) -> bool:
    """Return whether a file that nobody may read is read all the same, by root."""
    return bool(one["fs"] == "perm000") and os.geteuid() == 0


def _lay(path: Path, one: dict[str, Any]) -> None:
    match one["fs"]:
        case "symlink" | "dangling":
            path.symlink_to(base64.b64decode(one["target_b64"]).decode())
        case "fifo":
            os.mkfifo(path)
        case "dir":
            path.mkdir()
        case _:
            path.write_bytes(_content(one))
            if one["fs"] == "perm000":
                path.chmod(0)


def _content(one: dict[str, Any]) -> bytes:
    if "gen" in one:
        return b"".join(base64.b64decode(part["bytes_b64"]) * part["n"] for part in one["gen"])
    return base64.b64decode(one.get("content_b64", ""))
