"""The learned part of tagging: what the archive's own tagged articles say of a new one.

An editor trains a model on purpose (``backissue topics train``) and keeps the file in
``content/``: an article's topics then depend on its own text, the vocabulary and that file.

For each topic the model weighs together: the topics of the most similar articles (k nearest
neighbours, Y. Yang, "An evaluation of statistical approaches to text categorization",
Information Retrieval 1, 1999), the likeness to the topic's articles as a whole (J. J. Rocchio,
1971), kernel ridge regression (C. Saunders and others, "Ridge regression learning algorithm in
dual variables", ICML 1998), and the names found, by how often each name was right before
(stacking: D. H. Wolpert, "Stacked generalization", Neural Networks 5, 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from backissue.article import Reason, Rejected
from backissue.topics.likeness import Floats, Rarity, Row, Rows, Terms, rarity_of, row

MOST_ARTICLES: Final = 3_000
"""A model keeps the latest of more: solving for them costs the cube of their number."""

RIDGE: Final = 0.5
NEIGHBOURS: Final = (5, 15, 50)
_LEAST: Final = 1e-3

SIGNS: Final = (
    "mentions in the body",
    "in the title",
    "in a link or set apart",
    "what names alone say",
    "how often the name is right",
    "how often the name is right when prominent",
    "how often the topic is named",
    "how common the topic is",
    "nearest 5",
    "nearest 15",
    "nearest 50",
    "nearest with the topic",
    "likeness to the topic",
    "share of the best likeness",
    "odds of the nearest 15",
    "odds of the nearest 50",
    "usually named but is not",
    "articles of the topic",
    "regression",
    "odds of the regression",
)
"""What is known of a topic for an article, by name."""


LEAST_CHANCE: Final = 0.28
"""A topic less likely than this is not given: chosen on the development corpus for micro-F1."""

ABSENT: Final = -4.0
"""What names alone say of a topic whose name is not found."""

_SMOOTH: Final = 2.0  # how many articles' worth of doubt a topic's rates begin with
_STEPS: Final = 12
_PENALTY: Final = 1.0
_LEAST_SPREAD: Final = 0.02  # a sign that hardly varies is not blown up into one that does


class Model(msgspec.Struct, frozen=True):
    """What was learned: the articles' vectors and topics, and the solution of the regression.

    ``given`` and ``found`` are tables of articles by topics (uint8): the topics given, and how
    prominent each name was (0 not found, 1 found, 2 found often or in the title). ``solved``
    is the dual solution (float32), ``kernel_sums`` the sum of all cosines between the articles
    of each topic. ``weights`` weigh SIGNS; the last is the constant.
    """

    slugs: tuple[str, ...]
    rarity: Rarity
    rows: tuple[Row, ...]
    given: bytes
    found: bytes
    solved: bytes
    kernel_sums: tuple[float, ...]
    weights: tuple[float, ...]


class Named(NamedTuple):
    """Where the names of topics were found in an article, a number a topic."""

    body: Floats
    title: Floats
    marked: Floats  # in the text of a link, or set apart
    total: Floats  # what names alone say; ABSENT where none was found

    def prominence(self) -> NDArray[np.uint8]:
        """Return 2 for a name in the title or three times in the body, 1 for one found at all."""
        found = (self.body > 0) | (self.title > 0) | (self.marked > 0)
        strong = (self.body >= 3) | (self.title > 0)
        return np.where(strong, 2, found).astype(np.uint8)


class Past(NamedTuple):
    """Articles and their topics, from which another one is judged."""

    given: Floats
    found: NDArray[np.uint8]
    kernel_sums: Floats  # of each topic, over all pairs of its articles
    named: Floats  # articles in which each topic is named
    right: Floats  # and has it
    strong: Floats
    strong_right: Floats

    @classmethod
    def of(cls, given: Floats, found: NDArray[np.uint8], kernel_sums: Floats) -> Past:
        """Count what the topics and names of articles have in common."""
        has, strong = found > 0, found > 1
        return cls(
            given,
            found,
            kernel_sums,
            has.sum(axis=0).astype(np.float64),
            (has * given).sum(axis=0),
            strong.sum(axis=0).astype(np.float64),
            (strong * given).sum(axis=0),
        )


def signs(
    past: Past, cosines: Floats, named: Named, regression: Floats, own: int | None = None
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return SIGNS for each topic of an article, and which topics come into question at all.

    ``cosines`` are with the articles of the ``past``; ``own`` is the article's place among them
    where it is one, and is then left out of everything.
    """
    out = 0.0 if own is None else 1.0
    mine = past.given[own] if own is not None else np.zeros(past.given.shape[1])
    level = named.prominence()
    has, strong = level > 0, level > 1
    count = past.given.sum(axis=0) - mine
    prior = count / max(1.0, len(past.given) - out)
    right = past.right - has * mine * out
    sure = (right + _SMOOTH * prior) / (past.named - has * out + _SMOOTH)
    strongly = past.strong_right - strong * mine * out
    very_sure = (strongly + _SMOOTH * sure) / (past.strong - strong * out + _SMOOTH)
    usual = np.minimum((right + 0.5) / (count + 1.0), 1.0)
    others = cosines.copy()
    if own is not None:
        others[own] = -1.0
    near = np.argsort(-others, kind="stable")[: NEIGHBOURS[-1]]
    closeness = np.maximum(others[near], 0.0) ** 2
    votes = closeness[:, None] * past.given[near]
    shares = [votes[:k].sum(0) / max(float(closeness[:k].sum()), 1e-9) for k in NEIGHBOURS]
    nearest = (np.sqrt(closeness)[:15, None] * past.given[near[:15]]).max(axis=0, initial=0.0)
    sums = np.maximum(others, 0.0) @ past.given
    whole = past.kernel_sums - (2.0 * sums + 1.0) * mine * out
    likeness = sums / np.sqrt(np.maximum(whole, 1e-6))
    name_odds = np.where(has, odds(sure), odds(prior))
    known = [
        np.log2(1.0 + named.body),
        named.title > 0,
        named.marked,
        named.total,
        name_odds,
        np.where(strong, odds(very_sure), name_odds),
        usual,
        odds(prior),
        *shares,
        nearest / max(float(np.sqrt(closeness[:1].sum())), 1e-9),
        likeness,
        likeness / max(float(likeness.max(initial=0.0)), 1e-9),
        odds(0.9 * shares[1] + 0.1 * prior),
        odds(0.9 * shares[2] + 0.1 * prior),
        ~has * usual,
        np.log2(1.0 + count),
        regression,
        odds(0.9 * np.clip(regression, 0.0, 1.0) + 0.1 * prior),
    ]
    return np.column_stack(known), has | (shares[2] > 0)


