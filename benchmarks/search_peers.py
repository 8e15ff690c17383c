"""What tantivy and bm25s find, run by a Python that has them: it reads nothing of ours.

Takes on standard input {"docs": [[key, title, body], ...], "queries": [text, ...]}, and writes
{name of the peer: [[key, ...] for each query]} for each that is installed.
"""

from __future__ import annotations

import json
import sys
from typing import Any

DEPTH = 10
Docs = list[tuple[str, str, str]]


def tantivy(docs: Docs, queries: list[str]) -> list[list[str]]:
    """Return the first ten by tantivy's own BM25 over stemmed title and body."""
    import tantivy as peer  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    builder = peer.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    for field in ("title", "body"):
        builder.add_text_field(field, tokenizer_name="en_stem")
    index = peer.Index(builder.build())
    writer = index.writer()
    for key, title, body in docs:
        writer.add_document(peer.Document(key=key, title=title, body=body))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    found = []
    for text in queries:
        query, _ = index.parse_query_lenient(text, ["title", "body"])
        hits = searcher.search(query, DEPTH).hits
        found.append([searcher.doc(address)["key"][0] for _, address in hits])
    return found


def bm25s(docs: Docs, queries: list[str]) -> list[list[str]]:
    """Return the first ten by bm25s as its own examples use it."""
    import bm25s as peer  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    retriever = peer.BM25()
    texts = [f"{title}\n{body}" for _, title, body in docs]
    retriever.index(peer.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    found = []
    for text in queries:
        tokens = peer.tokenize(text, stopwords="en", show_progress=False)
        ids, scores = retriever.retrieve(tokens, k=min(DEPTH, len(docs)), show_progress=False)
        pairs = zip(ids[0], scores[0], strict=True)
        found.append([docs[number][0] for number, score in pairs if score > 0])
    return found


def main() -> None:
    """Ask each peer that is there."""
    given: dict[str, Any] = json.load(sys.stdin)
    answers = {}
    for peer in (tantivy, bm25s):
        try:
            answers[peer.__name__] = peer(given["docs"], given["queries"])
        except ImportError:
            print(f"{peer.__name__} is not installed", file=sys.stderr)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
