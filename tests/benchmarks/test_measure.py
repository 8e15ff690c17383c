"""The harness measures truly: CPU and memory of whole process trees, statuses, output."""

import sys
import textwrap
from pathlib import Path

import pytest

from benchmarks.measure import FailedError, run

MB = 1024 * 1024
BURN = "import time\nwhile time.process_time() < 0.3: pass\n"


def script(folder: Path, text: str) -> list[str]:
    path = folder / "work.py"
    path.write_text(textwrap.dedent(text))
    return [sys.executable, "-I", str(path)]


def test_counts_the_cpu_of_a_child(tmp_path: Path) -> None:
    idle = run([sys.executable, "-I", "-c", "pass"])
    busy = run(
        script(
            tmp_path,
            f"""
            import subprocess, sys
            subprocess.run([sys.executable, "-I", "-c", {BURN!r}], check=True)
            """,
        )
    )
    assert 0.28 < busy.cpu - idle.cpu < 0.9


def test_counts_the_cpu_of_a_process_that_was_left_behind(tmp_path: Path) -> None:
    busy = run(
        script(
            tmp_path,
            f"""
            import subprocess, sys
            subprocess.Popen([sys.executable, "-I", "-c", {BURN!r}])
            """,
        )
    )
    assert busy.cpu > 0.28


def test_sees_the_memory_of_two_processes_together(tmp_path: Path) -> None:
    held = run(
        script(
            tmp_path,
            """
            import subprocess, sys, time
            hold = "import time; held = bytearray(50 * 1024 * 1024); time.sleep(1.5)"
            two = [subprocess.Popen([sys.executable, "-I", "-c", hold]) for _ in range(2)]
            for one in two:
                one.wait()
            """,
        )
    )
    assert 100 * MB < held.peak < 160 * MB


def test_counts_memory_that_two_processes_share_once(tmp_path: Path) -> None:
    held = run(
        script(
            tmp_path,
            """
            import os, time
            held = bytearray(b"x") * (60 * 1024 * 1024)
            if os.fork() == 0:
                time.sleep(1)
                os._exit(0)
            os.wait()
            """,
        )
    )
    assert 60 * MB < held.peak < 100 * MB


def test_returns_wall_time_status_and_all_that_was_printed(tmp_path: Path) -> None:
    result = run(
        script(
            tmp_path,
            """
            import os, sys, time
            time.sleep(0.2)
            print("to the one", os.environ["WORD"], os.getcwd(), flush=True)
            print("to the other", file=sys.stderr)
            sys.exit(3)
            """,
        ),
        cwd=tmp_path,
        env={"WORD": "added"},
        accept=(0, 3),
    )
    assert result.status == 3
    assert 0.2 < result.wall < 5
    assert result.output == f"to the one added {tmp_path.resolve()}\nto the other\n"


def test_raises_where_the_status_is_not_accepted() -> None:
    with pytest.raises(FailedError, match=r"status 4(.|\n)*said at the end"):
        run([sys.executable, "-I", "-c", "print('said at the end'); raise SystemExit(4)"])
