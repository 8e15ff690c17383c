"""Pictures that load late, players and formulas: what a saved page still says of them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from backissue.patterns import pattern

from .embedded import data_name, held_by
from .records import Draft
from .tree import Element, text_of

# Where lazy loading keeps the address, in the order of trust.
_LATE: Final = ("data-src", "data-original", "data-lazy-src", "data-url", "data-hi-res-src")
_SETS: Final = ("srcset", "data-srcset", "data-lazy-srcset")
_BLANK: Final = pattern(r"^\s*$|^data:|(?:blank|spacer|placeholder|pixel|1x1|loading)\.\w{3,4}$")
_PLAYER: Final = pattern(r"/(?:embed|player|video|v)[/.?]|/embed\b|player\.", re.IGNORECASE)
_FILMED: Final = pattern(
    r"(?:https?:)?//[^\s?#]+\.(?:mp4|webm|ogv|m4v|mov|mp3|m4a|ogg|oga|wav)(?:[?#]|$)", re.IGNORECASE
)
_MOST_AROUND: Final = 20  # elements that are looked at for what one picture shows
_SIGN: Final = 100  # pixels
_LONGEST: Final = 400  # characters of a formula
_SEEN: Final = frozenset(["noscript", "img", "source", "picture"])


def settle(page: Element, draft: Draft) -> None:
    """Give pictures their real address and make links of players, all within ``page``.

    Pictures within the raw file get an address below ``draft.folder``: embedded.py.
    """
    others: list[Element] = []
    for picture in page.iter("img", "amp-img", *_OTHERS):
        if picture.tag in _OTHERS:
            others.append(picture)
            continue
        picture.tag = "img"
        source = picture.get("src") or ""
        within = _within(picture, source, draft) if draft.folder else ""
        if within:
            picture.set("src", draft.folder + within)
        elif _BLANK.search(source):
            late = _late(picture)
            if late:
                picture.set("src", late)
    for other in others:
        _OTHERS[other.tag](other)


def _frame(frame: Element) -> None:
    """Make a link of a player in a frame."""
    source = frame.get("src") or frame.get("data-src") or ""
    if frame.tag == "amp-youtube" and frame.get("data-videoid"):
        _link(frame, f"https://www.youtube.com/watch?v={frame.get('data-videoid')}")
    elif re.match(r"(?:https?:)?//", source) and _PLAYER.search(source):
        _link(frame, source)


def _film(player: Element) -> None:
    """Make a link of a film or a recording, but of none that only moves behind the words."""
    if player.get("autoplay") is not None and player.get("controls") is None:
        return
    inner = [player, *player.iter("source")]
    source = next((s for one in inner if _FILMED.match(s := (one.get("src") or "").strip())), "")
    if source:
        named = player.get("title") or player.get("aria-label")
        player.set("title", named or ("Audio" if "audio" in player.tag else "Video"))
        _link(player, source)


def _formula(math: Element) -> None:
    """Let a formula be the words that its author typed, where they are there, or its signs."""
    typed = next(
        (one for one in math.iter("annotation") if "tex" in (one.get("encoding") or "")), None
    )
    text = math.get("alttext") or text_of(typed if typed is not None else math)
    tail = math.tail
    math.clear()
    math.tag, math.tail = "span", tail
    math.text = text[:_LONGEST]


def _unscripted(box: Element) -> None:
    """Show the picture that a page has for those without scripts, where it shows no other."""
    inside = [one for one in islice(box.iter(), _MOST_AROUND) if one is not box]
    if (
        not 0 < len(inside) < _MOST_AROUND - 1
        or any(one.tag not in _SEEN for one in inside)
        or text_of(box)
    ):
        return
    picture = next((one for one in inside if one.tag == "img"), None)
    source = (picture.get("src") or "").strip() if picture is not None else ""
    if picture is None or _BLANK.search(source) or _small(picture):
        return
    figure = next(box.iterancestors("figure"), None)
    around: list[Element] = []
    if figure is not None:
        around = [one for one in islice(figure.iter("img"), _MOST_AROUND) if one not in inside]
    shown = [one for one in around if not _BLANK.search(one.get("src") or "")]
    before = box.getprevious()
    if shown:
        file = source.rsplit("/", 1)[-1]
        if (shown[0].get("src") or "").rsplit("/", 1)[-1].partition("?")[0] == file.partition("?")[
            0
        ]:
            shown[0].set("src", source)  # a smaller copy of it
    elif before is not None and before.tag == "img":
        if _BLANK.search(before.get("src") or ""):
            before.set("src", source)
    elif figure is not None:
        box.tag = "span"


def _small(picture: Element) -> bool:
    """It is a sign or a portrait, or counts who reads."""
    sizes = (picture.get("width") or "", picture.get("height") or "")
    return any(size.isascii() and size.isdigit() and int(size[:9]) < _SIGN for size in sizes)


_OTHERS: Final = {
    "iframe": _frame,
    "amp-iframe": _frame,
    "amp-youtube": _frame,
    "video": _film,
    "audio": _film,
    "amp-video": _film,
    "amp-audio": _film,
    "math": _formula,
    "noscript": _unscripted,
}


def _within(picture: Element, source: str, draft: Draft) -> str:
    """Return the name of a picture that is in the raw file, or ""."""
    if source.startswith("data:"):
        return data_name(source.strip())
    if not draft.pictures:
        return ""
    candidates = [source.strip()]
    for name in _SETS:
        candidates += [
            one.split()[0] for one in (picture.get(name) or "").split(",") if one.strip()
        ]
    names = (held_by(draft.pictures, one, draft.canonical) for one in candidates[:20] if one)
    return next(filter(None, names), "")


def _late(picture: Element) -> str:
    for name in _LATE:
        value = (picture.get(name) or "").strip()
        if value and not value.startswith(("data:", "{", "[")):
            return str(value)
    for name in _SETS:
        first = (picture.get(name) or "").split(",")[0].split()
        if first and not first[0].startswith("data:"):
            return str(first[0])
    # libxml2 leaves a picture within the sources that stand before it.
    around = picture.getparent()
    if around is not None and around.tag in ("picture", "source"):
        box = next(islice(picture.iterancestors("picture"), 1), around)
        for source in islice(box.iter("source"), _MOST_AROUND):
            first = (source.get("srcset") or source.get("data-srcset") or "").split(",")[0].split()
            if first and not first[0].startswith("data:"):
                return str(first[0])
    return ""


def _link(frame: Element, source: str) -> None:
    """Turn a player into small print with a link: it belongs to the article, not to its text."""
    title = " ".join((frame.get("title") or "").split())[:120] or "Video"
    for child in list(frame):
        frame.remove(child)
    frame.attrib.clear()
    frame.text = None
    frame.tag = "p"
    small = frame.makeelement("small")
    link = frame.makeelement("a", {"href": source})
    link.text = title
    small.append(link)
    frame.append(small)
