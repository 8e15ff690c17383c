"""The search index and the files of the static search, made beside the rest of a publish."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backissue.archive.indexing import Stale, find_stale, index_state, update_index
from backissue.archive.store.catalogue import Entry
from backissue.archive.store.store import Store
from backissue.archive.workers import POOL_FROM, Aside, available_cores, spread_over

if TYPE_CHECKING:
    from backissue.topics import Vocabulary

SEARCHED: Final = b"search"  # what the files of the static search are noted to show
FOLDER: Final = "search/"

Files = Iterable[tuple[str, bytes | None]]


class Searched(NamedTuple):
    """What came of it: facts to keep once the publish is done, and the static search's files.

    A file that is published already comes without its bytes, unless they are ``whole``. No files
    at all (None): they are all as they were published.
    """

    facts: Mapping[str, bytes]
    files: Files | None
    whole: bool = False


class Search:
    """The search index below ``root``, and what is exported of it."""

    def __init__(self, path: Path, root: Path, vocabulary: Vocabulary) -> None:
        """Take where the store is, and where the index is."""
        self._path, self._root, self._topics = path, root, vocabulary.digest
        # All that a process which makes the files needs: so it need not load the topics' room.
        self._names = {topic.slug: topic.name for topic in vocabulary.topics}

    def find_stale(self, store: Store, changes: Mapping[str, Entry | None]) -> Stale:
        """Return what may have to be indexed; see ``indexing.find_stale``."""
        return find_stale(store, self._root, self._topics, changes)

    def begin(
        self, stale: Stale, changed: int, jobs: int, aside: Aside[bytes] | None = None
    ) -> Aside[Searched]:
        """Begin to index what is stale and to export it, for so many articles that ``changed``.

        That is done in a process beside this one: in ``aside``, where there is one and few changed.
        Where many did, it has others to help, but for one of the ``jobs``, which this process
        keeps, and lays the files down rather than to send them.
        """
        jobs = jobs or available_cores()
        if changed < POOL_FROM:
            work = partial(self._index_and_export, stale, 1, None, jobs)
            return aside.next(work) if aside and aside.stays else Aside(jobs, work)
        if aside:
            aside.close()
        made = self._root.with_name("exported")
        return Aside(jobs, partial(self._index_and_export, stale, jobs, made))

    def files(self, store: Store, jobs: int = 1) -> Files:
        """Yield all the files of the static search, whether they are as published or not.

        They are made by so many processes.
        """
        from backissue.search import export_changes  # noqa: PLC0415 - see update_index

        held = {path.removeprefix(FOLDER) for path in store.outputs_showing(SEARCHED)}
        return export_changes(self._root, held, each=partial(spread_over, jobs))

    def _index_and_export(
        self, stale: Stale, jobs: int, folder: Path | None, exporting: int = 1
    ) -> Searched:
        others = max(1, jobs - 1)  # the process that began this one is at work too
        index = partial(update_index, self._path, self._root, self._names, stale, others)
        # Where there is much to do a process more does the first half: its memory goes with it.
        facts = index() if folder is None else Aside(jobs, index).result()
        with closing(Store(self._path)) as store:
            state = index_state(store, facts)
            facts = {**facts, "searched": state}
            if state == store.fact("searched"):
                return Searched(facts, None)
            if folder is None:
                # Plain pairs: to take others the process that began this would load the search.
                files = [(name, data) for name, data in self.files(store, exporting)]
                return Searched(facts, files, all(data is not None for _, data in files))
            laid = _lay_down(self.files(store), folder)
        return Searched(facts, _Laid(folder, laid), all(there for _, there in laid))


def _lay_down(files: Files, folder: Path) -> list[tuple[str, bool]]:
    """Write files into a folder that is made anew; return their names, and whether each is there.

    One that came without its bytes is not.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    laid = []
    for name, data in files:
        laid.append((name, data is not None))
        if data is not None:
            (folder / name).write_bytes(data)
    return laid


class _Laid:
    """Files that were laid down in a folder, to be taken up once."""

    def __init__(self, folder: Path, names: Sequence[tuple[str, bool]]) -> None:
        self._folder, self._names = folder, names

    def __iter__(self) -> Iterator[tuple[str, bytes | None]]:
        for name, there in self._names:
            yield name, (self._folder / name).read_bytes() if there else None
        shutil.rmtree(self._folder)