def odds(chance: Floats) -> Floats:
    """Return the logarithm of the odds, bounded."""
    held = np.clip(chance, _LEAST, 1.0 - _LEAST)
    logit: Floats = np.log(held / (1.0 - held))
    return logit


def teach(
    counted: Sequence[tuple[Terms, Floats]],
    names: Sequence[Named],
    given: Sequence[frozenset[str]],
    slugs: tuple[str, ...],
) -> Model | None:
    """Return the model of articles with these terms, names found and topics given.

    Each article teaches the weights by what the others say of it; None where no two have so
    much in common that they say anything.
    """
    rarity = rarity_of(list(counted))
    idf = rarity.table()
    rows = tuple(row(one, idf) for one in counted)
    vectors = Rows(rows)
    kernel = np.array([vectors.cosines(one) for one in rows])
    table = np.array([[slug in topics for slug in slugs] for topics in given], np.float64)
    found = np.array([named.prominence() for named in names], np.uint8)
    inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(rows)))
    solved = inverse @ (table - table.mean(axis=0))
    left_out = table - solved / np.diag(inverse)[:, None]
    kernel_sums = np.round(np.sum((kernel @ table) * table, axis=0), 4)
    past = Past.of(table, found, kernel_sums)
    lessons, answers = [], []
    for place, named in enumerate(names):
        known, asked = signs(past, kernel[place], named, left_out[place], place)
        lessons.append(known[asked])
        answers.append(table[place][asked])
    if not any(map(len, lessons)):
        return None
    weights = logistic(np.concatenate(lessons), np.concatenate(answers))
    return Model(
        slugs,
        rarity,
        rows,
        table.astype(np.uint8).tobytes(),
        found.tobytes(),
        np.round(solved, 4).astype("<f4").tobytes(),
        tuple(kernel_sums.tolist()),
        tuple(np.round(weights, 5).tolist()),
    )


