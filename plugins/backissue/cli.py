"""``backissue …``: the archive on the command line, for people.

A command imports the rooms that it needs when it runs, so that none waits for another's.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import argparse
import errno
import gzip
import html
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from backissue import __version__

if TYPE_CHECKING:
    from backissue.article import Article, Rejected
    from backissue.clean import RawFile
    from backissue.search import Explanation, Hit
    from backissue.topics import Vocabulary

Command = Callable[[argparse.Namespace], int]

CACHE: Final = Path(".backissue")
DONE, NOTHING, WRONG_USE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status (0 done, 1 nothing found, 2 wrong use)."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        status = command(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Who reads along (``head``) has enough; at its end Python would write what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (gzip.BadGzipFile, msgspec.MsgspecError) as error:
        print(f"backissue: this is no corpus (JSON, an article a line): {error}", file=sys.stderr)
    except OSError as error:
        if error.filename is None:
            raise
        print(f"backissue: {error.filename}: {error.strerror}", file=sys.stderr)
    return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backissue", description="The archive on the command line, for people."
    )
    parser.add_argument("--version", action="version", version=f"backissue {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    find = _command(commands, "search", "search the archive that was built last")
    find.add_argument(
        "words", nargs="*", metavar="WORD", help='words, "a phrase", -not, topic:claude, by:name …'
    )
    find.add_argument("--limit", type=_positive, default=10, help="how many results (10)")
    find.add_argument("--like", action="store_true", help="the query is a title: more like it")
    find.add_argument("--explain", action="store_true", help="take each score apart")
    find.add_argument("--index", type=Path, default=CACHE / "index", help="the index's folder")
    find.add_argument("--ir", type=Path, metavar="DIR", help="rank a test collection instead")
    find.add_argument("--json", type=Path, metavar="OUT", help="with --ir: where the ranks go")
    find.set_defaults(command=_search)

    tidy = _command(commands, "clean", "clean raw files and print what they hold")
    tidy.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    tidy.add_argument("--json", type=Path, metavar="OUT", help="write all as one JSON object")
    tidy.set_defaults(command=_clean)

    tell = _command(commands, "explain", "what was taken as what, and what was cut and why")
    tell.add_argument("path", type=Path, metavar="FILE", help="a raw file")
    tell.add_argument("--html", type=Path, metavar="OUT", help="write it as a page")
    tell.add_argument(
        "--vocabulary",
        type=Path,
        default=Path("content/topics.toml"),
        metavar="TOPICS",
        help="the topics to look for (content/topics.toml)",
    )
    tell.set_defaults(command=_explain)

    near = _command(commands, "related", "rank further reading for a corpus of articles")
    near.add_argument("corpus", type=Path, metavar="ARTICLES.jsonl.gz", help="an article a line")
    near.add_argument("--json", type=Path, metavar="OUT", required=True, help="where ranks go")
    near.add_argument("--before", action="store_true", help="only articles published before")
    near.set_defaults(command=_related)

    _add_topics(_command(commands, "topics", "suggest topics, learn from tags, tag a corpus"))

    host = _command(commands, "serve", "serve the site with a search service")
    host.add_argument("site", nargs="?", type=Path, default=Path("output"), help="output/")
    host.add_argument("--host", default="127.0.0.1", help="127.0.0.1: this machine alone")
    host.add_argument("--port", type=int, default=8000, help="the port (8000)")
    host.add_argument("--workers", type=_positive, default=1, help="processes that answer (1)")
    host.set_defaults(command=_serve)
    return parser


def _command(commands: Any, name: str, what: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=what, description=f"{what[0].upper()}{what[1:]}."
    )
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is less than 1")
    return value


def _add_topics(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(required=True, metavar="WHAT")
    label = _command(parts, "tag", "tag a corpus of articles")
    label.add_argument("corpus", type=Path, metavar="ARTICLES.jsonl.gz", help="an article a line")
    label.add_argument("--json", type=Path, metavar="OUT", required=True, help="where tags go")
    label.add_argument("--folds", type=int, default=0, help="learn from the other folds' tags")
    label.set_defaults(command=_topics_tag)
    wish = _command(parts, "suggest", "tags that pages declare and the vocabulary lacks")
    wish.add_argument("content", nargs="?", type=Path, default=Path("content"), help="content/")
    wish.add_argument("--limit", type=_positive, default=40, help="how many tags (40)")
    wish.set_defaults(command=_topics_suggest)
    learn = _command(parts, "train", "learn from the tags that the archive's pages declare")
    learn.add_argument("content", nargs="?", type=Path, default=Path("content"), help="content/")
    learn.add_argument("--out", type=Path, help="the model file; CONTENT/topics.model if not given")
    learn.set_defaults(command=_topics_train)


# -- search -------------------------------------------------------------------------------


def _search(options: argparse.Namespace) -> int:
    from backissue.search import explain, like, rank_collection, search

    if options.ir is not None:
        return _write_json(rank_collection(options.ir), options.json)
    query = " ".join(options.words)
    if not query:
        print("What to search for? backissue search WORDS", file=sys.stderr)
        return WRONG_USE
    if not options.index.is_dir():
        print(f"No index at {options.index}. Build the site first (make html).", file=sys.stderr)
        return WRONG_USE
    if options.like:
        query = like(query)
    if options.explain:
        return _explain_scores(explain(options.index, query, options.limit))
    results = search(options.index, query, options.limit)
    if results.suggestion:
        print(f"Did you mean: {results.suggestion}")
    if not results.hits:
        print(f"Nothing found for {query!r}.")
        return NOTHING
    print(f"{results.total} found")
    for hit in results.hits:
        print("\n" + _describe_hit(hit, sys.stdout.isatty()))
    if results.related:
        print(f"\nRelated searches: {' · '.join(results.related)}")
    return DONE


def _explain_scores(found: Sequence[Explanation]) -> int:
    for one in found:
        print(f"{one.score:.4f}  {one.title}\n        {one.url}")
        for part in one.parts:
            print(f"        {part.adds:8.4f}  {part.text}  ({part.articles} articles have it)")
        print(f"        x {one.freshness:.4f}  for its date; {one.length} words, with weights")
    if not found:
        print("Nothing found.")
    return DONE if found else NOTHING


def _describe_hit(hit: Hit, colour: bool) -> str:
    bold, mark, plain = ("\033[1m", "\033[33m", "\033[0m") if colour else ("", "", "")
    snippet = hit.snippet.replace("<mark>", mark).replace("</mark>", plain)
    return f"{bold}{hit.title}{plain}\n{hit.date}  {hit.url}\n{html.unescape(snippet)}"


def _serve(options: argparse.Namespace) -> int:
    missing = [name for name in ("granian", "starlette") if find_spec(name) is None]
    if missing:
        what = " and ".join(missing)
        print(f"This needs {what}: pip install 'backissue[serve]'", file=sys.stderr)
        return WRONG_USE
    from backissue.search.service import serve

    if not (options.site / "search" / "manifest.json").is_file():
        print(f"No site with a search at {options.site}. Run `make html` first.", file=sys.stderr)
        return WRONG_USE
    serve(options.site, options.host, options.port, options.workers)
    return DONE


# -- cleaning -----------------------------------------------------------------------------


def _clean(options: argparse.Namespace) -> int:
    from backissue.archive.report import describe_refused
    from backissue.article import Rejected
    from backissue.clean import predict

    cleaned: dict[str, dict[str, Any]] = {}
    refused: list[Rejected] = []
    for path, raw in _raw_files(options.paths):
        result = predict(raw)
        if isinstance(result, Rejected):
            refused.append(result)
            continue
        cleaned[path.name.split(".", 1)[0]] = result
        if options.json is None:
            print(f"{result['title']}\n{result['date']}  {', '.join(result['author'])}")
            print(f"tags: {', '.join(result['tags'])}\n\n{result['text']}\n")
    if options.json is not None:
        _write_json(cleaned, options.json)
    for line in describe_refused(refused):
        print(line, file=sys.stderr)
    return NOTHING if refused else DONE


def _explain(options: argparse.Namespace) -> int:
    from backissue.article import Article
    from backissue.clean import clean, explain, explain_html, explain_text
    from backissue.topics import Judge, load_model, tag

    if options.path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "explain takes one file", str(options.path))
    ((_, raw),) = _raw_files([options.path])
    explanation = explain(raw)
    if options.html is not None:
        options.html.write_text(explain_html(explanation), encoding="utf-8")
        return DONE
    print(explain_text(explanation))
    vocabulary = _vocabulary(options.vocabulary) if options.vocabulary.is_file() else None
    if vocabulary is None:
        return DONE
    path = options.vocabulary.with_name("topics.model")
    judge = load_model(path.read_bytes(), str(path)) if path.is_file() else None
    for article in clean(raw):
        if isinstance(article, Article):
            print("\ntopics")
            for match in tag(article, vocabulary, judge if isinstance(judge, Judge) else None):
                print(f"  {match.slug:<28} {match.score:.2f}  {'; '.join(match.evidence)}")
    return DONE


def _raw_files(paths: Sequence[Path]) -> Iterator[tuple[Path, RawFile]]:
    from backissue.clean import CleanSettings, RawFile

    limit = CleanSettings().max_bytes
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.rglob("*")) if one.is_file())
            found = [one for one in inside if one.suffix != ".toml"]
        else:
            found = [path]
        for one in found:
            with one.open("rb") as file:
                data = file.read(limit + 1)
            sidecar = one.with_name(one.name + ".toml")
            beside = sidecar.read_bytes() if sidecar.is_file() else None
            yield one, RawFile(one.as_posix().lstrip("/"), data, beside)


# -- topics and relations -----------------------------------------------------------------


def _related(options: argparse.Namespace) -> int:
    from backissue.related.corpus import rank_corpus, read_corpus

    ranked = rank_corpus(read_corpus(options.corpus), options.before)
    return _write_json(ranked, options.json)


def _topics_tag(options: argparse.Namespace) -> int:
    from backissue.topics.corpus import read_corpus, tag_corpus

    return _write_json(tag_corpus(read_corpus(options.corpus), options.folds), options.json)


def _topics_suggest(options: argparse.Namespace) -> int:
    from backissue.topics.corpus import suggest

    vocabulary = _vocabulary(options.content / "topics.toml")
    if vocabulary is None:
        return WRONG_USE
    for name, count in suggest(_articles(options.content), vocabulary)[: options.limit]:
        print(f"{count:6}  {name}")
    return DONE


def _topics_train(options: argparse.Namespace) -> int:
    from backissue.topics import save_model
    from backissue.topics.corpus import LEAST_TAUGHT, declared, train

    vocabulary = _vocabulary(options.content / "topics.toml")
    if vocabulary is None:
        return WRONG_USE
    articles = list(_articles(options.content))
    model = train(articles, declared(articles, vocabulary), vocabulary)
    if model is None:
        print(
            f"Fewer than {LEAST_TAUGHT} articles declare a tag of the vocabulary: there is "
            "nothing to learn from. `backissue topics suggest` lists what it lacks.",
            file=sys.stderr,
        )
        return NOTHING
    out = options.out or options.content / "topics.model"
    out.write_bytes(save_model(model))
    print(f"{out}: learned {len(model.slugs)} topics from {len(model.rows)} articles.")
    return DONE


def _vocabulary(path: Path) -> Vocabulary | None:
    """Return a vocabulary; None, with the reason on stderr, where it cannot be used."""
    from backissue.topics import Vocabulary, load_vocabulary

    if not path.is_file():
        print(f"{path}: there is no such file.", file=sys.stderr)
        return None
    loaded = load_vocabulary(path.read_bytes(), str(path))
    if isinstance(loaded, Vocabulary):
        return loaded
    print(f"{loaded.where}: {loaded.detail}. {loaded.hint}", file=sys.stderr)
    return None


def _articles(content: Path) -> Iterator[Article]:
    """Yield the articles of a content folder, cleaned anew: those that a build finds there."""
    from backissue.archive.intake.sources import find_sources, is_picture
    from backissue.article import Article
    from backissue.clean import clean

    found = find_sources(content, frozenset({"pages", "images", "topics.toml", "topics.model"}))
    raw_files = [content / one.name for one in found if not is_picture(one.name)]
    for _, raw in _raw_files(raw_files):
        yield from (one for one in clean(raw) if isinstance(one, Article))


def _write_json(value: object, path: Path | None) -> int:
    data = msgspec.json.format(msgspec.json.encode(value, order="sorted"))
    if path is None:
        print(data.decode())
    else:
        path.write_bytes(data)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
