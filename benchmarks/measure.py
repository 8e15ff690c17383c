"""What every benchmark shares: measuring a command, the form of a figure, the command line.

A benchmark makes ``Figure``s, prints them as one table and writes them as JSON::

    options = arguments(__doc__).parse_args()
    ours = run(["pelican", "content"])
    figures = [figure("cold build, CPU", ours.cpu, "s", bar=AtMost(90))]
    sys.exit(report("first", figures, options.json))
"""

from __future__ import annotations

import argparse
import ctypes
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

import msgspec

ROOT: Final = Path(__file__).resolve().parent.parent
INTERVAL: Final = 0.05  # seconds between two looks at the memory
LINGER: Final = 5.0  # seconds that processes may outlive the command that started them
_SET_CHILD_SUBREAPER: Final = 36  # prctl(2)


# -- measuring ----------------------------------------------------------------------------


class Run(msgspec.Struct, frozen=True):
    """One command, run to its end.

    ``wall`` is seconds by the clock. ``cpu`` is user and system seconds of the command and
    of every process that it started, also of those that it left behind. ``peak`` is the
    most memory in bytes that all of them held together at one of the moments looked at.
    ``output`` is what they printed, errors included.
    """

    command: tuple[str, ...]
    status: int
    wall: float
    cpu: float
    peak: int
    output: str


def note(what: str, run: Run) -> Run:
    """Say on the error stream what a run took, for those who wait; return the run."""
    memory = f"{run.peak / 1024**2:,.0f} MiB"
    print(f"  {what}: {run.wall:.2f} s, {run.cpu:.2f} CPU s, {memory}", file=sys.stderr, flush=True)
    return run


class FailedError(RuntimeError):
    """A command ended with a status that the benchmark cannot go on with."""


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    accept: Sequence[int] = (0,),
) -> Run:
    """Run a command and measure it with all the processes that it starts.

    ``env`` is added to the environment. Raises FailedError, with the end of what was printed,
    where the exit status is none of ``accept``.

    The command leads a session of its own. Memory is the sum of the proportional set sizes
    (PSS: a page shared by three processes counts a third in each) of the processes of that
    session, looked at every INTERVAL seconds, less often where looking takes long: Linux
    walks a process's page tables for it. What lives shorter than that may be missed.
    """
    _adopt_orphans(True)
    with tempfile.TemporaryFile() as printed:
        start = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        watch = _MemoryWatch(process.pid)
        watch.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu = used.ru_utime + used.ru_stime + _reap_left_behind(process.pid)
        _adopt_orphans(False)
        output = _read_all(printed)
    result = Run(tuple(map(str, command)), process.returncode, wall, cpu, watch.peak, output)
    if result.status not in accept:
        tail = "\n".join(output.splitlines()[-25:])
        raise FailedError(f"status {result.status}: {' '.join(result.command)}\n{tail}")
    return result


class _MemoryWatch(threading.Thread):
    """Looks at the memory of a session until it is stopped; ``peak`` is the most it saw."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._session = session
        self._stopped = threading.Event()

    def run(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            before = time.monotonic()
            self.peak = max(self.peak, memory(self._session))
            # Looking holds a lock of the process looked at: a twentieth of the time at most.
            pause = max(INTERVAL, 20 * (time.monotonic() - before))

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def memory(session: int) -> int:
    """Return the proportional set size, in bytes, of all processes of a session together."""
    total = 0
    for name in os.listdir("/proc"):  # noqa: PTH208 - many times a second
        if not name.isdigit():
            continue
        try:
            if os.getsid(int(name)) == session:
                total += _pss(int(name))
        except (ProcessLookupError, FileNotFoundError, PermissionError):
            continue  # it ended while we looked, or it is another user's
    return total


def _pss(process: int) -> int:
    with open(f"/proc/{process}/smaps_rollup", "rb") as file:  # noqa: PTH123 - as above
        for line in file:
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _adopt_orphans(adopt: bool) -> None:
    """Be the parent of processes whose parent ended first, so that their CPU is counted."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _reap_left_behind(group: int) -> float:
    """Wait for what a command left running, at most LINGER seconds; return its CPU seconds."""
    cpu = 0.0
    deadline = time.monotonic() + LINGER
    while True:
        try:
            process, _, used = os.wait4(-group, os.WNOHANG)
        except ChildProcessError:
            return cpu
        if process:
            cpu += used.ru_utime + used.ru_stime
        elif time.monotonic() > deadline:
            os.killpg(group, signal.SIGKILL)
        else:
            time.sleep(0.01)


