"""The search index, brought up to date for the months whose articles changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from backissue.archive.body import plain_text
from backissue.archive.catalogue import Catalogue, Entry
from backissue.archive.derive import recall_article
from backissue.archive.digests import code_version, digest
from backissue.archive.store import Store
from backissue.archive.workers import Workers
from backissue.search import SearchDoc, drop_month, months, settle, wanting, write_part
from backissue.topics import Vocabulary

MOST: Final = 1536  # articles a process writes at once: bounds its memory
FEW: Final = 256  # a month's articles are not parted for less


class _Task(NamedTuple):
    """A part of a month to write: its articles, each with the digest of what is indexed of it."""

    month: str
    articles: tuple[tuple[Entry, bytes], ...]


def update_index(
    store: Store,
    root: Path,
    vocabulary: Vocabulary,
    changes: Mapping[str, Entry | None],
    workers: Workers,
) -> None:
    """Let the search index below ``root`` hold what the catalogue holds.

    ``changes`` are the articles that changed since it last did, as they were then. Only what
    changed is indexed; the parts of months are written by all of the ``workers``.
    """
    catalogue = Catalogue(store.db)
    held = catalogue.months()
    written = set(months(root))
    for month in sorted(written - held.keys()):
        drop_month(root, month)
    version = digest(code_version("search", "whoosh"), vocabulary.digest)
    same_version = store.fact("index") == version
    moved = _moved(catalogue, changes)
    stale = [month for month in held if month in moved or month not in written or not same_version]
    wanted: dict[str, dict[str, bytes]] = {}
    tasks: list[_Task] = []
    jobs = -(-workers.jobs // max(1, len(stale)))
    for month in stale:
        entries = {entry.key: entry for entry in catalogue.entries(month)}
        states = {key: _state(version, entry) for key, entry in entries.items()}
        if month in written and store.fact(f"index {month}") == digest(sorted(states.items())):
            continue
        # Until it is written whole, the store must not say that it knows what is there.
        store.put_fact(f"index {month}", b"")
        wanted[month] = states
        tasks += (
            _Task(month, tuple((entries[key], states[key]) for key in keys))
            for keys in _parts(wanting(root, month, states), jobs)
        )
    made: dict[str, list[str]] = {month: [] for month in wanted}
    work = partial(_write, store.path, root, vocabulary)
    names = workers.spread(work, tasks, sum(len(task.articles) for task in tasks))
    for task, name in zip(tasks, names, strict=True):
        made[task.month].append(name)
    for month, states in wanted.items():
        settle(root, month, states, made[month])
        store.put_fact(f"index {month}", digest(sorted(states.items())))
    store.put_fact("index", version)


def _moved(catalogue: Catalogue, changes: Mapping[str, Entry | None]) -> set[str]:
    """Return the months that articles which changed were in, and those that they are in."""
    both = ((old, catalogue.entry(key)) for key, old in changes.items())
    return {entry.month for pair in both for entry in pair if entry}


def _state(version: bytes, entry: Entry) -> bytes:
    # All that ``_document`` reads; what else follows from the article has no part in it.
    return digest(version, entry.article, entry.url, entry.brief.topics)


def _parts(keys: Sequence[str], jobs: int) -> Iterator[Sequence[str]]:
    """Yield the articles of a month in parts, so that ``jobs`` processes have some to write."""
    size = min(MOST, max(FEW, -(-len(keys) // jobs)))
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def _write(path: Path, root: Path, vocabulary: Vocabulary, task: _Task) -> str:
    store = Store(path)
    try:
        docs = [_document(store, entry, vocabulary) for entry, _ in task.articles]
    finally:
        store.close()
    states = {entry.key: state for entry, state in task.articles}
    return write_part(root / task.month, docs, states)


def _document(store: Store, entry: Entry, vocabulary: Vocabulary) -> SearchDoc:
    article = recall_article(store, entry.article)
    topics = [topic for slug in entry.brief.topics if (topic := vocabulary.by_slug(slug))]
    return SearchDoc(
        key=article.key,
        url=entry.url,
        title=article.title,
        lead=article.lead,
        headings=tuple(heading.text for heading in article.headings),
        body=article.text,
        faq="\n\n".join(f"{one.question}\n{plain_text(one.answer)}" for one in article.faq),
        topics=tuple(topic.slug for topic in topics),
        topic_names=tuple(topic.name for topic in topics),
        authors=article.authors,
        source=article.site,
        month=entry.month,
        date=entry.published.day or entry.month,
        lang=article.lang,
        excerpt=article.excerpt,
    )
