"""The terms of a text: words in alphabetic scripts, pairs of characters in Chinese.

Character pairs serve Chinese retrieval as well as segmented words do and need no dictionary
(J.-Y. Nie, J. Gao, J. Zhang and M. Zhou, "On the use of words and n-grams for Chinese
information retrieval", IRAL 2000).
"""

from __future__ import annotations

import re
import string
import unicodedata
import zlib
from array import array
from collections.abc import Callable, Iterator, Set
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backissue.patterns import pattern

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\u3007"
MAX_COUNT: Final = 255
BUCKETS: Final = 1 << 22
"""Term hashes are below this, so that a table of all terms is a plain array."""

LEAST_WORD: Final = 2
_NO_TERM: Final = BUCKETS
_NEW_LINE: Final = BUCKETS + 1

_KNOWN_WORDS: Final = 1 << 17
_WORDS: Final = pattern(r"\w+")
_PLANE: Final = 1 << 16
_ASCII: Final = 1 << 7
_SIGMA: Final = "\u03a3"
_HAN: Final = pattern(rf"[{HAN}]+")
# Letters small, line ends as noughts, all that is no word as spaces. Bytes beyond ASCII stay.
_SPACES: Final = bytes(b for b in range(128) if not chr(b).isalnum() and b != ord("\n"))
_FOLDED: Final = bytes.maketrans(
    _SPACES + b"\n" + string.ascii_uppercase.encode(),
    b" " * len(_SPACES) + b"\0" + string.ascii_lowercase.encode(),
)

_STOP_WORDS: Final = """
    about above after again against all almost along already also although always am among an and
    another any are around as at be because been before being below between both but by can cannot
    could did do does doing done down during each either else even ever every few for from further
    get gets getting had has have having he her here hers herself him himself his how however if in
    into is it its itself just least less let like made make makes making many may maybe me might
    more most much must my myself neither new no nor not now of off often on once one only onto or
    other others our ours ourselves out over own per perhaps please put rather re really same see
    seem she should since so some still such take than that the their theirs them themselves then
    there these they this those though through thus to too toward towards two under until up upon
    us use used using very via was we well were what when where whether which while who whom whose
    why will with within without would yet you your yours yourself yourselves don didn doesn isn
    aren wasn weren won ll ve
"""

STOP_WORDS: Final = frozenset(_STOP_WORDS.split())
"""English function words: they carry no topic."""

Terms = NDArray[np.uint32]


def terms(text: str) -> list[int]:
    """Return the hashes of the terms of ``text``, repeated as they are.

    A hash is the CRC-32 of the term below BUCKETS (K. Weinberger and others, "Feature hashing
    for large scale multitask learning", ICML 2009); terms that share a hash count as one.
    """
    if text.isascii():
        return [term for term in map(_word_term, _words(text.encode())) if term < BUCKETS]
    found: list[int] = terms_by_line(text)[0].tolist()
    return found


def term_of(word: str) -> int:
    """Return the hash of one word of letters and digits; BUCKETS or more where it is no term."""
    return _word_term(word.lower().encode("utf-8", "replace"))


