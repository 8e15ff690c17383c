"""``backissue …``: the archive on the command line, for people."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from backissue import __version__
from backissue.archive.report import describe_refused
from backissue.article import Article, Rejected
from backissue.clean import RawFile, clean
from backissue.search import Hit, search

Command = Callable[[argparse.Namespace], int]
INDEX = Path(".backissue/index")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status (0 done, 1 nothing found, 2 wrong use)."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backissue", description=__doc__)
    parser.add_argument("--version", action="version", version=f"backissue {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    find = commands.add_parser("search", help="search the archive that was built last")
    find.add_argument("query", help='words, "a phrase", -not, topic:claude, after:2026-05 …')
    find.add_argument("--limit", type=int, default=10, help="how many results (10)")
    find.add_argument("--index", type=Path, default=INDEX, help=f"the index's folder ({INDEX})")
    find.set_defaults(command=_search)

    tidy = commands.add_parser("clean", help="clean raw files and print what they hold")
    tidy.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    tidy.add_argument("--json", type=Path, metavar="OUT", help="write all as one JSON object")
    tidy.set_defaults(command=_clean)
    return parser


def _search(options: argparse.Namespace) -> int:
    if not options.index.is_dir():
        print(f"There is no index at {options.index}: run `make html` first.", file=sys.stderr)
        return 2
    results = search(options.index, options.query, options.limit)
    if not results.hits:
        print(f"Nothing found for {options.query!r}.")
        return 1
    print(f"{results.total} found")
    for hit in results.hits:
        print("\n" + _describe_hit(hit, sys.stdout.isatty()))
    return 0


def _describe_hit(hit: Hit, colour: bool) -> str:
    bold, mark, plain = ("\033[1m", "\033[33m", "\033[0m") if colour else ("", "", "")
    snippet = hit.snippet.replace("<mark>", mark).replace("</mark>", plain)
    return f"{bold}{hit.title}{plain}\n{hit.date}  {hit.url}\n{_unescape(snippet)}"


def _unescape(snippet: str) -> str:
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'")):
        snippet = snippet.replace(entity, char)
    return snippet.replace("&amp;", "&")


def _clean(options: argparse.Namespace) -> int:
    cleaned: dict[str, dict[str, object]] = {}
    refused: list[Rejected] = []
    for path in _files(options.paths):
        sidecar = path.with_name(path.name + ".toml")
        beside = sidecar.read_bytes() if sidecar.is_file() else None
        for one in clean(RawFile(path.as_posix().lstrip("/"), path.read_bytes(), beside)):
            if isinstance(one, Rejected):
                refused.append(one)
                continue
            cleaned[path.name.split(".", 1)[0]] = _fields(one)
            if options.json is None:
                _print_article(one)
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(cleaned)))
    for line in describe_refused(refused):
        print(line, file=sys.stderr)
    return 1 if refused else 0


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = (one for one in sorted(path.rglob("*")) if one.is_file()) if path.is_dir() else ()
        found += inside or [path]
    return [path for path in found if path.suffix != ".toml"]


def _fields(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "date": article.published.day or article.published.value,
        "author": ", ".join(article.authors),
        "text": "\n\n".join(part for part in (article.lead, article.text) if part),
        "html": article.body,
        "lang": article.lang,
        "tags": list(article.tags),
    }


def _print_article(article: Article) -> None:
    print(f"{article.title}\n{article.published.value}  {', '.join(article.authors)}")
    if article.tags:
        print("tags: " + ", ".join(article.tags))
    print("\n" + "\n\n".join(part for part in (article.lead, article.text) if part) + "\n")


if __name__ == "__main__":
    sys.exit(main())
