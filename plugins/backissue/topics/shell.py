"""Topics as any Pelican site runs them: ``PLUGINS = ["backissue.topics"]``.

The topics of the vocabulary take the place of each article's tags, whatever read the article.
Where ``backissue.archive`` runs, nothing here does anything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pelican import signals
from pelican.contents import Tag

from backissue.article import Reason, Rejected, TopicMatch
from backissue.clean.metadata import every_article, record_of, runs
from backissue.topics.tagger import tag
from backissue.topics.vocabulary import Vocabulary, load_vocabulary

_STAGE: Final = "backissue.topics"
_DEFAULT: Final = "topics.toml"
_log = logging.getLogger(__name__)


def connect() -> None:
    """Plug topics into Pelican."""
    signals.article_generator_pretaxonomy.connect(_tag_articles)


def _tag_articles(generator: Any) -> None:
    """Give each article ``topics``, strongest first, and tags of their names and slugs.

    What the article declared stays in ``declared_tags``. Without a vocabulary that can be
    used the tags stay as they are, and an error says why.
    """
    if not runs(generator.settings, _STAGE):
        return
    vocabulary = _vocabulary(Path(generator.path), generator.settings)
    if isinstance(vocabulary, Rejected):
        detail = (vocabulary.where, vocabulary.reason.value, vocabulary.detail, vocabulary.hint)
        _log.error("%s: %s: %s. %s The articles keep the tags that they declare.", *detail)
        return
    for article in every_article(generator):
        # Pelican's cache may hand back an article of the last build, tagged already.
        article.declared_tags = getattr(article, "declared_tags", getattr(article, "tags", []))
        article.topics = tag(record_of(article), vocabulary)
        article.tags = _tags(article.topics, vocabulary, generator.settings)
        article.metadata["tags"] = article.tags


def _vocabulary(content: Path, settings: Mapping[str, Any]) -> Vocabulary | Rejected:
    name = (settings.get("BACKISSUE") or {}).get("vocabulary", _DEFAULT)
    try:
        return load_vocabulary((content / name).read_bytes(), name)
    except OSError as error:
        return Rejected(
            reason=Reason.BAD_VOCABULARY,
            where=name,
            detail=error.strerror or str(error),
            hint='Write it below the content folder: [[topic]], then name = "AI safety".',
        )


def _tags(
    matches: Iterable[TopicMatch], vocabulary: Vocabulary, settings: Mapping[str, Any]
) -> list[Tag]:
    tags = []
    for match in matches:
        if topic := vocabulary.by_slug(match.slug):
            one = Tag(topic.name, settings)
            one.slug = topic.slug
            tags.append(one)
    return tags
