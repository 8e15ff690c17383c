"""Work in other processes: its results, its errors, its end."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool

import pytest

from backissue.archive.workers import Aside, Workers, spread_over

needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")


class Ready:
    """Counts in its process how often it was called."""

    def __init__(self) -> None:
        self._calls = 0

    def become_ready(self) -> None:
        self._calls += 1

    def count(self) -> int:
        return self._calls


READY = Ready()


def count_ready() -> int:
    return READY.count()


def square(number: int) -> int:
    return number * number


def spread_squares() -> list[int]:
    return list(spread_over(2, square, range(4)))


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


@needs_fork
def test_a_process_that_stays_does_one_more_piece_of_work() -> None:
    first = Aside(2, os.getpid, READY.become_ready)
    assert first.stays
    number = first.result()
    last = first.next(os.getpid)
    assert last.result() == number != os.getpid()
    assert not last.stays


@needs_fork
def test_a_process_that_stays_is_ready_before_the_next_piece_of_work() -> None:
    first = Aside(2, os.getpid, READY.become_ready)
    first.result()
    assert first.next(count_ready).result() == 1
    assert READY.count() == 0


@needs_fork
def test_an_error_in_the_next_piece_of_work_is_raised_here() -> None:
    first = Aside(2, os.getpid, READY.become_ready)
    first.result()
    with pytest.raises(ValueError, match="no such month"):
        first.next(fail).result()


@needs_fork
def test_a_process_that_stays_ends_when_it_is_closed() -> None:
    first = Aside(2, os.getpid, READY.become_ready)
    number = first.result()
    first.close()
    assert not first.stays
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_where_nothing_is_forked_nobody_stays() -> None:
    first = Aside(1, os.getpid, READY.become_ready)
    assert not first.stays
    assert first.result() == os.getpid()
    first.close()


@pytest.mark.parametrize("count", [3, 100])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    with Workers(2, str) as workers:
        assert list(workers.spread(range(count))) == [str(n) for n in range(count)]


@needs_fork
def test_items_are_taken_only_a_little_ahead_of_results() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(2000):
            taken.append(number)
            yield number

    with Workers(2, str) as workers:
        first = next(workers.spread(items()))
    assert first == "0"
    assert len(taken) < 200


@needs_fork
def test_a_worker_has_what_was_loaded_here() -> None:
    seen = [os.getpid()]
    with Workers(2, lambda number: (number, seen[0], os.getpid())) as workers:
        done = list(workers.spread(range(100)))
    assert [number for number, _, _ in done] == list(range(100))
    assert {parent for _, parent, _ in done} == {os.getpid()}
    assert os.getpid() not in {process for _, _, process in done}


@needs_fork
def test_a_few_large_items_are_spread_over_processes_in_order() -> None:
    both = list(spread_over(2, lambda item: (item, os.getpid()), range(6)))
    assert [item for item, _ in both] == list(range(6))
    assert os.getpid() not in {process for _, process in both}
    assert list(spread_over(1, lambda item: (item, os.getpid()), [7])) == [(7, os.getpid())]


@needs_fork
def test_a_process_that_waits_for_more_may_have_others_to_help() -> None:
    first = Aside(2, os.getpid, READY.become_ready)
    first.result()
    assert first.next(spread_squares).result() == [0, 1, 4, 9]
