"""Relating a corpus: the functions behind ``backissue related`` and its training.

A corpus is a ``.jsonl`` or ``.jsonl.gz`` file with an article a line: ``id``, ``source``,
``title``, ``date``, ``lang``, ``tags``, ``body`` (HTML) and, to learn from, ``links``: the ids
of the articles that its author links to. Truth that a ranking must not see is to be taken out
of the bodies before; ``links`` are looked at only in training and scoring.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import lxml.html
import msgspec
import numpy as np

from backissue.article import Article, Dateline, TopicMatch
from backissue.related.features import Features, features
from backissue.related.plan import Plan, plan_all
from backissue.related.ranking import (
    Rankers,
    Scope,
    Standing,
    candidates,
    learn,
    lessons,
    pools,
    rankers,
)
from backissue.related.trees import Forest, Growth

FOLDS: Final = 5
PLACES: Final = 50
_BLOCKS: Final = "p|li|h1|h2|h3|h4|h5|h6|td|th|pre|blockquote|dt|dd|figcaption|br|tr|div"


class Record(msgspec.Struct, frozen=True):
    """A line of a corpus."""

    id: str
    title: str
    date: str
    body: str
    source: str = ""
    lang: str = "en"
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def read_corpus(path: Path) -> list[Record]:
    """Return the records of a corpus. Raises ``msgspec.DecodeError`` where a line is none."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    decode = msgspec.json.Decoder(Record).decode
    return [decode(line) for line in data.splitlines() if line.strip()]


def plain_text(body: str) -> str:
    """Return the text of an HTML body, a block a line."""
    if not body.strip():
        return ""
    tree = lxml.html.fragment_fromstring(body, create_parent="div")
    for block in tree.iter(*_BLOCKS.split("|")):
        block.tail = "\n" + (block.tail or "")
    return str(tree.text_content())


def corpus_features(records: Iterable[Record]) -> Iterator[Features]:
    """Yield what relating needs of each record."""
    for record in records:
        article = Article(
            key=record.id,
            title=record.title,
            published=Dateline(record.date),
            body="",
            text=plain_text(record.body),
            lang=record.lang,
            site=record.source,
        )
        topics = tuple(TopicMatch(tag.casefold(), 1.0) for tag in record.tags)
        yield features(article, topics)


def rank_corpus(records: Iterable[Record], before: bool = False) -> dict[str, list[str]]:
    """Return for each record up to PLACES others to read, best first, by the shipped forest.

    With ``before`` only those published up to its own day; each is then judged by the months
    before it, as in an archive. Without, all records count as one month.
    """
    forest = rankers().earlier if before else rankers().all
    planned, scope = _archive(corpus_features(records), before)
    return _rank(planned, scope, lambda key: forest)


def cross_validated(
    records: list[Record],
    before: bool,
    growth: Growth,
    groupings: Sequence[Callable[[Record], str]],
    spread: Callable[..., Iterable[Forest]] = map,
) -> list[dict[str, list[str]]]:
    """Rank each record by a forest that saw no links of its group, once for each grouping.

    A grouping gives a record's group: its fold, its source. ``spread`` may grow the forests in
    several processes (``Executor.map``).
    """
    planned, scope = _archive(corpus_features(records), before)
    taught = lessons(planned, _links(records), scope)
    found = []
    for grouping in groupings:
        group = {record.id: grouping(record) for record in records}
        groups_of = np.array([group[key] for key in taught.keys])
        names = sorted(set(group.values()))
        others = [taught.only(groups_of != name) for name in names]
        grown = spread(learn, others, [growth] * len(names))
        forests = dict(zip(names, grown, strict=True))
        found.append(_rank(planned, scope, _by_group(forests, group)))
    return found


def _by_group(forests: Mapping[str, Forest], group: Mapping[str, str]) -> Callable[[str], Forest]:
    return lambda key: forests[group[key]]


def train(records: list[Record], growth: Growth) -> Rankers:
    """Return the forests learned from all links of the records."""
    learned: dict[bool, Forest] = {}
    found = list(corpus_features(records))
    for before in (True, False):
        planned, scope = _archive(found, before)
        learned[before] = learn(lessons(planned, _links(records), scope), growth)
    return Rankers(earlier=learned[True], all=learned[False])


def fold(key: str) -> str:
    """Return the fold of a record, as the scoring scripts have it."""
    return str(zlib.crc32(key.encode("utf-8")) % FOLDS)


def _archive(found: Iterable[Features], before: bool) -> tuple[Plan, Scope]:
    return plan_all(found, by_month=before), Scope.DAY if before else Scope.ALL


def _links(records: Iterable[Record]) -> Mapping[str, frozenset[str]]:
    return {record.id: frozenset(record.links) - {record.id} for record in records}


def _rank(planned: Plan, scope: Scope, forest_of: Callable[[str], Forest]) -> dict[str, list[str]]:
    archive = planned.archive
    found: dict[str, list[str]] = {}
    for batch in candidates(planned, scope, Standing(archive)):
        by_forest: dict[int, tuple[Forest, list[int]]] = {}
        for number, candidate in enumerate(batch):
            forest = forest_of(archive.keys[candidate.found.place])
            by_forest.setdefault(id(forest), (forest, []))[1].append(number)
        for forest, numbers in by_forest.values():
            for place, pool in pools([batch[number] for number in numbers], forest):
                best = pool.near[pool.best_first()[:PLACES]]
                found[archive.keys[place]] = [archive.keys[other] for other in best.tolist()]
    return dict(sorted(found.items()))
