"""Taking a line of run-together names apart: "AnthropicAI safetyClaude"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from backissue.topics.names import HAN

MAX_LINE: Final = 2_000
"""Longer lines are prose; they are not taken apart."""

_HAN_RANGES: Final = tuple((HAN[i], HAN[i + 2]) for i in range(0, 9, 3))


def split_run_together(line: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``names`` of which ``line`` is made, in its order, each once.

    Of all ways to read the line as names, the one that covers most characters is taken, and
    of these the one with fewest names. A name begins and ends where a word could: at a space
    or a sign, where small letters turn to capitals, letters to digits or scripts change, or
    where the name before it ends. What no name covers is left out; case is not regarded.
    """
    if not line.strip() or len(line) > MAX_LINE:
        return ()
    text = _lower(line)
    spelled, lengths = _spelled(tuple(names))
    edges = [_is_edge(line, place) for place in range(len(line) + 1)]
    found: dict[str, None] = {}
    for start, end in _best_cover(text, spelled, lengths, edges):
        found.setdefault(spelled[text[start:end]])
    return tuple(found)


@lru_cache(maxsize=8)
def _spelled(names: tuple[str, ...]) -> tuple[Mapping[str, str], list[int]]:
    """Return the names by their lower case, and the lengths that they have, ascending."""
    spelled: dict[str, str] = {}
    for name in names:
        if name:
            spelled.setdefault(_lower(name), name)
    return spelled, sorted({len(name) for name in spelled})


def _lower(text: str) -> str:
    """Lower case, a character for a character, so that places stay what they were."""
    low = text.lower()
    if len(low) == len(text) and text.isascii():
        return low
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _best_cover(
    text: str, spelled: Mapping[str, str], lengths: list[int], edges: list[bool]
) -> list[tuple[int, int]]:
    """Return the spans of the best reading, found from the end of the line backwards."""
    size = len(text)
    impossible = (-1, 0)
    best: list[tuple[int, int]] = [(0, 0)] * (size + 1)
    step: list[int] = [0] * (size + 1)
    for at in range(size - 1, -1, -1):
        # Inside a word only another name may follow; at an edge the next word may be skipped.
        skip = at + 1
        while skip < size and not edges[skip]:
            skip += 1
        best[at], step[at] = (best[skip] if edges[at] else impossible), -skip
        for length in lengths:
            end = at + length
            if end > size or best[end] == impossible or text[at:end] not in spelled:
                continue
            score = (best[end][0] + length, best[end][1] - 1)
            if score > best[at]:
                best[at], step[at] = score, end
    spans, at = [], 0
    while at < size:
        if step[at] > 0:
            spans.append((at, step[at]))
        at = abs(step[at])
    return spans


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    if any(low <= char <= high for low, high in _HAN_RANGES):
        return "han"
    if char.isdigit():
        return "digit"
    if char.isalpha():
        return "upper" if char.isupper() else "lower"
    return "sign"


def _is_edge(line: str, place: int) -> bool:
    """Say whether a name may begin or end between the characters at ``place`` - 1 and ``place``."""
    if place == 0 or place == len(line):
        return True
    before, after = _kind(line[place - 1]), _kind(line[place])
    if "sign" in (before, after) or "han" in (before, after):
        return True
    if before == after == "upper":  # the A of "OpenAIAnthropic"
        return place + 1 < len(line) and _kind(line[place + 1]) == "lower"
    return before != after and not (before == "upper" and after == "lower")