def _read_all(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


# -- figures ------------------------------------------------------------------------------


class Bar(msgspec.Struct, frozen=True):
    """A bar that a figure must meet. Made by ``AtMost`` or ``AtLeast``.

    ``of_peer``: the bar is for the ratio of ours to the peer's, else for ours.
    """

    limit: float
    most: bool
    of_peer: bool

    def met(self, value: float) -> bool:
        """Return whether a value (or a ratio) meets the bar."""
        return value <= self.limit if self.most else value >= self.limit

    def text(self, unit: str) -> str:
        """Return the bar as people write it: ``≤ 1/600 ×``, ``≥ 0.97``, ``≤ 200 files``."""
        sign = "≤" if self.most else "≥"
        if self.of_peer:
            return f"{sign} {_ratio(self.limit)}"
        return f"{sign} {_number(self.limit)} {unit}".rstrip()


def AtMost(limit: float, *, of_peer: bool = False) -> Bar:  # noqa: N802 - reads as a type
    """Return the bar "no more than this" (``of_peer``: than this share of the peer's)."""
    return Bar(limit, most=True, of_peer=of_peer)


def AtLeast(limit: float, *, of_peer: bool = False) -> Bar:  # noqa: N802 - reads as a type
    """Return the bar "no less than this" (``of_peer``: than this share of the peer's)."""
    return Bar(limit, most=False, of_peer=of_peer)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a benchmark: what we got, what a peer got on the same work, and the bar.

    ``ratio`` is ours over the peer's. ``met`` is None where there is no bar or where it was
    not run; then ``bar`` says so, and why.
    """

    figure: str
    ours: float | None
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    unit: str = ""
    bar: str = ""
    met: bool | None = None


def figure(  # noqa: PLR0913 - all but the first three are optional, by name
    name: str,
    ours: float | None,
    unit: str,
    *,
    peer: str = "",
    peer_value: float | None = None,
    bar: Bar | None = None,
    not_run: str = "",
) -> Figure:
    """Return a figure with its ratio, and whether it meets ``bar``.

    ``not_run`` says why the bar cannot be judged in this run (a peer that is absent, too
    few articles). Where it is empty and a value that the bar needs is None, that is said.
    """
    ratio = ours / peer_value if ours is not None and peer_value else None
    met, text = None, ""
    if bar is not None:
        judged = ratio if bar.of_peer else ours
        if bar.of_peer and ours and peer_value == 0:  # it ran, and found nothing
            judged = math.inf
        text = bar.text(unit)
        if judged is None and not not_run:
            not_run = f"no figure of {peer}" if ours is not None and bar.of_peer else "not measured"
        if not_run:
            text += f" (not run: {not_run})"
        elif judged is not None:
            met = bar.met(judged)
    return Figure(
        figure=name,
        ours=ours,
        peer=peer,
        peer_value=peer_value,
        ratio=ratio,
        unit=unit,
        bar=text,
        met=met,
    )


def check(name: str, good: bool) -> Figure:
    """Return the figure of something that is right or wrong, its bar being that it is right."""
    return Figure(figure=name, ours=float(good), unit="right", bar="= 1 right", met=good)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table, and how many bars were met, missed and not run."""
    head = ("figure", "ours", "peer", "peer's", "ratio", "unit", "bar", "met")
    rows = [head, *(_row(one) for one in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in (1, 3, 4) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, "", _summary(figures)])


def _row(one: Figure) -> tuple[str, ...]:
    verdict = {True: "yes", False: "NO", None: "not run" if one.bar else ""}[one.met]
    return (
        one.figure,
        _number(one.ours),
        one.peer,
        _number(one.peer_value),
        "" if one.ratio is None else _ratio(one.ratio),
        one.unit,
        one.bar,
        verdict,
    )


def _summary(figures: Sequence[Figure]) -> str:
    barred = [one for one in figures if one.bar]
    met = sum(one.met is True for one in barred)
    missed = sum(one.met is False for one in barred)
    return f"{len(barred)} bars: {met} met, {missed} missed, {len(barred) - met - missed} not run."


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.3g}"


def _ratio(value: float) -> str:
    if 0 < value < 0.1:
        return f"1/{1 / value:,.0f} ×"
    return f"{value:.3g} ×"


# -- the command line ---------------------------------------------------------------------


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return the parser that every benchmark starts from: ``--corpus``, ``--quick``, ``--json``."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, metavar="PATH", help="the data to measure on")
    parser.add_argument("--quick", action="store_true", help="a smaller run, of the same form")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there too")
    return parser


def shared(relative: str) -> Path:
    """Return the path of a shared file or folder; end the program where it is absent.

    It is looked for below BACKISSUE_SHARED, or in ``shared`` beside the checkout.
    """
    path = Path(os.environ.get("BACKISSUE_SHARED", ROOT.parent / "shared")) / relative
    if not path.exists():
        sys.exit(f"{relative} is absent: set BACKISSUE_SHARED to the folder that holds it.")
    return path


def report(title: str, figures: Sequence[Figure], out: Path | None) -> int:
    """Print the table, write the JSON, and return the exit status: 1 where a bar was missed."""
    print(f"\n{title}, on {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    print(table(figures))
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(list(figures))) + b"\n")
    return int(any(one.met is False for one in figures))