def logistic(table: Floats, answers: Floats) -> Floats:
    """Return the weights of a penalised logistic regression, the constant last (Newton's way)."""
    middle, spread = table.mean(axis=0), np.maximum(table.std(axis=0), _LEAST_SPREAD)
    scaled = np.column_stack([(table - middle) / spread, np.ones(len(table))])
    weights = np.zeros(scaled.shape[1])
    penalty = np.full(len(weights), _PENALTY)
    penalty[-1] = 1e-6
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (answers - chance) - penalty * weights
        bend = (scaled * (chance * (1.0 - chance))[:, None]).T @ scaled + np.diag(penalty)
        weights = weights + np.linalg.solve(bend, slope)
    weights[-1] -= np.sum(weights[:-1] * middle / spread)
    weights[:-1] /= spread
    return weights


def save_model(model: Model) -> bytes:
    """Return the bytes of the model file that an editor keeps in ``content/``."""
    return msgspec.msgpack.encode(model)


def load_model(data: bytes, where: str) -> Judge | Rejected:
    """Return the judge that a model file makes; ``where`` names the file.

    Returns a ``Rejected`` of BAD_VOCABULARY where the file is torn or of another edition.
    """
    try:
        return Judge(msgspec.msgpack.decode(data, type=Model))
    except (msgspec.DecodeError, ValueError, IndexError) as error:
        return Rejected(
            reason=Reason.BAD_VOCABULARY,
            where=where,
            detail=f"is no model of topics: {error}",
            hint="Train it again: backissue topics train. Or remove it: names alone will do.",
        )


class Judge:
    """A model, ready to judge articles. Raises ``ValueError`` where it is of another edition."""

    def __init__(self, model: Model) -> None:
        if len(model.weights) != len(SIGNS) + 1:
            raise ValueError(f"weighs {len(model.weights) - 1} signs, not {len(SIGNS)}")
        shape = (len(model.rows), len(model.slugs))
        self.slugs = model.slugs
        self._idf = model.rarity.table()
        self._rows = Rows(model.rows)
        given = np.frombuffer(model.given, np.uint8).reshape(shape).astype(np.float64)
        found = np.frombuffer(model.found, np.uint8).reshape(shape)
        self._solved = np.frombuffer(model.solved, "<f4").reshape(shape).astype(np.float64)
        self._past = Past.of(given, found, np.array(model.kernel_sums))
        self._mean = given.mean(axis=0)
        self._weights = np.array(model.weights)

    def chances(self, counted: tuple[Terms, Floats], named: Named) -> dict[str, float]:
        """Return how likely each topic is that comes into question."""
        cosines = self._rows.cosines(row(counted, self._idf))
        regression = cosines @ self._solved + self._mean
        known, asked = signs(self._past, cosines, named, regression)
        scores = known @ self._weights[:-1] + self._weights[-1]
        chances = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))
        return {
            slug: float(chance)
            for slug, chance, taken in zip(self.slugs, chances, asked, strict=True)
            if taken
        }