def terms_by_line(text: str) -> tuple[Terms, NDArray[np.int64]]:
    """Return the hashes of the terms of ``text``, repeated as they are, and the line of each."""
    if text.isascii():
        return _words_by_line(text.encode())
    codes = _without_signs(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4"))
    if int(codes.max()) < _ASCII:
        return _words_by_line(codes.astype(np.uint8).tobytes())
    plain = codes.tobytes().decode("utf-32-le", "surrogatepass")
    normal = unicodedata.normalize("NFKC", plain)
    if _SIGMA in normal:  # which small one it becomes depends on the signs beside it
        normal = unicodedata.normalize("NFKC", text)
    text = normal.lower()
    if text != plain:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    near = np.minimum(codes, _PLANE - 1)
    known = _plane()
    in_word = known.in_word[near]
    for far in np.flatnonzero(codes >= _PLANE).tolist():
        in_word[far] = text[far].isalnum()
    is_han = known.is_han[near]
    rest = np.where((in_word & ~is_han) | (codes < _ASCII), codes, np.uint32(ord(" ")))
    found, lines = _words_by_line(rest.tobytes().decode("utf-32-le").encode())
    if not is_han.any():
        return found, lines
    line_of = np.cumsum(codes == ord("\n"))
    follows = is_han[:-1] & is_han[1:]
    pairs = np.flatnonzero(follows)
    hashes = known.first[near[pairs]] ^ known.second[near[pairs + 1]]
    alone = np.flatnonzero(is_han & ~np.append(follows, False) & ~np.append(False, follows))
    singles = np.array([_hash(text[place]) for place in alone.tolist()], np.uint32)
    return (
        np.concatenate([found, hashes, singles]),
        np.concatenate([lines, line_of[pairs], line_of[alone]]),
    )


def pairs_of(text: str, wanted: Set[int]) -> Iterator[tuple[int, int, set[int]]]:
    """Yield where runs of Chinese characters start and end whose pairs are all ``wanted``.

    With each run come the hashes of its pairs.
    """
    if text.isascii() or not _HAN.search(text):
        return
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    near = np.minimum(codes, _PLANE - 1)
    known = _plane()
    is_han = known.is_han[near]
    hashes = known.first[near[:-1]] ^ known.second[near[1:]]
    found = is_han[:-1] & is_han[1:] & np.isin(hashes, np.array([*wanted], np.uint32))
    places = np.flatnonzero(found)
    for run in np.split(places, np.flatnonzero(np.diff(places) != 1) + 1):
        if len(run):
            yield int(run[0]), int(run[-1]) + 2, set(hashes[run].tolist())


def _without_signs(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a text's characters with spaces for curly quotes, full-width commas and the like.

    Without them most texts are normal already, and many are ASCII.
    """
    beyond = np.flatnonzero(codes >= _ASCII)
    own = codes[beyond]
    outside = np.flatnonzero(~_plane().in_word[np.minimum(own, _PLANE - 1)])
    own = own[outside]
    others = [code for code in set(own.tolist()) if not _is_sign(code)]
    if others:
        outside = outside[~np.isin(own, np.array(others, np.uint32))]
    codes = codes.copy()
    codes[beyond[outside]] = ord(" ")
    return codes


@lru_cache(maxsize=1 << 12)
def _is_sign(code: int) -> bool:
    """Return whether a character is no letter or digit, and becomes none when it is normalised."""
    kind = unicodedata.category(chr(code))[0]  # marks and letters may join the one before
    return kind in "PSZ" and not _WORDS.search(unicodedata.normalize("NFKC", chr(code)))


def _words(text: bytes) -> list[bytes]:
    """Return the words of a text in which no sign is beyond ASCII (UTF-8), and its line ends."""
    return text.replace(b"\n", b" \n ").translate(_FOLDED).split()


def _words_by_line(text: bytes) -> tuple[Terms, NDArray[np.int64]]:
    found = np.frombuffer(array("I", list(map(_word_term, _words(text)))), np.uint32)
    lines = np.cumsum(found == _NEW_LINE)
    kept = np.flatnonzero(found < BUCKETS)
    return found[kept], lines[kept]


class _Plane(NamedTuple):
    """What is known of each character below 2**16.

    The hash of a pair of Chinese characters is the exclusive or of the ``first`` of the one and
    the ``second`` of the other: CRC-32 is linear, and each of them is three bytes of UTF-8.
    """

    in_word: NDArray[np.bool_]
    is_han: NDArray[np.bool_]
    first: Terms
    second: Terms


@cache
def _plane() -> _Plane:
    every = "".join(map(chr, range(_PLANE)))
    return _Plane(
        _where(_WORDS, every),
        _where(_HAN, every),
        _of_three_bytes(b"", bytes(3)),
        _of_three_bytes(bytes(3), b"") ^ np.uint32(_masked(bytes(6))),
    )


def _where(wanted: re.Pattern[str], text: str) -> NDArray[np.bool_]:
    found = np.zeros(len(text), np.bool_)
    for run in wanted.finditer(text):
        found[run.start() : run.end()] = True
    return found


def _of_three_bytes(before: bytes, after: bytes) -> Terms:
    """Return the hash of each character as three bytes of UTF-8, with others around it."""

    def one(code: int) -> int:
        utf8 = bytes((0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F))
        return _masked(before + utf8 + after)

    table = np.array([one(0)], np.uint32)
    for bit in range(16):  # each bit of a character's number turns the same bits of the hash
        table = np.concatenate([table, table ^ np.uint32(one(0) ^ one(1 << bit))])
    return table


class _Words(dict[bytes, int]):
    """The hashes of words of two characters or more; of a line end and other words, no terms.

    A dictionary that is emptied when it is full: it is asked at less cost than an lru_cache.
    """

    def __missing__(self, word: bytes) -> int:
        if len(self) >= _KNOWN_WORDS:
            self.clear()
        text = word.decode()
        is_term = len(text) >= LEAST_WORD and text not in STOP_WORDS
        self[word] = found = _hash(text) if is_term else _NO_TERM
        if word == b"\0":
            self[word] = found = _NEW_LINE
        return found


_word_term: Final[Callable[[bytes], int]] = _Words().__getitem__


def _hash(term: str) -> int:
    return _masked(term.encode("utf-8"))


def _masked(term: bytes) -> int:
    return zlib.crc32(term) & (BUCKETS - 1)


def packed(found: NDArray[np.unsignedinteger[Any]]) -> tuple[bytes, bytes]:
    """Return two packed arrays: the hashes (uint32, ascending), how often each is (uint8)."""
    terms = np.sort(found.astype("<u4"))
    first = firsts(terms)
    times = np.diff(np.append(first, len(terms)))
    return terms[first].tobytes(), np.minimum(times, MAX_COUNT).astype(np.uint8).tobytes()


def firsts(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Return where in ``ordered`` each value stands first."""
    new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return np.flatnonzero(new)
