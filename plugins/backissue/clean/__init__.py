"""Cleaning: a raw archived file in, articles out."""

from typing import Final

from .embedded import pictures_in
from .explain import Explanation, explain, explain_html, explain_text
from .pipeline import ENDINGS, clean, ending
from .predict import predict
from .records import CleanSettings, RawFile

# Raised whenever the same bytes give another article than before.
VERSION: Final = "28"

__all__ = [
    "ENDINGS",
    "VERSION",
    "CleanSettings",
    "Explanation",
    "RawFile",
    "clean",
    "ending",
    "explain",
    "explain_html",
    "explain_text",
    "pictures_in",
    "predict",
]


def register() -> None:
    """Plug cleaning into Pelican."""
    from .shell import connect  # noqa: PLC0415 - only a site needs Pelican

    connect()
