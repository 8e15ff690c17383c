"""The search index, brought up to date for the months whose articles changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backissue.archive.digests import code_version, digest
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.store.recall import recall_article
from backissue.archive.store.store import Store
from backissue.archive.workers import Workers, give_back

if TYPE_CHECKING:
    from backissue.article import Article
    from backissue.search import SearchDoc

MOST: Final = 1536  # articles a process writes at once: bounds its memory
FEW: Final = 256  # a month's articles are not parted for less


class Stale(NamedTuple):
    """Months that may have to be indexed anew, those that the archive has no more.

    ``known`` has what was last known of the index of each, b"" for nothing; ``version`` is that
    of the code and the topics.
    """

    version: bytes
    known: dict[str, bytes]
    gone: tuple[str, ...]


class _Task(NamedTuple):
    """A part of a month to write: its articles, each with the digest of what is indexed of it."""

    month: str
    articles: tuple[tuple[Entry, bytes], ...]


def find_stale(store: Store, root: Path, topics: str, changes: Mapping[str, Entry | None]) -> Stale:
    """Return what may have to be indexed; the store forgets that it knows what is there.

    ``changes`` are the articles that changed since the index was last whole, as they were then;
    ``topics`` is the vocabulary's digest.
    To be called in a transaction: until a month is written whole, the store must not say that
    it knows what is there.
    """
    catalogue = Catalogue(store.db)
    held, written = catalogue.months(), written_months(root)
    version = digest(code_version("search", "whoosh"), topics)
    same_version = store.fact("index") == version
    moved = _moved(catalogue, changes)
    known = {
        month: store.fact(_fact(month)) if month in written else b""
        for month in held
        if month in moved or month not in written or not same_version
    }
    for month in known:
        store.put_fact(_fact(month), b"")
    return Stale(version, known, tuple(sorted(written - held.keys())))


def update_index(
    path: Path, root: Path, names: Mapping[str, str], stale: Stale, jobs: int
) -> dict[str, bytes]:
    """Let the search index below ``root`` hold what the catalogue in the store at ``path`` does.

    ``names`` are those of the topics, by slug. Only what changed is indexed; the parts of months
    are written by so many processes.
    Returns the facts that the store may keep then.
    """
    # Mostly a process of its own does this: the one that begins it need not load the search.
    from backissue.search import drop_month, settle, wanting  # noqa: PLC0415

    for month in stale.gone:
        drop_month(root, month)
    facts = {"index": stale.version}
    wanted: dict[str, dict[str, bytes]] = {}
    tasks: list[_Task] = []
    cuts = -(-jobs // max(1, len(stale.known)))
    with closing(Store(path)) as store:
        catalogue = Catalogue(store.db)
        for month, known in stale.known.items():
            entries = {entry.key: entry for entry in catalogue.entries(month)}
            states = {key: _state(stale.version, entry) for key, entry in entries.items()}
            facts[_fact(month)] = digest(sorted(states.items()))
            if facts[_fact(month)] == known:
                continue
            wanted[month] = states
            tasks += (
                _Task(month, tuple((entries[key], states[key]) for key in keys))
                for keys in _parts(wanting(root, month, states), cuts)
            )
    made: dict[str, list[str]] = {month: [] for month in wanted}
    with Workers(jobs, partial(_write, path, root, names)) as workers:
        parts = workers.spread(tasks, sum(len(task.articles) for task in tasks))
        for task, name in zip(tasks, parts, strict=True):
            made[task.month].append(name)
    for month, states in wanted.items():
        settle(root, month, states, made[month])
    return facts


def index_state(store: Store, facts: Mapping[str, bytes]) -> bytes:
    """Return a digest of what the index holds; ``facts`` are newer than the store's."""
    names = [_fact(month) for month in Catalogue(store.db).months()]
    state = [(name, facts.get(name) or store.fact(name)) for name in names]
    return digest(code_version("search", "whoosh"), state)


def written_months(root: Path) -> set[str]:
    """Return the months that have an index, as ``search.months`` does, which loads the search."""
    return {path.parent.name for path in root.glob("*/current")}


def _fact(month: str) -> str:
    """Return the name of the fact that tells of a month what its index holds."""
    return f"index {month}"


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


def _write(path: Path, root: Path, names: Mapping[str, str], task: _Task) -> str:
    from backissue.search import write_part  # noqa: PLC0415 - see update_index

    with closing(Store(path)) as store:
        docs = [_document(store, entry, names) for entry, _ in task.articles]
    states = {entry.key: state for entry, state in task.articles}
    name = write_part(root / task.month, docs, states)
    if len(docs) >= FEW:
        del docs
        give_back()
    return name


def _document(store: Store, entry: Entry, names: Mapping[str, str]) -> SearchDoc:
    from backissue.search import SearchDoc  # noqa: PLC0415 - see update_index

    article = recall_article(store, entry.article)
    topics = tuple(slug for slug in entry.brief.topics if slug in names)
    return SearchDoc(
        key=article.key,
        url=entry.url,
        title=article.title,
        lead=article.lead,
        headings=tuple(heading.text for heading in article.headings),
        body=article.text,
        faq=_questions(article) if article.faq else "",
        topics=topics,
        topic_names=tuple(names[slug] for slug in topics),
        authors=article.authors,
        source=article.site,
        month=entry.month,
        date=entry.published.day or entry.month,
        lang=article.lang,
        excerpt=article.excerpt,
    )


def _questions(article: Article) -> str:
    """Return an article's questions and answers as text."""
    from backissue.archive.intake.body import plain_text  # noqa: PLC0415 - few have any; it loads cleaning

    return "\n\n".join(f"{one.question}\n{plain_text(one.answer)}" for one in article.faq)
