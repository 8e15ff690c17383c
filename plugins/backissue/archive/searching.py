"""The search index and the files of the static search, made beside the rest of a publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from backissue.archive.catalogue import Entry
from backissue.archive.indexing import Stale, find_stale, index_state, update_index
from backissue.archive.store import Store
from backissue.archive.workers import POOL_FROM, Aside, Workers
from backissue.topics import Vocabulary

SEARCHED: Final = b"search"  # what the files of the static search are noted to show
FOLDER: Final = "search/"

Files = Iterable[tuple[str, bytes | None]]


class Searched(NamedTuple):
    """What came of it: facts to keep once the publish is done, and the static search's files.

    A file that is published already comes without its bytes. No files at all (None): they are
    all as they were published.
    """

    facts: Mapping[str, bytes]
    files: Files | None


class Search:
    """The search index below ``root``, and what is exported of it."""

    def __init__(self, path: Path, root: Path, vocabulary: Vocabulary) -> None:
        """Take where the store is, and where the index is."""
        self._path, self._root, self._vocabulary = path, root, vocabulary

    def find_stale(self, store: Store, changes: Mapping[str, Entry | None]) -> Stale:
        """Return what may have to be indexed; see ``indexing.find_stale``."""
        return find_stale(store, self._root, self._vocabulary, changes)

    def begin(
        self, stale: Stale, changed: int, workers: Workers, aside: Aside[bytes] | None = None
    ) -> Aside[Searched]:
        """Begin to index what is stale and to export it, for so many articles that ``changed``.

        A few are indexed and exported in a process beside this one: in ``aside``, where there is
        one. Many are indexed here and
        now by all of the ``workers``, and exported when the files are asked for.
        """
        if changed < POOL_FROM:
            work = partial(self._index_and_export, stale)
            return aside.next(work) if aside and aside.stays else Aside(workers.jobs, work)
        if aside:
            aside.close()
        facts = update_index(self._path, self._root, self._vocabulary, stale, workers)
        return Aside(1, partial(self._export, facts))

    def files(self, store: Store) -> Files:
        """Yield all the files of the static search, whether they are as published or not."""
        from backissue.search import export_changes  # noqa: PLC0415 - see update_index

        held = {path.removeprefix(FOLDER) for path in store.outputs_showing(SEARCHED)}
        return export_changes(self._root, held)

    def _index_and_export(self, stale: Stale) -> Searched:
        facts = update_index(self._path, self._root, self._vocabulary, stale, Workers(1))
        searched = self._export(facts)
        return searched._replace(files=None if searched.files is None else list(searched.files))

    def _export(self, facts: Mapping[str, bytes]) -> Searched:
        with closing(Store(self._path)) as store:
            state = index_state(store, facts)
            same = state == store.fact("searched")
            return Searched({**facts, "searched": state}, None if same else self.files(store))
