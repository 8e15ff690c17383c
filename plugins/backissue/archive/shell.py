"""The archive as Pelican runs it.

In ``pelicanconf.py``::

    from backissue.archive.shell import ArchivePelican

    PELICAN_CLASS = ArchivePelican
    PLUGINS = ["backissue.archive"]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import msgspec
from pelican import Pelican, parse_arguments, signals
from pelican.generators import ArticlesGenerator, StaticGenerator

from backissue.archive.failures import (
    EXIT_FAILED,
    EXIT_STOPPED,
    CannotBuildError,
    explain_failure,
)
from backissue.archive.inputs import Inputs, folder_times, has_moved, read_inputs
from backissue.archive.publishing.lock import only_build
from backissue.archive.publishing.output import OutputFolder, check_places
from backissue.archive.publishing.writer import ArchiveWriter
from backissue.archive.report import Report, describe
from backissue.archive.store.store import Store
from backissue.archive.workers import Aside, available_cores, end_children

# What a build loads, in steps of 0.1 s or less. A build with nothing to do can go without. The
# search is loaded by the process that makes its files.
ROOMS: Final = (
    "bs4",
    "numpy",
    "backissue.clean",
    "backissue.archive.generators",
)


def connect() -> None:
    """Plug the archive into Pelican: its writer comes through a signal."""
    signals.get_writer.connect(_writer)


def _writer(pelican: Pelican) -> type[ArchiveWriter] | None:
    # Pelican's signals outlive a build: in a process that builds two sites, only ours is ours.
    return ArchiveWriter if isinstance(pelican, ArchivePelican) else None


class ArchivePelican(Pelican):  # type: ignore[misc]
    """Pelican with the archive's generators, a report at the end and an exit status."""

    report: Report | None = None

    def run(self) -> None:
        """Build the site. From the command line, exit with the status of the report.

        Of two builds of one site the second waits for the first. What a person can put right
        (a setting, a full disk) is said in a sentence, all else is Pelican's to report.
        """
        try:
            self._run()
        except (Exception, KeyboardInterrupt) as error:
            why = explain_failure(error)
            if why is None or not _is_one_build():
                raise
            print(f"The site was not built: {why}", file=sys.stderr)
            sys.exit(EXIT_STOPPED if isinstance(error, KeyboardInterrupt) else EXIT_FAILED)

    def _run(self) -> None:
        cache, content = Path(self.settings["CACHE_PATH"]), Path(self.settings["PATH"])
        check_places(Path(self.settings["OUTPUT_PATH"]), content, cache)
        with only_build(cache):
            self._aside: Aside[bytes] | None = None
            try:
                self._inputs = self._look(cache, content)
                self.report = self._nothing_to_do(cache, self._inputs.state) or self._build()
            finally:
                end_children()  # before the lock goes
        print(describe(self.report))
        if self.report.exit_status and _is_one_build():
            sys.exit(self.report.exit_status)

    def _look(self, cache: Path, content: Path) -> Inputs:
        """Return what goes into a build."""
        times, known = b"", {}
        if (path := cache / "store.sqlite").exists():
            with closing(Store(path)) as store:
                times, known = store.fact("folders"), store.listed()
        # Where no file came or went, mostly there is nothing to do, and nothing to load for it.
        look = self._look_and_load if has_moved(content, times) else read_inputs
        try:
            return look(self.settings, known)
        except (AttributeError, TypeError):
            from backissue.archive.settings import read_settings  # noqa: PLC0415 - only now

            read_settings(self.settings.get("BACKISSUE", {}))  # says which one is no such thing
            raise

    def _look_and_load(self, settings: Mapping[str, Any], known: Mapping[str, bytes]) -> Inputs:
        """Return what goes into a build. While the files are looked at, load what a build needs.

        The process that looks at them loads the search then, and waits to make its files.
        """
        jobs = settings.get("BACKISSUE", {}).get("jobs") or available_cores()
        self._aside = Aside(jobs, partial(_encoded_inputs, settings, known), load_search)
        for room in ROOMS:
            if not self._aside.is_under_way:
                break
            import_module(room)
        return msgspec.msgpack.decode(self._aside.result(), type=Inputs)

    def _nothing_to_do(self, cache: Path, state: bytes) -> Report | None:
        """Return the last report where nothing has changed since, in what goes in or comes out."""
        path = cache / "store.sqlite"
        if not state or not path.exists():
            return None
        with closing(Store(path)) as store:
            folder = OutputFolder(Path(self.settings["OUTPUT_PATH"]), cache / "spare")
            if store.fact("inputs") != state or store.fact("traces") != folder.traces():
                return None
            last = msgspec.msgpack.decode(store.fact("report"), type=Report)
            return msgspec.structs.replace(last, changed=0, gone=0)

    def _build(self) -> Report:
        signals.all_generators_finalized.connect(self._note)
        try:
            super().run()
        finally:
            signals.all_generators_finalized.disconnect(self._note)
        archive = self._generators[0]
        edition = archive.edition
        report = Report(
            articles=len(archive.articles),
            changed=edition.changed,
            gone=edition.gone,
            written=0,
            removed=0,
            refused=(*edition.refused, *self._writer.refused),
        )
        # Whatever moved while the build ran is found by the next one.
        kept = {
            "inputs": self._inputs.state,
            "report": msgspec.msgpack.encode(report),
            "folders": folder_times(Path(self.settings["PATH"]), self._inputs.found.listed),
        }
        archive.finish(self._writer, kept)
        archive.store.close()
        return msgspec.structs.replace(
            report, written=self._writer.written, removed=self._writer.removed
        )

    def _note(self, generators: list[Any]) -> None:
        self._generators = generators

    def _get_generator_classes(self) -> list[Callable[..., Any]]:
        from backissue.archive.generators import (  # noqa: PLC0415
            ArchiveGenerator,
            WholeStaticGenerator,
        )

        replaced: dict[type, Callable[..., Any]] = {
            ArticlesGenerator: partial(
                ArchiveGenerator, found=self._inputs.found, aside=self._aside
            ),
            StaticGenerator: WholeStaticGenerator,
        }
        return [replaced.get(one, one) for one in super()._get_generator_classes()]

    def _get_writer(self) -> ArchiveWriter:
        writer = super()._get_writer()
        if not isinstance(writer, ArchiveWriter):
            raise CannotBuildError(
                'PELICAN_CLASS is the archive\'s, so PLUGINS must name "backissue.archive", and no '
                f"other plugin that brings a writer (now: {type(writer).__name__})."
            )
        self._writer = writer
        return writer


def load_search() -> None:
    """Load what makes the files of the search."""
    import_module("backissue.search")
    import_module("backissue.archive.searching")


def _encoded_inputs(settings: Mapping[str, Any], known: Mapping[str, bytes]) -> bytes:
    # Many thousand records go from process to process much faster so than pickled.
    return msgspec.msgpack.encode(read_inputs(settings, known))


def _is_one_build() -> bool:
    """Return whether this process is the pelican command and will not build again."""
    command = Path(sys.argv[0])
    if command.stem != "pelican" and command.parent.name != "pelican":
        return False
    return not parse_arguments(sys.argv[1:]).autoreload
