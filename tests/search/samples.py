"""Documents and queries that the tests of search share, and the engine run by node."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backissue.search import SearchDoc, export, write_month
from backissue.search.merging import Merged

HERE = Path(__file__).resolve().parent
VOCABULARY = (
    "reason reasoning reasons token tokens model models agent agentic agents training trained "
    "inference infer scaling scale happy happiness university universe data policy policies "
    "chip chips GPT-4o Claude o1 C++ C# .NET node.js 3.5 1,000 café naïve Zoë's don't memory "
    "😀 𠮷野家 open-source state-of-the-art benchmark benchmarks the of and to a is release "
    "released"
)
WORDS = VOCABULARY.split()
HAN = "大模型推理成本下降人工智能安全开源芯片训练数据中国市场的了在和"
TOPICS = (("anthropic", "Anthropic"), ("ai-safety", "AI safety"), ("claude", "Claude"))
AUTHORS = ("Ana López", "Wei Zhang", "王伟", "O'Reilly")

QUERIES = (
    "reasoning",
    "reasoning tokens",
    '"reasoning tokens"',
    '"reason tokens" agents',
    "GPT-4o",
    '"GPT-4o"',
    '"tokens"',
    '"training" OR "agent"',
    'agents -"models"',
    "c++",
    "c#",
    ".net release",
    "o1",
    "node.js",
    "3.5",
    "1,000 chips",
    "cafe",
    "naive agents",
    "zoe",
    "dont",
    "state-of-the-art",
    '"state of the art"',
    "open-source models -training",
    "happy OR universe",
    "university OR happiness policy",
    "大模型",
    "推理成本",
    "人工智能安全开源芯片",
    "智",
    '"模型推理" agents',
    "Claude 大模型",
    "claude在",
    "topic:anthropic",
    "topic:anthropic -topic:claude tokens",
    'topic:"AI Safety" models',
    "by:lopez chips",
    'by:"wei zhang"',
    "by:王伟 数据",
    "lang:zh",
    "lang:zh 模型",
    "after:2026-04 scaling",
    "before:2026-04-10 scaling",
    "month:2026-05 data",
    "after:2026-05-10 before:2026-05-20",
    "in:title agents",
    "in:title 模型 reasoning",
    'in:title "agents training"',
    "reason token model agent train infer scale data policy chip",
    "the of and",
    "",
    "zzzz",
    "zzzz reasoning",
    '"unclosed phrase',
    "((((",
    "a* *a* [a TO z] x~3",
    "-",
    "-tokens",
    "OR OR OR",
    "title:foo:bar",
    "benchmrak",
    "Resoning tokens",
    "trainig OR infernce",
    "benchm",
    "reasonin agnts 大模型",
    "zzzzzz benchmarkss",
    "memry's",
)


def sentence(rng: random.Random, words: int) -> str:
    """Return words at random, some of them Chinese runs."""
    parts = []
    for _ in range(words):
        if rng.random() < 0.15:
            parts.append("".join(rng.choice(HAN) for _ in range(rng.randint(1, 6))) + "，")
        else:
            parts.append(rng.choice(WORDS))
    return " ".join(parts)


def documents(count: int, seed: int = 1) -> list[SearchDoc]:
    """Return documents over three months, the same for the same arguments."""
    rng = random.Random(seed)
    docs = []
    for number in range(count):
        month = f"2026-{rng.choice((3, 4, 5)):02d}"
        date = month if rng.random() < 0.2 else f"{month}-{rng.randint(1, 28):02d}"
        topics = rng.sample(TOPICS, rng.randint(0, 3))
        docs.append(
            SearchDoc(
                key=f"{month}/{number:04d}.txt",
                url=f"{month.replace('-', '/')}/{number:04d}/",
                title=sentence(rng, rng.randint(2, 8)),
                month=month,
                date=date,
                lead=sentence(rng, rng.randint(0, 12)),
                headings=tuple(sentence(rng, 3) for _ in range(rng.randint(0, 2))),
                body="\n\n".join(sentence(rng, rng.randint(5, 60)) for _ in range(4)),
                faq=sentence(rng, 10) if rng.random() < 0.2 else "",
                topics=tuple(slug for slug, _ in topics),
                topic_names=tuple(name for _, name in topics),
                authors=(rng.choice(AUTHORS),),
                source=rng.choice(("The Daily Bit", "Chip Weekly", "")),
                lang=rng.choice(("en", "en", "zh", "zh-CN")),
                excerpt=sentence(rng, 8),
            )
        )
    return docs


def by_month(docs: Sequence[SearchDoc]) -> dict[str, list[SearchDoc]]:
    """Return the documents of each month, in the order given."""
    found: dict[str, list[SearchDoc]] = {}
    for doc in docs:
        found.setdefault(doc.month, []).append(doc)
    return found


def write(root: Path, docs: Sequence[SearchDoc]) -> Path:
    """Write the months' indexes of ``docs`` below ``root``."""
    for month, some in by_month(docs).items():
        write_month(root, month, some)
    return root


def export_to(root: Path, folder: Path, **options: int) -> Path:
    """Write the static search into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in export(root, **options):
        (folder / name).write_bytes(data)
    return folder


def node(script: str, *arguments: object) -> Any:
    """Run a script of ``tests/search`` with node; return what it prints, as JSON."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is absent")
    given = [
        argument if isinstance(argument, str) else json.dumps(argument) for argument in arguments
    ]
    done = subprocess.run(
        [program, str(HERE / script), *given], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


Rows = list[tuple[int, int, list[int]]]


def by_term(chunks: Iterable[Merged]) -> dict[bytes, Rows]:
    """Return each term's postings: (document, weight, positions)."""
    found: dict[bytes, Rows] = {}
    for chunk in chunks:
        ends = np.cumsum(chunk.times)[:-1]
        steps = np.split(chunk.steps + 1, ends) if len(chunk.times) else []
        places = [(np.cumsum(some) - 1).tolist() for some in steps]
        rows = list(zip(chunk.ids.tolist(), chunk.weights.tolist(), places, strict=True))
        starts = chunk.starts.tolist()
        for at, term in enumerate(chunk.terms):
            assert int(chunk.docs[at]) == starts[at + 1] - starts[at]
            found[term] = rows[starts[at] : starts[at + 1]]
    return found
