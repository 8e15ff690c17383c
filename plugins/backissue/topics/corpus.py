"""Tagging a corpus, and training on it: the functions behind ``backissue topics …``.

A corpus is a ``.jsonl`` or ``.jsonl.gz`` file with an article a line: ``id``, ``source``,
``title``, ``date``, ``lang``, ``tags`` and ``body`` (HTML). The vocabulary of a source is its
own tags, those used LEAST_USED times or more.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import lxml.html
import msgspec

from backissue.article import Article, Dateline, Heading
from backissue.topics.learned import MOST_ARTICLES, Judge, Model, teach
from backissue.topics.likeness import term_counts
from backissue.topics.tagger import declared_topics, find_names, named, tag
from backissue.topics.vocabulary import Topic, Vocabulary, slugify_topic

FOLDS: Final = 5
LEAST_USED: Final = 5
LEAST_TAUGHT: Final = 20
"""With fewer tagged articles nothing is learned; names alone do it."""

_BLOCKS: Final = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "pre", "br", "div")
_HEADINGS: Final = ("h2", "h3", "h4", "h5", "h6")


class Record(msgspec.Struct, frozen=True):
    """A line of a corpus."""

    id: str
    title: str
    date: str
    body: str
    source: str = ""
    lang: str = "en"
    tags: tuple[str, ...] = ()


def read_corpus(path: Path) -> list[Record]:
    """Return the records of a corpus. Raises ``msgspec.DecodeError`` where a line is none."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    decode = msgspec.json.Decoder(Record).decode
    return [decode(line) for line in data.splitlines() if line.strip()]


def article_of(record: Record) -> Article:
    """Return a record as an article that declares no tags."""
    headings: tuple[Heading, ...] = ()
    text = ""
    if record.body.strip():
        tree = lxml.html.fragment_fromstring(record.body, create_parent="div")
        headings = tuple(
            Heading(int(str(found.tag)[1]), " ".join(str(found.text_content()).split()))
            for found in tree.iter(*_HEADINGS)
        )
        for block in tree.iter(*_BLOCKS):
            block.tail = "\n" + (block.tail or "")
        text = str(tree.text_content())
    return Article(
        key=record.id,
        title=record.title,
        published=Dateline(record.date),
        body=record.body,
        text=text,
        lang=record.lang,
        site=record.source,
        headings=headings,
    )


def vocabulary_of(records: Iterable[Record]) -> Vocabulary:
    """Return the tags used LEAST_USED times or more as a vocabulary, by slug."""
    topics = {slug: Topic(name.strip(), slug) for slug, name in tags_by_slug(records).items()}
    return Vocabulary(tuple(topics.values()))


def tags_by_slug(records: Iterable[Record]) -> dict[str, str]:
    """Return the tags used LEAST_USED times or more; of those of one slug, the most used."""
    used: Counter[str] = Counter()
    for record in records:
        used.update({tag_key(tag) for tag in record.tags})
    tags: dict[str, str] = {}
    for name in sorted(used, key=lambda name: (-used[name], name)):
        slug = slugify_topic(name)
        if used[name] >= LEAST_USED and slug:
            tags.setdefault(slug, name)
    return dict(sorted(tags.items()))


def train(
    articles: Sequence[Article], topics: Mapping[str, frozenset[str]], vocabulary: Vocabulary
) -> Model | None:
    """Return a model of the latest MOST_ARTICLES articles that have topics, or None.

    ``topics`` gives the slugs of each article by its key. None where fewer than LEAST_TAUGHT
    articles have any.
    """
    known = {topic.slug for topic in vocabulary.topics}
    taught = [article for article in articles if topics.get(article.key, frozenset()) & known]
    taught.sort(key=lambda article: (article.published.value, article.key))
    taught = taught[-MOST_ARTICLES:]
    if len(taught) < LEAST_TAUGHT:
        return None
    given = [topics[article.key] & known for article in taught]
    slugs = tuple(sorted(set().union(*given)))
    return teach(
        [term_counts(article) for article in taught],
        [named(find_names(article, vocabulary), slugs) for article in taught],
        given,
        slugs,
    )


def declared(articles: Iterable[Article], vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """Return the topics that pages (or editors, in sidecars) declare, by key: what to learn."""
    return {
        article.key: frozenset(
            slug for tag in article.tags for slug in declared_topics(tag, vocabulary)
        )
        for article in articles
    }


def tag_corpus(records: Sequence[Record], folds: int = 0) -> dict[str, list[str]]:
    """Return the tags of each record, best first, by names alone or learned in ``folds``.

    Every source has a vocabulary and, with ``folds``, models of its own; an article is tagged
    by the model that was taught without its fold.
    """
    by_source: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_source[record.source].append(record)
    found: dict[str, list[str]] = {}
    for source in sorted(by_source):
        found.update(_tag_source(by_source[source], folds))
    return dict(sorted(found.items()))


def suggest(articles: Iterable[Article], vocabulary: Vocabulary) -> list[tuple[str, int]]:
    """Return the tags that pages declare and the vocabulary lacks, the most frequent first."""
    lacking: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for article in articles:
        names = {tag_key(one): one for one in article.tags if not declared_topics(one, vocabulary)}
        for name, written in names.items():
            spelled[name] = min(spelled.get(name, written), written)
            lacking[name] += 1
    return [(spelled[name], n) for name, n in sorted(lacking.items(), key=lambda x: (-x[1], x[0]))]


def _tag_source(records: Sequence[Record], folds: int) -> dict[str, list[str]]:
    vocabulary = vocabulary_of(records)
    names = {slug: name.replace(" ", "-") for slug, name in tags_by_slug(records).items()}
    articles = {record.id: article_of(record) for record in records}
    topics = {
        record.id: frozenset(slugify_topic(tag_key(one)) for one in record.tags) & set(names)
        for record in records
    }
    found: dict[str, list[str]] = {}
    for part in range(max(1, folds)):
        judge = None
        if folds:
            others = [a for key, a in articles.items() if fold(key, folds) != part]
            model = train(others, topics, vocabulary)
            judge = Judge(model) if model is not None else None
        for key, article in articles.items():
            if not folds or fold(key, folds) == part:
                matches = tag(article, vocabulary, judge, most=len(names))
                found[key] = [names[match.slug] for match in matches]
    return found


def fold(key: str, folds: int = FOLDS) -> int:
    """Return the fold of a record, as the scoring scripts have it."""
    return zlib.crc32(key.encode("utf-8")) % folds


def tag_key(tag: str) -> str:
    """Return the form in which two spellings of a tag are equal, as the scoring scripts have it."""
    return re.sub(r"[\s_-]+", " ", tag.strip().casefold())
