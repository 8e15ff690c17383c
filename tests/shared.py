"""Where the shared corpora lie, for the tests that measure with them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(relative: str) -> Path:
    """Return the path of a shared file or folder, or skip the test where it is absent."""
    base = Path(os.environ.get("BACKISSUE_SHARED", ROOT.parent / "shared"))
    path = base / relative
    if not path.exists():
        pytest.skip(f"the shared corpora are absent: {relative}")
    return path
