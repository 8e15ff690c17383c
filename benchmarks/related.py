"""Further reading measured against the links that authors put in their articles.

    python -m benchmarks.related [--corpus ARTICLES.jsonl.gz] [--quick] [--json OUT]
                                 [--peer-python PYTHON] [--archive N] [--costs] [--train OUT]

The anchors that are the truth are taken out of the bodies first. Ours is cross-validated: an
article is ranked by a forest that never saw its links, over 5 folds and once more with its
whole source left out. scikit-learn (with scipy) and Whoosh are needed for this benchmark only:
``--peer-python`` names an interpreter that has them. Costs are measured on an archive of N
articles (2,659 where ``--archive`` does not say), made by mixing the paragraphs of two articles
of a source, over twelve months; ``--costs`` measures nothing else. ``--quick`` leaves out Whoosh
and the left-out sources. ``--train`` does nothing
but grow the forests that the package ships, from the whole corpus, and write them.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import mmap
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from backissue.article import Article, Dateline, TopicMatch
from backissue.related import Features, State, features, load_block, save_block, update_reading
from backissue.related.corpus import Record, cross_validated, fold, plain_text, train
from backissue.related.trees import Growth

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BACKISSUE_SHARED", ROOT.parent / "shared"))
BARS = {"all": 0.50, "before": 0.60, "hit": 0.63}
TIME_BAR, ONE_BAR, MEMORY_BAR = 0.5, 50.0, 100.0
MONTHS = 12
TRIES = 5
CORPUS = "corpora/technews/articles.jsonl.gz"

_ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a\s*>", re.I | re.S)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)


def blind(rows: list[dict[str, Any]]) -> list[Record]:
    """Return the records without the anchors that lead to another one, text and all."""
    addresses = {row["url"] for row in rows}

    def cover(found: re.Match[str], own: str) -> str:
        href = _HREF.search(found[1])
        address = html.unescape(next((g for g in href.groups() if g), "")) if href else ""
        return " " if address != own and address in addresses else found[0]

    return [
        msgspec.convert(
            {**row, "body": _ANCHOR.sub(lambda m, own=row["url"]: cover(m, own), row["body"])},
            Record,
        )
        for row in rows
    ]


def score(found: dict[str, list[str]], records: list[Record], before: bool) -> dict[str, float]:
    """Return recall@4 and hit@4 over the articles that link to others, as the scorer has it."""
    date = {record.id: record.date for record in records}
    recall = hit = count = 0.0
    for record in records:
        linked = {other for other in record.links if other in date and other != record.id}
        if before:
            linked = {other for other in linked if date[other] <= record.date}
        if not linked:
            continue
        ranked = found.get(record.id, [])
        if before:
            ranked = [other for other in ranked if date[other] <= record.date]
        right = len(linked.intersection(ranked[:4]))
        recall, hit, count = recall + right / len(linked), hit + bool(right), count + 1
    return {"recall@4": recall / max(count, 1), "hit@4": hit / max(count, 1), "queries": count}


def peer(python: str, method: str, folder: Path) -> dict[str, Any] | None:
    """Run a peer over the texts in ``folder``; None where the interpreter does not have it."""
    out = folder / f"{method}.json"
    worker = Path(__file__).with_name("related_peer.py")
    done = subprocess.run(
        [python, worker, method, folder / "texts.jsonl", out], check=False, capture_output=True
    )
    if done.returncode:
        print(f"{method}: absent ({done.stderr.decode().strip().splitlines()[-1:]})")
        return None
    return json.loads(out.read_text(encoding="utf-8"))


def write_texts(folder: Path, rows: list[dict[str, Any]]) -> None:
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def quality(records: list[Record], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Print the table of all methods and return the figures of ours beside the best peer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = {record.id for record in records if record.links}
        rows = [
            {
                "id": r.id,
                "title": r.title,
                "date": r.date,
                "source": r.source,
                "tags": r.tags,
                "text": plain_text(r.body),
                "asked": r.id in asked,
            }
            for r in records
        ]
        write_texts(folder, rows)
        methods = ["tags", "tfidf", "tfidf-mixed", *([] if options.quick else ["whoosh"])]
        found = {name: peer(options.peer_python, name, folder) for name in methods}
    table: dict[str, tuple[dict[str, float], dict[str, float]]] = {
        method: tuple(score(result["ranked"], records, before) for before in (False, True))
        for method, result in found.items()
        if result is not None
    }
    groupings = [lambda record: fold(record.id), lambda record: record.source]
    names = ["ours, 5 folds", "ours, source left out"][: 1 if options.quick else 2]
    with ProcessPoolExecutor() as workers:
        every, earlier = (
            cross_validated(records, before, Growth(), groupings[: len(names)], workers.map)
            for before in (False, True)
        )
    for n, name in enumerate(names):
        table[name] = (score(every[n], records, False), score(earlier[n], records, True))
    print(f"{'':24s} {'all: R@4':>9s} {'hit@4':>7s} {'before: R@4':>12s} {'hit@4':>7s}")
    for method, (whole, past) in table.items():
        print(
            f"{method:24s} {whole['recall@4']:9.3f} {whole['hit@4']:7.3f}"
            f" {past['recall@4']:12.3f} {past['hit@4']:7.3f}"
        )
    for n, name in enumerate(names):
        by_source(name, [every[n], earlier[n]], records)
    whole, past = table["ours, 5 folds"]
    best = table.get("tfidf-mixed", ({}, {}))
    return [
        figure("recall@4, all", whole["recall@4"], best[0].get("recall@4"), BARS["all"]),
        figure("recall@4, before", past["recall@4"], best[1].get("recall@4"), BARS["before"]),
        figure("hit@4, all", whole["hit@4"], best[0].get("hit@4"), BARS["hit"]),
    ]


def by_source(name: str, ours: list[dict[str, list[str]]], records: list[Record]) -> None:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.source].append(record)
    print(f"\n{name:24s} {'queries':>8s} {'all: R@4':>9s} {'before: R@4':>12s}")
    for source in sorted(groups):
        others = [
            r if r.source == source else msgspec.structs.replace(r, links=()) for r in records
        ]
        every, earlier = score(ours[0], others, False), score(ours[1], others, True)
        print(
            f"{source:24s} {every['queries']:8.0f} {every['recall@4']:9.3f}"
            f" {earlier['recall@4']:12.3f}"
        )


def figure(
    name: str, ours: float, other: float | None, bar: float, unit: str = ""
) -> dict[str, Any]:
    """Return a figure; one with a unit is a cost, of which less is better."""
    return {
        "figure": name,
        "ours": round(ours, 4),
        "peer": "scikit-learn" if unit else "TF-IDF x3 + tags + date + source (scikit-learn)",
        "peer_value": other,
        "ratio": ours / other if other else None,
        "unit": unit,
        "bar": bar,
        "met": ours <= bar if unit else ours >= bar,
    }


def mixed(records: list[Record], count: int) -> list[Article]:
    """Return ``count`` articles over twelve months: the records, then mixtures of two of them."""
    luck = random.Random(5)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    plain = [(r, plain_text(r.body)) for r in records]
    for record, text in plain:
        groups[record.source].append((record.title, text))
    articles = []
    for number in range(count):
        record, text = plain[number % len(plain)]
        title = record.title
        if number >= len(plain):
            other_title, other = luck.choice(groups[record.source])
            lines = text.split("\n")[:: luck.choice((1, 2))] + other.split("\n")[1::2]
            text = "\n".join(lines)
            words = (title + " " + other_title).split()
            title = " ".join(luck.sample(words, min(9, len(words))))
        articles.append(
            Article(
                key=f"{number:06}",
                title=title,
                published=Dateline(f"2025-{1 + number % MONTHS:02}-{1 + number // MONTHS % 28:02}"),
                body="",
                text=text,
                lang=record.lang,
                site=record.source,
                tags=record.tags,
            )
        )
    return articles


def archive(records: list[Record], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure the whole computation, and one newcomer, on an archive of generated articles."""
    articles = mixed(records, options.archive)
    start = time.process_time()
    made = [features(a, tuple(TopicMatch(t, 1.0) for t in a.tags[:6])) for a in articles]
    by_key = {one.key: one for one in made}
    reading = update_reading(state_of(by_key, {}, set()))
    ours = 1000 * (time.process_time() - start) / len(articles)
    vectors = [rows for block in reading.blocks.values() for rows in (block.full, block.titles)]
    size = sum(len(msgspec.msgpack.encode(rows)) for rows in vectors) / 1e6
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for month, block in reading.blocks.items():
            (folder / month).write_bytes(save_block(block))
        stored = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        newcomers = [newcomer(by_key, folder, at) for at in range(TRIES)]
        write_texts(folder, [{"id": a.key, "title": a.title, "text": a.text} for a in articles])
        theirs = peer(options.peer_python, "tfidf-time", folder)
    other = theirs["ms"] if theirs else None
    update = sorted(spent for spent, _ in newcomers)[TRIES // 2]
    print(f"\n{len(articles)} articles: ours {ours:.2f} ms an article, scikit-learn {other}")
    print(f"one newcomer, with all whose list it may change: {update:.0f} CPU ms (the median of")
    print(f"{TRIES}), {[asked for _, asked in newcomers]} asked for; vectors: {size:.1f} MB")
    print(f"all that is kept between builds, mapped into memory: {stored:.1f} MB")
    return [
        figure("whole computation", ours, other, TIME_BAR * (other or 0), "CPU ms an article"),
        figure("one newcomer and all it changes", update, None, ONE_BAR, "CPU ms"),
        figure("vectors, mapped into memory", size, None, MEMORY_BAR, "MB"),
    ]


def newcomer(by_key: dict[str, Features], folder: Path, number: int) -> tuple[float, int]:
    """Return the CPU ms of one more article in the last month, and how many are asked for."""
    key = sorted(by_key)[(number + 1) * len(by_key) // (TRIES + 1)]
    more = msgspec.structs.replace(by_key[key], key="newcomer", month=f"2025-{MONTHS:02}")
    start = time.process_time()
    blocks = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        blocks[path.name] = load_block(memoryview(held))
    # As a publish has it: the keys of a month in which nothing came are those of its block.
    keys = {month: block.keys for month, block in blocks.items()}
    keys[more.month] = (*keys[more.month], more.key)
    state = State(keys, lambda key: more if key == more.key else by_key[key], blocks, {more.key})
    found = update_reading(state).found
    return 1000 * (time.process_time() - start), len(found)


def state_of(by_key: dict[str, Features], blocks: dict[str, Any], touched: set[str]) -> State:
    keys: dict[str, list[str]] = defaultdict(list)
    for one in by_key.values():
        keys[one.month].append(one.key)
    return State(keys, by_key.__getitem__, blocks, touched)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--corpus", type=Path, default=SHARED / "corpora/technews/articles.jsonl.gz"
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peer-python", default=sys.executable)
    parser.add_argument("--archive", type=int, default=2_659)
    parser.add_argument("--costs", action="store_true")
    parser.add_argument("--train", type=Path)
    options = parser.parse_args()
    with gzip.open(options.corpus, "rt", encoding="utf-8") as file:
        records = blind([json.loads(line) for line in file])
    if options.train:
        options.train.write_bytes(msgspec.json.encode(train(records, Growth())) + b"\n")
        return 0
    figures = [] if options.costs else quality(records, options)
    figures += archive(records, options)
    for one in figures:
        print(
            f"{one['figure']}: {one['ours']} (bar {one['bar']}) {'met' if one['met'] else 'MISSED'}"
        )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
