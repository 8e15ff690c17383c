"""Killed, or out of disk, at any write: readers see the old site or the new one, whole.

A publish runs under strace, which kills it (or fails it) at the N-th call of one kind. Then
the output must be one of the two sites, and the next build must end in the new one. `make
test` walks through some calls of each kind, `make test-long` through every one.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.archive.test_determinism import articles
from tests.archive.test_guarantee import start, story
from tests.archive.test_sequences import VOCABULARIES
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

    settings: Sequence[str] = ('BACKISSUE={"jobs": 1}',)

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
        with self.start(root, before) as process:
            out, errors = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)

    def start(self, root: Path, before: Sequence[str] = ()) -> subprocess.Popen[str]:
        """Start to publish in a process of its own."""
        # A link that is the same for every copy, so that the store finds its output again.
        here = self.root / "here"
        here.unlink(missing_ok=True)
        here.symlink_to(root)
        return subprocess.Popen(
            [
                *before,
                *(sys.executable, "-m", "pelican", here / "content", "-o", here / "output"),
                *("-s", ROOT / "pelicanconf.py", "--log-handler", "plain"),
                *("-e", f'CACHE_PATH="{here / "cache"}"', *self.settings),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT / "plugins")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def count(self, call: str) -> int:
        """Return how many calls of a kind a publish makes in one thread: strace counts so."""
        log = self.root / "calls"
        site = self.copy("counted")
        self.run(site.root, ["strace", "-f", "-qq", "-e", f"trace={call}", "-o", str(log)])
        lines = [line for line in log.read_text().splitlines() if f"{call}(" in line]
        return max(Counter(line.split()[0] for line in lines).values(), default=0)

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


class LargePublish(Publish):
    """A site of enough articles for several processes; what waits changes every page of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.base = Site(root / "base", {})
        self.base.write({**articles(), "topics.toml": VOCABULARIES[0]})
        self.settings = ('BACKISSUE={"jobs": 2}',)
        assert self.run(self.base.root, []).returncode == 0
        self.old = self.base.tree()
        self.settings = ('BACKISSUE={"jobs": 2}', 'SITENAME="Another name"')
        for name in list(articles())[::3]:
            (self.base.content / name).write_text(story("Told anew", "2026-05-05"))
        after = self.copy("after")
        began = time.monotonic()
        assert self.run(after.root, []).returncode == 0
        self.seconds = time.monotonic() - began
        self.new = after.tree()

    def survives_a_kill(self, after: float) -> None:
        """Kill a publish, and none of its workers, after some seconds; hold what is left."""
        site = self.copy("tried")
        with self.start(site.root) as process:
            time.sleep(after)
            process.kill()
            # Not its pipes: a worker that lives on would keep them open.
            process.wait(timeout=30)
            assert site.tree() in (self.old, self.new)
        again = self.run(site.root, ["timeout", "120"])
        assert again.returncode == 0, again.stderr
        assert site.tree() == self.new


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> LargePublish:
    return LargePublish(tmp_path_factory.mktemp("large"))


def kill_at_random(large: LargePublish, times: int) -> None:
    rng = random.Random(3)
    for _ in range(times):
        large.survives_a_kill(rng.uniform(0.2, 1.1) * large.seconds)


def test_a_few_random_kills_of_a_large_publish(large: LargePublish) -> None:
    kill_at_random(large, 3)


@pytest.mark.long
def test_three_hundred_random_kills_of_a_large_publish(large: LargePublish) -> None:
    kill_at_random(large, 300)
