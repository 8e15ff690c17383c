"""Bring the archive up to date with ``content/``: the one way that articles travel.

file -> clean -> topics -> related -> catalogue, and the month's search index. What is made
here is stored; pages are planned from it (pages.py) and written by the Pelican shell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from backissue.archive.body import plain_text
from backissue.archive.catalogue import Catalogue, Entry
from backissue.archive.derive import (
    clean_files,
    clean_version,
    derive_articles,
    derive_version,
    recall_article,
)
from backissue.archive.digests import code_version, digest
from backissue.archive.relate import relate, tidy
from backissue.archive.settings import Settings
from backissue.archive.sources import find_sources
from backissue.archive.store import Store
from backissue.archive.workers import Workers
from backissue.article import Reason, Rejected
from backissue.search import SearchDoc, drop_month, months, write_month
from backissue.topics import Vocabulary, load_vocabulary

BATCH: Final = 512  # raw files cleaned before their articles are stored: bounds the memory


class Edition(msgspec.Struct, frozen=True):
    """What a build found: the vocabulary, how much changed, and what it had to refuse.

    ``changes`` are the articles that changed since the last publish, as they were then (None:
    they were not there).
    """

    vocabulary: Vocabulary
    changed: int
    gone: int
    refused: tuple[Rejected, ...]
    changes: dict[str, Entry | None]


class Folders(msgspec.Struct, frozen=True):
    """Where things lie: raw files, what in ``content`` is no raw file, what is derived."""

    content: Path
    skip: frozenset[str]
    index: Path
    related: Path


def bring_up_to_date(store: Store, folders: Folders, settings: Settings) -> Edition:
    """Read what changed in ``content/`` and move store, catalogue and search index with it.

    Store and catalogue move in one transaction: a build that dies leaves them as they were.
    """
    vocabulary, problems = read_vocabulary(folders.content, settings)
    catalogue = Catalogue(store.db)
    with store.transaction():
        changed, gone = _read_changes(catalogue, store, folders, settings, vocabulary)
        relate(store, catalogue, folders.related, settings)
        store.add_pending(
            (key, msgspec.msgpack.encode(entry) if entry else None)
            for key, entry in sorted(catalogue.before.items())
        )
    tidy(store, folders.related)
    changes = {
        key: msgspec.msgpack.decode(old, type=Entry) if old else None
        for key, old in store.pending()
    }
    _index(store, folders.index, vocabulary, changes)
    return Edition(vocabulary, changed, gone, (*problems, *store.refused()), changes)


def read_vocabulary(content: Path, settings: Settings) -> tuple[Vocabulary, tuple[Rejected, ...]]:
    """Return the topic vocabulary, or an empty one and the reason why it cannot be used."""
    path = content / settings.vocabulary
    if not path.exists():
        return Vocabulary(()), ()
    try:
        vocabulary = load_vocabulary(path.read_bytes(), settings.vocabulary)
    except OSError as error:
        vocabulary = Rejected(
            reason=Reason.BAD_VOCABULARY,
            where=settings.vocabulary,
            detail=error.strerror or str(error),
            hint="Look at the file's permissions.",
        )
    if isinstance(vocabulary, Rejected):
        return Vocabulary(()), (vocabulary,)
    return vocabulary, ()


def _read_changes(
    catalogue: Catalogue, store: Store, folders: Folders, settings: Settings, vocabulary: Vocabulary
) -> tuple[int, int]:
    """Clean and derive what changed; return how many files changed and how many are gone."""
    basis = digest(clean_version(), derive_version(), settings.clean, vocabulary.digest)
    same_basis = store.fact("basis") == basis
    known = store.sources()
    found = {
        source.name: msgspec.msgpack.encode(source.stamp)
        for source in find_sources(folders.content, folders.skip)
    }
    gone = sorted(known.keys() - found.keys())
    for name in gone:
        catalogue.drop(name)
        store.drop_source(name)
    changed = [
        name
        for name, stamp in found.items()
        if not same_basis or name not in known or known[name] != stamp
    ]
    with Workers(settings.jobs) as workers:
        for start in range(0, len(changed), BATCH):
            batch = changed[start : start + BATCH]
            owner: dict[str, str] = {}
            articles = []
            for name, key, cleaned in clean_files(store, workers, folders.content, batch, settings):
                catalogue.drop(name)
                store.put_source(name, found[name], key)
                store.put_refused(name, cleaned.rejected)
                kept = [article for article in cleaned.articles if not article.draft]
                owner.update((article.key, name) for article in kept)
                articles += kept
            for article, article_key, derived_key, derived in derive_articles(
                store, workers, articles, vocabulary
            ):
                keys = (article_key, derived_key)
                catalogue.add(owner[article.key], article, keys, derived.topics)
    store.put_fact("basis", basis)
    return len(changed), len(gone)


def _index(
    store: Store,
    index: Path,
    vocabulary: Vocabulary,
    changes: Mapping[str, Entry | None],
) -> None:
    """Write the search index of each month whose articles are not those it was written for."""
    catalogue = Catalogue(store.db)
    held = catalogue.months()
    written = set(months(index))
    for month in sorted(written - held.keys()):
        drop_month(index, month)
    version = digest(code_version("search", "whoosh"), vocabulary.digest)
    moved = {
        entry.month
        for key, old in changes.items()
        for entry in (old, catalogue.entry(key))
        if entry
    }
    same_version = store.fact("index") == version
    for month in held:
        if month in written and month not in moved and same_version:
            continue
        entries = list(catalogue.entries(month))
        state = digest(version, [(entry.article, entry.derived, entry.slug) for entry in entries])
        if month in written and store.fact(f"index {month}") == state:
            continue
        # Until it is written whole, the store must not say that it knows what is there.
        store.put_fact(f"index {month}", b"")
        write_month(index, month, [_document(store, entry, vocabulary) for entry in entries])
        store.put_fact(f"index {month}", state)
    store.put_fact("index", version)


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
