"""The query language: small, safe, the same in Python and in the browser (browser/query.js).

    words                all of them (of five and more: the best match), any form of a word
    "two words"          these words, in this form and order
    -word  -"a phrase"   not this
    a OR b               one of them
    in:title             the words must stand in the title
    topic:anthropic  by:karpathy  lang:zh  site:name
    after:2026-05  before:2026-06-15  month:2026-05   (after includes, before excludes the day)

Any text at all is a query: what is not understood is taken as words.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from backissue.patterns import pattern

from .analysis import HAN, LONGEST, SPACE, STOP_WORDS, normal, stem_of, term_of, tokens, words_of

MOST_CHARACTERS: Final = 1000
MOST_GROUPS: Final = 32
WHOLE_RUN: Final = 4  # so many Han characters in a row are taken as one word
STRICT_GROUPS: Final = 4
MOST_PIECES: Final = 16

_PART: Final = pattern(
    r"(?P<minus>-)?(?:(?P<field>topic|by|lang|site|after|before|month|in):)?"
    rf'(?:"(?P<phrase>[^"]*)"?|(?P<word>[^{SPACE}"]+))'
)
_DATE: Final = pattern(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_EDGES: Final = pattern(f"^[{SPACE}]+|[{SPACE}]+$")
_SPACES: Final = pattern(f"[{SPACE}]+")
# Words of ASCII are runs of these, where no sign may belong to one.
_WORD: Final = pattern("[a-z0-9]+|[\u4e00-\u9fff]+")
_HAN: Final = pattern(f"[{HAN}]")
# Titles whose words are told by these: what is between them is none of a word.
_EASY: Final = pattern("[\x00-\x7f\u4e00-\u9fff]*")
_BETWEEN_WORDS: Final = dict.fromkeys(map(ord, "“”„«»–—…·•：，。！？；、（）《》【】「」"), " ")
_SIGNED: Final = pattern(r"['+#]|[0-9][.,][0-9]|\.[A-Za-z]")


class Piece(NamedTuple):
    """One term of a leaf: ``key`` is a stem (any form of the word) or, if ``exact``, a term."""

    key: str
    exact: bool
    offset: int


class Leaf(NamedTuple):
    """A word or a phrase: its pieces at their distances, and the words as typed."""

    pieces: tuple[Piece, ...]
    text: str


class Filter(NamedTuple):
    """A condition: the field of the index and the values, all of which a document has."""

    field: str
    values: tuple[str, ...]
    negative: bool


class Query(NamedTuple):
    """A parsed query. Each of ``groups`` is a set of alternatives; ``nots`` exclude.

    ``after`` and ``before`` are ISO dates of any precision or empty. ``needed`` is how many
    of the groups a document must have.
    """

    groups: tuple[tuple[Leaf, ...], ...]
    nots: tuple[Leaf, ...]
    filters: tuple[Filter, ...]
    after: str
    before: str
    title: bool
    needed: int


_FIELDS: Final = {"topic": "topics", "by": "authors", "lang": "lang", "site": "source"}


def parse(text: str) -> Query:
    """Return the meaning of ``text``; there is no text that has none."""
    groups: list[list[Leaf]] = []
    nots: list[Leaf] = []
    filters: list[Filter] = []
    after = before = ""
    title = joined = False
    for match in _PART.finditer(normal(text[:MOST_CHARACTERS])):
        minus, field = match["minus"] is not None, match["field"]
        value = match["word"] if match["phrase"] is None else match["phrase"]
        if field in ("after", "before", "month") and _DATE.fullmatch(value):
            if field == "month":
                filters.append(Filter("month", (value[:7],), minus))
            elif field == "after":
                after = max(after, value)
            else:
                before = min(before or value, value)
            continue
        if field == "in" and value.lower() == "title":
            title = True
            continue
        if field in _FIELDS:
            filters += _filter(_FIELDS[field], value, minus)
            continue
        if value == "OR" and match["phrase"] is None and not minus and groups:
            joined = True
            continue
        word = value if field is None else f"{field} {value}"
        leaves = _phrase(word) if match["phrase"] is not None else _words(word)
        if minus:
            nots += leaves
        elif joined and leaves:
            groups[-1] += leaves[:1]
            groups += [[leaf] for leaf in leaves[1:]]
        else:
            groups += [[leaf] for leaf in leaves]
        joined = False
    kept = groups[:MOST_GROUPS]
    return Query(
        tuple(tuple(group) for group in kept),
        tuple(nots[:MOST_GROUPS]),
        tuple(filters[:MOST_GROUPS]),
        after,
        before,
        title,
        needed(len(kept)),
    )


def needed(groups: int) -> int:
    """Return how many of so many words a document must have: all of a few, one of many.

    A question in a sentence has words that no good answer has: with all of them wanted, or
    two in five, nDCG@10 on CACM is .43 to .48, with one .52 (`backissue search --ir`).
    """
    return groups if groups <= STRICT_GROUPS else 1


def _filter(field: str, value: str, negative: bool) -> list[Filter]:
    if field == "topics":
        values: tuple[str, ...] = (_SPACES.sub("-", _EDGES.sub("", value).lower()),)
    elif field == "lang":
        values = (value.lower(),)
    else:
        values = words_of(value)
    return [Filter(field, values, negative)] if any(values) else []


@lru_cache(maxsize=1 << 12)
def like(title: str) -> str:
    """Return the query for articles like one of this title: any of its words."""
    found: list[str] = []
    for word in _easy_words(title) or [run.text for run in _runs(normal(title))]:
        if _HAN.match(word):
            found += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        elif word not in STOP_WORDS:
            found.append(word)
    return _any_of(found)


def _easy_words(title: str) -> list[str]:
    """Return the words and the runs of Han of a title, as ``_runs`` does; [] if it is not plain."""
    plain = title if title.isascii() else title.translate(_BETWEEN_WORDS)
    if _SIGNED.search(plain) or not _EASY.fullmatch(plain):
        return []
    return [word[:LONGEST] if word.isascii() else word for word in _WORD.findall(plain.lower())]


def _any_of(words: Iterable[str]) -> str:
    return " OR ".join(list(dict.fromkeys(words))[:MOST_PIECES])


class _Run(NamedTuple):
    kind: str
    text: str
    start: int
    end: int
    position: int


def _runs(text: str) -> list[_Run]:
    """Return the words, runs of Han and signed words of ``text``; a sign stands for its word."""
    runs: list[_Run] = []
    for token in tokens(text):
        run = _Run(token.kind, token.form, token.start, token.end, token.position)
        last = runs[-1] if runs else None
        if last and run.kind == "sign":
            runs[-1] = run
        elif last and run.kind == "han" == last.kind and last.end == run.start:
            runs[-1] = last._replace(text=last.text + run.text, end=run.end)
        else:
            runs.append(run)
    return runs


def _words(text: str) -> list[Leaf]:
    """Return the leaves of unquoted text: a joined word ("GPT-4o") is a phrase of stems."""
    leaves: list[Leaf] = []
    joined: list[_Run] = []
    for run in _runs(text):
        if run.kind == "word":
            joined.append(run)
            continue
        leaves += _joined(joined)
        joined = []
        if run.kind == "han":
            leaves += _han(run.text)
        else:
            leaves.append(Leaf((Piece(run.text, True, 0),), run.text))
    return leaves + _joined(joined)


def _joined(runs: list[_Run]) -> list[Leaf]:
    kept = [run for run in runs if run.text not in STOP_WORDS][:MOST_PIECES]
    if not kept:
        return []
    first = kept[0].position
    pieces = tuple(Piece(stem_of(run.text), False, run.position - first) for run in kept)
    return [Leaf(pieces, " ".join(run.text for run in kept))]


def _han(run: str) -> list[Leaf]:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    if len(run) <= WHOLE_RUN:
        return [Leaf(tuple(Piece(pair, True, at) for at, pair in enumerate(pairs)), run)]
    return [Leaf((Piece(pair, True, 0),), pair) for pair in pairs]


def _phrase(text: str) -> list[Leaf]:
    """Return the leaf of quoted text: exact words, each at its distance from the first.

    A single Han character counts only where it is all there is: the index keeps no place
    for it in the text.
    """
    runs = _runs(text)
    pieces: list[Piece] = []
    for run in runs:
        if run.kind == "han" and len(run.text) > 1:
            pairs = (run.text[at : at + 2] for at in range(len(run.text) - 1))
            pieces += [Piece(pair, True, run.position + at) for at, pair in enumerate(pairs)]
        elif run.kind == "sign" or (run.kind == "han" and len(runs) == 1):
            pieces.append(Piece(run.text, True, run.position))
        elif run.kind == "word" and run.text not in STOP_WORDS:
            pieces.append(Piece(term_of(run.text), True, run.position))
    if not pieces:
        return []
    kept = pieces[:MOST_PIECES]
    first = kept[0].offset
    placed = tuple(piece._replace(offset=piece.offset - first) for piece in kept)
    return [Leaf(placed, _SPACES.sub(" ", text))]
