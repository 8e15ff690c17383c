"""The terms of a text: words in alphabetic scripts, pairs of characters in Chinese.

Character pairs serve Chinese retrieval as well as segmented words do and need no dictionary
(J.-Y. Nie, J. Gao, J. Zhang and M. Zhou, "On the use of words and n-grams for Chinese
information retrieval", IRAL 2000).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from operator import add
from typing import Final

import numpy as np
from numpy.typing import NDArray

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\u3007"
MAX_COUNT: Final = 255
BUCKETS: Final = 1 << 22
"""Term hashes are below this, so that a table of all terms is a plain array."""

_KNOWN_WORDS: Final = 1 << 17
_BEYOND: Final = rf"[^\W_{HAN}]+(?:[.+#'’-][^\W_{HAN}]+)*"
# Most words begin with a letter of ASCII: such a one is found soonest.
_TOKEN: Final = re.compile(rf"[a-z0-9]+[^\W_{HAN}]*(?:[.+#'’-][^\W_{HAN}]+)*|{_BEYOND}|[{HAN}]+")
_ASCII_TOKEN: Final = re.compile(r"[a-z0-9]+(?:[.+#'-][a-z0-9]+)*")  # the same, at less cost
_WORD: Final = re.compile(r"[^\W_]{2,}")
_HAN_RUN: Final = re.compile(rf"[{HAN}]")
_FIRST_HAN: Final = HAN[HAN.index("\u3005")]

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
    """Return the hashes of the terms of ``text``, in their order, repeated as they are.

    A hash is the CRC-32 of the term below BUCKETS (K. Weinberger and others, "Feature hashing
    for large scale multitask learning", ICML 2009); terms that share a hash count as one.
    """
    if text.isascii():
        return list(chain.from_iterable(map(_word_terms, _ASCII_TOKEN.findall(text.lower()))))
    text = unicodedata.normalize("NFKC", text).lower()
    if not _HAN_RUN.search(text):
        return list(chain.from_iterable(map(_word_terms, _TOKEN.findall(text))))
    found: list[int] = []
    for token in _TOKEN.findall(text):
        if token < _FIRST_HAN:
            found += _word_terms(token)
        elif len(token) > 1 and _HAN_RUN.match(token):
            found += map(_pair, map(add, token, token[1:]))
        else:  # one character, or a word of another script beyond the Chinese
            found += (_pair(token),) if _HAN_RUN.match(token) else _word_terms(token)
    return found


class _Words(dict[str, tuple[int, ...]]):
    """The terms of "openai's" or "node.js": each part of two characters or more.

    A dictionary that is emptied when it is full: it is asked at less cost than an lru_cache.
    """

    def __missing__(self, token: str) -> tuple[int, ...]:
        if len(self) >= _KNOWN_WORDS:
            self.clear()
        found = tuple(_hash(word) for word in _WORD.findall(token) if word not in STOP_WORDS)
        self[token] = found
        return found


_word_terms: Final[Callable[[str], tuple[int, ...]]] = _Words().__getitem__


@lru_cache(maxsize=1 << 16)
def _pair(pair: str) -> int:
    return _hash(pair)


def _hash(term: str) -> int:
    return zlib.crc32(term.encode("utf-8")) & (BUCKETS - 1)


def packed(found: list[int]) -> tuple[bytes, bytes]:
    """Return two packed arrays: the hashes (uint32, ascending), how often each is (uint8)."""
    unique, times = np.unique(np.array(found, np.uint32), return_counts=True)
    return unique.astype("<u4").tobytes(), np.minimum(times, MAX_COUNT).astype(np.uint8).tobytes()
