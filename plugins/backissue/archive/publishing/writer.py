"""Pelican's writer, for a site that is published whole and written only where it changed."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from pelican import signals
from pelican.writers import FileOverwriteFailedError, Writer

from backissue.archive.publishing.output import OutputError, OutputFolder
from backissue.archive.store.store import Store
from backissue.article import Reason, Rejected
from backissue.patterns import pattern

OURS: Final = frozenset(
    {"archive", "topics", "search", "feeds", "sitemaps", "stories", "theme"}
    | {"index.html", "404.html", "sitemap.xml", "opensearch.xml"}
    | {"robots.txt", "llms.txt", "_headers"}
)
_YEAR: Final = pattern("[0-9]{4}")


logger = logging.getLogger(__name__)


class ArchiveWriter(Writer):  # type: ignore[misc]
    """Writes to the spare tree of the output folder, and at the end shows it to readers.

    A page of the archive comes with a digest of what it shows and is rendered only where that
    is new. Other files (Pelican's pages, static files) are compared by their bytes.
    """

    def __init__(self, output_path: str, settings: dict[str, Any] | None = None) -> None:
        super().__init__(str(output_path), settings)
        self.written = 0
        self.removed = 0
        self.refused: list[Rejected] = []
        self._shown: dict[str, bytes] = {}
        self._announced: set[str] = set()

    def begin(self, store: Store, folder: OutputFolder) -> bool:
        """Make the spare ready. Return whether what readers see is what we published last."""
        self.store, self.folder = store, folder
        # Pelican joins this path to the names of the files that it writes.
        self.output_path = str(folder.spare)
        self._is_ours = folder.is_published and store.fact("root") == os.fsencode(folder.root)
        if not self._is_ours:
            self._keep_off_anothers()
            folder.prepare_anew()
            with store.transaction():
                store.clear("output")
                store.clear("differs")
                store.put_fact("root", b"")
            return False
        folder.prepare(store.differing())
        if store.fact("traces") == folder.traces():
            return True
        # Somebody was in the folder: what they removed is published again.
        gone = folder.missing(store.outputs())
        with store.transaction():
            store.drop_outputs(gone)
            store.add_differing(gone)
        folder.prepare(gone)
        return not gone

    def _keep_off_anothers(self) -> None:
        """Raise OutputError where a publish would throw away what somebody else made.

        A site of ours whose store was removed is told by the search that every one has.
        """
        root = self.folder.root
        if not self.folder.is_published or (root / "search" / "manifest.json").is_file():
            return
        lost = sorted(one.name for one in root.iterdir() if self._was_published(one.name))
        if lost:
            raise OutputError(
                f"{root} holds {', '.join(lost)}, which backissue did not publish and would "
                "replace. Move that away, or let OUTPUT_PATH (-o) name another folder."
            )

    def want(self, path: str, shows: bytes) -> None:
        """Note that this build wants a file that shows just this."""
        if path in self._shown:
            raise FileOverwriteFailedError(f"two pages of the site want the address {path!r}")
        self._shown[path] = shows

    def is_current(self, path: str, shows: bytes) -> bool:
        """Return whether a file is published and shows just this; note that it is wanted."""
        self.want(path, shows)
        return self.store.shows(path) == shows

    def is_wanted(self, path: str) -> bool:
        """Return whether this build asked for a file."""
        return path in self._shown

    def announce(self, paths: Iterable[str]) -> None:
        """Note files that will be written, before they are: from now on the trees may differ."""
        new = sorted(set(paths) - self._announced)
        if new:
            with self.store.transaction():
                self.store.add_differing(new)
            self._announced.update(new)

    def put(self, path: str, data: bytes) -> None:
        """Write a file of the site where it is not there with just these bytes."""
        self._shown.setdefault(path, b"")
        if self.folder.read(path) == data:
            return
        self.announce([path])
        self.folder.write(path, data)
        self.written += 1

    def render(self, path: str, template: Any, context: Any, given: dict[str, Any]) -> str:
        """Return the page that ``write_text`` would write, rendered as Pelican's writer does."""
        page = _Page(template)
        try:
            self.write_file(path, page, context, relative_urls=True, **given)
        except _RenderedError:
            return page.text
        raise AssertionError("Pelican's writer renders what it writes")

    def write_text(self, path: str, text: str, context: Any, given: dict[str, Any]) -> None:
        """Write a page that is rendered already, and tell those who listen to Pelican's signals."""
        if signals.content_written.receivers:
            self.write_file(path, _Text(text), context, relative_urls=True, **given)
        else:  # what Pelican's writer would make for nobody takes longer than to write the file
            self.put(path, text.encode())
            logger.info('Writing "%s"', path)

    def write_file(self, name: str, template: Any, *given: Any, **named: Any) -> None:
        """Write a page as Pelican does; one of Pelican's own may not take an archive's address."""
        ours = isinstance(template, _Page | _Text)
        if not ours and (self._shown.get(name) or self.store.shows(name)):
            page = named.get("page")
            where = page.get_relative_source_path() if page else template.name
            self.refused.append(
                Rejected(
                    reason=Reason.BAD_SETTING,
                    where=where or name,
                    detail=f"its file, {name}, is that of a page of the archive",
                    hint="Give it another slug, or another name.",
                )
            )
            return
        super().write_file(name, template, *given, **named)

    def remove(self, paths: Iterable[str]) -> None:
        """Take files out of the site."""
        gone = sorted(paths)
        self.announce(gone)
        for path in gone:
            self.removed += self.folder.remove(path)

    def unwanted(self, everything: bool) -> list[str]:
        """Return the published files that this build did not ask for.

        ``everything``: it asked for all of them; otherwise only those of Pelican's own
        generators, which it always asks for, are judged.
        """
        known = self.store.outputs() if everything else self.store.outputs_showing(b"")
        return sorted(path for path in known if path not in self._shown)

    def finish(self, gone: Iterable[str], facts: dict[str, bytes]) -> None:
        """Show the new site to readers and remember what was published."""
        dropped = sorted(gone)
        self.remove(dropped)
        if self.folder.touched or not self._is_ours:
            self.folder.exchange(self._was_published)
        if not self._is_ours:
            self.folder.discard()  # a tree that was not ours, or none
        self.folder.stock()
        traces = self.folder.traces()
        with self.store.transaction():
            self.store.put_outputs(self._shown.items())
            self.store.drop_outputs(dropped)
            self.store.clear("differs")
            self.store.add_differing(self.folder.touched if self._is_ours else ())
            self.store.clear("pending")
            root = os.fsencode(self.folder.root)
            for name, value in {**facts, "traces": traces, "root": root}.items():
                self.store.put_fact(name, value)

    def _was_published(self, name: str) -> bool:
        return name in OURS or bool(_YEAR.fullmatch(name)) or self.store.has_output(name)

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> io.TextIOBase:
        path = Path(os.path.relpath(filename, self.output_path)).as_posix()
        return _WholeFile(self, path, encoding)


class _Text:
    """Stands where Pelican's writer wants a template: a page that is rendered already."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, context: object) -> str:
        """Return the page."""
        return self._text


class _RenderedError(Exception):
    """Ends Pelican's writing of a page once it is rendered."""


class _Page:
    """A template that keeps what it rendered of the context that Pelican's writer made."""

    def __init__(self, template: Any) -> None:
        self._template = template
        self.text = ""

    def render(self, context: dict[str, Any]) -> str:
        """Render the page and go no further."""
        self.text = self._template.render(context)
        raise _RenderedError


class _WholeFile(io.StringIO):
    """A text file that is put in its place when it is closed."""

    def __init__(self, writer: ArchiveWriter, path: str, encoding: str) -> None:
        super().__init__(newline="")
        self._to = (writer, path, encoding)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        writer, path, encoding = self._to
        if kind is None:
            writer.put(path, self.getvalue().encode(encoding))
        super().__exit__(kind, error, trace)
