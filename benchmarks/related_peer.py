"""A peer of related/ over a file of texts, in a process of its own: rankings and CPU time.

    python benchmarks/related_peer.py METHOD TEXTS.jsonl OUT.json

METHOD is ``tfidf`` (scikit-learn: title three times, sublinear, words and pairs of Chinese
characters, cosine), ``tfidf-mixed`` (plus .05 each of tags, date and source), ``tfidf-time``
(the first, timed: the vectors of all, and the cosines and four places of one block of articles
in EIGHTH, times EIGHTH), ``tags`` (Hugo's way: shared tags, then date) or ``whoosh``
(more like this, 20 key terms; only the articles asked for). Standard library and the peer.
"""

# Runs under any Python that has the peer, which is imported late.
# ruff: noqa: ANN001, ANN201, ANN202, PLC0415

import datetime
import json
import re
import sys
import tempfile
import time
from pathlib import Path

PLACES = 60
BLOCK = 256
EIGHTH = 8
TOKEN = re.compile(r"[a-z0-9][a-z0-9+#.'-]*[a-z0-9+#]|[\u4e00-\u9fff]+")


def tokens(text):
    for token in TOKEN.findall(text.lower()):
        if "\u4e00" <= token[0] <= "\u9fff":
            yield from (token[i : i + 2] for i in range(max(1, len(token) - 1)))
        else:
            yield token


def vectors(rows):
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    def analyse(row):
        words = [*tokens(row["title"])] * 3 + [*tokens(row["text"])]
        return [word for word in words if word not in ENGLISH_STOP_WORDS]

    vectorizer = TfidfVectorizer(analyzer=analyse, sublinear_tf=True, min_df=2, max_df=0.3)
    return vectorizer.fit_transform(rows)


def tag_cosines(rows):
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=lambda row: row["tags"]).fit_transform(rows)


def ranked(rows, scores_of, places, each=1):
    import numpy as np

    found = {}
    for start in range(0, len(rows), BLOCK * each):
        scores = scores_of(start, min(start + BLOCK, len(rows)))
        for n, line in enumerate(scores):
            line[start + n] = -1.0
            best = np.argpartition(-line, places)[:places]
            best = best[np.argsort(-line[best], kind="stable")]
            found[rows[start + n]["id"]] = [rows[i]["id"] for i in best.tolist()]
    return found


def tfidf(rows, mixed=False):
    import numpy as np

    matrix = vectors(rows)
    turned = matrix.T.tocsr()
    if not mixed:
        return ranked(rows, lambda a, b: (matrix[a:b] @ turned).toarray(), PLACES)
    tags = tag_cosines(rows)
    turned_tags = tags.T.tocsr()
    days = np.array([datetime.date.fromisoformat(row["date"]).toordinal() for row in rows])
    sources = np.array([row["source"] for row in rows])

    def scores(a, b):
        lines = (matrix[a:b] @ turned).toarray() + 0.05 * (tags[a:b] @ turned_tags).toarray()
        lines += 0.05 * np.exp(-np.abs(days[a:b, None] - days[None]) / 180)
        return lines + 0.05 * (sources[a:b, None] == sources[None])

    return ranked(rows, scores, PLACES)


def timed(rows):
    """Return the CPU seconds of four places for every article, by cosine."""
    start = time.process_time()
    matrix = vectors(rows)
    turned = matrix.T.tocsr()
    spent = time.process_time() - start
    each = EIGHTH if len(rows) >= 4 * EIGHTH * BLOCK else 1
    start = time.process_time()
    found = ranked(rows, lambda a, b: (matrix[a:b] @ turned).toarray(), 4, each)
    return spent + (time.process_time() - start) * len(rows) / len(found)


def by_tags(rows):
    found = {}
    days = [datetime.date.fromisoformat(row["date"]).toordinal() for row in rows]
    tags = [frozenset(row["tags"]) for row in rows]
    for n, row in enumerate(rows):
        if row["asked"]:
            order = sorted(
                (i for i in range(len(rows)) if i != n and tags[n] & tags[i]),
                key=lambda i: (-len(tags[n] & tags[i]), abs(days[n] - days[i]), i),
            )
            found[row["id"]] = [rows[i]["id"] for i in order[:PLACES]]
    return found


def whoosh(rows):
    from whoosh import fields, index, scoring

    schema = fields.Schema(id=fields.ID(stored=True), text=fields.TEXT(vector=True))
    with tempfile.TemporaryDirectory() as name:
        found = {}
        held = index.create_in(name, schema)
        writer = held.writer()
        for row in rows:
            writer.add_document(
                id=row["id"], text=" ".join(tokens(row["title"] + " " + row["text"]))
            )
        writer.commit()
        with held.searcher(weighting=scoring.BM25F()) as searcher:
            for number, row in enumerate(rows):
                if row["asked"]:
                    likes = searcher.more_like(number, "text", top=PLACES, numterms=20)
                    found[row["id"]] = [hit["id"] for hit in likes]
    return found


METHODS = {
    "tags": by_tags,
    "tfidf": tfidf,
    "tfidf-mixed": lambda rows: tfidf(rows, mixed=True),
    "whoosh": whoosh,
}


def main():
    method, texts, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    with texts.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    if method == "tfidf-time":
        found, spent = {}, timed(rows)
    else:
        start = time.process_time()
        found = METHODS[method](rows)
        spent = time.process_time() - start
    result = {"ranked": found, "ms": 1000 * spent / len(rows)}
    out.write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
