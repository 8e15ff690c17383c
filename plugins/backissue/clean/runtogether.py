"""Taking apart what "save as text" ran together: tags, titles and excerpts.

"AnthropicAI safetyClaude" and "…Won the AI RaceFor three years, …" have no separator left.
Four things still tell where one ends: a capital behind a small letter, the counts behind the
tags of the related-topics box, the length at which excerpts are cut, and the words that the
article itself uses (so that "OpenAI" stays one).
"""

from __future__ import annotations

import bisect
import itertools
import re
from typing import Final

from backissue.patterns import pattern

from ..article import Reference
from . import borders
from .sanitise import safe_url

EXCERPT_CUT: Final = 120  # the length at which the dumps' site cuts an excerpt
_LONGEST: Final = 3000  # characters: a dozen entries; more is no further reading
_MOST_ENTRIES: Final = 100  # lines of further reading that are read
_MOST_JOINTS: Final = 1500  # places where a title may end
_LONGEST_TITLE: Final = 220
_NEVER: Final = -1_000_000_000
_UNLIKELY: Final = -300  # a joint that is 20 times likelier to be none is not weighed
_KNOWN: Final = 200_000  # characters of the article in which names are looked up

_COUNT: Final = pattern(
    r"\s*(?:related article|related storie|related post|篇相关文章|篇相关报道|篇文章|相关文章)",
    re.IGNORECASE,
)
_END_DIGITS: Final = pattern(r"[\d,]+$")
_MARKS: Final = frozenset("?!.…\"'”’)）」』》？！。%")
_OPENERS: Final = frozenset("\"'“‘「『《(（[【$#@")
_CJK: Final = pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def split_tags(line: str, counted: str, known: str) -> tuple[str, ...]:
    """Take a line of tags apart.

    ``counted`` is the related-topics box ("Anthropic194 related articlesAI safety172 …"),
    ``known`` the article's text, in which real names occur.
    """
    by_count = _by_counts(line, counted)
    known = known[:_KNOWN]
    if by_count:
        return by_count
    if re.search(r"[,，、;；|·]", line):
        return _unique(re.split(r"[,，、;；|·]", line))
    return _unique(_by_case(line, known))


def _unique(parts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip(" #") for part in parts if part.strip(" #")))


def _by_counts(line: str, counted: str) -> tuple[str, ...]:
    names: list[str] = []
    rest = line
    number = ""
    for chunk in _COUNT.split(counted):
        if number and number != "1" and chunk[:1] == "s":
            chunk = chunk[1:]  # the plural of "related articles", which 1 has not  # noqa: PLW2901
        chunk = chunk.strip()  # noqa: PLW2901
        digits = _END_DIGITS.search(chunk)
        if not digits:
            continue
        name = ""
        # "GPT-4194": the tag is the longest beginning that the line of tags goes on with.
        for end in range(len(chunk) - 1, digits.start() - 1, -1):
            if chunk[:end] and rest.startswith(chunk[:end].rstrip()):
                name = chunk[:end].strip()
                break
        name = name or chunk[: digits.start()].strip()
        number = chunk[len(name) :].strip()
        if name:
            names.append(name)
            rest = rest[len(name) :].lstrip() if rest.startswith(name) else rest
    return _unique(names)


def _boundaries(text: str) -> list[int]:
    """Places where a new word begins though no space stands before it."""
    out = []
    for at, (before, after) in enumerate(itertools.pairwise(text), 1):
        # Most places lie within a word: those are passed over first.
        if (after.islower() and before < "\u3040") or before.isspace() or after.isspace():
            continue
        cjk_before, cjk_after = bool(_CJK.match(before)), bool(_CJK.match(after))
        # A quote after a space opens; only one that closes can end a title.
        closing = before in _MARKS and at > 1 and not text[at - 2].isspace()
        small = before.islower() or before.isdigit() or closing
        if (
            (cjk_before != cjk_after and (before.isalnum() and after.isalnum()))
            or (small and (after.isupper() or (after in _OPENERS and before not in _OPENERS)))
            or (before.isupper() and after.isupper() and text[at + 1 : at + 2].islower())
        ):
            out.append(at)
    return out


def _by_case(line: str, known: str) -> list[str]:
    """Cut at case changes, keeping together what the article writes as one word."""
    if not line:
        return []
    cuts = [0, *_boundaries(line), len(line)]
    words = frozenset(re.findall(r"[\w&.+#-]+", known))
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(cuts)):
        choices = []
        for start in range(max(0, end - 5), end):
            part = line[cuts[start] : cuts[end]]
            score = best[start][0] + _tag_score(
                part, inner=end - start - 1, known=known, words=words
            )
            choices.append((score, [*best[start][1], part]))
        best.append(max(choices, key=lambda choice: (choice[0], len(choice[1]))))
    return best[-1][1]


def _tag_score(part: str, *, inner: int, known: str, words: frozenset[str]) -> float:
    """A tag the article names is right; an unknown one had better have no capital inside."""
    name = part.strip()
    glued = [word for word in name.split() if _boundaries(word)]
    if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", known):
        return 1.0 - 0.1 * (inner == 0 and len(name) < 3)
    if glued and all(word in words for word in glued):
        return 0.5
    return -1.0 * inner - 0.2


