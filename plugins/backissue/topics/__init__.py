"""Article -> its topics: the vocabulary, the tagger, declared tags taken apart."""

from typing import Final

from backissue.topics.learned import Judge, Model, load_model, save_model
from backissue.topics.runtogether import split_run_together
from backissue.topics.tagger import declared_topics, tag
from backissue.topics.vocabulary import Topic, Vocabulary, load_vocabulary, slugify_topic

VERSION: Final[str] = "5"

__all__ = [
    "VERSION",
    "Judge",
    "Model",
    "Topic",
    "Vocabulary",
    "declared_topics",
    "load_model",
    "load_vocabulary",
    "save_model",
    "slugify_topic",
    "split_run_together",
    "tag",
]


def register() -> None:
    """Plug topics into Pelican."""
    from backissue.topics.shell import connect  # noqa: PLC0415 - only a site needs Pelican

    connect()
