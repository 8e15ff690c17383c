"""Article -> related topics, further reading, follow-ups."""

from typing import Final

from backissue.related.cooccurrence import related_by_counts, related_topics
from backissue.related.features import Features, features
from backissue.related.months import Block, load_block, save_block
from backissue.related.plan import State
from backissue.related.reading import Reading, further_reading, update_reading

VERSION: Final[str] = "3"

__all__ = [
    "VERSION",
    "Block",
    "Features",
    "Reading",
    "State",
    "features",
    "further_reading",
    "load_block",
    "related_by_counts",
    "related_topics",
    "save_block",
    "update_reading",
]


def register() -> None:
    """Plug relating into Pelican."""
    from backissue.related.shell import connect  # noqa: PLC0415 - only a site needs Pelican

    connect()
