"""Article -> related topics, further reading, follow-ups."""

from typing import Final

from backissue.related.cooccurrence import related_by_counts, related_topics
from backissue.related.features import Features, features
from backissue.related.mentions import Spellings, mentions
from backissue.related.months import Block, load_block, save_block
from backissue.related.plan import State
from backissue.related.reading import Reading, further_reading, update_reading
from backissue.related.stories import Thread, later_coverage, story_threads
from backissue.related.strings import Strings

VERSION: Final[str] = "8"

__all__ = [
    "VERSION",
    "Block",
    "Features",
    "Reading",
    "Spellings",
    "State",
    "Strings",
    "Thread",
    "features",
    "further_reading",
    "later_coverage",
    "load_block",
    "mentions",
    "related_by_counts",
    "related_topics",
    "save_block",
    "story_threads",
    "update_reading",
]


def register() -> None:
    """Plug relating into Pelican."""
    from backissue.related.shell import connect  # noqa: PLC0415 - only a site needs Pelican

    connect()
