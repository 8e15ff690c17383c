"""One build of a site at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@contextmanager
def only_build(cache: Path) -> Iterator[None]:
    """Hold the site's lock; where another build holds it, say so and wait.

    The lock goes with the process: a build that was killed leaves none behind.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as file:
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another build of this site is at work; waiting for it.", flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
