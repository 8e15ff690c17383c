"""The search tests on Whoosh's successors, each in place of the Whoosh that is pinned.

    python -m benchmarks.search_whooshes [REQUIREMENT ...]

Each is installed into a folder of its own, which the tests find first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.measure import ROOT

SUCCESSORS: Final = ("whoosh-reloaded==2.7.5", "whoosh3==3.54.0")
TESTS: Final = ("index", "analysis", "columns", "shard", "two_ways", "command")


def passes(requirement: str, folder: Path) -> bool:
    """Return whether the search tests pass with the Whoosh of ``requirement``."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, requirement]
    subprocess.run(pip, check=True, stdin=subprocess.DEVNULL)
    paths = os.pathsep.join(map(str, (folder, ROOT / "plugins", ROOT)))
    environment = {**os.environ, "PYTHONPATH": paths}
    where = [sys.executable, "-c", "import whoosh; print(whoosh.__file__)"]
    found = subprocess.run(where, env=environment, capture_output=True, text=True, check=True)
    if not Path(found.stdout.strip()).is_relative_to(folder):
        raise RuntimeError(f"{requirement} brings no package that is called whoosh")
    tests = [ROOT / "tests" / "search" / f"test_{name}.py" for name in TESTS]
    run = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(run, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def main() -> int:
    """Try each, say how it did; return 1 where one failed."""
    failed = 0
    for requirement in sys.argv[1:] or SUCCESSORS:
        with tempfile.TemporaryDirectory(prefix="backissue-whoosh-") as place:
            good = passes(requirement, Path(place).resolve())
        print(f"{requirement}: {'passes' if good else 'FAILS'}")
        failed += not good
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
