"""Search as any Pelican site runs it: ``PLUGINS = ["backissue.search"]``.

The published articles go into a Whoosh index, a folder a month, in ``CACHE_PATH/index``, and
from there as the static search into ``OUTPUT_PATH/search/``. Where ``backissue.archive`` runs,
nothing here does anything.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from pelican import signals

from backissue.article import Article
from backissue.clean.metadata import plain, published, record_of, runs
from backissue.patterns import pattern
from backissue.search.export import export
from backissue.search.records import SearchDoc
from backissue.search.store import drop_month, months, write_month

_STAGE: Final = "backissue.search"
_OURS: Final = pattern(r"[a-z]-[0-9a-f]{16}\.bin")  # what export calls a segment's files


def connect() -> None:
    """Plug search into Pelican: once the articles are written, no address changes any more."""
    signals.article_writer_finalized.connect(_publish)


def _publish(generator: Any, writer: Any) -> None:
    """Bring the index up to the articles of this build, and the static search up to the index."""
    del writer  # Pelican's writes what templates make
    if not runs(generator.settings, _STAGE):
        return
    index = Path(generator.settings["CACHE_PATH"]) / "index"
    held: dict[str, list[SearchDoc]] = defaultdict(list)
    for article in published(generator):
        doc = _document(article, record_of(article))
        held[doc.month].append(doc)
    for month in sorted(set(months(index)) - held.keys()):
        drop_month(index, month)
    for month, docs in sorted(held.items()):
        write_month(index, month, docs)
    _write(index, Path(generator.output_path) / "search")


def _document(article: Any, record: Article) -> SearchDoc:
    tags = getattr(article, "tags", None) or []
    return SearchDoc(
        key=record.key,
        url=article.url,
        title=record.title,
        lead=record.lead,
        headings=tuple(heading.text for heading in record.headings),
        body=record.text,
        faq="\n\n".join(f"{one.question}\n{plain(one.answer)}" for one in record.faq),
        topics=tuple(tag.slug for tag in tags),
        topic_names=tuple(plain(tag.name) for tag in tags),
        authors=record.authors,
        source=record.site,
        month=record.published.month,
        date=record.published.day or record.published.month,
        lang=record.lang,
        excerpt=record.excerpt,
    )


def _write(index: Path, folder: Path) -> None:
    """Write the static search: files that changed, whole, and the manifest after its segments.

    Segments of earlier builds go last, so that a reader always meets all that the manifest names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set()
    for name, data in export(index):
        wanted.add(name)
        path = folder / name
        if path.is_file() and path.read_bytes() == data:
            continue
        draft = folder / f".{name}.new"
        draft.write_bytes(data)
        draft.replace(path)
    for path in sorted(folder.iterdir()):
        if path.name not in wanted and _OURS.fullmatch(path.name):
            path.unlink()
