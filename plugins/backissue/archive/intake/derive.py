"""From raw files to what the archive keeps of each article, once for each version of it.

Two steps, each a pure function whose result is stored under the digest of all it depends
on: *clean* (bytes, sidecar, name -> articles) and *derive* (article, vocabulary, model -> topics,
features for relating, body for its page). Steps that must run are spread over processes; an
article that asks for no pictures goes through both in one.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, cast

import msgspec

from backissue.archive.digests import code_version, digest
from backissue.archive.intake.beside import Picture, asked_for
from backissue.archive.intake.body import Body, dress
from backissue.archive.intake.sources import read_source
from backissue.archive.intake.topic_files import Topics, judge_of
from backissue.archive.settings import Settings
from backissue.archive.store.recall import decode_article, recall_article
from backissue.archive.store.store import Store, pack, unpack
from backissue.archive.workers import Workers
from backissue.article import Article, Reason, Rejected, TopicMatch
from backissue.clean import RawFile, clean
from backissue.related import Features, features
from backissue.topics import Judge, tag

BATCH: Final = 512  # raw files or articles that are looked up before the first is yielded


class Cleaned(msgspec.Struct, frozen=True):
    """What cleaning made of one raw file: the keys of its articles, and what was refused.

    ``asked`` are the relative addresses of the pictures of each article that has some.
    """

    articles: tuple[bytes, ...]
    rejected: tuple[Rejected, ...]
    asked: dict[bytes, tuple[str, ...]] = {}


class Derived(msgspec.Struct, frozen=True):
    """What follows from an article, the vocabulary and the model, if there is one."""

    topics: tuple[TopicMatch, ...]
    body: Body
    answers: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()


class Listed(NamedTuple):
    """What the catalogue takes of an article: it, maybe without its text, and its topics.

    ``key`` is that under which is kept what follows from it.
    """

    key: bytes
    article: Article
    topics: tuple[TopicMatch, ...]


class Illustrated(NamedTuple):
    """An article by its key, of a raw file, with its pictures.

    ``listed`` is there where all that follows from it was made with it.
    """

    source: str
    article: bytes
    pictures: tuple[Picture, ...]
    listed: Listed | None


class Given(NamedTuple):
    """What cleaning and deriving are given beside the files."""

    content: Path
    settings: Settings
    topics: Topics


class Made(NamedTuple):
    """What follows from an article: its key, ``Listed`` encoded, two values packed."""

    key: bytes
    listed: bytes
    derived: bytes
    features: bytes


class Fresh(NamedTuple):
    """A raw file that was cleaned: the key of its bytes, ``Cleaned`` encoded, its articles.

    Of each its key, it packed, and what follows from it if it asks for no pictures.
    """

    key: bytes
    cleaned: bytes
    articles: list[tuple[bytes, bytes, Made | None]]


Task = str | tuple[bytes, tuple[Picture, ...]]
Preparing = Workers[Task, Fresh | Made]

decode_cleaned = msgspec.msgpack.Decoder(Cleaned).decode
decode_derived = msgspec.msgpack.Decoder(Derived).decode
_decode_listed = msgspec.msgpack.Decoder(tuple[Article, tuple[TopicMatch, ...]]).decode
_decode_features = msgspec.msgpack.Decoder(Features).decode
_encode = msgspec.msgpack.encode


def prepare(given: Given, task: Task) -> Fresh | Made:
    """Clean a raw file, given its name, or derive what follows from a packed article."""
    if isinstance(task, str):
        return _clean_one(given, task)
    packed, pictures = task
    encoded = unpack(packed)
    return _derive_one(given.topics, digest(encoded), decode_article(encoded), pictures)


def clean_files(
    store: Store, workers: Preparing, given: Given, names: Sequence[str]
) -> Iterator[tuple[str, bytes, Cleaned, dict[bytes, Listed]]]:
    """Yield (name, key, what cleaning made of it, what followed) for raw files, in order.

    What follows from an article is there where it was made now; it is kept already.
    """
    if not store.knows_any("clean"):  # so nobody need read the files to see which are known
        for name, made in zip(names, workers.spread(names), strict=True):
            yield name, *_keep_fresh(store, cast(Fresh, made))
        return
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        keys = {name: _read(given, name)[0] for name in batch}
        known = {name for name, key in keys.items() if store.knows("clean", key)}
        fresh = workers.spread([name for name in batch if name not in known])
        for name in batch:
            if name in known:
                cleaned = decode_cleaned(store.recall("clean", keys[name]) or b"")
                yield name, keys[name], cleaned, {}
            else:
                yield name, *_keep_fresh(store, cast(Fresh, next(fresh)))


def derive_articles(
    store: Store, workers: Preparing, given: Given, articles: Iterable[Illustrated]
) -> Iterator[tuple[Illustrated, Listed]]:
    """Yield articles, each with what the catalogue takes of it, in order."""
    version = derive_version()
    rest = iter(articles)
    while batch := list(islice(rest, BATCH)):
        keys = [_derived_key(version, given.topics, one.article, one.pictures) for one in batch]
        missing = [
            n
            for n, (one, key) in enumerate(zip(batch, keys, strict=True))
            if one.listed is None and not store.knows("derive", key)
        ]
        tasks = [
            (store.recall_packed("article", batch[n].article), batch[n].pictures) for n in missing
        ]
        made = zip(missing, workers.spread(tasks), strict=True)
        listed = {n: _keep_made(store, cast(Made, one)) for n, one in made}
        for n, one in enumerate(batch):
            yield one, one.listed or listed.get(n) or _recall_listed(store, one.article, keys[n])


def clean_version() -> bytes:
    """Return the version of cleaning."""
    return code_version("clean", "beautifulsoup4", "lxml", "nh3", "markdown-it-py")


def derive_version() -> bytes:
    """Return the version of all that follows from an article."""
    rooms = [code_version(room, "lxml", "numpy") for room in ("topics", "related")]
    dressing = ("beside", "body", "charts", "drawing", "quantities")
    return digest(rooms, [code_version(f"archive/intake/{name}.py", "lxml") for name in dressing])


def recall_derived(store: Store, key: bytes) -> Derived:
    """Return what follows from an article. Raises KeyError where there is nothing."""
    value = store.recall("derive", key)
    if value is None:
        raise KeyError(key.hex())
    return decode_derived(value)


def recall_features(store: Store, key: bytes) -> Features:
    """Return what relating needs of an article. Raises KeyError where there is nothing."""
    value = store.recall("features", key)
    if value is None:
        raise KeyError(key.hex())
    return _decode_features(value)


def _recall_listed(store: Store, article: bytes, key: bytes) -> Listed:
    return Listed(key, recall_article(store, article), recall_derived(store, key).topics)


def _keep_fresh(store: Store, fresh: Fresh) -> tuple[bytes, Cleaned, dict[bytes, Listed]]:
    """Keep all that came of a raw file; return its key, what cleaning made of it, what followed."""
    listed = {}
    for key, packed, made in fresh.articles:
        store.keep("article", key, packed)
        if made is not None:
            listed[key] = _keep_made(store, made)
    store.keep("clean", fresh.key, pack(fresh.cleaned))
    return fresh.key, decode_cleaned(fresh.cleaned), listed


def _keep_made(store: Store, made: Made) -> Listed:
    store.keep("derive", made.key, made.derived)
    store.keep("features", made.key, made.features)
    return Listed(made.key, *_decode_listed(made.listed))


def _read(given: Given, name: str) -> tuple[bytes, RawFile | Rejected]:
    """Return the key of what cleaning makes of a raw file, and it (or why it cannot be read)."""
    settings = given.settings.clean
    try:
        data, sidecar = read_source(given.content, name, settings.max_bytes)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "Look at the file's permissions, or copy it into the content folder again."
        if error.errno == errno.EILSEQ:
            hint = "Rename it (convmv does that for many files), and it is read."
        elif error.errno == errno.EINVAL:
            hint = "Put the file itself there, or take this away."
        return digest("unreadable", name, reason), Rejected(
            reason=Reason.UNREADABLE, where=name, detail=reason, hint=hint
        )
    key = digest(clean_version(), settings, name, data, sidecar)
    return key, RawFile(name, data, sidecar)


def _clean_one(given: Given, name: str) -> Fresh:
    """Clean a raw file; derive what follows from those of its articles that ask for no pictures.

    The key is made from the same read: a file that is changed meanwhile is never kept under
    the key of what it was before.
    """
    key, raw = _read(given, name)
    results = (raw,) if isinstance(raw, Rejected) else clean(raw, given.settings.clean)
    asked = {}
    articles = []
    for article in results:
        if not isinstance(article, Article):
            continue
        encoded = _encode(article)
        one = digest(encoded)
        if addresses := asked_for(article):
            asked[one] = addresses
        made = None if addresses else _derive_one(given.topics, one, article)
        articles.append((one, pack(encoded), made))
    rejected = tuple(result for result in results if isinstance(result, Rejected))
    cleaned = Cleaned(tuple(one for one, _, _ in articles), rejected, asked)
    return Fresh(key, _encode(cleaned), articles)


def _derived_key(
    version: bytes, topics: Topics, article: bytes, pictures: tuple[Picture, ...]
) -> bytes:
    return digest(version, topics.digest, article, *((pictures,) if pictures else ()))


def _derive_one(
    given: Topics, key: bytes, article: Article, pictures: tuple[Picture, ...] = ()
) -> Made:
    judge = judge_of(given.model) if given.model else None
    topics = tag(article, given.vocabulary, judge if isinstance(judge, Judge) else None)
    answers = (dress(question.answer, "", question.lang).html for question in article.faq)
    body = dress(article.body, article.text, article.lang, pictures)
    derived = Derived(topics, body, tuple(answers), pictures)
    return Made(
        _derived_key(derive_version(), given, key, pictures),
        _encode((_short(article), topics)),
        pack(_encode(derived)),
        pack(_encode(features(article, topics))),
    )


def _short(article: Article) -> Article:
    """Return an article with what the catalogue reads of it, so that less is sent to it."""
    return Article(
        key=article.key,
        title=article.title,
        published=article.published,
        body="",
        text="",
        lead=article.excerpt,
        lang=article.lang,
        site=article.site,
        slug=article.slug,
        references=article.references,
        draft=article.draft,
    )
