"""Bring the archive up to date with ``content/``: the one way that articles travel.

file -> clean -> topics -> related -> catalogue, and the search index. What is made here is
stored; pages are planned from it (plan.py) and written by the Pelican shell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from backissue.archive.digests import digest
from backissue.archive.intake.beside import look_beside, stamp_of
from backissue.archive.intake.derive import (
    Given,
    Illustrated,
    Preparing,
    clean_files,
    clean_version,
    derive_articles,
    derive_version,
    prepare,
)
from backissue.archive.intake.sources import ALL_PICTURES, Found
from backissue.archive.intake.topic_files import read_topics
from backissue.archive.relate import note_touched, relate, tidy
from backissue.archive.searching import Search, Searched
from backissue.archive.settings import Settings
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.store.store import Store
from backissue.archive.stories import Stories
from backissue.archive.workers import POOL_FROM, Aside, Workers, give_back
from backissue.article import Rejected
from backissue.topics import Vocabulary


class Edition(msgspec.Struct, frozen=True):
    """What a build found: the vocabulary, how much changed, and what it had to refuse.

    ``changes`` are the articles that changed since the last publish, as they were then (None:
    they were not there). ``searched`` is what becomes of the search meanwhile.
    """

    vocabulary: Vocabulary
    changed: int
    gone: int
    refused: tuple[Rejected, ...]
    changes: dict[str, Entry | None]
    search: Search
    searched: Aside[Searched]


class Folders(msgspec.Struct, frozen=True):
    """Where things lie: the content folder, what was found in it, what is derived.

    ``look`` finds all raw files, where what ``found`` has of those that changed is not enough.
    """

    content: Path
    found: Found
    look: Callable[[], Found]
    index: Path
    related: Path


def bring_up_to_date(
    store: Store, folders: Folders, settings: Settings, aside: Aside[bytes] | None = None
) -> Edition:
    """Read what changed in ``content/`` and move store, catalogue and search index with it.

    ``aside`` is a process that waits to make the files of the search, if there is one.

    A build that dies leaves the store as one of its two transactions left it; the next goes on
    from there.
    """
    topics, problems = read_topics(folders.content, settings)
    catalogue = Catalogue(store.db)
    search = Search(store.path, folders.index, topics.vocabulary)
    given = Given(folders.content, settings, topics)
    with Workers(settings.jobs, partial(prepare, given)) as workers, store.transaction():
        changed, gone = _read_changes(catalogue, store, workers, given, folders)
        note_touched(store, catalogue)
        changes = _move_pending(store, catalogue)
        stale = search.find_stale(store, changes)
    # What is searched for does not depend on further reading: neither waits for the other.
    searched = search.begin(stale, len(changes), settings.jobs, aside)
    with store.transaction():
        relate(store, catalogue, folders.related, settings)
        Stories(catalogue).settle(store)
        changes = _move_pending(store, catalogue)
    tidy(store, folders.related)
    if len(changes) >= POOL_FROM:
        give_back()  # relating held all articles side by side
    refused = (*problems, *store.refused())
    return Edition(topics.vocabulary, changed, gone, refused, changes, search, searched)


def _move_pending(store: Store, catalogue: Catalogue) -> dict[str, Entry | None]:
    """Note the articles that changed; return all since the last publish, as they were then.

    The catalogue knows of them all then: what an earlier build changed before it died counts.
    """
    store.add_pending(
        (key, msgspec.msgpack.encode(entry) if entry else None)
        for key, entry in sorted(catalogue.before.items())
    )
    catalogue.before = {
        key: msgspec.msgpack.decode(old, type=Entry) if old else None
        for key, old in store.pending()
    }
    return catalogue.before


def _compare(
    store: Store, folders: Folders, same_basis: bool
) -> tuple[Found, dict[str, bytes], dict[str, tuple[str, ...]]]:
    """Return the raw files that may have changed, as they are and as the store knows them.

    With them the pictures that they ask for, as the store knows them. Only the folders that hold
    something else than they did are compared, if the basis is the same and all pictures are.
    """
    found = folders.found
    stale = {folder for folder, _ in store.listed().items() ^ found.listed.items()}
    if ALL_PICTURES in stale:
        return found, store.sources(), store.beside()
    if not same_basis:
        return folders.look(), store.sources(), store.beside()
    return found, store.sources(stale), store.beside(stale)


def _read_changes(
    catalogue: Catalogue,
    store: Store,
    workers: Preparing,
    given: Given,
    folders: Folders,
) -> tuple[int, int]:
    """Clean and derive what changed; return how many files changed and how many are gone."""
    basis = digest(clean_version(), derive_version(), given.settings.clean, given.topics.digest)
    same_basis = store.fact("basis") == basis
    found, known, beside = _compare(store, folders, same_basis)
    pictures = {one.name: one.stamp for one in found.pictures}
    own = {one.name: one.stamp for one in found.own}
    stamps = own | {
        name: own[name] + stamp_of(paths, pictures) for name, paths in beside.items() if name in own
    }
    gone = sorted(known.keys() - stamps.keys())
    for name in gone:
        catalogue.drop(name)
        store.drop_source(name)
    changed = [
        name
        for name, stamp in stamps.items()
        if not same_basis or name not in known or known[name] != stamp
    ]

    def articles() -> Iterator[Illustrated]:
        """Yield the articles of files that are not as they were, the catalogue without them."""
        for name, bytes_key, cleaned, listed in clean_files(store, workers, given, changed):
            shown = look_beside(given.content, name, cleaned.asked, pictures)
            key = digest(bytes_key, *shown.state) if shown.paths else bytes_key
            if shown.paths or name in beside:
                store.put_beside(name, shown.paths)
            same = same_basis and store.cleaned(name) == key
            store.put_source(name, own[name] + stamp_of(shown.paths, pictures), key)
            if same:  # written again with the same bytes, or copied: a fresh checkout is all that
                continue
            catalogue.drop(name)
            store.put_refused(name, (*cleaned.rejected, *shown.refused))
            for one in cleaned.articles:
                yield Illustrated(name, one, shown.pictures.get(one, ()), listed.get(one))

    for one, (key, article, topics) in derive_articles(store, workers, given, articles()):
        if not article.draft:
            names = tuple(picture.name for picture in one.pictures)
            catalogue.add(one.source, article, (one.article, key), topics, names)
    store.put_fact("basis", basis)
    store.put_listed(found.listed)
    return len(changed), len(gone)
