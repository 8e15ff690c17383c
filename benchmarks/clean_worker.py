"""One tool over every page of a split, in a process of its own: predictions, CPU time, memory.

    python benchmarks/clean_worker.py ours|trafilatura SPLIT OUT [PAGES]

Standard library and the tool alone, so that any interpreter that has the tool can run it.
"""

import gzip
import json
import statistics
import sys
import time
from pathlib import Path


def resident() -> int:
    """Bytes of memory that this process holds now (Linux; 0 elsewhere)."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096
    except OSError:
        return 0


def ours(page_id: str, data: bytes) -> dict[str, object]:
    from backissue.article import Rejected  # noqa: PLC0415 - only where it is the tool
    from backissue.clean import RawFile, predict  # noqa: PLC0415

    found = predict(RawFile(f"{page_id}.html", data))
    return {} if isinstance(found, Rejected) else found


def trafilatura_text(page_id: str, data: bytes) -> dict[str, object]:
    """Its default settings, which is what is timed: the text alone."""
    import trafilatura as peer  # noqa: PLC0415

    return {"text": peer.extract(data)}


def trafilatura(page_id: str, data: bytes) -> dict[str, object]:
    """All it finds, for the measures."""
    import trafilatura as peer  # noqa: PLC0415

    del page_id
    found = peer.bare_extraction(data, with_metadata=True)
    values = found.as_dict() if found is not None else {}
    return {key: values.get(key) for key in ("title", "author", "date", "text")}


def main() -> None:
    name, split, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    least = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    tool = {"ours": ours, "trafilatura": trafilatura_text}[name]
    items = json.loads((split / "manifest.json").read_text("utf-8"))["items"]
    pages = [(item["id"], gzip.decompress((split / item["html"]).read_bytes())) for item in items]
    tool("warm-up", pages[0][1])
    predictions, seconds = {}, {}
    for page_id, data in pages:
        start = time.process_time()
        predictions[page_id] = tool(page_id, data)
        seconds[page_id] = time.process_time() - start
        if name == "trafilatura":
            predictions[page_id] = trafilatura(page_id, data)
    after, done = resident(), len(pages)
    while done < least:
        for page_id, data in pages[: least - done]:
            tool(page_id, data)
        done += min(len(pages), least - done)
    result = {
        "predictions": predictions,
        "seconds": seconds,
        "median_ms": 1000 * statistics.median(seconds.values()),
        "pages": done,
        "memory_first": after,
        "memory_last": resident(),
    }
    out.write_text(json.dumps(result, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
