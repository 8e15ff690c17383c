"""The candidates for an article's further reading, and what is known of each.

A pool of the POOL nearest articles is taken by a plain sum; only these are looked at closely.
What is known of a candidate is a function of the article, that candidate and the months before
theirs, so that what one more article changes is found by looking at that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from backissue.related.archive import Archive
from backissue.related.comparing import text_columns
from backissue.related.pools import POOL
from backissue.related.vectors import Floats, Ints

LEAST_COSINE: Final = 0.03
"""Articles with less in common are no further reading."""

DUPLICATE: Final = 0.93
"""Articles whose cosine is this or more are one article twice: neither is read after the other."""

# The plain sum of ANCHORS.md: cosine plus .05 each of topics, date and site.
TOPIC_WEIGHT: Final = 0.05
DATE_WEIGHT: Final = 0.05
SITE_WEIGHT: Final = 0.05
HALF_AFTER: Final = 120.0  # days after which nearness in time is worth half

COLUMNS: Final = (
    "cosine",
    "share of the best judge's cosine",
    "above the fourth judge",
    "above the article's crowd",
    "above the candidate's crowd",
    "candidate's crowd",
    "article's crowd",
    "plain score",
    "judges nearer",
    "title in title",
    "article on candidate's title",
    "candidate on article's title",
    "candidate's title covered",
    "article's title covered",
    "heaviest shared term",
    "heaviest shared term of the title",
    "heaviest shared term of the candidate's title",
    "terms shared",
    "best passage",
    "best passage on candidate's title",
    "same series",
    "days later",
    "days apart",
    "same site",
    "topics shared",
    "article's terms",
    "candidate's terms",
)
"""What is known of a candidate, by the names under which the ranking model asks for it."""


class Near(NamedTuple):
    """Candidates of the article at ``place``, best first by the plain score.

    ``ranks`` says of each how many of the article's judges are nearer, ``plain`` its score.
    """

    place: int
    near: Ints
    ranks: Ints
    cosines: Floats
    plain: Floats


class Surroundings(NamedTuple):
    """How near the judges of each article come: the CROWD-th nearest, the fourth, the nearest."""

    crowds: Floats
    fourths: Floats
    bests: Floats


def plain_scores(archive: Archive, place: int, near: Ints, cosines: Floats) -> Floats:
    """Return the plain score of each article of ``near``, which has one of ``cosines``."""
    apart = np.abs(archive.days[near] - archive.days[place])
    scores: Floats = cosines + DATE_WEIGHT / (1.0 + apart / HALF_AFTER)
    scores += TOPIC_WEIGHT * topic_cosines(archive, place, near)
    if archive.sites[place] != archive.unknown_site:
        scores += SITE_WEIGHT * (archive.sites[near] == archive.sites[place])
    return scores


def topic_cosines(archive: Archive, place: int, near: Ints) -> Floats:
    """Return how much the topics of each article of ``near`` are those of one, as a cosine."""
    own = archive.topics.of(place)
    shared = np.zeros(len(archive.keys), np.int32)
    for topic in own.tolist():
        shared[archive.with_topic(topic)] += 1
    cosines: Floats = shared[near] / np.sqrt(
        max(1, len(own)) * np.maximum(archive.topic_counts[near].astype(np.float64), 1.0)
    )
    return cosines


def allowed(cosines: Floats) -> Ints:
    """Return which articles may be read after one, by their cosines with it."""
    return np.flatnonzero((cosines >= LEAST_COSINE) & (cosines < DUPLICATE))


def pool(near: Ints, scores: Floats) -> Ints:
    """Return which POOL of the articles ``near`` score best, best first; ties go by place."""
    which = np.arange(len(near))
    if len(near) > POOL:
        # Everything not below the POOL-th score, so that ties are cut by place, not by chance.
        which = np.flatnonzero(scores >= -np.partition(-scores, POOL - 1)[POOL - 1])
    return which[np.lexsort((near[which], -scores[which]))][:POOL]


def table(archive: Archive, known: Surroundings, found: Sequence[Near]) -> Floats:
    """Return a row of COLUMNS for each candidate of each article ``found``, in their order.

    A row is a function of the article, its judges and that one candidate. Many at once cost
    less: what is to be computed of one is little beside asking for it.
    """
    places = np.array([one.place for one in found], np.int64)
    counts = [len(one.near) for one in found]
    near, ranks, cosines, plain = (
        np.concatenate([one[field] for one in found]) for field in range(1, len(Near._fields))
    )
    article = np.repeat(places, counts)
    crowds, own_crowds = known.crowds[near], known.crowds[article]
    apart = (archive.days[near] - archive.days[article]).astype(np.float64)
    sites = archive.sites[article]
    columns: Floats = np.array(
        [
            cosines,
            cosines / np.maximum(known.bests[article], LEAST_COSINE),
            cosines - known.fourths[article],
            cosines - own_crowds,
            cosines - crowds,
            crowds,
            own_crowds,
            plain,
            ranks,
            *text_columns(archive, places, near, counts),
            archive.series.overlaps(places, near, counts),
            apart,
            np.abs(apart),
            (archive.sites[near] == sites) & (sites != archive.unknown_site),
            archive.topics.overlaps(places, near, counts),
            archive.sizes[article],
            archive.sizes[near],
        ],
        np.float64,
    )
    return columns.T
