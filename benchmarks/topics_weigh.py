"""Choose the weights by which names found in an article speak for its topics.

    python -m benchmarks.topics_weigh [--corpus ARTICLES.jsonl.gz]

Coordinate ascent on what benchmarks.topics measures for names alone: micro-F1 of all, and with
it, at the same threshold, the mean of the sources' F1 times SOURCES, so that no large source
has it all. Prints the weights for ``topics/tagger.py`` and the F1 that they give; then, for each
source, its F1 by weights and a threshold that were chosen without it.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backissue.topics.corpus import Record, article_of, read_corpus, tags_by_slug, vocabulary_of
from backissue.topics.tagger import WEIGHTS, find_names
from benchmarks.topics import CORPUS, SHARED, truth

SOURCES = 0.4
STEPS = (0.3, 0.15, 0.075)
LEAST_GAIN = 2e-4
FIXED = ("small", "constant")  # tags of the corpus have no capitals to keep
NAMES = tuple(name for name in WEIGHTS if name not in FIXED)

Floats = NDArray[np.float64]


class Table(NamedTuple):
    """A line for each topic whose name is found in an article."""

    signs: Floats
    right: NDArray[np.bool_]
    source: NDArray[np.str_]
    wanted: dict[str, int]  # by source, how many tags editors gave

    def only(self, kept: NDArray[np.bool_]) -> Table:
        """Return some of the lines."""
        sources = set(self.source[kept].tolist())
        wanted = {source: count for source, count in self.wanted.items() if source in sources}
        return Table(self.signs[kept], self.right[kept], self.source[kept], wanted)


def table_of(records: list[Record]) -> Table:
    """Return what is found in the records."""
    gold = truth(records)
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.source].append(record)
    signs, right, source, wanted = [], [], [], {}
    for name, group in sorted(groups.items()):
        vocabulary = vocabulary_of(group)
        tags = tags_by_slug(group)
        wanted[name] = sum(len(gold.get(record.id, ())) for record in group)
        for record in group:
            for slug, evidence in sorted(find_names(article_of(record), vocabulary).items()):
                found = evidence.signs()
                signs.append([found[sign] for sign in NAMES])
                right.append(tags[slug] in gold.get(record.id, ()))
                source.append(name)
    return Table(np.array(signs), np.array(right), np.array(source), wanted)


def best(table: Table, scores: Floats) -> tuple[float, float]:
    """Return the most that any threshold gives, and that threshold."""
    order = np.argsort(-scores, kind="stable")
    right, source = table.right[order], table.source[order]
    gain = 2 * np.cumsum(right) / (np.arange(1, len(order) + 1) + sum(table.wanted.values()))
    for name, wanted in table.wanted.items():
        mine = source == name
        share = 2 * np.cumsum(right & mine) / (np.cumsum(mine) + wanted)
        gain += SOURCES * share / len(table.wanted)
    at = int(gain.argmax())
    return float(gain[at]), float(scores[order[at]])


def f1(table: Table, given: NDArray[np.bool_]) -> float:
    """Return micro-F1 where the lines ``given`` are."""
    right = float((table.right & given).sum())
    return 2 * right / (float(given.sum()) + sum(table.wanted.values()))


def climb(table: Table) -> tuple[Floats, float]:
    """Return the weights of NAMES and the threshold that gives most."""
    weights = np.array([WEIGHTS[name] for name in NAMES])
    scores = table.signs @ weights
    top, threshold = best(table, scores)
    for step in STEPS:
        for column in range(len(NAMES)):
            for way in (step, -step):
                while True:
                    tried = scores + way * table.signs[:, column]
                    gain, at = best(table, tried)
                    if gain <= top + LEAST_GAIN:
                        break
                    top, threshold, scores = gain, at, tried
                    weights[column] += way
    return weights, threshold


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=SHARED / CORPUS)
    options = parser.parse_args()
    table = table_of([record for record in read_corpus(options.corpus) if record.tags])
    weights, threshold = climb(table)
    for name, weight in zip(NAMES, weights, strict=True):
        print(f"{name:10s} {weight:7.3f}")
    print(f"{'constant':10s} {-threshold:7.3f}")
    print(f"\nmicro-F1 {f1(table, table.signs @ weights >= threshold):.4f}\n")
    print(f"{'source':20s} {'chosen on all':>14s} {'without it':>12s}")
    for source in sorted(table.wanted):
        mine = table.source == source
        own, (other, least) = table.only(mine), climb(table.only(~mine))
        every = f1(own, own.signs @ weights >= threshold)
        print(f"{source:20s} {every:14.3f} {f1(own, own.signs @ other >= least):12.3f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
