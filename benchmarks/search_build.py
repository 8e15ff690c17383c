"""The steps of the search benchmark that are measured as commands of their own.

python -m benchmarks.search_build docs FOLDER DOCS      raw files' truth -> documents
python -m benchmarks.search_build index DOCS ROOT       a month a process, on all cores
python -m benchmarks.search_build export ROOT OUT
python -m benchmarks.search_build pages DOCS OUT        plain pages, for Pagefind
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec

from backissue.search import SearchDoc, export, write_month

Months = dict[str, list[SearchDoc]]


def load(path: Path) -> Months:
    """Return the documents of a file that ``docs`` wrote, by month."""
    return msgspec.msgpack.decode(path.read_bytes(), type=Months)


def slug(tag: str) -> str:
    return re.sub(r"[^\w]+", "-", tag.lower()).strip("-")


def docs(folder: Path, out: Path) -> None:
    """Write the documents of raw files that ``make_raw.py`` made, from what it says they hold."""
    truth = folder / "truth.jsonl"
    truth = truth if truth.exists() else folder.parent / "truth.jsonl"
    months: Months = {}
    # Not of text: U+2028 is no end of a line of JSON.
    for line in truth.read_bytes().splitlines():
        row = json.loads(line)
        name = row["file"]
        month = name[:7]
        date = row["date"] if (row["date"] or "")[:7] == month else month
        tags = (row["editor_tags"] or row["tags"])[:6]
        doc = SearchDoc(
            key=name,
            url=f"{month.replace('-', '/')}/{name[8:].rsplit('.', 1)[0]}/",
            title=row["title"],
            month=month,
            date=date,
            body=row["text"],
            topics=tuple(map(slug, tags)),
            topic_names=tuple(tags),
            authors=(row["author"],) if row["author"] else (),
            source=row["source"] or "",
            lang=row["lang"],
        )
        months.setdefault(month, []).append(doc)
    out.write_bytes(msgspec.msgpack.encode(months))


def _write(given: tuple[Path, str, list[SearchDoc]]) -> None:
    write_month(*given)


def index(path: Path, root: Path) -> None:
    work = [(root, month, some) for month, some in load(path).items()]
    with ProcessPoolExecutor(os.cpu_count(), max_tasks_per_child=1) as pool:
        list(pool.map(_write, work))


def write_export(root: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, data in export(root):
        (out / name).write_bytes(data)


def pages(months: Months, out: Path) -> None:
    """Write a plain page for each document."""
    for some in months.values():
        for doc in some:
            target = out / doc.url / "index.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            blocks = "".join(f"<p>{html.escape(part)}</p>" for part in doc.body.split("\n\n"))
            target.write_text(
                f'<!doctype html><html lang="{doc.lang}"><meta charset="utf-8"><title>'
                f"{html.escape(doc.title)}</title><body data-pagefind-body>"
                f"<h1>{html.escape(doc.title)}</h1>{blocks}",
                encoding="utf-8",
            )


if __name__ == "__main__":
    step, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    steps = {"docs": docs, "index": index, "export": write_export}
    if step == "pages":
        pages(load(source), target)
    else:
        steps[step](source, target)
