"""The topics of an article, from the names it mentions and the tags it declares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from backissue.article import Article, TopicMatch
from backissue.topics.learned import LEAST_CHANCE, Judge, Named
from backissue.topics.likeness import term_counts
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


class Evidence:
    """What speaks for one topic."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.capital_kept = False
        self.names: dict[str, str] = {}
        self.declared = ""

    def add(self, field: str, mention: Mention) -> None:
        """Count a mention in a field."""
        self.counts[field] = self.counts.get(field, 0) + 1
        self.capital_kept = self.capital_kept or mention.exact
        self.names.setdefault(field, mention.name)

    def score(self) -> float:
        """Return what all of it amounts to, 0 to 1."""
        total = _DECLARED if self.declared else 0.0
        found = 1.0 if self.capital_kept else _SMALL
        for field, count in sorted(self.counts.items()):
            reach = 1.0 if field == "title" else math.log2(1 + count)
            total += found * _WEIGHTS[field] * reach
        return 1.0 - math.exp(-total)

    def notes(self) -> tuple[str, ...]:
        """Return it in words."""
        notes = [f'declared as "{self.declared}"'] if self.declared else []
        for field in _WEIGHTS:
            if field in self.counts:
                times = f" ({self.counts[field]} times)" if self.counts[field] > 1 else ""
                notes.append(f'"{self.names[field]}" in the {field}{times}')
        return tuple(notes)


def tag(
    article: Article, vocabulary: Vocabulary, judge: Judge | None = None, most: int = MAX_TOPICS
) -> tuple[TopicMatch, ...]:
    """Return up to ``most`` topics of ``article``, the strongest first, with the evidence.

    Names and aliases are looked for in title, lead, headings and body; tags that the page
    declares weigh most, and one that is no name as a whole ("AnthropicAI safetyClaude") is
    taken apart by the vocabulary's names. With a ``judge``, a model that an editor had trained,
    the topics that it knows have the likelihood that it gives them. Ties go by slug.
    """
    found = find_names(article, vocabulary)
    for declared in article.tags:
        for slug in declared_topics(declared, vocabulary):
            evidence = found.setdefault(slug, Evidence())
            evidence.declared = evidence.declared or declared
    chances: dict[str, float] = {}
    if judge is not None:
        chances = judge.chances(term_counts(article), named(found, judge.slugs))
    scored = []
    for slug in sorted({*found, *chances}):
        if vocabulary.by_slug(slug) is None:
            continue  # the vocabulary has lost a topic since the model was trained
        evidence = found.get(slug, Evidence())
        score, least, notes = evidence.score(), THRESHOLD, evidence.notes()
        if judge is not None and slug in judge.slugs and not evidence.declared:
            score, least = chances.get(slug, 0.0), LEAST_CHANCE
            notes = (*notes, f"likely from the archive's tagged articles ({score:.2f})")
        if score >= least:
            scored.append((score, slug, notes))
    scored.sort(key=lambda match: (-match[0], match[1]))
    return tuple(TopicMatch(slug, round(score, 4), notes) for score, slug, notes in scored[:most])


def find_names(article: Article, vocabulary: Vocabulary) -> dict[str, Evidence]:
    """Return, by topic slug, where the names of the vocabulary are found in ``article``."""
    found: dict[str, Evidence] = {}
    for field in _fields(article):
        for mention in vocabulary.names.find(field.text):
            found.setdefault(mention.slug, Evidence()).add(field.name, mention)
    return found


def named(found: Mapping[str, Evidence], slugs: Sequence[str]) -> Named:
    """Return where the names of the topics ``slugs`` were found, as numbers."""
    counts = [found[slug].counts if slug in found else {} for slug in slugs]
    return Named(
        np.array([count.get("body", 0) for count in counts], np.float64),
        np.array([count.get("title", 0) > 0 for count in counts], np.float64),
        np.array([("lead" in count) + ("heading" in count) for count in counts], np.float64),
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
