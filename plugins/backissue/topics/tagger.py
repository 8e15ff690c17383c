"""The topics of an article, from the names it mentions and the tags it declares."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from backissue.article import Article, TopicMatch
from backissue.topics.names import Mention
from backissue.topics.runtogether import split_run_together
from backissue.topics.vocabulary import Vocabulary

MAX_TOPICS: Final = 6
THRESHOLD: Final = 0.4
"""A topic with less than this is not given."""

# Evidence adds up and becomes a score between 0 and 1 as 1 - exp(-evidence). A name in the
# title is enough alone, two in the body are, one in the body is not.
_WEIGHTS: Final = {"title": 1.2, "lead": 0.6, "heading": 0.4, "body": 0.33}
_DECLARED: Final = 2.5
_SMALL: Final = 0.7  # the weight of names found only without their capital: "meta" for "Meta"


class _Field(NamedTuple):
    name: str
    text: str


class _Evidence:
    """What speaks for one topic."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.capital_kept = False
        self.names: dict[str, str] = {}
        self.declared = ""

    def add(self, field: str, mention: Mention) -> None:
        self.counts[field] = self.counts.get(field, 0) + 1
        self.capital_kept = self.capital_kept or mention.exact
        self.names.setdefault(field, mention.name)

    def score(self) -> float:
        total = _DECLARED if self.declared else 0.0
        found = 1.0 if self.capital_kept else _SMALL
        for field, count in sorted(self.counts.items()):
            reach = 1.0 if field == "title" else math.log2(1 + count)
            total += found * _WEIGHTS[field] * reach
        return 1.0 - math.exp(-total)

    def notes(self) -> tuple[str, ...]:
        notes = [f'declared as "{self.declared}"'] if self.declared else []
        for field in _WEIGHTS:
            if field in self.counts:
                times = f" ({self.counts[field]} times)" if self.counts[field] > 1 else ""
                notes.append(f'"{self.names[field]}" in the {field}{times}')
        return tuple(notes)


def tag(article: Article, vocabulary: Vocabulary) -> tuple[TopicMatch, ...]:
    """Return up to MAX_TOPICS topics of ``article``, the strongest first, with the evidence.

    Names and aliases are looked for in title, lead, headings and body; tags that the page
    declares weigh most, and one that is no name as a whole ("AnthropicAI safetyClaude") is
    taken apart by the vocabulary's names. Ties go by slug.
    """
    found: dict[str, _Evidence] = {}
    for field in _fields(article):
        for mention in vocabulary.names.find(field.text):
            found.setdefault(mention.slug, _Evidence()).add(field.name, mention)
    for declared in article.tags:
        for slug in declared_topics(declared, vocabulary):
            evidence = found.setdefault(slug, _Evidence())
            evidence.declared = evidence.declared or declared
    scored = [(evidence.score(), slug, evidence.notes()) for slug, evidence in found.items()]
    scored.sort(key=lambda match: (-match[0], match[1]))
    return tuple(
        TopicMatch(slug, round(score, 4), notes)
        for score, slug, notes in scored[:MAX_TOPICS]
        if score >= THRESHOLD
    )


def declared_topics(declared: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the slugs of the topics that a declared tag names, whole or run together."""
    whole = vocabulary.names.whole(declared)
    if whole is not None:
        return (whole,)
    slugs: dict[str, None] = {}
    for name in split_run_together(declared, vocabulary.all_names):
        slug = vocabulary.names.whole(name)
        if slug is not None:
            slugs.setdefault(slug)
    return tuple(slugs)


def _fields(article: Article) -> tuple[_Field, ...]:
    headings = "\n".join(heading.text for heading in article.headings)
    return (
        _Field("title", article.title),
        _Field("lead", article.lead),
        _Field("heading", headings),
        _Field("body", article.text),
    )
