"""Work spread over processes, in order, with no process started for a handful of pieces."""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from copy import copy
from itertools import chain, islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar, cast

POOL_FROM: Final = 48  # fewer pieces of work are done before a pool has started
CHUNK: Final = 8
AHEAD: Final = 4  # such chunks, for each process, that are done or waited for ahead of use
_SIGNAL_WHEN_PARENT_DIES: Final = 1  # PR_SET_PDEATHSIG

In = TypeVar("In")
Out = TypeVar("Out")
Next = TypeVar("Next")


class Pool:
    """Processes that a subclass starts when they are first worth it; they end with the block."""

    _pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


class Workers(Pool, Generic[In, Out]):
    """Processes that do one piece of work for many items.

    On Linux they are forked, with all that is loaded: to load it again in each takes a second.
    """

    def __init__(self, jobs: int, work: Callable[[In], Out]) -> None:
        """Take what to do for an item. Where nothing is forked, it must be picklable.

        It may not use a connection to the store, nor open one where this process has begun a
        transaction by the time that the work is first spread.
        """
        self.jobs = jobs or available_cores()
        self._work = work

    def spread(self, items: Iterable[In], pieces: int | None = None) -> Iterator[Out]:
        """Yield what is made of each item, in order; a few are taken ahead of that.

        ``pieces``: how much work there is, where an item is more than one piece of it.
        """
        rest = iter(items)
        if self._pool is None:
            first = list(islice(rest, POOL_FROM if pieces is None else None))
            if self.jobs < 2 or (pieces or len(first)) < POOL_FROM:
                yield from map(self._work, chain(first, rest))
                return
            self._pool = self._start()
            rest = chain(first, rest)
        under_way: deque[Future[list[Out]]] = deque()
        while batch := list(islice(rest, CHUNK if pieces is None else 1)):
            under_way.append(self._pool.submit(_Worker.do, batch))
            if len(under_way) > AHEAD * self.jobs:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        return ProcessPoolExecutor(
            self.jobs,
            mp_context=context,
            initializer=_Worker.begin,
            initargs=(self._work, os.getpid()),
        )


def spread_over(jobs: int, work: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
    """Yield what is made of each of a few large items, in order, by so many processes.

    Where the system does not fork, the work is done here.
    """
    if sys.platform != "linux":
        return map(work, items)
    return _spread_over(jobs, work, items)


def _spread_over(jobs: int, work: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
    with Workers(jobs, work) as workers:
        yield from workers.spread(items, POOL_FROM)


class _Worker:
    """What a worker holds."""

    _work: Callable[[Any], Any]

    @classmethod
    def begin(cls, work: Callable[[Any], Any], parent: int) -> None:
        """Make the worker ready."""
        die_with(parent)
        if sys.platform == "linux":
            leave_behind(logging.NullHandler())
        cls._work = staticmethod(work)

    @classmethod
    def do(cls, batch: Sequence[Any]) -> list[Any]:
        """Return what is made of some items."""
        return [cls._work(item) for item in batch]


class Aside(Generic[Out]):
    """One piece of work that a process of its own does, beside what this one does meanwhile.

    It is forked; where the system does not fork, or ``jobs`` is 1, the work is done when its
    result is asked for. What it prints is lost.
    """

    def __init__(
        self, jobs: int, work: Callable[[], Out], ready: Callable[[], None] | None = None
    ) -> None:
        """Take the work; with ``ready`` the process does that too, and waits for more (``next``).

        Such a process ends with its last work or when it is ``close``d; this one waits for it.
        """
        self._work = work
        self._process: BaseProcess | None = None
        self._stays = ready is not None
        if jobs > 1 and sys.platform == "linux":
            context = multiprocessing.get_context("fork")
            self._pipe, other = context.Pipe()
            args = (work, ready, other, self._pipe, os.getpid())
            self._process = context.Process(target=_do, args=args)
            self._process.start()
            other.close()

    @property
    def is_under_way(self) -> bool:
        """Whether another process is still at it."""
        return self._process is not None and not self._pipe.poll()

    @property
    def stays(self) -> bool:
        """Whether there is a process that waits for more."""
        return self._stays and self._process is not None

    def next(self, work: Callable[[], Next]) -> Aside[Next]:
        """Begin the last piece of work, which must be picklable, in a process that ``stays``.

        The result of the one before must have been taken.
        """
        last = cast(Aside[Next], copy(self))
        last._stays = False
        self._pipe.send(work)
        return last

    def close(self) -> None:
        """End a process that waits for more, whatever it still makes ready."""
        if self._process is not None:
            self._pipe.close()
            if self._stays:
                self._process.terminate()
            self._process.join()
            self._process = None

    def result(self) -> Out:
        """Return what the work returned, or raise what it raised."""
        if self._process is None:
            return self._work()
        try:
            done: tuple[Out, None] | tuple[None, Exception] = self._pipe.recv()
        except EOFError:
            raise BrokenProcessPool("a process ended before its work was done") from None
        finally:
            if not self._stays:
                self.close()
        value, error = done
        if error is not None:
            raise error
        return cast(Out, value)


def _do(
    work: Callable[[], object],
    ready: Callable[[], None] | None,
    pipe: Connection,
    parents: Connection,
    parent: int,
) -> None:
    parents.close()  # else the end of the parent's would never show here
    die_with(parent)
    leave_streams()
    gc.freeze()  # what was there before lives as long as the process
    _tell(pipe, work)
    if ready is not None:
        ready()
        with suppress(EOFError):
            _tell(pipe, pipe.recv())


def _tell(pipe: Connection, work: Callable[[], object]) -> None:
    try:
        pipe.send((work(), None))
    except Exception as error:
        pipe.send((None, error))


def end_children() -> None:
    """End the processes that this one started: a build that failed waits for none of them.

    One whose result nobody takes any more would wait for ever to give it, and its build with it.
    """
    for child in multiprocessing.active_children():
        child.terminate()
        child.join()


def die_with(parent: int) -> None:
    """Let this process end when ``parent``, which started it, does, killed or not.

    A worker that outlived its build would keep its memory and, if it was forked, the site's
    lock. Linux alone has a call for it (prctl, PR_SET_PDEATHSIG). Ctrl-C reaches parent and
    workers alike: the parent says so, a worker ends without a word.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SIGNAL_WHEN_PARENT_DIES, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it died before we asked


def leave_behind(handler: logging.Handler) -> None:
    """Make a process that was forked from a whole build independent of what went on there.

    What it logs goes to ``handler``: one of the parent's may hold a lock for ever here. What was
    there before lives as long as the process: no collector of garbage need look at it.
    """
    leave_streams()
    gc.freeze()
    root = logging.getLogger()
    root.handlers = [handler]
    for name in list(root.manager.loggerDict):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


def give_back() -> None:
    """Give memory that is free back to the system, where the C library can (glibc's can).

    What a large build took for a while would else be held to its end, beside what others take.
    Garbage goes with it: of a forked process with much in it Python collects that seldom.
    """
    gc.collect()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def leave_streams() -> None:
    """Print nowhere from now on, in a process that was forked.

    Pelican's progress display may have been printing then, from a thread that is not here: the
    lock that it held on the terminal would never open, not even for the last flush.
    """
    sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - as long as the process


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
