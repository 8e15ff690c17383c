"""Cleaning as any Pelican site runs it: ``PLUGINS = ["backissue.clean"]``.

A reader for raw files takes the place of Pelican's readers for their endings. Where
``backissue.archive`` runs, it runs every stage itself, and nothing here does anything.
"""

from __future__ import annotations

import difflib
import hashlib
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from pelican import signals
from pelican.readers import BaseReader, Readers

from backissue.article import Article
from backissue.clean.metadata import content_of, every_article, key_of, metadata_of, runs
from backissue.clean.pipeline import ENDINGS, clean
from backissue.clean.records import CleanSettings, RawFile

_STAGE: Final = "backissue.clean"
_SKIP: Final = {"status": "skip"}  # Pelican leaves such a file out and says nothing
_log = logging.getLogger(__name__)


class RefusedError(ValueError):
    """A file that cleaning refuses. Why is in the log; Pelican goes on without the file."""


def connect() -> None:
    """Plug cleaning into Pelican."""
    signals.readers_init.connect(_register)
    signals.article_generator_init.connect(_enable)
    signals.article_generator_pretaxonomy.connect(_settle)


class CleanReader(BaseReader):  # type: ignore[misc]
    """Reads the raw files of articles. Other files are left to the reader Pelican has for them."""

    # Pelican takes every direct heir of BaseReader in for these, asked or not.
    file_extensions: tuple[str, ...] = ()
    stock: Mapping[str, Any] = {}
    limits = CleanSettings()

    def read(self, source_path: str) -> tuple[str | None, dict[str, Any]]:
        """Return content and metadata of a file. Raises RefusedError, OSError."""
        name = Path(os.path.relpath(source_path, self.settings["PATH"])).as_posix()
        if _is_other(name, self.settings):
            reader = self.stock.get(name.rpartition(".")[2])
            found = reader(self.settings).read(source_path) if reader else (None, _SKIP)
            return found[0], dict(found[1])
        try:
            results = clean(_raw_file(Path(source_path), name, self.limits), self.limits)
        except OSError as error:
            _log.error("%s cannot be read: %s", name, error.strerror or error)
            raise
        articles = [result for result in results if isinstance(result, Article)]
        for one in results:
            if not isinstance(one, Article):
                _log.error("%s: %s: %s. %s", one.where, one.reason.value, one.detail, one.hint)
        if not articles:
            if results:
                raise RefusedError(name)
            return None, dict(_SKIP)  # an editor hides it
        if len(articles) > 1:
            _log.error(
                "%s: it holds %d articles, and Pelican reads one a file: only the first, %r, is "
                "published. Publish it with backissue.archive, or take the file apart.",
                *(name, len(articles), articles[0].title),
            )
        return content_of(articles[0]), metadata_of(articles[0], self.settings)


def _register(readers: Readers) -> None:
    """Put the reader in for every ending, except those that the site's READERS decides on."""
    if not runs(readers.settings, _STAGE):
        return
    decided = readers.settings.get("READERS") or {}
    endings = sorted({ending[1:] for ending in ENDINGS} - set(decided))
    stock = {ending: readers.reader_classes.get(ending) for ending in endings}
    own = {"stock": stock, "limits": _limits(readers.settings)}
    reader = type("CleanReader", (CleanReader,), own)
    readers.reader_classes.update(dict.fromkeys(endings, reader))


def _enable(generator: Any) -> None:
    """Keep Pelican from warning that it lacks a reader for endings that are read here."""
    for ending in ENDINGS if runs(generator.settings, _STAGE) else ():
        generator.readers.disabled_readers.pop(ending[1:], None)


def _settle(generator: Any) -> None:
    """Tell apart cleaned articles that want one file, and give none an author it has not.

    Pelican gives an article without a byline the site's AUTHOR, and its build ends where two
    files have one name. The earliest article keeps its slug, as in the archive.
    """
    if not runs(generator.settings, _STAGE):
        return
    settings, articles = generator.settings, every_article(generator)
    cleaned = [one for one in articles if hasattr(one, "record")]
    for article in cleaned:
        if not article.record.authors:
            article.authors = []
            vars(article).pop("author", None)
    templates = settings["DIRECT_TEMPLATES"]
    taken = {settings.get(f"{one.upper()}_SAVE_AS", f"{one}.html") for one in templates}
    taken.update(one.save_as for one in articles if not hasattr(one, "record"))
    for article in sorted(cleaned, key=lambda one: (one.record.published, key_of(one))):
        if article.save_as in taken:
            article.slug += "-" + hashlib.sha256(key_of(article).encode()).hexdigest()[:6]
            for other in article.translations:  # each knows all the others
                other.translations = [one for one in other.translations if one is not article]
            article.translations = []
        taken.add(article.save_as)


def _is_other(name: str, settings: Mapping[str, Any]) -> bool:
    """Return whether the folders of pages or static files have a better claim than articles'."""

    def claim(key: str) -> int:
        folders = [folder.strip("/") for folder in settings[key]]
        held = [one for one in folders if not one or f"{name}/".startswith(f"{one}/")]
        return max(map(len, held), default=-1)

    return max(claim("PAGE_PATHS"), claim("STATIC_PATHS")) > claim("ARTICLE_PATHS")


def _raw_file(path: Path, name: str, limits: CleanSettings) -> RawFile:
    with path.open("rb") as file:
        data = file.read(limits.max_bytes + 1)
    sidecar = path.with_name(f"{path.name}.toml")
    return RawFile(name, data, sidecar.read_bytes() if sidecar.is_file() else None)


def _limits(settings: Mapping[str, Any]) -> CleanSettings:
    values = (settings.get("BACKISSUE") or {}).get("clean", {})
    if isinstance(values, CleanSettings):
        return values
    known = CleanSettings.__struct_fields__
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1) or [", ".join(known)]
            raise ValueError(f"BACKISSUE['clean'] has no setting {key!r}. Did you mean {near[0]}?")
    return msgspec.convert(values, CleanSettings)
