"""The terms of a text: words in alphabetic scripts, pairs of characters in Chinese.

Character pairs serve Chinese retrieval as well as segmented words do and need no dictionary
(J.-Y. Nie, J. Gao, J. Zhang and M. Zhou, "On the use of words and n-grams for Chinese
information retrieval", IRAL 2000).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\u3007"
MAX_COUNT: Final = 255

_TERM: Final = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:[.+#'’-][^\W_{HAN}]+)*")
_WORD: Final = re.compile(r"[^\W_]{2,}")
_HAN_RUN: Final = re.compile(rf"[{HAN}]")

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


def counted(text: str) -> Counter[str]:
    """Return the terms of ``text`` with their counts."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    counts: Counter[str] = Counter()
    for token, times in Counter(_TERM.findall(text.lower())).items():
        if _HAN_RUN.match(token):
            for start in range(max(1, len(token) - 1)):
                counts[token[start : start + 2]] += times
            continue
        for word in _WORD.findall(token):
            if word not in STOP_WORDS:
                counts[word] += times
    return counts


def hashed(counts: Counter[str]) -> tuple[bytes, bytes]:
    """Return ``counts`` as two packed arrays: term hashes (uint32, ascending), counts (uint8).

    A term is its CRC-32. Two of a million terms share one now and then, which moves a score
    by less than its rounding.
    """
    merged: Counter[int] = Counter()
    for term, times in counts.items():
        merged[zlib.crc32(term.encode("utf-8"))] += times
    order = sorted(merged)
    terms = np.array(order, dtype="<u4")
    times_of = np.array([min(merged[term], MAX_COUNT) for term in order], dtype=np.uint8)
    return terms.tobytes(), times_of.tobytes()
