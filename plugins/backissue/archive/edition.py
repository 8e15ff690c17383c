"""Bring the archive up to date with ``content/``: the one way that articles travel.

file -> clean -> topics -> related -> catalogue, and the month's search index. What is made
here is stored; pages are planned from it (pages.py) and written by the Pelican shell.
"""

from __future__ import annotations

from collections.abc import Set
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
    recall_derived,
)
from backissue.archive.digests import code_version, digest
from backissue.archive.settings import Settings
from backissue.archive.sources import find_sources
from backissue.archive.store import Store
from backissue.archive.workers import Workers
from backissue.article import Reason, Rejected
from backissue.related import further_reading
from backissue.search import SearchDoc, drop_month, months, write_month
from backissue.topics import Vocabulary, load_vocabulary

BATCH: Final = 512  # raw files cleaned before their articles are stored: bounds the memory


class Edition(msgspec.Struct, frozen=True):
    """What a build found: the vocabulary, how much changed, and what it had to refuse."""

    vocabulary: Vocabulary
    changed: int
    gone: int
    refused: tuple[Rejected, ...]


def bring_up_to_date(
    store: Store, content: Path, index: Path, settings: Settings, skip: Set[str]
) -> Edition:
    """Read what changed below ``content`` and move store, catalogue and search index with it.

    ``index`` is the folder of the Whoosh indexes. One transaction: a build that dies here
    leaves the store as it was.
    """
    vocabulary, problems = read_vocabulary(content, settings)
    with store.transaction():
        changed, gone = _read_changes(store, content, settings, skip, vocabulary)
        _relate(store, settings)
        _index(store, index, vocabulary)
    return Edition(vocabulary, changed, gone, (*problems, *store.refused()))


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
    store: Store, content: Path, settings: Settings, skip: Set[str], vocabulary: Vocabulary
) -> tuple[int, int]:
    """Clean and derive what changed; return how many files changed and how many are gone."""
    catalogue = Catalogue(store.db)
    basis = digest(clean_version(), derive_version(), settings.clean, vocabulary.digest)
    same_basis = store.fact("basis") == basis
    known = store.sources()
    found = {
        source.name: msgspec.msgpack.encode(source.stamp) for source in find_sources(content, skip)
    }
    gone = sorted(known.keys() - found.keys())
    for name in gone:
        catalogue.drop(name)
        store.drop_source(name)
    changed = [
        name
        for name, stamp in found.items()
        if not same_basis or name not in known or known[name][0] != stamp
    ]
    with Workers(settings.jobs) as workers:
        for start in range(0, len(changed), BATCH):
            batch = changed[start : start + BATCH]
            owner: dict[str, str] = {}
            articles = []
            for name, key, cleaned in clean_files(store, workers, content, batch, settings):
                catalogue.drop(name)
                store.put_source(name, found[name], key)
                store.put_refused(name, cleaned.rejected)
                kept = [article for article in cleaned.articles if not article.draft]
                owner.update((article.key, name) for article in kept)
                articles += kept
            for article, article_key, derived_key, derived in derive_articles(
                store, workers, articles, vocabulary
            ):
                source = owner[article.key]
                catalogue.add(source, article, article_key, derived_key, derived.topics)
    store.put_fact("basis", basis)
    return len(changed), len(gone)


def _relate(store: Store, settings: Settings) -> None:
    """Find the further reading anew where the articles are not those it was found for."""
    catalogue = Catalogue(store.db)
    entries = list(catalogue.entries())
    state = digest(
        code_version("related", "numpy"), settings.further, [entry.derived for entry in entries]
    )
    if store.fact("related") == state:
        return
    features = [recall_derived(store, entry.derived).features for entry in entries]
    catalogue.put_further(further_reading(features, settings.further))
    store.put_fact("related", state)


def _index(store: Store, index: Path, vocabulary: Vocabulary) -> None:
    """Write the search index of each month whose articles are not those it was written for."""
    catalogue = Catalogue(store.db)
    held = catalogue.months()
    written = set(months(index))
    for month in sorted(written - held.keys()):
        drop_month(index, month)
        store.put_fact(f"index {month}", b"")
    version = digest(code_version("search", "whoosh"), vocabulary.digest)
    for month in held:
        entries = list(catalogue.entries(month))
        state = digest(version, [(entry.article, entry.derived, entry.slug) for entry in entries])
        if month in written and store.fact(f"index {month}") == state:
            continue
        write_month(index, month, [_document(store, entry, vocabulary) for entry in entries])
        store.put_fact(f"index {month}", state)


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
