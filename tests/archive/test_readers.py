"""Readers all through publishes: what they meet is one publish, whole."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from pathlib import Path

import pytest

from tests.archive.test_guarantee import start, story
from tests.conftest import Site

NUMBER = re.compile(r"Take (\d+) of it")


class Reader(threading.Thread):
    """Reads the front page, the feed and every file of the search, again and again.

    What is read between two looks at the root that show the same folder is of one publish.
    """

    def __init__(self, output: Path) -> None:
        super().__init__()
        self.output = output
        self.stopped = threading.Event()
        self.met: list[int] = []
        self.failure: Exception | None = None

    def run(self) -> None:
        while not self.stopped.is_set():
            before = self.output.stat().st_ino
            try:
                number = self.look()
            except (AssertionError, OSError) as error:
                number, problem = -1, error
            if self.output.stat().st_ino != before:
                continue  # a publish came between
            if number < 0:
                self.failure = problem
                return
            self.met.append(number)

    def look(self) -> int:
        """Return the number of the publish that all files are of."""
        front = NUMBER.findall((self.output / "index.html").read_text())
        feed = NUMBER.findall((self.output / "feeds" / "all.atom.xml").read_text())
        assert front
        assert set(front) == set(feed)
        search = self.output / "search"
        manifest = json.loads((search / "manifest.json").read_bytes())
        named = [manifest["head"], manifest["words"]]
        for segment in manifest["segments"]:
            named += [segment["facets"], *segment["postings"], *segment["texts"]]
            named += segment["rests"]
        for name, size in named:
            data = (search / name).read_bytes()
            assert len(data) == size, name
            assert name[2:18] == hashlib.sha256(data).hexdigest()[:16], name
        return int(front[0])


def publish_and_read(root: Path, times: int) -> list[Reader]:
    """Publish ``times`` while three readers read; return what they met."""
    site = Site(root, {"SITEURL": "https://archive.example"})
    site.write({**start(), "news.md": story("Take 0 of it", "2026-06-01")})
    site.build()
    readers = [Reader(site.output) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, times + 1):
        site.write({"news.md": story(f"Take {number} of it", "2026-06-01")})
        site.build()
    for reader in readers:
        reader.stopped.set()
        reader.join()
    return readers


def judge(readers: list[Reader], times: int) -> None:
    for reader in readers:
        assert reader.failure is None
        assert reader.met == sorted(reader.met)
    assert len({number for reader in readers for number in reader.met}) > times // 2


def test_readers_never_meet_two_publishes_mixed(tmp_path: Path) -> None:
    judge(publish_and_read(tmp_path, 6), 6)


@pytest.mark.long
def test_readers_never_meet_two_of_two_hundred_publishes_mixed(tmp_path: Path) -> None:
    judge(publish_and_read(tmp_path, 200), 200)
