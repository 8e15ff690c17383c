"""scikit-learn's TF-IDF and nearest neighbours as a tagger, in a process of its own.

    python benchmarks/topics_peer.py TEXTS.jsonl OUT.json

The 15 nearest of the other folds vote by cosine; a tag of a share of .25 or more is given.
"""

# Runs under any Python that has the peer.
# ruff: noqa: ANN001, ANN201

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

NEAREST, SHARE = 15, 0.25


def vote(rows):
    matrix = TfidfVectorizer(
        sublinear_tf=True, stop_words="english", min_df=2, max_df=0.3
    ).fit_transform([row["text"] for row in rows])
    cosines = (matrix @ matrix.T).toarray()
    folds = np.array([row["fold"] for row in rows])
    found = {}
    for n, row in enumerate(rows):
        line = np.where(folds == folds[n], -1.0, cosines[n])
        best = np.argsort(-line, kind="stable")[:NEAREST]
        total = max(float(line[best].sum()), 1e-9)
        shares = defaultdict(float)
        for i in best:
            for tag in rows[i]["tags"]:
                shares[tag] += float(line[i]) / total
        ranked = sorted(shares.items(), key=lambda x: (-x[1], x[0]))
        found[row["id"]] = [tag for tag, share in ranked if share >= SHARE]
    return found


def main():
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    groups = defaultdict(list)
    for row in rows:
        if row["tags"]:
            groups[row["source"]].append(row)
    found = {}
    for source in sorted(groups):
        found.update(vote(groups[source]))
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
