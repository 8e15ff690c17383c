"""A stock Pelican site: Pelican's own class, generators and ``simple`` theme, and our plugins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator
from pelican.settings import read_settings

BODY = "The reading machine goes through the papers of the archive, one page after another."


def page(title: str, words: str = BODY, head: str = "") -> str:
    """Return a saved page."""
    return (
        f'<html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1><p>{words}</p></article></body></html>"
    )


class Stock:
    """A site in a folder; after ``build`` its articles, by their files, and its output."""

    def __init__(self, root: Path, plugins: list[str], **settings: Any) -> None:
        self.root, self.content, self.output = root, root / "content", root / "output"
        self.plugins, self.settings = plugins, settings
        self.articles: dict[str, Any] = {}
        self.tags: dict[str, list[str]] = {}
        self.content.mkdir(parents=True, exist_ok=True)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files below the content folder."""
        for name, text in files.items():
            path = self.content / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def build(self, files: Mapping[str, str] = {}, **settings: Any) -> Stock:
        """Write files and build the site as it stands."""
        self.write(files)
        override = {
            "PATH": str(self.content),
            "OUTPUT_PATH": str(self.output),
            "CACHE_PATH": str(self.root / "cache"),
            "THEME": "simple",
            "TIMEZONE": "UTC",
            "DEFAULT_LANG": "en",
            "SITEURL": "https://example.org",
            "PLUGINS": list(self.plugins),
            "LOAD_CONTENT_CACHE": False,
            **self.settings,
            **settings,
        }
        signals.all_generators_finalized.connect(self._note)
        try:
            Pelican(read_settings(None, override=override)).run()
        finally:
            signals.all_generators_finalized.disconnect(self._note)
        return self

    def read(self, path: str) -> str:
        """Return the text of a file of the output."""
        return (self.output / path).read_text(encoding="utf-8")

    def files(self) -> list[str]:
        """Return the HTML files of the output."""
        found = self.output.rglob("*.html")
        return sorted(path.relative_to(self.output).as_posix() for path in found)

    def _note(self, generators: list[Any]) -> None:
        (found,) = [one for one in generators if isinstance(one, ArticlesGenerator)]
        every = (found.articles, found.translations, found.drafts, found.hidden_articles)
        self.articles = {one.relative_source_path: one for some in every for one in some}
        self.tags = {
            tag.name: sorted(one.relative_source_path for one in some)
            for tag, some in found.tags.items()
        }
