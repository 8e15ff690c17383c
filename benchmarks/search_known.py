"""Known items: the words of an article's rarest sentence, asked of the archive it stands in.

    python -m benchmarks.search_known DOCS [PYTHON]

``DOCS`` is what ``benchmarks.search_build docs`` wrote. Prints MRR@10 of ours, of Whoosh as it
comes, and of those of tantivy, bm25s and Pagefind that PYTHON has; English and Chinese apart, as
typed and with one slip in one word.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from backissue.search import SearchDoc, write_month
from backissue.search.archive import Archive
from backissue.search.finding import Page, answer
from benchmarks.search_browser import PAGEFIND, answers
from benchmarks.search_build import load, pages

ARTICLES: Final = 500
DEPTH: Final = 10
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|[。！？\n]")
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_RUN: Final = re.compile(r"[\u4e00-\u9fff]{2,}")

Ask = Callable[[str], Sequence[str]]
Answers = dict[str, list[list[str]]]


class Item(NamedTuple):
    """An article (its key), and the words of a sentence of it."""

    key: str
    words: tuple[str, ...]


def items(docs: Sequence[SearchDoc], chinese: bool) -> list[Item]:
    """Return for each document with sentences in a language the rarest of them."""
    pattern = _RUN if chinese else _WORD
    read = {doc.key: [pattern.findall(part) for part in _SENTENCE.split(doc.body)] for doc in docs}
    least, most = (1, 6) if chinese else (6, 14)
    common = Counter(
        word.lower() for some in read.values() for word in {w for part in some for w in part}
    )
    found = []
    for doc in docs:
        fit = [part for part in read[doc.key] if least <= len(part) <= most]
        if chinese:
            fit = [part for part in fit if sum(map(len, part)) >= 6]
        if fit:
            rarest = min(
                fit, key=lambda part: sum(common[word.lower()] for word in part) / len(part)
            )
            found.append(Item(doc.key, tuple(rarest)))
    return found


def text_of(item: Item) -> str:
    """Return what is typed to find an item."""
    return " ".join(item.words)


def slipped(item: Item, rng: random.Random) -> Item:
    """Return an item with two letters of its longest word in each other's place."""
    at = max(range(len(item.words)), key=lambda number: len(item.words[number]))
    word = item.words[at]
    place = rng.randrange(len(word) - 1)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return Item(item.key, (*item.words[:at], swapped, *item.words[at + 1 :]))


def mrr(asked: Iterable[Item], ask: Ask) -> float:
    """Return the mean of 1/rank of what was sought among the first ten, 0 where it is not."""
    gains = []
    for item in asked:
        found = list(ask(text_of(item)))[:DEPTH]
        gains.append(1 / (found.index(item.key) + 1) if item.key in found else 0.0)
    return sum(gains) / len(gains) if gains else 0.0


def ours(docs: Sequence[SearchDoc], root: Path) -> Ask:
    """Return our search over ``docs``."""
    write_month(root, "known", docs)
    archive = Archive.open(root)
    return lambda text: [hit.key for hit in answer(archive, text, Page(limit=DEPTH)).hits]


def whoosh_as_it_comes(docs: Sequence[SearchDoc], root: Path) -> Ask:
    """Return Whoosh with its own analysis, parser and ranking over title and body."""
    from whoosh.fields import ID, TEXT, Schema  # noqa: PLC0415 - a peer
    from whoosh.index import create_in  # noqa: PLC0415
    from whoosh.qparser import MultifieldParser  # noqa: PLC0415

    index = create_in(str(root), Schema(key=ID(stored=True), title=TEXT, body=TEXT))
    writer = index.writer()
    for doc in docs:
        writer.add_document(key=doc.key, title=doc.title, body=doc.body)
    writer.commit()
    parser = MultifieldParser(["title", "body"], index.schema)
    searcher = index.searcher()
    return lambda text: [hit["key"] for hit in searcher.search(parser.parse(text), limit=DEPTH)]


def found_by_peers(python: str, docs: Sequence[SearchDoc], queries: Sequence[str]) -> Answers:
    """Return what the peers that ``python`` has find, by their names: keys for each query."""
    given = {"docs": [[doc.key, doc.title, doc.body] for doc in docs], "queries": list(queries)}
    script = Path(__file__).with_name("search_peers.py")
    done = subprocess.run(
        [python, script], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    found: Answers = json.loads(done.stdout)
    return found


def found_by_pagefind(python: str, docs: Sequence[SearchDoc], queries: Sequence[str]) -> Answers:
    """Return what Pagefind finds among the same articles, in a browser; none where it is absent."""
    if subprocess.run(
        [python, "-c", "import pagefind"], capture_output=True, check=False
    ).returncode:
        return {}
    keys = {doc.url: doc.key for doc in docs}
    with tempfile.TemporaryDirectory() as place:
        site = Path(place)
        pages({"known": list(docs)}, site)
        command = [python, "-m", "pagefind", "--site", site]
        subprocess.run(command, capture_output=True, check=True)
        found = answers(site, PAGEFIND, queries)
    return {"Pagefind": [[keys[url.strip("/") + "/"] for url in urls] for urls in found]}


def known_items(
    docs: Sequence[SearchDoc], count: int = ARTICLES, python: str | None = None
) -> list[tuple[str, float, dict[str, float]]]:
    """Return (what was asked, our MRR@10, each peer's) over ``count`` of the articles.

    ``python`` is one that has tantivy, bm25s or pagefind; without it Whoosh is the only peer.
    """
    rng = random.Random(5)
    some = rng.sample(sorted(docs, key=lambda doc: doc.key), min(count, len(docs)))
    sets: list[tuple[str, list[Item]]] = []
    for language, chinese in (("English", False), ("Chinese", True)):
        asked = items(some, chinese)
        sets.append((f"{language} ({len(asked)} articles)", asked))
        slips = [slipped(item, rng) for item in asked]
        sets.append((f"{language}, one slip ({len(asked)} articles)", slips))
    queries = list(dict.fromkeys(text_of(item) for _, made in sets for item in made))
    peers: dict[str, Ask] = {}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        own = ours(some, Path(one))
        peers["Whoosh as it comes"] = whoosh_as_it_comes(some, Path(other))
        if python is not None:
            told = found_by_peers(python, some, queries) | found_by_pagefind(python, some, queries)
            for name, lists in told.items():
                peers[name] = dict(zip(queries, lists, strict=True)).__getitem__
        return [
            (name, mrr(made, own), {peer: mrr(made, ask) for peer, ask in peers.items()})
            for name, made in sets
        ]


if __name__ == "__main__":
    every = [doc for month in load(Path(sys.argv[1])).values() for doc in month]
    for what, own_mrr, theirs in known_items(every, python=(sys.argv[2:] or [None])[0]):
        others = ", ".join(f"{peer} {value:.3f}" for peer, value in theirs.items())
        print(f"{what}: {own_mrr:.3f}, {others}")
