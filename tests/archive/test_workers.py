"""Work in other processes: its results, its errors, its end."""

import os
import signal
import sys
from concurrent.futures.process import BrokenProcessPool

import pytest

from backissue.archive.workers import Aside, Workers

needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")


def fail() -> None:
    raise ValueError("no such month")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_aside_gives_what_it_would_give_here(jobs: int) -> None:
    assert Aside(jobs, lambda: list(range(100_000))).result() == list(range(100_000))


@needs_fork
def test_work_aside_is_done_in_another_process() -> None:
    assert Aside(2, os.getpid).result() != os.getpid()


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_aside_is_raised_here(jobs: int) -> None:
    with pytest.raises(ValueError, match="no such month"):
        Aside(jobs, fail).result()


@needs_fork
def test_a_process_that_is_killed_is_no_result() -> None:
    with pytest.raises(BrokenProcessPool, match="before its work was done"):
        Aside(2, die).result()


@pytest.mark.parametrize("count", [3, 100])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    with Workers(2) as workers:
        assert list(workers.spread(str, range(count))) == [str(n) for n in range(count)]
