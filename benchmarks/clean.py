"""Cleaning measured beside trafilatura on the same pages, one process each.

    python -m benchmarks.clean [--corpus SPLIT] [--quick] [--json OUT]
                               [--predictions OUT] [--peer-python PYTHON] [--pages N]

SPLIT is a folder like corpora/extraction of the shared corpora: manifest.json, truth.json,
html/, expected/ and its own score.py, which defines every measure. ``--predictions`` writes
what we found in the form that score.py reads. trafilatura is needed for this benchmark only:
``--peer-python`` names an interpreter that has it (``pip install trafilatura==2.3.1``).
``--quick`` leaves out the long run that looks at memory.
"""

import argparse
import gzip
import importlib.util
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BACKISSUE_SHARED", ROOT.parent / "shared"))
# The bars of issue 4, on its dev split.
BARS = {
    "body F1, scrapinghub": 0.978,
    "body F1, wcxb": 0.955,
    "title, exact": 0.88,
    "published date, exact": 0.93,
    "authors": 0.80,
    "structure, recall": 0.90,
    "structure, precision": 0.92,
}
SPEED_BAR = 0.8  # of trafilatura's median CPU time a page
MEMORY_BAR = 1.1  # of the memory after the first pass over the split

# What a page has that tools fail on, told from its bytes.
CLASSES: dict[str, Callable[[str], bool]] = {
    "text behind </body>": lambda p: (
        len(re.sub(r"<[^>]*>|\s", "", p.rpartition("</body>")[2])) > 400 and "</body>" in p
    ),
    "embedded posts": lambda p: bool(re.search(r"twitter-tweet|instagram-media|fb-post", p)),
    "data tables": lambda p: p.count("<td") > 12,
    "code": lambda p: "<pre" in p,
    "many short lists": lambda p: p.count("<ul") > 25,
    "br for paragraphs": lambda p: len(re.findall(r"<br\s*/?>\s*<br", p)) > 8,
    "layout by tables": lambda p: p.count("<table") > 5 and p.count("<div") < 40,
    "several <article>s": lambda p: p.count("<article") > 3,
    "articleBody in JSON-LD": lambda p: '"articleBody"' in p,
    "no paragraphs": lambda p: p.count("<p") < 4,
    "very long (over 500 kB)": lambda p: len(p) > 500_000,
    "not in English": lambda p: (
        not re.search(r"<html[^>]*lang=[\"']?en", p[:3000], re.I)
        and bool(re.search(r"<html[^>]*lang=", p[:3000], re.I))
    ),
}


