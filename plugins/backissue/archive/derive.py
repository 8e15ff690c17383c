"""From raw files to what the archive keeps of each article, once for each version of it.

Two steps, each a pure function whose result is stored under the digest of all it depends
on: *clean* (bytes, sidecar, name -> articles) and *derive* (article, vocabulary, model -> topics,
features for relating, body for its page). Steps that must run are spread over processes.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from backissue.archive.beside import Picture, asked_for
from backissue.archive.body import Body, dress
from backissue.archive.digests import code_version, digest
from backissue.archive.settings import Settings
from backissue.archive.sources import read_source
from backissue.archive.store import Store, pack
from backissue.archive.topic_files import Topics, judge_of
from backissue.archive.workers import Workers
from backissue.article import Article, Reason, Rejected, TopicMatch
from backissue.clean import RawFile, clean
from backissue.related import Features, features
from backissue.topics import Judge, tag


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


Illustrated = tuple[bytes, tuple[Picture, ...]]

decode_cleaned = msgspec.msgpack.Decoder(Cleaned).decode
decode_derived = msgspec.msgpack.Decoder(Derived).decode
_decode_article = msgspec.msgpack.Decoder(Article).decode
_decode_features = msgspec.msgpack.Decoder(Features).decode
_encode = msgspec.msgpack.encode


def clean_files(
    store: Store, workers: Workers, content: Path, names: Sequence[str], settings: Settings
) -> Iterator[tuple[str, bytes, Cleaned]]:
    """Yield (name, key, what cleaning made of it) for raw files, in the order given."""
    keys: dict[str, bytes] = {}
    missing = []
    for name in names:
        key, _ = _read(content, settings, name)
        if store.knows("clean", key):
            keys[name] = key
        else:
            missing.append(name)
    work = partial(_clean_one, content, settings)
    for name, made in zip(missing, workers.spread(work, missing), strict=True):
        keys[name], cleaned, articles = made
        for key, article in articles:
            store.keep("article", key, article)
        store.keep("clean", keys[name], cleaned)
    for name in names:
        yield name, keys[name], decode_cleaned(store.recall("clean", keys[name]) or b"")


def derive_articles(
    store: Store, workers: Workers, articles: Sequence[Illustrated], topics: Topics
) -> Iterator[tuple[Article, bytes, Derived]]:
    """Yield (article, key of what follows from it, what follows from it), in order.

    ``articles`` are their keys, each with its pictures.
    """
    version = derive_version()
    keys = [
        digest(version, topics.digest, article, *((pictures,) if pictures else ()))
        for article, pictures in articles
    ]
    missing = [n for n, key in enumerate(keys) if not store.knows("derive", key)]
    encoded = [(store.recall("article", articles[n][0]), articles[n][1]) for n in missing]
    made = workers.spread(partial(_derive_one, topics), encoded)
    for n, (value, related) in zip(missing, made, strict=True):
        store.keep("derive", keys[n], value)
        store.keep("features", keys[n], related)
    for (article, _), key in zip(articles, keys, strict=True):
        yield recall_article(store, article), key, recall_derived(store, key)


def clean_version() -> bytes:
    """Return the version of cleaning."""
    return code_version("clean", "beautifulsoup4", "lxml", "nh3", "markdown-it-py")


def derive_version() -> bytes:
    """Return the version of all that follows from an article."""
    rooms = [code_version(room, "lxml", "numpy") for room in ("topics", "related")]
    dressing = ("beside", "body", "charts", "drawing", "quantities")
    return digest(rooms, [code_version(f"archive/{name}.py", "lxml") for name in dressing])


def recall_article(store: Store, key: bytes) -> Article:
    """Return the article kept under ``key``. Raises KeyError where there is none."""
    value = store.recall("article", key)
    if value is None:
        raise KeyError(key.hex())
    return _decode_article(value)


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


def _read(content: Path, settings: Settings, name: str) -> tuple[bytes, RawFile | Rejected]:
    """Return a raw file (or why it cannot be read) and the key of what cleaning makes of it."""
    try:
        data, sidecar = read_source(content, name, settings.clean.max_bytes)
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
    key = digest(clean_version(), settings.clean, name, data, sidecar)
    return key, RawFile(name, data, sidecar)


def _clean_one(
    content: Path, settings: Settings, name: str
) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
    """Return the key of the bytes that were cleaned, what cleaning made of them, the articles.

    The key is made from the same read: a file that is changed meanwhile is never kept under
    the key of what it was before.
    """
    key, raw = _read(content, settings, name)
    results = (raw,) if isinstance(raw, Rejected) else clean(raw, settings.clean)
    articles = [result for result in results if isinstance(result, Article)]
    encoded = [_encode(article) for article in articles]
    ids = [digest(article) for article in encoded]
    asked = {
        one: addresses
        for one, article in zip(ids, articles, strict=True)
        if (addresses := asked_for(article))
    }
    rejected = tuple(result for result in results if isinstance(result, Rejected))
    made = pack(_encode(Cleaned(tuple(ids), rejected, asked)))
    return key, made, list(zip(ids, map(pack, encoded), strict=True))


def _derive_one(
    given: Topics, illustrated: tuple[bytes | None, tuple[Picture, ...]]
) -> tuple[bytes, bytes]:
    encoded, pictures = illustrated
    article = _decode_article(encoded or b"")
    judge = judge_of(given.model) if given.model else None
    topics = tag(article, given.vocabulary, judge if isinstance(judge, Judge) else None)
    answers = (dress(question.answer, "", question.lang).html for question in article.faq)
    body = dress(article.body, article.text, article.lang, pictures)
    derived = Derived(topics, body, tuple(answers), pictures)
    return pack(_encode(derived)), pack(_encode(features(article, topics)))
