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

from ..article import Reference
from .sanitise import safe_url

EXCERPT_CUT: Final = 120  # the length at which the dumps' site cuts an excerpt
_LONGEST: Final = 3000  # a dozen entries; more is no further reading
_MOST_ENTRIES: Final = 100  # lines of further reading that are read
_MOST_JOINTS: Final = 800  # places where a title may end; prose has one in forty characters
_LONGEST_TITLE: Final = 220
_NEVER: Final = 1_000_000_000
_KNOWN: Final = 200_000  # characters of the article in which names are looked up

_COUNT: Final = re.compile(
    r"\s*(?:related article|related storie|related post|篇相关文章|篇相关报道|篇文章|相关文章)",
    re.IGNORECASE,
)
_END_DIGITS: Final = re.compile(r"[\d,]+$")
_MARKS: Final = frozenset("?!.…\"'”’)）」』》？！。%")
_OPENERS: Final = frozenset("\"'“‘「『《(（[【$#@")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


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
    known = known[:_KNOWN]
    if len(lines) > 1:
        return _from_lines(lines[:_MOST_ENTRIES], known)
    return tuple(_run_together(lines[0][:_LONGEST], known)) if lines else ()


def _from_lines(lines: list[str], known: str) -> tuple[Reference, ...]:
    out: list[Reference] = []
    at = 0
    while at < len(lines):
        line = re.sub(r"^(?:[-*•]|\d{1,2}[.)])\s+", "", lines[at])
        link = re.match(r"^\[(.+?)\]\((\S+?)\)\s*[:：—-]?\s*(.*)$", line)
        after = lines[at + 1] if at + 1 < len(lines) else ""
        if link:
            out.append(Reference(link.group(1), link.group(3), safe_url(link.group(2))))
        elif len(line) > 160:
            out += _run_together(line[:_LONGEST], known)
        elif len(after) > len(line) and 60 <= len(after) <= 2 * EXCERPT_CUT:
            out.append(Reference(line, after))
            at += 1
        else:
            out.append(Reference(line))
        at += 1
    return tuple(out)


def _run_together(text: str, known: str) -> list[Reference]:
    """The cheapest way to read ``text`` as titles followed by excerpts of at most 120 characters.

    Dynamic programming from the end: ``best[p]`` is the cost of ``text[p:]`` and how its first
    entry is cut. Which end suits an excerpt best does not depend on where its title began, so
    that is asked once for each joint. Costs are counted in twentieths: whole numbers tie alike
    on every machine.
    """
    size = len(text)
    words = frozenset(re.findall(r"\w+", known.replace(text, " ")))
    joints = _joints(text, words)
    if len(joints) > _MOST_JOINTS:
        return [Reference(text[:EXCERPT_CUT].strip())]
    stops = _stops(text, {at: cost for at, cost in joints if not _CJK.match(text[at])})
    places = [joint for joint, _ in joints]
    cjk = len(_CJK.findall(text)) * 3 > size
    lengths = [_length_cost(length, cjk=cjk) for length in range(_LONGEST_TITLE + 1)]
    ends = [_ends(size, joint, stops) for joint in places]
    best: dict[int, tuple[int, int, int]] = {size: (0, size, size)}
    pending = len(joints)
    behind = [_NEVER] * pending  # what a joint and all that follows it cost at least
    chosen = [size] * pending
    for start in sorted({0} | {end for some in ends for end, _ in some if end < size})[::-1]:
        first = bisect.bisect_left(places, start + (4 if cjk else 12))
        last = bisect.bisect_right(places, start + _LONGEST_TITLE)
        while pending > first:
            pending -= 1  # every end lies behind its joint, so what follows it is known by now
            for end, more in ends[pending]:
                if end in best and more + best[end][0] < behind[pending]:
                    behind[pending], chosen[pending] = more + best[end][0], end
            behind[pending] += joints[pending][1]
        least, at = _NEVER, -1
        for number in range(first, last):
            total = behind[number] + lengths[places[number] - start]
            if total < least:
                least, at = total, number
        if at >= 0:
            odd = 0 if _begins(text[start]) else 60  # a title begins with a capital
            best[start] = (least + odd, places[at], chosen[at])
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


def _begins(char: str) -> bool:
    """A title may begin with this."""
    return char.isupper() or char.isdigit() or char in _OPENERS or bool(_CJK.match(char))


def _stops(text: str, costs: dict[int, int]) -> list[tuple[int, int]]:
    """Where an excerpt that was not cut off may end, and how unlikely that is.

    A shorter one is a whole text, and most often ends as a sentence does.
    """
    out = []
    for at in range(1, len(text)):
        before = text[at - 1]
        if before in '.!?。！？…:”"' and (text[at].isupper() or text[at].isdigit()):
            out.append((at, 30))
        elif at in costs:
            out.append((at, 50 + costs[at]))
        elif before in "。！？…" and _CJK.match(text[at]):
            out.append((at, 30))
    return out


def _ends(size: int, joint: int, stops: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where an excerpt that begins at ``joint`` may end: at its full length or at a stop."""
    full = min(size, joint + EXCERPT_CUT)
    first = bisect.bisect_left(stops, (joint + 20, 0))
    return [(full, 0), *stops[first : bisect.bisect_left(stops, (full, 0))]]


def _length_cost(length: int, *, cjk: bool) -> int:
    """Titles have 25 to 120 characters, Chinese ones 8 to 45."""
    low, high = (8, 45) if cjk else (25, 120)
    return max(0, low - length, length - high)


def _joints(text: str, words: frozenset[str]) -> list[tuple[int, int]]:
    """Places where an excerpt may begin, with their costs in twentieths."""
    out = []
    for at in _boundaries(text):
        left = re.search(r"\w*$", text[max(0, at - 30) : at])
        right = re.match(r"\w*", text[at : at + 30])
        joined = (left.group() if left else "") + (right.group() if right else "")
        both_cjk = bool(_CJK.match(text[at - 1])) != bool(_CJK.match(text[at]))
        cost = 4
        if joined in words:
            cost = 80  # a name with a capital inside
        elif both_cjk:
            cost = 20
        elif text[at - 1].isupper():
            cost = 40
        out.append((at, cost))
    for at in range(1, len(text)):
        if _CJK.match(text[at]) and (_CJK.match(text[at - 1]) or text[at - 1] in "？！?!”》」"):
            out.append((at, 8 if text[at - 1] in "？！?!”》」" else 50))
    return sorted(out)
