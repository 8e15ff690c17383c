"""Topics measured against the tags that editors gave.

    python -m benchmarks.topics [--corpus ARTICLES.jsonl.gz] [--quick] [--json OUT]
                                [--peer-python PYTHON] [--predictions OUT]

The vocabulary of a source is its own tags, those used five times or more; an article's own tags
are not looked at. ``names alone`` learns nothing; ``5 folds`` tags every article by a
model that was taught without its fold. Baselines in the same run: a name in the title or twice
in the body; and scikit-learn's TF-IDF with the 15 nearest neighbours, which ``--peer-python``
names an interpreter for. ``--predictions`` writes ours in the form that score_tags.py reads.
``--quick`` takes the sources of fewer than 400 articles.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from backissue.topics.corpus import (
    LEAST_USED,
    Record,
    article_of,
    fold,
    read_corpus,
    tag_corpus,
    tag_key,
    tags_by_slug,
    vocabulary_of,
)

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BACKISSUE_SHARED", ROOT.parent / "shared"))
CORPUS = "corpora/technews/articles.jsonl.gz"
BARS = {"names alone": 0.45, "5 folds": 0.62}
FEW = 400


def truth(records: list[Record]) -> dict[str, set[str]]:
    """Return the tags of each record that are in its source's vocabulary."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.source].append(record)
    gold = {}
    for group in groups.values():
        used = Counter(key for r in group for key in {tag_key(tag) for tag in r.tags})
        known = {key for key, count in used.items() if count >= LEAST_USED}
        gold.update({r.id: {tag_key(tag) for tag in r.tags} & known for r in group})
    return {key: tags for key, tags in gold.items() if tags}


def score(found: dict[str, list[str]], gold: dict[str, set[str]]) -> tuple[float, float, float]:
    """Return micro-averaged F1, precision and recall."""
    right = given = wanted = 0
    for key, tags in gold.items():
        ours = {tag_key(tag) for tag in found.get(key, ())}
        right, given, wanted = right + len(ours & tags), given + len(ours), wanted + len(tags)
    precision, recall = right / max(given, 1), right / max(wanted, 1)
    return 2 * precision * recall / max(precision + recall, 1e-9), precision, recall


def plain_names(records: list[Record]) -> dict[str, list[str]]:
    """Return the tags whose name is in the title, or twice in the body."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.source].append(record)
    found = {}
    for group in groups.values():
        vocabulary = vocabulary_of(group)
        names = {slug: tag.replace(" ", "-") for slug, tag in tags_by_slug(group).items()}
        for record in group:
            article = article_of(record)
            counts: Counter[str] = Counter()
            for text, worth in ((article.title, 2), (article.text, 1)):
                for mention in vocabulary.names.find(text):
                    counts[mention.slug] += worth
            found[record.id] = [names[slug] for slug, count in counts.items() if count >= 2]
    return found


def neighbours(python: str, records: list[Record], gold: dict[str, set[str]]) -> dict[str, Any]:
    """Return what scikit-learn's nearest neighbours give; empty where it is absent."""
    worker = Path(__file__).with_name("topics_peer.py")
    with tempfile.TemporaryDirectory() as name:
        texts, out = Path(name) / "texts.jsonl", Path(name) / "out.json"
        with texts.open("w", encoding="utf-8") as file:
            for record in records:
                row = {
                    "id": record.id,
                    "source": record.source,
                    "fold": fold(record.id),
                    "tags": sorted(gold.get(record.id, ())),
                    "text": f"{record.title} {record.title} {article_of(record).text}",
                }
                file.write(json.dumps(row) + "\n")
        done = subprocess.run([python, worker, texts, out], check=False, capture_output=True)
        if done.returncode:
            print(f"scikit-learn: absent ({done.stderr.decode().strip().splitlines()[-1:]})")
            return {}
        result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=SHARED / CORPUS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--peer-python", default=sys.executable)
    options = parser.parse_args()
    records = [record for record in read_corpus(options.corpus) if record.tags]
    if options.quick:
        sizes = Counter(record.source for record in records)
        records = [record for record in records if sizes[record.source] < FEW]
    gold = truth(records)
    rows: dict[str, tuple[dict[str, list[str]], float]] = {}
    for name, method in (
        ("name in title or twice", lambda: plain_names(records)),
        ("15 nearest (scikit-learn)", lambda: neighbours(options.peer_python, records, gold)),
        ("ours, names alone", lambda: tag_corpus(records)),
        ("ours, 5 folds", lambda: tag_corpus(records, 5)),
    ):
        start = time.process_time()
        found = method()
        if found:
            rows[name] = (found, 1000 * (time.process_time() - start) / len(records))
    print(f"{'':26s} {'F1':>6s} {'P':>6s} {'R':>6s}")
    scores = {name: score(found, gold) for name, (found, _) in rows.items()}
    for name, (f1, precision, recall) in scores.items():
        print(f"{name:26s} {f1:6.3f} {precision:6.3f} {recall:6.3f}")
    print(f"\n{'F1 by source':26s} " + " ".join(f"{name:>26s}" for name in rows))
    for source in sorted({record.source for record in records}):
        part = {r.id: gold[r.id] for r in records if r.source == source and r.id in gold}
        line = " ".join(f"{score(found, part)[0]:26.3f}" for found, _ in rows.values())
        print(f"{source:26s} {line}")
    figures = []
    for name, other in (
        ("names alone", "name in title or twice"),
        ("5 folds", "15 nearest (scikit-learn)"),
    ):
        ours, peer = scores[f"ours, {name}"][0], scores.get(other, (None,))[0]
        figures.append(
            {
                "figure": f"tags, micro-F1, {name}",
                "ours": round(ours, 4),
                "peer": other,
                "peer_value": peer,
                "ratio": ours / peer if peer else None,
                "unit": "F1",
                "bar": BARS[name],
                "met": ours >= BARS[name],
            }
        )
        print(f"{name}: {ours:.4f} (bar {BARS[name]}) {'met' if figures[-1]['met'] else 'MISSED'}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if options.predictions:
        options.predictions.write_text(json.dumps(rows["ours, 5 folds"][0]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
