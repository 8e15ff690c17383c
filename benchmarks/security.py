"""What hostile input does: payloads in every field of an article, files, encodings, queries.

    python -m benchmarks.security [--corpus DIR] [--quick] [--json OUT]

``--corpus`` is a folder like ``corpora/security``. A page for each payload holds it as markup in
its body; other files say it in every field, in a text dump, or in Markdown, in turn. The site is
built, and each of its pages opened in headless Chromium with its policy taken away: nothing may
run, nothing be asked of another place, nothing stand in an article that could. That the payloads
would run is seen on the same pages as they were dropped (of those that the corpus says do).
``--quick`` takes one in twenty.
"""

from __future__ import annotations

import base64
import http.client
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from backissue.clean.encoding import decode
from benchmarks.builds import Site
from benchmarks.measure import AtLeast, AtMost, Figure, arguments, figure, note, report, shared
from benchmarks.search_service import serving
from benchmarks.security_browser import Trouble, running, searching, troubles
from benchmarks.security_files import drop_each
from benchmarks.security_pages import Payload, carriers, in_body

ZERO: Final = AtMost(0)
QUICK: Final = 20
CONTROL: Final = 10  # one in so many of those that run is opened as it was dropped
REFUSED: Final = (400, 414)
# Words whose bytes tell the encodings of the cases apart.
WORDS: Final = {"iso-8859-2": "Wisława ąćę łódź", "euc-jp": "日本語の記事です。"}
ELSE: Final = "naïve café déjà “vu”"


def main(command_line: Sequence[str] | None = None) -> int:
    """Run the benchmark; return its exit status."""
    options = arguments(__doc__).parse_args(command_line)
    corpus: Path = options.corpus or shared("corpora/security")
    step = QUICK if options.quick else 1
    with tempfile.TemporaryDirectory(prefix="backissue-security-") as name:
        folder = Path(name)
        (folder / "files").mkdir()
        site = Site(folder / "payloads")
        figures = [
            *payloads(corpus, site, step),
            *queries(corpus, site, step),
            *files(corpus, folder / "files", step),
            *encodings(corpus),
        ]
    return report("security", figures, options.json)


def payloads(corpus: Path, site: Site, step: int) -> list[Figure]:
    """Publish an article for each payload, and return what the site's pages do in a browser."""
    chosen = _payloads(corpus)[::step]
    live = frozenset(_read(corpus, "xss_live_ids.json"))
    site.begin()
    dropped = 0
    for carrier in carriers(chosen):
        path = site.content / carrier.file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(carrier.data)
        dropped += 1
    note(f"{dropped:,} files with a payload", site.build())
    tree = sorted(path.parent.relative_to(site.output) for path in site.output.rglob("index.html"))
    pages = ["" if path == Path() else f"{path.as_posix()}/" for path in tree]
    found = troubles(site.output, [page for page in pages if page != "search/"])
    for one in found[:20]:
        print(_told(one), file=sys.stderr)
    control = [one for one in chosen if one.name in live][:: max(1, CONTROL // step)]
    raw = [in_body(one.text).encode("utf-8", "surrogatepass") for one in control]
    ran = running(site.output, raw)
    return [
        figure("files with a payload", dropped, "files"),
        figure("pages opened", len(pages), "pages"),
        figure("payloads that run as they were dropped", ran / len(raw), "", bar=AtLeast(0.8)),
        figure("pages on which something ran", sum(bool(it.ran) for it in found), "", bar=ZERO),
        figure("pages that asked elsewhere", sum(bool(it.elsewhere) for it in found), "", bar=ZERO),
        figure("pages that hold what could", sum(bool(it.holds) for it in found), "", bar=ZERO),
    ]


def queries(corpus: Path, site: Site, step: int) -> list[Figure]:
    """Ask the service of the same site, and its search page, what is meant to do harm."""
    asked = [_text(one) for one in _read(corpus, "search_abuse.json")]
    asked += _read(corpus, "naughty_strings.json")
    waited, wrong = [], 0
    with serving(site.output) as port:
        for query in asked:
            begin = time.perf_counter()
            status = _ask(port, query)
            waited.append(1000 * (time.perf_counter() - begin))
            if status != 200 and status not in REFUSED:
                wrong += 1
                print(f"status {status}: {query[:60]!r}", file=sys.stderr)
    words = [*asked, *(one.text for one in _payloads(corpus)[:: 20 * step])]
    found = searching(site.output, [query[:2000] for query in words if query.strip()])
    for one in found[:20]:
        print(_told(one), file=sys.stderr)
    return [
        figure("queries asked of the service", len(asked), "queries"),
        figure("… neither answered nor refused", wrong, "", bar=ZERO),
        figure("… slowest", max(waited), "ms", bar=AtMost(500)),
        figure("queries typed into the search page", len(words), "queries"),
        figure("… that made something run, or stand there", len(found), "", bar=ZERO),
    ]


def files(corpus: Path, folder: Path, step: int) -> list[Figure]:
    """Drop each hostile file into a site of its own, and return what the builds did."""
    built = drop_each(folder, _read(corpus, "hostile_files.json")[::step])
    for one in built:
        if one.wrong:
            print(f"{one.name}: {one.wrong}", file=sys.stderr)
    return [
        figure("hostile files dropped, one a build", len(built), "files"),
        figure("… that did harm, or stayed", sum(bool(b.wrong) for b in built), "", bar=ZERO),
        figure("… dearest build, CPU", max(one.cpu for one in built), "s", bar=AtMost(30)),
    ]


def encodings(corpus: Path) -> list[Figure]:
    """Return the share of pages with a declaration that are read as a browser reads them."""
    cases = _read(corpus, "html5lib_encoding.json")
    right = 0
    for case in cases:
        name = case["encoding"].lower()
        words = WORDS.get(name, ELSE)
        text, _ = decode(base64.b64decode(case["data_b64"]) + b"<p>" + words.encode(name))
        right += words in text
    return [
        figure("declared encodings read as in a browser", right / len(cases), "", bar=AtLeast(1))
    ]


def _payloads(corpus: Path) -> list[Payload]:
    """Return payloads, strings that have broken programs before, and pages that break parsers."""
    strings: Iterator[tuple[int, str]] = enumerate(_read(corpus, "naughty_strings.json"))
    return [
        *(Payload(one["id"], one["payload"]) for one in _read(corpus, "xss_payloads.json")),
        *(Payload(f"string {number}", text) for number, text in strings),
        *(
            Payload(one["id"], one["data"])
            for one in _read(corpus, "html5lib_tree_construction.json")
        ),
    ]


def _read(corpus: Path, name: str) -> list[Any]:
    loaded: list[Any] = json.loads((corpus / name).read_bytes())
    return loaded


def _text(one: dict[str, Any]) -> str:
    return one["query"] if "query" in one else "".join(part["s"] * part["n"] for part in one["gen"])


def _ask(port: int, query: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", f"/api/search?q={quote(query.encode('utf-8', 'surrogatepass'))}")
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException) as error:
        print(f"{error!r}: {query[:60]!r}", file=sys.stderr)
        return 0
    finally:
        connection.close()


def _told(one: Trouble) -> str:
    return f"{one.page}: ran {one.ran}, asked {one.elsewhere}, holds {one.holds}"


if __name__ == "__main__":
    sys.exit(main())