def scorer(split: Path) -> Any:
    """Load the split's own score.py."""
    spec = importlib.util.spec_from_file_location("split_score", split / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{split} has no score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(tool: str, python: str, split: Path, pages: int) -> dict[str, Any] | None:
    """Run one tool in its own process; None where it is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        env = dict(os.environ, PYTHONPATH=str(ROOT / "plugins") if tool == "ours" else "")
        command = [python, str(ROOT / "benchmarks" / "clean_worker.py"), tool, str(split), str(out)]
        done = subprocess.run(
            [*command, str(pages)], env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            if "No module named" in done.stderr:
                return None
            sys.exit(done.stderr)
        return json.loads(out.read_text("utf-8"))


def summaries(score: Any, split: Path, predictions: dict[str, Any]) -> tuple[dict, dict]:
    """Score predictions: a summary a data set, and the row of each page."""
    items = json.loads((split / "manifest.json").read_text("utf-8"))["items"]
    truth = json.loads((split / "truth.json").read_text("utf-8"))
    rows = {
        i["id"]: score.score_page(i, truth[i["id"]], predictions.get(i["id"]), split) for i in items
    }
    sets = {
        name: [r for r in rows.values() if r["set"] == name] for name in {i["set"] for i in items}
    }
    out = {name: score.summarise(some) for name, some in sorted(sets.items())}
    out["all"] = score.summarise(list(rows.values()))
    return out, rows


def figures(summary: dict[str, Any]) -> dict[str, float]:
    """The figures that have bars, from score.py's summaries."""
    found = {
        f"body F1, {name}": part["body"]["f1"]
        for name, part in summary.items()
        if "body" in part and name != "all"
    }
    whole = summary["all"]
    for name, key, part in (
        ("title, exact", "title", "exact"),
        ("published date, exact", "date", "accuracy"),
        ("authors", "author", "exact"),
    ):
        if key in whole:
            found[name] = whole[key][part]
    if "structure_recall" in whole:
        found["structure, recall"] = whole["structure_recall"]
        found["structure, precision"] = whole["structure_precision"]
    return found


def by_class(score: Any, split: Path, rows: dict, peer_rows: dict | None) -> list[tuple]:
    """Body precision, recall and F1 over the pages of each class, ours and the peer's F1."""
    items = json.loads((split / "manifest.json").read_text("utf-8"))["items"]
    pages = {
        i["id"]: gzip.decompress((split / i["html"]).read_bytes()).decode("utf-8", "replace")
        for i in items
        if "body" in rows[i["id"]]
    }
    table = []
    for name, test in [*CLASSES.items(), ("every page", lambda _: True)]:
        ids = [page for page in pages if test(pages[page])]
        if not ids:
            continue
        ours = score.prf([rows[page]["body"] for page in ids])
        peer = score.prf([peer_rows[page]["body"] for page in ids])[2] if peer_rows else None
        table.append((name, len(ids), *ours, peer))
    return table


def failures(rows: dict) -> list[tuple[str, int]]:
    """How many pages go wrong in which way."""
    counts = {"nothing or the wrong part": 0, "part of it lost": 0, "furniture kept": 0, "right": 0}
    for row in rows.values():
        if "body" not in row:
            continue
        right, extra, lost = row["body"]
        total = right + lost or 1.0
        kept = right + extra or 1.0
        if right / total < 0.5:
            counts["nothing or the wrong part"] += 1
        elif right / total < 0.9:
            counts["part of it lost"] += 1
        elif right / kept < 0.9:
            counts["furniture kept"] += 1
        else:
            counts["right"] += 1
    return list(counts.items())


def entry(figure: str, ours: float, peer: float | None, bar: float | None, unit: str) -> dict:
    """One line of the JSON list that every benchmark writes."""
    lower = unit == "ms"
    ratio = ours / peer if peer else None
    met = None
    if bar is not None:
        met = (ratio is not None and ratio <= bar) if lower else ours >= bar
    return {
        "figure": figure,
        "ours": ours,
        "peer": "trafilatura" if peer is not None else None,
        "peer_value": peer,
        "ratio": ratio,
        "unit": unit,
        "bar": bar,
        "met": met,
    }


def show(entries: list[dict], classes: list[tuple], wrong: list[tuple[str, int]]) -> None:
    def number(value: float | None) -> str:
        return f"{value:9.3f}" if value is not None else f"{'–':>9}"

    print(f"{'figure':<32}{'ours':>9}{'peer':>9}{'ratio':>9}{'bar':>9}  met")
    for line in entries:
        met = {True: "yes", False: "no", None: ""}[line["met"]]
        values = [number(line[key]) for key in ("ours", "peer_value", "ratio", "bar")]
        print(f"{line['figure']:<32}{''.join(values)}  {met}")
    print(f"\n{'pages with':<32}{'pages':>6}{'P':>9}{'R':>9}{'F1':>9}{'peer F1':>9}")
    for name, count, *values in classes:
        print(f"{name:<32}{count:>6}{''.join(number(value) for value in values)}")
    print("\n" + ", ".join(f"{name}: {count}" for name, count in wrong))


def main() -> None:
    ask = argparse.ArgumentParser(description="cleaning beside trafilatura on the same pages")
    ask.add_argument("--corpus", type=Path, default=SHARED / "corpora" / "extraction")
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--json", type=Path)
    ask.add_argument("--predictions", type=Path)
    ask.add_argument("--peer-python", default=sys.executable)
    ask.add_argument("--pages", type=int, default=10_000, help="pages of the long run")
    told = ask.parse_args()
    if not (told.corpus / "manifest.json").exists():
        sys.exit(f"no split at {told.corpus}: name one with --corpus")
    score = scorer(told.corpus)
    ours = run("ours", sys.executable, told.corpus, 0 if told.quick else told.pages)
    peer = run("trafilatura", told.peer_python, told.corpus, 0)
    if ours is None:
        sys.exit("backissue is not installed in this interpreter")
    if peer is None:
        print(f"trafilatura is not installed in {told.peer_python}: its columns stay empty\n")
    if told.predictions:
        told.predictions.write_text(json.dumps(ours["predictions"], ensure_ascii=False), "utf-8")
    summary, rows = summaries(score, told.corpus, ours["predictions"])
    theirs, peer_rows = summaries(score, told.corpus, peer["predictions"]) if peer else ({}, None)
    peer_figures = figures(theirs) if peer else {}
    for name in ("structure, recall", "structure, precision"):
        peer_figures.pop(name, None)  # its default output is text
    entries = [
        entry(name, value, peer_figures.get(name), BARS.get(name), "share")
        for name, value in figures(summary).items()
    ]
    entries += speed(ours, peer)
    show(entries, by_class(score, told.corpus, rows, peer_rows), failures(rows))
    if told.json:
        told.json.write_text(json.dumps(entries, indent=1), "utf-8")


def speed(ours: dict[str, Any], peer: dict[str, Any] | None) -> list[dict]:
    """CPU time a page, and memory over the long run."""
    value = statistics.median(ours["seconds"].values()) * 1000
    theirs = peer["median_ms"] if peer else None
    lines = [entry("CPU time a page, median", value, theirs, SPEED_BAR, "ms")]
    if ours["pages"] > len(ours["seconds"]) and ours["memory_first"]:
        grown = ours["memory_last"] / ours["memory_first"]
        line = entry(f"memory, {ours['pages']:,} pages / first", grown, None, None, "ratio")
        lines.append({**line, "bar": MEMORY_BAR, "met": grown <= MEMORY_BAR})
    return lines


if __name__ == "__main__":
    main()
