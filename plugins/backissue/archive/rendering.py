"""Pages rendered on all cores, in their order.

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
from typing import Final

from backissue.archive.views import Page
from backissue.archive.workers import Pool, die_with

Render = Callable[[Page], str]
Rendered = tuple[list[str], list[logging.LogRecord]]

FROM: Final = 128  # fewer pages are rendered before processes have started
CHUNK: Final = 16


class Renderers(Pool):
    """Processes in which ``render`` renders pages.

    ``quiet`` is called before they are forked, and returns when no other thread is at work: what
    such a thread holds, a child would hold for ever.
    """

    def __init__(self, jobs: int, render: Render, quiet: Callable[[], object]) -> None:
        self._jobs, self._render, self._quiet = jobs, render, quiet

    def render(self, pages: Sequence[Page]) -> Iterator[str]:
        """Return the texts of ``pages``. Where there are processes, they begin at once."""
        if self._pool is None:
            if self._jobs < 2 or len(pages) < FROM or sys.platform != "linux":
                return map(self._render, pages)
            self._quiet()
            context = multiprocessing.get_context("fork")
            # Forked, the children are given the very objects.
            self._pool = ProcessPoolExecutor(
                self._jobs,
                mp_context=context,
                initializer=_Child.begin,
                initargs=(self._render, os.getpid()),
            )
        chunks = [pages[start : start + CHUNK] for start in range(0, len(pages), CHUNK)]
        return _texts([self._pool.submit(_Child.render, chunk) for chunk in chunks])


def _texts(futures: list[Future[Rendered]]) -> Iterator[str]:
    for future in futures:
        texts, records = future.result()
        for record in records:
            logging.getLogger(record.name).handle(record)
        yield from texts


class _Child:
    """What a child process holds."""

    _render: Render
    _heard: list[logging.LogRecord]

    @classmethod
    def begin(cls, render: Render, parent: int) -> None:
        """Make the child ready. A handler of the parent's may hold a lock for ever here."""
        die_with(parent)
        cls._heard = []
        root = logging.getLogger()
        root.handlers = [_Collect(cls._heard)]
        for name in list(root.manager.loggerDict):
            logging.getLogger(name).handlers = []
            logging.getLogger(name).propagate = True
        cls._render = staticmethod(render)

    @classmethod
    def render(cls, pages: Sequence[Page]) -> Rendered:
        """Return the texts of pages, and what was logged meanwhile."""
        texts = [cls._render(page) for page in pages]
        records = cls._heard[:]
        cls._heard.clear()
        return texts, records


class _Collect(logging.Handler):
    """Keeps what is logged, in a form that can be sent to another process."""

    def __init__(self, heard: list[logging.LogRecord]) -> None:
        super().__init__()
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, its message put together."""
        record.msg, record.args, record.exc_info = record.getMessage(), None, None
        self._heard.append(record)
