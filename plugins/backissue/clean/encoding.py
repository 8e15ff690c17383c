"""Bytes to text, the way a browser would read them: BOM, declaration, content."""

from __future__ import annotations

import codecs
import re
from typing import Final

import charset_normalizer

from backissue.patterns import pattern

from .declared import declared_labels

# https://encoding.spec.whatwg.org/#names-and-labels: what a browser takes a label for,
# where Python's codec of that name is narrower.
WHATWG: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "csgb2312": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "korean": "cp949",
    "windows-949": "cp949",
    "utf8": "utf-8",
    "unicode": "utf-16-le",
    "utf-16": "utf-8",  # a declaration that can be read as ASCII is no UTF-16
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
    "x-user-defined": "cp1252",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD: Final = 16_384  # bytes; a page whose head is longer declares nothing before its text
# What Python knows under such a name, and what is no encoding of text.
_LABEL: Final = pattern(r"[a-z0-9][a-z0-9_:.+-]*")  # Python itself would take any sign for a dash
_NO_TEXT: Final = ("rot13", "base64", "hex", "uu", "zlib", "bz2", "quopri", "idna", "punycode")
_SAMPLE: Final = 64_000
_WIDE_SAMPLE: Final = 4_000  # bytes, an even number
# What text in these languages is made of: ASCII, general and CJK punctuation, kana, Han, Hangul.
_WIDE: Final = pattern(
    "[\t\n\r -~\u00a0-\u00ff\u2010-\u2030\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uffee]"
)
_NAMES: Final = ("utf-8", "iso2022_jp")
_ISO_2022_JP: Final = (b"\x1b$B", b"\x1b$@")  # its escapes, which no other text has
# Signs that make a file something else than text; the PNG of a newsroom is called .html often.
_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"RIFF", "a sound or video file"),
    (b"\x00\x00\x00\x18ftyp", "a video file"),
    (b"\x00\x00\x00\x20ftyp", "a video file"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
_CONTROLS: Final = bytes([*range(9), *range(14, 27), *range(28, 32)])
# C0 controls but tab, LF, FF, CR; C1 is left to the decoders; lone surrogates; non-characters.
_BAD: Final = pattern("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DROPPED: Final = bytes([*range(9), 11, *range(14, 32), 127])


def binary_kind(data: bytes) -> str:
    """Say what kind of binary file ``data`` is, or return "" where it may be text."""
    for sign, kind in _MAGIC:
        if data.startswith(sign):
            return kind
    head = data[:_SAMPLE]
    if _bom(head) or _utf16_without_bom(head):
        return ""
    odd = len(head) - len(head.translate(None, _CONTROLS))
    # Text has none; a page torn by a bad disk or a bad tool has a few.
    return "a binary file" if head and odd / len(head) > 0.05 else ""


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text of ``data`` and the name of the encoding found.

    ``declared`` is what a container says (the charset of an HTTP header). Never raises:
    what cannot be read becomes U+FFFD; control characters and lone surrogates are dropped.
    """
    text, name = _decode(data, declared)
    if name == "utf-8" and _TWICE.search(data):
        text = _ONCE.sub(_mended, text)
    # Most pages have none of them, which their bytes say much faster than their text.
    if name == "utf-8" and len(data.translate(None, _DROPPED)) == len(data):
        return text.replace("\ufffe", "").replace("\uffff", ""), name
    return _BAD.sub("", text), name


def _decode(data: bytes, declared: str) -> tuple[str, str]:
    bom = _bom(data)
    if bom:
        sign, name = bom
        return data[len(sign) :].decode(name, "replace"), name
    wide = _utf16_without_bom(data[:_SAMPLE])
    if wide:
        return data.decode(wide, "replace"), wide
    escaped = b"\x1b$" in data and any(sign in data for sign in _ISO_2022_JP)
    try:
        return data.decode("iso2022_jp_ext" if escaped else "utf-8"), _NAMES[escaped]
    except UnicodeDecodeError:
        pass  # not UTF-8 throughout: ask the declaration, then the content
    for label in _labels(data, declared):
        if label != "utf-8":
            text = _try(data, label)
            if text is not None:
                return text, label
    if _mostly_utf8(data):
        return _patched_utf8(data), "utf-8"
    return _from_content(data)


def _mended(found: re.Match[str]) -> str:
    """Characters that somebody took for Latin-1 and wrote as UTF-8 again, as they were."""
    try:
        return found.group().encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found.group()


def _bom(data: bytes) -> tuple[bytes, str] | None:
    return next(((sign, name) for sign, name in _BOMS if data.startswith(sign)), None)


def _utf16_without_bom(head: bytes) -> str:
    """UTF-16 of mostly ASCII text has a NUL in every other byte."""
    half = len(head) // 2
    if half < 8:
        return ""
    start = head.lstrip(b" \t\r\n\x00")[:2]
    if start == b"<\x00" or (start[:1] == b"<" and b"\x00<\x00" in head[:8]):
        return "utf-16-le" if head[:1] != b"\x00" else "utf-16-be"
    even = head[0::2].count(0) / half
    odd = head[1::2].count(0) / half
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    return _wide_cjk(head) if b"\x00" in head else ""


def _wide_cjk(head: bytes) -> str:
    """UTF-16 of Chinese, Japanese or Korean has a NUL at line ends and in figures only."""
    for name in ("utf-16-le", "utf-16-be"):
        text = head[:_WIDE_SAMPLE].decode(name, "replace")
        if len(_WIDE.findall(text)) >= 0.97 * len(text):
            return name
    return ""


def _labels(data: bytes, declared: str) -> list[str]:
    """Return the names of the encodings that are declared: by the container, by the page."""
    said = map(_codec, declared_labels(data[:_HEAD]))
    names = [_codec(declared.strip().lower()), next(filter(None, said), "")]
    return [name for name in names if name]


def _codec(label: str) -> str:
    """Return Python's name of the encoding that a label stands for, or "" where it is none."""
    try:
        name = codecs.lookup(WHATWG.get(label, label)).name if _LABEL.fullmatch(label) else ""
    except LookupError:
        return ""  # a label nobody knows is no declaration
    return "" if name in _NO_TEXT else name


def _try(data: bytes, name: str) -> str | None:
    """Decode, allowing a few bad bytes; None where the declaration is plainly wrong."""
    try:
        text = data.decode(name, "replace")
    except (LookupError, UnicodeError, TypeError, AttributeError):
        return None
    bad = text.count("\ufffd")
    sample = data[:_SAMPLE]
    foreign = max(1, len(sample) - len(sample.translate(None, _HIGH)))
    if bad and bad * 8 > foreign * max(1.0, len(data) / _SAMPLE):
        return None
    if name == "cp1252" and _mostly_utf8(data):
        return None
    return text


# UTF-8 that was encoded twice has C1 control characters, which no writer uses.
_TWICE: Final = pattern(rb"\xc3[\xa2-\xaf](?:\xc2[\x80-\xbf]){2}")
_ONCE: Final = pattern("[\u00e2-\u00ef][\u0080-\u00bf]{2}")
_HIGH: Final = bytes(range(0x80, 0x100))
_SEQUENCE: Final = pattern(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def _mostly_utf8(data: bytes) -> bool:
    """Three of four bytes beyond ASCII stand in a proper UTF-8 sequence; by chance few do."""
    high = len(data) - len(data.translate(None, _HIGH))
    inside = sum(len(found) for found in _SEQUENCE.findall(data))
    return high > 0 and inside * 4 >= high * 3


def _patched_utf8(data: bytes) -> str:
    """UTF-8 into which somebody pasted single bytes of windows-1252."""

    def patch(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        bad = error.object[error.start : error.end]
        return bad.decode("cp1252", "replace"), error.end

    codecs.register_error("backissue-patch", patch)
    return data.decode("utf-8", "backissue-patch")


_CANDIDATES: Final = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1251", "cp1252")
# The commonest characters of each script, by which a wrong decoding gives itself away
# (a list of frequent characters each; any text of some length has several).
_COMMON: Final = {
    "gb18030": "的一是不了人在有我他这为之来以个中上大到说们国和地也子时道出而要于就下得可你年生",
    "big5hkscs": "的一是不了人在有我他這為之來以個中上大到說們國和地也子時道出而要於就下得可你年生",
    "cp932": "のにはをたがでてとしれさあいうるなもこすらりまそ",
    "euc_jp": "のにはをたがでてとしれさあいうるなもこすらりまそ",
    "cp949": "이다는의에을가한고를은지하도서로기사어나대시자그해있것들인",
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчй",
    "cp1252": "éèàüöäßñçóáíúâêôåøæ’“”–—‘…",
}


_FOREIGN: Final = pattern("[^\x00-\x7f]+")
_WRONG: Final = pattern("[\ufffd\ue000-\uf8ff]")
# No word is half Latin, half Cyrillic: an accent of a western page is no Cyrillic letter.
_HALF: Final = pattern("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_DROP: Final = {name: str.maketrans("", "", common) for name, common in _COMMON.items()}


def _from_content(data: bytes) -> tuple[str, str]:
    sample = data[:_SAMPLE]
    best, best_score = "", 0.0
    for name in _CANDIDATES:
        text = sample.decode(name, "replace")
        foreign = "".join(_FOREIGN.findall(text))
        if not foreign:
            continue
        hits = len(foreign) - len(foreign.translate(_DROP[name]))
        bad = len(_WRONG.findall(foreign)) + len(_HALF.findall(text))
        score = (hits - 4 * bad) / len(foreign)
        if score > best_score:
            best, best_score = name, score
    if best_score < 0.15:
        guess = charset_normalizer.from_bytes(sample).best()
        best = guess.encoding if guess is not None else "cp1252"
    return data.decode(best, "replace"), best
