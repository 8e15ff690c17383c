"""Article -> related topics, further reading, follow-ups."""

from typing import Final

from backissue.related.cooccurrence import related_by_counts, related_topics
from backissue.related.features import Features, features
from backissue.related.reading import further_reading

VERSION: Final[str] = "2"

__all__ = [
    "VERSION",
    "Features",
    "features",
    "further_reading",
    "related_by_counts",
    "related_topics",
]


def register() -> None:
    """Plug relating into Pelican."""
    from backissue.related.shell import connect  # noqa: PLC0415 - only a site needs Pelican

    connect()
