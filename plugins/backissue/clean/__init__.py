"""Cleaning: a raw archived file in, articles out."""

from typing import Final

from .pipeline import ENDINGS, clean
from .records import CleanSettings, RawFile

# Raised whenever the same bytes give another article than before.
VERSION: Final = "1"

__all__ = ["ENDINGS", "VERSION", "CleanSettings", "RawFile", "clean"]


def register() -> None:
    """Plug cleaning into Pelican."""
    from .shell import connect  # noqa: PLC0415 - only a site needs Pelican

    connect()
