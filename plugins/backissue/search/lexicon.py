"""The words that a misspelt word may stand for, and that a word begun may become.

The archive's frequent words, each with the number of bits of its number of documents: so
coarse that an article more hardly ever changes the file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from .codec import deflate, inflate, varint

MOST_WORDS: Final = 20_000
OFFERED: Final = 30_000  # of a segment
FEWEST_DOCS: Final = 2
TYPO_LENGTH: Final = 5
MOST_COMPLETIONS: Final = 8
SHORTEST_PREFIX: Final = 2


class Word(NamedTuple):
    """A word and how common it is: the bits of its number of documents."""

    form: str
    bits: int


class Lexicon(tuple[Word, ...]):
    """An archive's words, in alphabetical order, ready to be asked often."""

    @cached_property
    def _near(self) -> dict[str, list[Word]]:
        """The words by what they are with none or one of their letters left out.

        Two words a slip apart have one of these in common (Garbe's symmetric deletes).
        """
        found: dict[str, list[Word]] = {}
        for word in self:
            if len(word.form) >= TYPO_LENGTH - 1:
                for form in _shortened(word.form):
                    found.setdefault(form, []).append(word)
        return found

    def correct(self, form: str) -> str | None:
        """Return the commonest word that is one slip away from ``form``, or None."""
        if len(form) < TYPO_LENGTH:
            return None
        near = {word for some in _shortened(form) for word in self._near.get(some, ())}
        return correct(form, sorted(near))

    def complete(self, prefix: str) -> list[str]:
        """Return the commonest words that begin with ``prefix``."""
        low = bisect_left(self, Word(prefix, 0))
        high = bisect_left(self, Word(prefix + chr(0x10FFFF), 0))
        return complete(prefix, self[low:high])


def _shortened(form: str) -> set[str]:
    return {form, *(form[:at] + form[at + 1 :] for at in range(len(form)))}


def offer(months: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the commonest words of the months of a segment, with their documents' number.

    They are more than an archive has in all, so that what a segment of a hundred months says of
    its words is small, and need not be counted again.
    """
    counts = together(months)
    return _first(counts, OFFERED)


def top_words(segments: Iterable[Mapping[str, int]]) -> list[Word]:
    """Return the archive's words, in alphabetical order, the commonest where they are many.

    ``segments`` are what each segment offers.
    """
    counts = together(segments)
    bits = {form: count.bit_length() for form, count in counts.items() if count >= FEWEST_DOCS}
    first = _first(bits, MOST_WORDS)
    return [Word(form, first[form]) for form in sorted(first)]


def together(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of counts. They are of many thousand words: those of the most are copied."""
    *others, most = sorted(counts, key=len) or [{}]
    found = dict(most)
    known = found.get
    for words in others:
        for form, count in words.items():
            found[form] = known(form, 0) + count
    return found


def _first(counts: dict[str, int], most: int) -> dict[str, int]:
    """Return the highest of the counts, ``most`` at most; of equal ones the first by name."""
    if len(counts) <= most:
        return counts
    lowest = sorted(counts.values(), reverse=True)[most - 1]
    higher = {form: count for form, count in counts.items() if count > lowest}
    equal = sorted(form for form, count in counts.items() if count == lowest)
    return higher | dict.fromkeys(equal[: most - len(higher)], lowest)


def pack_words(words: Iterable[Word]) -> bytes:
    """Return the words as a file: each as what it adds to the one before."""
    out = bytearray()
    before = ""
    for form, bits in words:
        shared = 0
        while before[shared : shared + 1] == form[shared : shared + 1] != "":
            shared += 1
        rest = form[shared:].encode()
        out.append(shared)  # 64 letters at most, as no word is longer
        out += varint(len(rest))
        out += rest
        out.append(bits)
        before = form
    return deflate(bytes(out))


def unpack_words(data: bytes) -> list[Word]:
    """Return the words of a file that ``pack_words`` made."""
    raw = inflate(data)
    words = []
    form = ""
    at = 0
    while at < len(raw):
        shared, size = raw[at], raw[at + 1]
        at += 2
        if size > 127:  # two bytes of LEB128: 64 letters are at most 256 bytes
            size += (raw[at] - 1) << 7
            at += 1
        form = form[:shared] + raw[at : at + size].decode()
        words.append(Word(form, raw[at + size]))
        at += size + 1
    return words


def correct(form: str, words: Iterable[Word]) -> str | None:
    """Return the commonest word that is one slip away from ``form``, or None.

    A slip is a letter too many, too few, or wrong, or two neighbours that changed places
    (Damerau 1964).
    """
    if len(form) < TYPO_LENGTH:
        return None
    best: Word | None = None
    bits, sizes = 0, range(len(form) - 1, len(form) + 2)
    for word in words:
        # All that is cheap to see first: an archive has thousands of words.
        if word.bits > bits and len(word.form) in sizes and one_slip(form, word.form):
            best, bits = word, word.bits
    return best.form if best else None


def one_slip(one: str, other: str) -> bool:
    """Return whether two words differ by a single slip."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = 0
    while at < len(one) and at < len(other) and one[at] == other[at]:
        at += 1
    if len(one) == len(other):
        if one[at + 1 :] == other[at + 1 :]:
            return True
        swapped = one[at : at + 2] == other[at : at + 2][::-1]
        return swapped and one[at + 2 :] == other[at + 2 :]
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[at + 1 :] == shorter[at:]


def complete(prefix: str, words: Iterable[Word]) -> list[str]:
    """Return the commonest words that begin with ``prefix``."""
    if len(prefix) < SHORTEST_PREFIX:
        return []
    found = [word for word in words if word.form.startswith(prefix)]
    found.sort(key=lambda word: (-word.bits, word.form))
    return [word.form for word in found[:MOST_COMPLETIONS]]
