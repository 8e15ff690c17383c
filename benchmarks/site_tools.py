"""Other people's judges of a page: html-validate, the Nu checker, Lighthouse, the sitemap schema.

They come from npm into a folder of their own, with no script of theirs run; nothing but this
benchmark needs them, and nothing of theirs is kept in the repository.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from lxml import etree

from benchmarks.measure import ROOT

FOLDER: Final = ROOT / ".venv" / "npm"
VERSIONS: Final = {
    "axe-core": "4.14.1",
    "html-validate": "10.17.0",
    "lighthouse": "12.8.2",
    "sitemap": "9.0.1",
    "vnu-jar": "26.9.27",
}
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
CHROME_FLAGS: Final = "--headless=new --no-sandbox --disable-gpu --no-first-run"
# `void-style` and the like are matters of taste; these two sets are not.
RULES: Final = {"extends": ["html-validate:standard", "html-validate:a11y"], "root": True}
TIMEOUT: Final = 240
RUNS: Final = 3  # of Lighthouse, on each page


class Tools(NamedTuple):
    """Where the judges are; None for one that is absent."""

    axe: Path | None
    html_validate: Path | None
    nu: Path | None
    lighthouse: Path | None
    schema: Path | None


class Score(NamedTuple):
    """Lighthouse on a page: its categories (0 to 100), LCP in seconds, CLS, what it marks down."""

    categories: Mapping[str, float]
    lcp: float
    cls: float
    marked: tuple[str, ...]


def install(folder: Path) -> None:
    """Install the judges with npm, from whatever registry it is set up for."""
    folder.mkdir(parents=True, exist_ok=True)
    packages = [f"{name}@{version}" for name, version in VERSIONS.items()]
    flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-save", "--prefix", str(folder)]
    subprocess.run(["npm", "install", *flags, *packages], check=True)


def find(folder: Path) -> Tools:
    """Return what is installed in a folder, with what it needs to run (node, Java, Chromium)."""
    modules = folder / "node_modules"
    node, java = shutil.which("node"), shutil.which("java")

    def there(needs: object, path: str) -> Path | None:
        return modules / path if needs and (modules / path).is_file() else None

    return Tools(
        axe=there(shutil.which("chromium"), "axe-core/axe.min.js") or packaged_axe(),
        html_validate=there(node, "html-validate/bin/html-validate.mjs"),
        nu=there(java, "vnu-jar/build/dist/vnu.jar"),
        lighthouse=there(node and shutil.which("chromium"), "lighthouse/cli/index.js"),
        schema=there(True, "sitemap/schema/sitemap.xsd"),
    )


def packaged_axe() -> Path | None:
    """Return the axe-core that a Python package brings (axe-playwright-python), None without."""
    found = find_spec("axe_playwright_python")
    places = (found.submodule_search_locations or []) if found and shutil.which("chromium") else []
    files = (path for place in places for path in sorted(Path(place).rglob("axe.min.js")))
    return next(files, None)


def sitemap_schema(path: Path | None) -> etree.XMLSchema | None:
    """Return the sitemap protocol's own schema."""
    return etree.XMLSchema(etree.parse(path)) if path else None


def html_validate(tool: Path, pages: Sequence[Path], root: Path) -> list[str]:
    """Return what html-validate calls an error."""
    with tempfile.TemporaryDirectory(prefix="backissue-site-") as folder:
        rules = Path(folder) / "rules.json"
        rules.write_text(json.dumps(RULES), encoding="utf-8")
        command = ["node", str(tool), "--config", str(rules), "--formatter", "json"]
        made = _run([*command, *map(str, pages)])
    return [
        f"{Path(page['filePath']).relative_to(root)}:{one['line']}: "
        f"{one['ruleId']}: {one['message']}"
        for page in json.loads(made.stdout or "[]")
        for one in page["messages"]
        if one["severity"] == 2
    ]


def nu(tool: Path, pages: Sequence[Path], root: Path) -> list[str]:
    """Return what the Nu checker calls an error."""
    command = ["java", "-Xss4m", "-jar", str(tool), "--format", "json", "--stdout"]
    made = _run([*command, "--exit-zero-always", *map(str, pages)])
    return [
        f"{Path(one['url'].removeprefix('file:')).relative_to(root)}:{one.get('lastLine')}: "
        f"{one['message']}"
        for one in json.loads(made.stdout)["messages"]
        if one["type"] == "error"
    ]


def lighthouse(tool: Path, address: str, runs: int = RUNS) -> Score:
    """Return what Lighthouse makes of an address, with its own mobile profile.

    Of several runs the one in the middle by LCP counts, as Lighthouse's own documents advise:
    what else a machine does at the moment tells in each of them.
    """
    scores = sorted((_lighthouse(tool, address) for _ in range(runs)), key=lambda one: one.lcp)
    return scores[len(scores) // 2]


def _lighthouse(tool: Path, address: str) -> Score:
    with tempfile.TemporaryDirectory(prefix="backissue-site-") as folder:
        out = Path(folder) / "report.json"
        command = ["node", str(tool), address, "--quiet", "--output=json", f"--output-path={out}"]
        only = f"--only-categories={','.join(CATEGORIES)}"
        _run([*command, only, f"--chrome-flags={CHROME_FLAGS} --user-data-dir={folder}/profile"])
        report = json.loads(out.read_bytes())
    return score(report)


def score(report: Mapping[str, Any]) -> Score:
    """Return the figures of a Lighthouse report."""
    audits = report["audits"]
    categories = {name: 100 * (one["score"] or 0.0) for name, one in report["categories"].items()}
    marked = [
        f"{name}: {audits[ref['id']]['title']}"
        for name, one in report["categories"].items()
        for ref in one["auditRefs"]
        if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 0.9
        if audits[ref["id"]]["scoreDisplayMode"] in ("binary", "numeric", "metricSavings")
    ]
    return Score(
        categories,
        audits["largest-contentful-paint"].get("numericValue", float("inf")) / 1000,
        audits["cumulative-layout-shift"].get("numericValue", float("inf")),
        tuple(marked),
    )


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    made = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=TIMEOUT, env=environment
    )
    if made.stderr:
        print(made.stderr[-2000:], file=sys.stderr)
    return made
