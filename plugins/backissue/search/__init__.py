"""Search: a Whoosh index a month, searched here or exported to be searched in a browser."""

from .collection import rank_collection
from .explain import Explanation, explain
from .export import export, export_changes
from .finding import search
from .query import like
from .records import Facet, Hit, Results, SearchDoc
from .store import (
    VERSION,
    drop_month,
    months,
    settle,
    wanting,
    write_month,
    write_part,
)

__all__ = [
    "VERSION",
    "Explanation",
    "Facet",
    "Hit",
    "Results",
    "SearchDoc",
    "drop_month",
    "explain",
    "export",
    "export_changes",
    "like",
    "months",
    "rank_collection",
    "search",
    "settle",
    "wanting",
    "write_month",
    "write_part",
]


def register() -> None:
    """Plug search into Pelican."""
    from .shell import connect  # noqa: PLC0415 - only a site needs Pelican

    connect()