def split_references(lines: list[str], known: str) -> tuple[Reference, ...]:
    """Take a further-reading section apart into titles and excerpts.

    One line that runs everything together is cut by case and length; several lines are an
    entry each, or a title and its excerpt in turn.
    """
    lines = lines[:_MOST_ENTRIES]
    known = known[:_KNOWN]
    for line in lines:
        known = known.replace(line, " ") if len(line) > EXCERPT_CUT else known
    if len(lines) > 1:
        return _from_lines(lines, borders.Known(known))
    return tuple(_run_together(lines[0][:_LONGEST], borders.Known(known))) if lines else ()


def _from_lines(lines: list[str], known: borders.Known) -> tuple[Reference, ...]:
    out: list[Reference] = []
    at, room = 0, _LONGEST
    while at < len(lines):
        line = re.sub(r"^(?:[-*•]|\d{1,2}[.)])\s+", "", lines[at])
        link = re.match(r"^\[(.+?)\]\((\S+?)\)\s*[:：—-]?\s*(.*)$", line)
        after = lines[at + 1] if at + 1 < len(lines) else ""
        if link:
            out.append(Reference(link.group(1), link.group(3), safe_url(link.group(2))))
        elif len(line) > 160:
            out += _run_together(line[:room], known)
            room = max(EXCERPT_CUT, room - len(line))
        elif len(after) > len(line) and 60 <= len(after) <= 2 * EXCERPT_CUT:
            out.append(Reference(line, after))
            at += 1
        else:
            out.append(Reference(line))
        at += 1
    return tuple(out)


def _run_together(text: str, known: borders.Known) -> list[Reference]:
    """The likeliest way to read ``text`` as titles followed by excerpts of at most 120 characters.

    Dynamic programming from the end: ``best[p]`` is the score of ``text[p:]`` and how its first
    entry is cut. Which end suits an excerpt best does not depend on where its title began, so
    that is asked once for each joint. Scores are hundredths of logarithms of likelihoods (see
    borders.py): whole numbers tie alike on every machine.
    """
    size = len(text)
    line, learned = borders.Line(text, known), borders.weights()
    kinds = line.kinds
    begins = [at for at in range(1, size) if borders.may_begin(kinds[at - 1], kinds[at])]
    scores = {at: score for at in begins if (score := line.score(learned.joint, at)) > _UNLIKELY}
    places = list(scores)
    if len(places) > _MOST_JOINTS:
        return [Reference(text[:EXCERPT_CUT].strip())]
    script = "cjk" if line.cjk else "other"
    lengths = learned.lengths[script]
    titled = borders.running(text)
    stops = _stops(line)
    ends = [_ends(line, joint, stops, learned.ends[script]) for joint in places]
    best: dict[int, tuple[int, int, int]] = {size: (0, size, size)}
    pending = len(places)
    behind = [_NEVER] * pending  # what a joint and all that follows it are worth at most
    chosen = [size] * pending
    for start in sorted({0} | {end for some in ends for end, _ in some if end < size})[::-1]:
        first = bisect.bisect_left(places, start + 4)
        last = bisect.bisect_right(places, start + _LONGEST_TITLE)
        while pending > first:
            pending -= 1  # every end lies behind its joint, so what follows it is known by now
            for end, more in ends[pending]:
                if end in best and more + best[end][0] > behind[pending]:
                    behind[pending], chosen[pending] = more + best[end][0], end
            joint = places[pending]
            behind[pending] += scores[joint] + titled[joint]
        most, at = _NEVER, -1
        for number in range(first, last):
            total = behind[number] + lengths[(places[number] - start) // 5]
            if total > most:
                most, at = total, number
        if at >= 0:
            best[start] = (most - titled[start], places[at], chosen[at])
    if 0 in best:
        return _entries(text, best)
    return [Reference(text[:EXCERPT_CUT].strip())] if text.strip() else []


def _entries(text: str, best: dict[int, tuple[int, int, int]]) -> list[Reference]:
    """Read the entries off the cuts that were found the cheapest."""
    out = []
    at = 0
    while at < len(text):
        _, joint, end = best[at]
        out.append(Reference(text[at:joint].strip(), text[joint:end].strip()))
        at = end
    return out


def _stops(line: borders.Line) -> list[tuple[int, int]]:
    """Where an excerpt that was not cut off may end, and how likely that is."""
    learned, kinds = borders.weights().ended, line.kinds
    return [
        (at, line.score(learned, at))
        for at in range(1, len(kinds))
        if borders.may_end(kinds[at - 1], kinds[at])
    ]


def _ends(
    line: borders.Line, joint: int, stops: list[tuple[int, int]], shares: tuple[int, int]
) -> list[tuple[int, int]]:
    """Where an excerpt that begins at ``joint`` may end: at its full length or at a stop."""
    full, size = joint + EXCERPT_CUT, len(line.text)
    cut, ended = shares
    first = bisect.bisect_left(stops, (joint + 20, _NEVER))
    last = bisect.bisect_left(stops, (full, _NEVER))
    out = [(at, ended + score) for at, score in stops[first:last]]
    if full >= size:
        return [*out, (size, cut if full == size else ended)]
    return [(full, cut + line.score(borders.weights().cut, full)), *out]
