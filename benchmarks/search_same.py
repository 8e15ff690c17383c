"""The same ten in the same order: the browser's engine against the Whoosh index."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backissue.search.archive import Archive
from backissue.search.finding import answer

SCRIPT = """
import { readFileSync } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
const [folder, list] = process.argv.slice(2);
const base = pathToFileURL(`${folder}/`);
async function fetch(url, { headers = {} } = {}) {
  const file = await openFile(new URL(url));
  const { size } = await file.stat();
  const wanted = headers.Range
    ? headers.Range.slice(6).split(",").map((part) => part.split("-").map(Number))
    : [[0, size - 1]];
  const parts = await Promise.all(wanted.map(async ([start, last]) => {
    const end = Math.min(last, size - 1);
    const bytes = Buffer.alloc(end + 1 - start);
    await file.read(bytes, 0, bytes.length, start);
    return { start, end, bytes };
  }));
  await file.close();
  if (parts.length === 1) {
    return new Response(parts[0].bytes, { status: headers.Range ? 206 : 200 });
  }
  const body = parts.flatMap(({ start, end, bytes }) => [
    `--B\\r\\nContent-Range: bytes ${start}-${end}/${size}\\r\\n\\r\\n`, bytes, "\\r\\n"]);
  return new Response(new Blob([...body, "--B--"]), {
    status: 206, headers: { "Content-Type": "multipart/byteranges; boundary=B" } });
}
const { open } = await import(new URL("engine.js", base));
let engine = null;
const queries = JSON.parse(readFileSync(list));
for (let at = 0; at < queries.length; at += 1) {
  if (at % 50 === 0) engine = await open(base, { fetch }); // forget what was read
  const r = await engine.search(queries[at]);
  console.log(JSON.stringify([r.total, r.hits.map((hit) => [hit.url, hit.score, hit.snippet])]));
}
"""


def browser_answers(folder: Path, queries: Sequence[str]) -> list[list[object]]:
    """Return total and hits of each query, from the exported engine run by node."""
    with tempfile.TemporaryDirectory() as place:
        script = Path(place) / "run.mjs"
        script.write_text(SCRIPT, encoding="utf-8")
        listed = Path(place) / "queries.json"
        listed.write_text(json.dumps(list(queries)), encoding="utf-8")
        done = subprocess.run(
            ["node", script, folder, listed], capture_output=True, text=True, check=True
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def same(root: Path, folder: Path, queries: Sequence[str]) -> tuple[int, list[str]]:
    """Return how many queries have the same answer both ways, and those that do not."""
    different = []
    with Archive.open(root) as archive:
        there = browser_answers(folder, queries)
        for query, theirs in zip(queries, there, strict=True):
            found = answer(archive, query)
            hits = [[hit.url, hit.score, hit.snippet] for hit in found.hits]
            if [found.total, hits] != theirs:
                different.append(query)
    return len(queries) - len(different), different


if __name__ == "__main__":
    root_, folder_, list_ = map(Path, sys.argv[1:4])
    count, wrong = same(root_, folder_, json.loads(list_.read_text()))
    print(count, wrong[:20])
