"""Each article as JSON, beside its page: its clean fields, for whoever would not read HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

import msgspec

from backissue.archive.digests import code_version, digest
from backissue.archive.files.file import File, Site
from backissue.archive.intake.derive import recall_derived
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.store.recall import recall_article
from backissue.archive.store.store import Store
from backissue.topics import Vocabulary

NAME: Final = "index.json"


def record_path(address: str) -> str:
    """Return the file of the article at an address."""
    return f"{address}{NAME}"


def records(
    store: Store, vocabulary: Vocabulary, site: Site, keys: Iterable[str] | None
) -> Iterator[File]:
    """Yield the records of articles (None: of all), those that the catalogue holds.

    A record shows nothing but its own article, so that only a change of that writes it anew.
    """
    catalogue = Catalogue(store.db)
    version = code_version("archive/files/records.py")
    if keys is None:
        # A month at a time: the store is written to between two of them.
        entries = (one for month in catalogue.months() for one in list(catalogue.entries(month)))
    else:
        entries = (one for key in keys if (one := catalogue.entry(key)))
    for entry in entries:
        topics = [topic.name for slug in entry.brief.topics if (topic := vocabulary.by_slug(slug))]
        shows = digest(
            version, site.base, entry.url, entry.source, entry.article, topics, entry.brief.pictures
        )
        yield File(record_path(entry.url), shows, partial(_record, store, site, entry, topics))


def _record(store: Store, site: Site, entry: Entry, topics: list[str]) -> bytes:
    """Return the record; fields that the article does not have are left out."""
    article = recall_article(store, entry.article)
    fields: dict[str, Any] = {
        "title": article.title,
        "url": f"{site.base}/{entry.url}",
        "published": article.published.value,
        "updated": article.updated.value if article.updated else "",
        "modified": article.modified.value if article.modified else "",
        "corrections": [{"date": one.date.value, "note": one.note} for one in article.corrections],
        "authors": article.authors,
        "site": article.site,
        "canonical": article.canonical,
        "language": article.lang,
        "lead": article.lead,
        "topics": topics,
        "tags": article.tags,
        "words": recall_derived(store, entry.derived).body.words,
        "pictures": [f"{site.base}/{entry.url}{name}" for name in entry.brief.pictures],
        "text": article.text,
        "html": article.body,
        "questions": article.faq,
        "references": article.references,
        "source": entry.source,
        "sha256": article.sha256,
        "found": dict(sorted(article.found.items())),
    }
    return msgspec.json.encode({name: value for name, value in fields.items() if value}) + b"\n"
