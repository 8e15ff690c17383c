"""Killed, or out of disk, at any write: readers see the old site or the new one, whole.

A publish runs under strace, which kills it (or fails it) at the N-th call of one kind. Then
the output must be one of the two sites, and the next build must end in the new one. `make
test` walks through some calls of each kind, `make test-long` through every one.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive.test_guarantee import start, story
from tests.conftest import ROOT, Site

CALLS = [
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "linkat",
    "unlink",
    "unlinkat",
    "rename",
    "renameat2",
    "mkdir",
    "rmdir",
    "ftruncate",
]
SAMPLE = 3  # calls of each kind that `make test` tries

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")


class Publish:
    """A small site, published, with an edit that waits to be published."""

    def __init__(self, root: Path) -> None:
        self.root = root
        base = Site(root / "base", {})
        base.write(start())
        self.run(base.root, [])
        self.old = base.tree()
        (base.content / "b.md").write_text(story("Beta, told anew", "2026-04-02"))
        (base.content / "c.md").unlink()
        (base.content / "e.md").write_text(story("Epsilon", "2026-05-05"))
        self.base = base
        after = self.copy("after")
        self.run(after.root, [])
        self.new = after.tree()
        assert self.old != self.new

    def copy(self, name: str) -> Site:
        """Return a copy of the site before the publish, hard links and all."""
        target = self.root / name
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["cp", "-a", self.base.root, target], check=True)
        # The store knows its output by its path.
        return Site(target, {})

    def run(self, root: Path, before: list[str]) -> subprocess.CompletedProcess[str]:
        """Publish in a process of its own, started by the command ``before``."""
        # A link that is the same for every copy, so that the store finds its output again.
        here = self.root / "here"
        here.unlink(missing_ok=True)
        here.symlink_to(root)
        return subprocess.run(
            [
                *before,
                *(sys.executable, "-m", "pelican", here / "content", "-o", here / "output"),
                *("-s", ROOT / "pelicanconf.py", "--log-handler", "plain"),
                *("-e", f'CACHE_PATH="{here / "cache"}"', 'BACKISSUE={"jobs": 1}'),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT / "plugins")},
            capture_output=True,
            text=True,
            check=False,
        )

    def count(self, call: str) -> int:
        """Return how many calls of a kind a publish makes."""
        log = self.root / "calls"
        site = self.copy("counted")
        self.run(site.root, ["strace", "-f", "-qq", "-e", f"trace={call}", "-o", str(log)])
        return sum(f"{call}(" in line for line in log.read_text().splitlines())

    def survives(self, call: str, when: int, fault: str) -> None:
        """Publish with a fault at one call and hold what is left against the two sites."""
        site = self.copy("tried")
        inject = f"inject={call}:{fault}:when={when}"
        done = self.run(
            site.root,
            ["strace", "-f", "-qq", "-e", f"trace={call}", "-e", inject, "-o", "/dev/null"],
        )
        if "signal" in fault:
            assert done.returncode == -signal.SIGKILL, done.stderr
        assert site.tree() in (self.old, self.new)
        again = self.run(site.root, [])
        assert again.returncode == 0, again.stderr
        assert site.tree() == self.new


@pytest.fixture(scope="module")
def publish(tmp_path_factory: pytest.TempPathFactory) -> Publish:
    return Publish(tmp_path_factory.mktemp("crash"))


def spread(count: int, tries: int) -> list[int]:
    """Return up to ``tries`` numbers from 1 to ``count``, the first and the last among them."""
    if count <= tries:
        return list(range(1, count + 1))
    return sorted({1 + round(step * (count - 1) / (tries - 1)) for step in range(tries)})


@pytest.mark.parametrize("call", CALLS)
def test_a_kill_at_some_calls_leaves_the_old_site_or_the_new_one(
    publish: Publish, call: str
) -> None:
    for when in spread(publish.count(call), SAMPLE):
        publish.survives(call, when, "signal=SIGKILL")


@pytest.mark.parametrize("call", ["write", "pwrite64", "fsync", "linkat", "mkdir"])
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_disk_that_fails_at_some_calls_leaves_the_old_site_or_the_new_one(
    publish: Publish, call: str, error: str
) -> None:
    for when in spread(publish.count(call), 2):
        publish.survives(call, when, f"error={error}")


@pytest.mark.long
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", ["signal=SIGKILL", "error=ENOSPC", "error=EIO"])
def test_a_fault_at_every_call(publish: Publish, call: str, fault: str) -> None:
    for when in range(1, publish.count(call) + 1):
        publish.survives(call, when, fault)
