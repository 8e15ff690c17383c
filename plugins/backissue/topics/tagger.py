"""The topics of an article, from the names it mentions and the tags it declares."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from backissue.article import Article, TopicMatch
from backissue.patterns import pattern
from backissue.topics.learned import ABSENT, LEAST_CHANCE, Judge, Named
from backissue.topics.likeness import term_counts
from backissue.topics.names import HAN, Form, Mention, variants, words
from backissue.topics.runtogether import split_run_together
from backissue.topics.vocabulary import Vocabulary

MAX_TOPICS: Final = 6
THRESHOLD: Final = 0.5
"""A topic with less than this is not given."""

WEIGHTS: Final = {
    "title": 3.15,
    "times": 0.255,
    "late": -0.6,
    "length": 0.15,
    "linked": 1.425,
    "italic": 1.8,
    "strong": 0.225,
    "literal": 1.2,
    "words": 0.3,
    "plural": -0.6,
    "small": -0.5,
    "constant": -0.804,
}
"""What speaks for a topic, chosen by ``python -m benchmarks.topics_weigh``.

``title``: its name is in the title; ``times``: how often it is in the text, doublings;
``late``: how many words before the first time (I. H. Witten and others, "KEA: practical
automatic keyphrase extraction", 1999), doublings of LATE; ``length``: letters of the name, a
long one is seldom found by chance; ``linked``, ``italic``, ``strong``: in the text of a link, in
italics, in bold; ``literal``: the share of times that it stands as in the vocabulary, not in
another number, as one word, by its first letters or by one of the things that it joins;
``words``: it is of several words; ``plural``: it has a singular, and names kinds of things
("tools"); ``small``: never with its capital ("meta" for "Meta"), of which the corpus that the
others are chosen on says nothing.
"""

LATE: Final = 50
_LATEST: Final = 1_600
_LONGEST: Final = 20
_HAN_LETTERS: Final = 3  # a Chinese character tells as much as so many letters
_DECLARED: Final = 4.0
_MARKED: Final = pattern(r"<(a|em|i|strong|b)\b[^>]*>(.*?)</\1\s*>", re.S)
_TAG: Final = pattern(r"<[^>]*>")


class Evidence:
    """What speaks for one topic."""

    def __init__(self) -> None:
        self.name = ""
        self.found = 0
        self.literal = 0
        self.part = True
        self.title = False
        self.times = 0
        self.first = _LATEST
        self.linked = False
        self.italic = False
        self.strong = False
        self.capital_kept = False
        self.declared = ""

    def add(self, mention: Mention) -> None:
        """Take note of a mention wherever it is."""
        self.found += 1
        self.literal += mention.form is Form.WHOLE
        if not self.name or (self.part and mention.form is not Form.PART):
            self.name = mention.name
            self.part = mention.form is Form.PART
        self.capital_kept = self.capital_kept or mention.exact

    def signs(self) -> dict[str, float]:
        """Return what was found as numbers, one for each of WEIGHTS."""
        length, several, plural = _shape(self.name)
        return {
            "title": float(self.title),
            "times": math.log2(1 + self.times),
            "late": math.log2(1 + min(self.first, _LATEST) / LATE),
            "length": length,
            "linked": float(self.linked),
            "italic": float(self.italic),
            "strong": float(self.strong),
            "literal": self.literal / max(self.found, 1),
            "words": several,
            "plural": plural,
            "small": float(not self.capital_kept),
            "constant": 1.0,
        }

    def total(self) -> float:
        """Return what the name found speaks for the topic, nought where none was."""
        if not self.name:
            return 0.0
        return sum(WEIGHTS[sign] * value for sign, value in self.signs().items())

    def score(self) -> float:
        """Return what all of it amounts to, 0 to 1."""
        total = self.total() + (_DECLARED if self.declared else 0.0)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def notes(self) -> tuple[str, ...]:
        """Return it in words."""
        notes = [f'declared as "{self.declared}"'] if self.declared else []
        if self.title:
            notes.append(f'"{self.name}" in the title')
        if self.times:
            often = "once" if self.times == 1 else f"{self.times} times"
            notes.append(f'"{self.name}" {often} in the text, first after {self.first} words')
        if self.linked or self.italic or self.strong:
            notes.append(f'"{self.name}" in a link or set apart')
        return tuple(notes)


@lru_cache(maxsize=1 << 14)
def _shape(name: str) -> tuple[float, float, float]:
    """Return how long a name is, whether it is of several words, whether it has a singular."""
    letters = sum(_HAN_LETTERS if char >= HAN[0] else 1 for char in name)
    forms = variants(name)
    plural = len(forms) > 1 and len(forms[1][-1]) < len(forms[0][-1])
    return min(letters, _LONGEST) / 10, float(len(words(name)) > 1), float(plural)


def tag(
    article: Article, vocabulary: Vocabulary, judge: Judge | None = None, most: int = MAX_TOPICS
) -> tuple[TopicMatch, ...]:
    """Return up to ``most`` topics of ``article``, the strongest first, with the evidence.

    Names and aliases are looked for in title, lead and body; tags that the page
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
    find = vocabulary.names.find
    for mention in find(article.title):
        evidence = found.setdefault(mention.slug, Evidence())
        evidence.add(mention)
        evidence.title = True
    for mention in find(f"{article.lead}\n{article.text}" if article.lead else article.text):
        evidence = found.setdefault(mention.slug, Evidence())
        evidence.add(mention)
        evidence.times += 1
        evidence.first = min(evidence.first, mention.place)
    for mark, text in _marked(article.body):
        for mention in find(text):
            evidence = found.setdefault(mention.slug, Evidence())
            evidence.add(mention)
            evidence.linked = evidence.linked or mark == "a"
            evidence.italic = evidence.italic or mark in ("em", "i")
            evidence.strong = evidence.strong or mark in ("strong", "b")
    return found


def _marked(body: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of links and of what is set apart in a body of HTML, and as what."""
    for found in _MARKED.finditer(body):
        yield found[1], html.unescape(_TAG.sub(" ", found[2]))


def named(found: Mapping[str, Evidence], slugs: Sequence[str]) -> Named:
    """Return where the names of the topics ``slugs`` were found, as numbers."""
    nothing = Evidence()
    these = [found.get(slug, nothing) for slug in slugs]
    return Named(
        np.array([one.times for one in these], np.float64),
        np.array([one.title for one in these], np.float64),
        np.array([one.linked or one.italic or one.strong for one in these], np.float64),
        np.array([one.total() if one.name else ABSENT for one in these], np.float64),
    )


def declared_topics(declared: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the slugs of the topics that a declared tag names, whole or run together.

    A tag of which names make up less than half ("chain-ai") is a name of its own.
    """
    whole = vocabulary.names.whole(declared)
    if whole is not None:
        return (whole,)
    names = split_run_together(declared, vocabulary.all_names)
    if 2 * sum(map(_letters, names)) < _letters(declared):
        return ()
    slugs: dict[str, None] = {}
    for name in names:
        slug = vocabulary.names.whole(name)
        if slug is not None:
            slugs.setdefault(slug)
    return tuple(slugs)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
