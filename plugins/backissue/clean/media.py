"""Pictures that load late and players in frames: what a saved page still says of them."""

from __future__ import annotations

import re
from typing import Final

from .embedded import data_name, held_by
from .records import Draft
from .tree import Element

# Where lazy loading keeps the address, in the order of trust.
_LATE: Final = ("data-src", "data-original", "data-lazy-src", "data-url", "data-hi-res-src")
_SETS: Final = ("srcset", "data-srcset", "data-lazy-srcset")
_BLANK: Final = re.compile(r"^\s*$|^data:|(?:blank|spacer|placeholder|pixel|1x1|loading)\.\w{3,4}$")
_PLAYER: Final = re.compile(r"/(?:embed|player|video|v)[/.?]|/embed\b|player\.", re.IGNORECASE)


def settle(page: Element, draft: Draft) -> None:
    """Give pictures their real address and make links of players, all within ``page``.

    Pictures within the raw file get an address below ``draft.folder``: embedded.py.
    """
    for picture in page.iter("img", "amp-img"):
        picture.tag = "img"
        source = picture.get("src") or ""
        within = _within(picture, source, draft) if draft.folder else ""
        if within:
            picture.set("src", draft.folder + within)
        elif _BLANK.search(source):
            late = _late(picture)
            if late:
                picture.set("src", late)
    for frame in list(page.iter("iframe", "amp-youtube", "amp-iframe")):
        source = frame.get("src") or frame.get("data-src") or ""
        if frame.tag == "amp-youtube" and frame.get("data-videoid"):
            source = f"https://www.youtube.com/watch?v={frame.get('data-videoid')}"
        elif not re.match(r"(?:https?:)?//", source) or not _PLAYER.search(source):
            continue
        _link(frame, source)


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
