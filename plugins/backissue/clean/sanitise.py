"""The last pass over every body: what may reach a page, and nothing else."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

import nh3

from backissue.patterns import pattern

# No id, class, style or cite: ids and classes would reach the theme's style and script,
# ``cite`` is an address that nh3 does not check (ANCHORS.md, "Sanitising").
TAGS: Final = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "pre",
        "code",
        "kbd",
        "samp",
        "var",
        "blockquote",
        "figure",
        "figcaption",
        "img",
        "a",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "s",
        "small",
        "sub",
        "sup",
        "mark",
        "ins",
        "del",
        "q",
        "abbr",
        "br",
        "hr",
        "aside",
        "details",
        "summary",
        "ruby",
        "rb",
        "rt",
        "rp",
        "bdi",
        "bdo",
        "dfn",
    ]
)
ATTRIBUTES: Final = {
    "*": {"lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "aside": {"role"},
}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
# What stands inside these is never text of an article.
SILENT: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "title",
        "head",
        "textarea",
        "select",
        "option",
        "button",
        "canvas",
        "audio",
        "video",
        "applet",
        "frameset",
        "xmp",
        "plaintext",
        "noembed",
        "noframes",
    ]
)
_VALUES: Final = {
    "lang": pattern(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z"),
    "dir": pattern(r"(?:ltr|rtl|auto)\Z"),
    # Whole numbers in ASCII: who publishes pictures reckons with them.
    "width": pattern(r"[0-9]{1,5}\Z"),
    "height": pattern(r"[0-9]{1,5}\Z"),
    "start": pattern(r"-?[0-9]{1,6}\Z"),
    "scope": pattern(r"(?:col|row)(?:group)?\Z"),
    "role": pattern(r"note\Z"),
}
# https://url.spec.whatwg.org/#url-code-points; brackets may stand around a host only.
# A file in the folder in which a browser puts the parts of a page that it saves "complete".
SAVED_BESIDE: Final = pattern(
    r"(?:[^:/][^:]*/|\./)?[^/:]+(?:_files|\.files|-Dateien|_fichiers|_archivos|_文件)/[^/]+$"
)
_ILLEGAL: Final = pattern(r"[\"<>\\^`{|}\[\]]|%(?![0-9A-Fa-f]{2})")
_HOST: Final = pattern(r"(?:[A-Za-z][\w+.-]*:)?//[^/?#\\]*")
_LOCAL_SCHEME: Final = pattern(r"[^/?#]*:")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep an attribute's value, or drop it with None."""
    if name in ("colspan", "rowspan"):
        spans = value.isascii() and value.isdigit() and 1 < int(value[:9]) <= 200
        return value if spans else None
    if name == "role" and tag != "aside":
        return None
    allowed = _VALUES.get(name)
    return value if allowed is None or allowed.match(value) else None


_CLEANER: Final = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(SILENT),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=_attribute,
    strip_comments=True,
    link_rel=None,
    url_schemes=set(SCHEMES),
)


def sanitise(html: str) -> str:
    """Return ``html`` with nothing in it but what TAGS, ATTRIBUTES and SCHEMES allow."""
    return _CLEANER.clean(html)


def safe_url(url: str, base: str = "") -> str:
    """Return ``url`` made absolute against ``base``, or "" where its scheme is not allowed.

    A relative address stays as it is where no base is known. White space and control
    characters, which browsers ignore inside a scheme, are dropped before looking at it.
    """
    url = re.sub(
        r"[\x00-\x20\u2028\u2029]+", lambda m: "%20" if m.group() == " " else "", url.strip()
    )
    if not url:
        return ""
    if url.startswith("//"):
        url = "https:" + url
    try:
        if base and not _LOCAL_SCHEME.match(url):
            url = urljoin(base, url)
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return ""
    if scheme and scheme not in SCHEMES:
        return ""
    if not scheme and _LOCAL_SCHEME.match(url):
        return ""
    if _ILLEGAL.search(url) is None:
        return url
    host = _HOST.match(url)
    at = host.end() if host else 0
    return url[:at] + _ILLEGAL.sub(_escaped, url[at:])


def _escaped(sign: re.Match[str]) -> str:
    """A character as an address writes it that may not stand there by itself."""
    return "/" if sign.group() == "\\" else f"%{ord(sign.group()):02X}"
