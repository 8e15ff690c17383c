"""``PLUGINS = ["backissue.search"]`` on a stock Pelican site, all stages together, the wheel."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect, sync_playwright

from backissue.search import months, search

from ..conftest import Site
from ..stock import BODY, Stock, page
from .samples import node

ROOT = Path(__file__).resolve().parents[2]
HEAD = '<meta name="date" content="{}"><meta name="tags" content="Reading Machines">'
FILES = {
    "april.html": page("A machine in April", BODY, HEAD.format("2026-04-20")),
    "may.html": page("A machine in May", BODY, HEAD.format("2026-05-20T23:00:00+08:00")),
}
VOCABULARY = '[[topic]]\nname = "Foundries"\n\n[[topic]]\nname = "Chips"\nslug = "silicon"\n'
RAW = {
    "topics.toml": VOCABULARY,
    "2026-05/first.html": page(
        "Foundries print smaller chips",
        "The foundries of the valley print chips with new lithography machines, and engineers "
        "say that those chips need less power than any before.",
    ),
    "2026-05/second.md": (
        "Title: Chips wait for foundries\nDate: 2026-05-21\nTags: ChipsFoundries\n\n"
        "Engineers wait for chips that the foundries of the valley print with new lithography "
        "machines, and say that they need less power.\n"
    ),
    "2026-05/undated.mht": "nothing of the kind",
}


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path, ["backissue.search"])


def test_published_articles_are_found_here_and_in_a_browser(stock: Stock) -> None:
    draft = FILES["may.html"].replace("</head>", '<meta name="status" content="draft"></head>')
    stock.build({**FILES, "draft.html": draft.replace("in May", "of drafts")})
    index = stock.root / "cache" / "index"
    assert months(index) == ("2026-04", "2026-05")
    hits = search(index, "machine topic:reading-machines").hits
    assert {(hit.url, hit.date) for hit in hits} == {
        ("a-machine-in-april.html", "2026-04-20"),
        ("a-machine-in-may.html", "2026-05-20"),
    }
    (answer,) = node("engine.mjs", str(stock.output / "search"), ["archive papers"])["answers"]
    assert {hit["title"] for hit in answer["hits"]} == {"A machine in April", "A machine in May"}


def test_a_second_build_rewrites_only_what_changed_and_takes_old_files_away(stock: Stock) -> None:
    folder = stock.build(FILES).output / "search"
    (folder / "index.html").write_text("a page of the site's own")
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    stock.build()
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    (stock.content / "april.html").unlink()
    stock.build()
    assert months(stock.root / "cache" / "index") == ("2026-05",)
    fresh = Stock(stock.root / "fresh", stock.plugins).build({"may.html": FILES["may.html"]})
    expected = {path.name for path in (fresh.output / "search").iterdir()} | {"index.html"}
    assert {path.name for path in folder.iterdir()} == expected


def test_a_site_without_articles_has_an_empty_search(stock: Stock) -> None:
    stock.build({"pages/about.html": page("About")})
    (answer,) = node("engine.mjs", str(stock.output / "search"), ["machine"])["answers"]
    assert answer["total"] == 0


def test_beside_the_archive_the_stages_do_nothing(site: Callable[..., Site]) -> None:
    stages = [f"backissue.{stage}" for stage in ("clean", "topics", "related", "search")]
    alone, beside = site(RAW), site(RAW, PLUGINS=[*stages, "backissue.archive"])
    assert beside.build().refused == alone.build().refused
    assert beside.tree() == alone.tree()
    assert alone.pages()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("backissue-*.whl")
    return found


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for room in ("clean", "topics", "related", "search", "archive"):
        assert f"backissue/{room}/shell.py" in names
    engine = {path.name for path in (ROOT / "plugins/backissue/search/browser").glob("*.js")}
    assert "engine.js" in engine
    assert {f"backissue/search/browser/{name}" for name in engine} <= set(names)
    assert all(name.startswith(("backissue/", "backissue-")) for name in names)
    assert not [name for name in names if "test" in name or "__pycache__" in name]


@pytest.fixture(scope="module")
def sample(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site made of the samples in docs/plugins.md, built with the unpacked wheel."""
    root = tmp_path_factory.mktemp("sample")
    zipfile.ZipFile(wheel).extractall(root / "installed")
    text = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(\S+)\n(.*?)^```$", text, re.M | re.S))
    files = {
        "pelicanconf.py": blocks["python"],
        "templates/article.html": blocks["html+jinja"],
        "content/pages/search.html": blocks["html"],
        **{f"content/{name}": data for name, data in RAW.items()},
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data, encoding="utf-8")
    code = (
        "import sys; sys.path.insert(0, 'installed'); import backissue, pelican; "
        "assert 'installed' in backissue.__file__; "
        "sys.exit(pelican.main(['content', '-o', 'output', '-s', 'pelicanconf.py']))"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (root / "log").write_text(" ".join((done.stdout + done.stderr).split()), encoding="utf-8")
    return root


def test_all_stages_together_on_the_documented_site(sample: Path) -> None:
    output = sample / "output"
    first = (output / "2026/05/foundries-print-smaller-chips/index.html").read_text("utf-8")
    assert "May 2026" in first
    assert "topics/silicon/" in first
    assert re.search(r'chips-wait-for-foundries/">Chips wait for foundries</a> \w+', first)
    assert (output / "topics/silicon/index.html").is_file()
    assert (output / "topics/foundries/index.html").is_file()
    manifest = json.loads((output / "search/manifest.json").read_bytes())
    assert sum(segment["docs"] for segment in manifest["segments"]) == 2
    assert "2026-05/undated.mht: " in (sample / "log").read_text("utf-8")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def address(sample: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(sample / "output"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_the_documented_search_page_finds_articles(address: str) -> None:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is absent")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        shown = browser.new_page()
        shown.goto(f"{address}pages/search.html?q=foundries")
        expect(shown.locator("#found li")).to_have_count(2)
        shown.locator("#found a").first.click()
        expect(shown.locator("article h2").first).to_contain_text("oundries")
        browser.close()
