"""Further reading that was run together, taken apart: measured, and what it needs learned.

    python -m benchmarks.clean_borders [--corpus FILE] [--count N] [--train OUT] [--json OUT]
                                       [--unseen]

FILE is a list of articles like corpora/technews/articles.jsonl.gz of the shared corpora. Each
section measured is four articles of one source, title and the first 120 characters of the first
paragraph, with nothing between them, as "save as text" leaves it. ``--train`` learns from the
articles that are not measured (three of four) and writes plugins/backissue/clean/borders.json;
with ``--unseen`` each source is measured with what the others taught, which takes minutes.
"""

import argparse
import gzip
import html
import json
import math
import os
import random
import re
import sys
import zlib
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "plugins"))

from backissue.clean import borders  # noqa: E402
from backissue.clean.runtogether import EXCERPT_CUT, split_references  # noqa: E402

SHARED = Path(os.environ.get("BACKISSUE_SHARED", ROOT.parent / "shared"))
ENTRIES = 4
ROUNDS = 12
PENALTY = 0.00004  # L1, a sample
LEAST_SEEN = 8
PLACES = 4  # where an excerpt may end before it would be cut off
Entry = tuple[str, str]


def articles(path: Path) -> dict[str, list[dict]]:
    """Read title, first paragraph and text of each article, by source."""
    by_source: dict[str, list[dict]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            blocks = [
                " ".join(html.unescape(re.sub(r"<[^>]*>", "", block)).split())
                for block in re.findall(r"<p\b[^>]*>(.*?)</p>", one["body"], re.DOTALL)
            ]
            first = next((block for block in blocks if len(block) > 40), "")
            title = " ".join(one["title"].split())
            if first and title:
                by_source[one["source"]].append(
                    {
                        "title": title,
                        "excerpt": first[:EXCERPT_CUT],
                        "text": " ".join(blocks)[:5000],
                        "measured": zlib.crc32(one["id"].encode()) % 4 == 0,
                    }
                )
    return by_source


def sections(found: list[dict], count: int, seed: str) -> list[tuple[list[Entry], str]]:
    """Make further reading of articles drawn by chance, each with the text it stands below."""
    draw = random.Random(seed)
    out = []
    for _ in range(count if len(found) > ENTRIES else 0):
        some = [found[draw.randrange(len(found))] for _ in range(ENTRIES)]
        known = found[draw.randrange(len(found))]
        out.append(
            ([(one["title"], one["excerpt"]) for one in some], known["title"] + known["text"])
        )
    return out


class Learner:
    """Logistic regression on sparse features: AdaGrad steps, L1 by cumulative truncation."""

    def __init__(self) -> None:
        self.weights: dict[str, float] = defaultdict(float)
        self.squares: dict[str, float] = defaultdict(lambda: 1e-3)

    def learn(self, samples: list[tuple[list[str], bool]], seed: str) -> dict[str, int]:
        """Return the weights in hundredths, those of no use left out."""
        order = list(range(len(samples)))
        draw = random.Random(seed)
        heavy = [sum(y for _, y in samples), sum(not y for _, y in samples)]
        for _ in range(ROUNDS):
            draw.shuffle(order)
            for number in order:
                names, positive = samples[number]
                total = sum(self.weights[name] for name in names)
                guess = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
                slope = (guess - positive) * len(samples) / (2 * heavy[0 if positive else 1])
                for name in names:
                    self._step(name, slope)
        return {
            k: round(100 * v) for k, v in sorted(self.weights.items()) if abs(v) > 0.15 or not k
        }

    def _step(self, name: str, slope: float) -> None:
        self.squares[name] += slope * slope
        step = 0.3 / math.sqrt(self.squares[name])
        value = self.weights[name] - step * slope
        if name:
            lower = step * PENALTY * 100
            value = math.copysign(max(0.0, abs(value) - lower), value)
        self.weights[name] = value


def train(by_source: dict[str, list[dict]], count: int) -> dict:
    """Learn borders and titles from the articles that are not measured."""
    samples: dict[str, list[tuple[str, list[str], bool]]] = defaultdict(list)
    inside: dict[str, list[Counter[str]]] = {}
    lengths: dict[str, Counter[int]] = {"cjk": Counter(), "other": Counter()}
    ends: dict[str, Counter[bool]] = {"cjk": Counter(), "other": Counter()}
    for source, found in sorted(by_source.items()):
        kept = [one for one in found if not one["measured"]]
        inside[source] = [Counter(), Counter()]
        for one in kept:
            for part, text in enumerate((one["title"], one["excerpt"])):
                inside[source][part].update(name for _, name in borders.tokens(text))
            script = "cjk" if borders.CJK.search(one["title"] + one["excerpt"]) else "other"
            lengths[script][min(len(one["title"]) // 5, 44)] += 1
            ends[script][len(one["excerpt"]) == EXCERPT_CUT] += 1
        for entries, known in sections(kept, min(count, len(kept)), f"train {source}"):
            _samples(source, entries, known, samples)
    out: dict = {}
    for name in ("joint", "cut", "ended"):
        out[name] = Learner().learn(_seen(samples[name]), name)
    out["inside"] = _ratios(inside)
    out["lengths"] = {script: _lengths(counts) for script, counts in lengths.items()}
    for script, counts in ends.items():
        share = (counts[True] + 1) / (counts.total() + 2)
        choices = math.log((1 - share) / PLACES)
        out.setdefault("ends", {})[script] = (round(100 * math.log(share)), round(100 * choices))
    return out


def _samples(source: str, entries: list[Entry], known: str, out: dict) -> None:
    """The borders of one section, and as many places that are none."""
    text = "".join(title + excerpt for title, excerpt in entries)
    line = borders.Line(text, borders.Known(known))
    borders_at: dict[int, str] = {}
    at = 0
    for title, excerpt in entries:
        at += len(title)
        borders_at[at] = "joint"
        at += len(excerpt)
        borders_at[at] = "cut" if len(excerpt) == EXCERPT_CUT else "ended"
    borders_at.pop(len(text), None)
    draw = random.Random(text)
    others = [at for at in range(1, len(text)) if at not in borders_at]
    for at, name in borders_at.items():
        out[name].append((source, ["", *line.features(at)], True))
    begin = [at for at in others if borders.may_begin(line.kinds[at - 1], line.kinds[at])]
    end = [at for at in others if borders.may_end(line.kinds[at - 1], line.kinds[at])]
    for name, places in (("joint", begin), ("cut", others), ("ended", end)):
        for at in draw.sample(places, min(len(places), 24)):
            out[name].append((source, ["", *line.features(at)], False))


def _seen(samples: list[tuple[str, list[str], bool]]) -> list[tuple[list[str], bool]]:
    """Leave out what was seldom seen, and words of few sources."""
    times: Counter[str] = Counter()
    sources: dict[str, set[str]] = defaultdict(set)
    for source, names, _ in samples:
        times.update(names)
        for name in names:
            sources[name].add(source)

    def good(name: str) -> bool:
        word = name[:1] in "<>" and bool(name)
        cjk = word and borders.CJK.search(name)
        return times[name] >= LEAST_SEEN and (not word or len(sources[name]) >= (1 if cjk else 5))

    return [([name for name in names if good(name)], positive) for _, names, positive in samples]


def _ratios(inside: dict[str, list[Counter[str]]]) -> dict[str, int]:
    """How much likelier a word is in titles: each source has one voice, whatever its size."""
    shares: list[dict[str, float]] = [defaultdict(float), defaultdict(float)]
    voices: Counter[str] = Counter()
    for pair in inside.values():
        for part in (0, 1):
            total = sum(pair[part].values())
            for name, times in pair[part].items():
                shares[part][name] += times / total
        voices.update(pair[0].keys() | pair[1].keys())
    out = {}
    for name in sorted(voices):
        if voices[name] < (2 if borders.CJK.search(name) else 5):
            continue
        ratio = math.log((shares[0][name] + 0.002) / (shares[1][name] + 0.002))
        if abs(ratio) > 0.1:
            out[name] = round(100 * ratio)
    return out


def _lengths(counts: Counter[int]) -> list[int]:
    """The logarithms of the shares of titles' lengths, smoothed by their neighbours."""
    total = sum(counts.values())
    shares = []
    for at in range(45):
        near = sum(counts[at + by] * weight for by, weight in ((-1, 0.25), (0, 0.5), (1, 0.25)))
        shares.append(round(100 * math.log((near + 0.1) / (total + 5) / 5)))
    return shares


def measure(found: list[dict], count: int, seed: str) -> list[int]:
    """Count sections, entries, entries found and titles found, sections found whole."""
    out = [0, 0, 0, 0, 0]
    for entries, known in sections([one for one in found if one["measured"]], count, seed):
        text = "".join(title + excerpt for title, excerpt in entries)
        got = [(one.title, one.excerpt) for one in split_references([text], known)]
        titles = {title for title, _ in got}
        out[0] += 1
        out[1] += len(entries)
        wanted = [(title, excerpt.strip()) for title, excerpt in entries]
        out[2] += sum(entry in got for entry in wanted)
        out[3] += sum(title in titles for title, _ in wanted)
        out[4] += got == wanted
    return out


def main() -> None:
    ask = argparse.ArgumentParser(description="further reading that was run together")
    ask.add_argument(
        "--corpus", type=Path, default=SHARED / "corpora" / "technews" / "articles.jsonl.gz"
    )
    ask.add_argument("--count", type=int, default=40, help="sections of each source")
    ask.add_argument("--train", type=Path)
    ask.add_argument("--json", type=Path)
    ask.add_argument("--unseen", action="store_true")
    told = ask.parse_args()
    if not told.corpus.exists():
        sys.exit(f"no articles at {told.corpus}: name them with --corpus")
    by_source = articles(told.corpus)
    if told.train:
        learned = train(by_source, 400)
        text = json.dumps(learned, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        told.train.write_text(text + "\n", "utf-8")
    total = [0] * 5
    print(f"{'source':<24}{'sections':>9}{'entries':>9}{'titles':>9}{'whole':>9}")
    for source, found in sorted(by_source.items()):
        if told.unseen:
            others = {name: some for name, some in by_source.items() if name != source}
            given = borders.msgspec.convert(train(others, 60), borders.Weights)
            borders.weights = lambda given=given: given
        row = measure(found, told.count, source)
        if row[0]:
            show(source, row)
            total = [a + b for a, b in zip(total, row, strict=True)]
    show("all", total)
    if told.json:
        names = ("entries", "titles", "sections whole")
        shares = (total[2] / total[1], total[3] / total[1], total[4] / total[0])
        lines = [
            {"figure": f"run together, {name}", "ours": share, "peer": None, "peer_value": None}
            | {"ratio": None, "unit": "share", "bar": None, "met": None}
            for name, share in zip(names, shares, strict=True)
        ]
        told.json.write_text(json.dumps(lines, indent=1), "utf-8")


def show(name: str, row: list[int]) -> None:
    shares = (row[2] / row[1], row[3] / row[1], row[4] / row[0])
    print(f"{name:<24}{row[0]:>9}{''.join(f'{share:>9.3f}' for share in shares)}", flush=True)


if __name__ == "__main__":
    main()
