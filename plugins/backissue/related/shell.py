"""Relating as any Pelican site runs it: ``PLUGINS = ["backissue.related"]``.

Articles learn which others to read next. Topics are those that ``backissue.topics`` gave, or
the tags that the articles declare. Where ``backissue.archive`` runs, nothing here does anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pelican import signals

from backissue.article import Suggestion, TopicMatch
from backissue.clean.metadata import key_of, published, record_of, runs
from backissue.related import Spellings, features, further_reading, mentions, related_topics

_STAGE: Final = "backissue.related"
_FURTHER: Final = 4
_TOPICS: Final = 4


def connect() -> None:
    """Plug relating into Pelican."""
    signals.article_generator_finalized.connect(_relate)


class Suggested:
    """Pelican's article as further reading of another one: all that it has, and ``why``.

    Where ``words`` are all that both share, they are why.
    """

    def __init__(self, article: Any, suggestion: Suggestion, words: tuple[str, ...]) -> None:
        self.article = article
        self.score = suggestion.score
        self.why = f"both mention {' and '.join(words)}" if words else suggestion.why

    def __getattr__(self, name: str) -> Any:
        if name == "article":  # not there yet, while a copy is made
            raise AttributeError(name)
        return getattr(self.article, name)

    def __str__(self) -> str:
        return str(self.article)


def _relate(generator: Any) -> None:
    """Give each published article ``further_reading`` and ``related_topics``."""
    if not runs(generator.settings, _STAGE):
        return
    articles = {key_of(article): article for article in published(generator)}
    # By their names, so that the reason reads "also on AI safety" and not "also on ai-safety".
    tags = {tag.name: tag for article in articles.values() for tag in _tags(article)}
    topics = {key: tuple(tag.name for tag in _tags(one)) for key, one in articles.items()}
    records = {key: record_of(article) for key, article in articles.items()}
    known = [
        features(record, tuple(TopicMatch(name, 1.0) for name in topics[key]))
        for key, record in records.items()
    ]
    limit = (generator.settings.get("BACKISSUE") or {}).get("further", _FURTHER)
    further = further_reading(known, limit)
    near = related_topics(topics, _TOPICS)
    spellings = Spellings()
    for key, article in articles.items():
        texts = (records[key].title, records[key].lead, records[key].text)
        words = mentions(texts, [one.shares for one in further[key]], spellings=spellings)
        article.further_reading = [
            Suggested(articles[one.key], one, told)
            for one, told in zip(further[key], words, strict=True)
        ]
        article.related_topics = [tags[name] for name in _beyond(topics[key], near)]


def _tags(article: Any) -> list[Any]:
    return getattr(article, "tags", None) or []


def _beyond(own: Iterable[str], near: dict[str, tuple[str, ...]]) -> list[str]:
    """Return topics that go with an article's own ones and are none of them."""
    own = tuple(own)
    more = dict.fromkeys(name for topic in own for name in near.get(topic, ()))
    return [name for name in more if name not in own][:_TOPICS]
