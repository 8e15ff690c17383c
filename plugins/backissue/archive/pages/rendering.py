"""Sections made into pages on all cores, in their order.

A template may use anything that Pelican and its plugins have put into the context, so the
processes are forked from the one that has it all; where the system does not fork (and for a
handful of pages) it is done here. A child prints nothing: what it logs is logged here.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Final, NamedTuple

from backissue.archive.pages.pages import Section, size
from backissue.archive.pages.views import Page
from backissue.archive.workers import Pool, die_with, leave_behind

FROM: Final = 128  # fewer pages are rendered before processes have started


class Made(NamedTuple):
    """A page: its file, a digest of what it shows, and its text, None where that is published.

    ``page`` is what it was rendered from, where somebody wants to see it.
    """

    path: str
    shows: bytes
    text: str | None
    page: Page | None


Make = Callable[[Section], list[Made]]
Done = tuple[list[Made], list[logging.LogRecord]]


class Renderers(Pool):
    """Processes that make pages as ``make`` does.

    A child calls ``begin`` first, for a ``make`` of its own. When they are forked, no thread of
    ours may be at work: what such a thread holds, a child would hold for ever.
    """

    def __init__(self, jobs: int, make: Make, begin: Callable[[], Make]) -> None:
        self._jobs, self._make, self._begin = jobs, make, begin

    def make(self, sections: Sequence[Section]) -> Iterator[list[Made]]:
        """Return the pages of each section. Where there are processes, they begin at once."""
        if self._pool is None:
            if self._jobs < 2 or sum(map(size, sections)) < FROM or sys.platform != "linux":
                return map(self._make, sections)
            context = multiprocessing.get_context("fork")
            # Forked, the children are given the very objects.
            self._pool = ProcessPoolExecutor(
                self._jobs,
                mp_context=context,
                initializer=_Child.begin,
                initargs=(self._begin, os.getpid()),
            )
        return _results([self._pool.submit(_Child.make, section) for section in sections])


def _results(futures: list[Future[Done]]) -> Iterator[list[Made]]:
    for future in futures:
        made, records = future.result()
        for record in records:
            logging.getLogger(record.name).handle(record)
        yield made


class _Child:
    """What a child process holds."""

    _make: Make
    _heard: list[logging.LogRecord]

    @classmethod
    def begin(cls, begin: Callable[[], Make], parent: int) -> None:
        """Make the child ready."""
        die_with(parent)
        cls._heard = []
        leave_behind(_Collect(cls._heard))
        cls._make = staticmethod(begin())

    @classmethod
    def make(cls, section: Section) -> Done:
        """Return the pages of a section, and what was logged meanwhile."""
        made = cls._make(section)
        records = cls._heard[:]
        cls._heard.clear()
        return made, records


class _Collect(logging.Handler):
    """Keeps what is logged, in a form that can be sent to another process."""

    def __init__(self, heard: list[logging.LogRecord]) -> None:
        super().__init__()
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, its message put together."""
        record.msg, record.args, record.exc_info = record.getMessage(), None, None
        self._heard.append(record)
