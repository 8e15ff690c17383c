"""Pictures within a raw file: the parts of MHTML, the ``data:`` addresses of SingleFile pages.

Cleaning makes a short address of each, as if the picture had been saved beside the page
(``story.mhtml_files/3f2a….jpg``); ``pictures_in`` hands over their bytes under those names to
whoever publishes them.
"""

from __future__ import annotations

import base64
import binascii
import email
import email.message
import email.policy
import hashlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urljoin

from backissue.patterns import pattern

from .encoding import decode
from .records import RawFile
from .sanitise import SAVED_BESIDE

FOLDER: Final = "_files/"  # behind the name of the raw file; what sanitise.SAVED_BESIDE knows
# What the archive publishes, by type; drawings (SVG) may hold scripts.
_ENDINGS: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
}
_DATA: Final = pattern(r"data:(image/(?:png|jpe?g|gif|webp|avif))(;base64)?,[^\"'\s<>)]+")
# Characters of a data: address: a smaller one is a mark or what is shown until a picture comes.
LEAST: Final = 1_000
MOST_PARTS: Final = 2_000


def folder_of(name: str) -> str:
    """Return the folder that the pictures within a raw file seem to be in, as an address."""
    folder = quote(name.rsplit("/", 1)[-1]) + FOLDER
    return folder if SAVED_BESIDE.match(f"{folder}a.png") else ""


def data_name(address: str) -> str:
    """Return the name of the picture that a ``data:`` address is; "" for a small or another one."""
    told = _DATA.match(address) if len(address) >= LEAST else None
    return _named(address, told.group(1)) if told else ""


def part_names(message: email.message.Message) -> dict[str, str]:
    """Return what a page may call each picture of its MHTML file, with the picture's name."""
    return {address: name for address, name, _ in _parts(message)}


def held_by(names: dict[str, str], address: str, base: str) -> str:
    """Return the name of the picture that ``address`` means in a page at ``base``, or ""."""
    return names.get(address) or names.get(urljoin(base, address)) or ""


def pictures_in(raw: RawFile) -> dict[str, bytes]:
    """Return the pictures within a raw file, by the names that its body calls them.

    Empty for a file of another format and where nothing can be read; nothing is raised.
    """
    kind = raw.name.rsplit(".", 1)[-1].lower()
    if kind in ("mhtml", "mht", "eml"):
        message = email.message_from_bytes(raw.data.lstrip(), policy=email.policy.compat32)
        found: dict[str, bytes] = {}
        for _, name, part in _parts(message):
            if name not in found:
                payload = part.get_payload(decode=True)
                found[name] = payload if isinstance(payload, bytes) else b""
        return found
    if kind in ("html", "htm", "xhtml") and b"data:image/" in raw.data:
        text, _ = decode(raw.data, "")
        return dict(_inline(text))
    return {}


def _inline(text: str) -> Iterator[tuple[str, bytes]]:
    for found in _DATA.finditer(text):
        name = data_name(found.group())
        if not name:
            continue
        data = unquote_to_bytes(found.group().partition(",")[2])
        try:
            yield name, base64.b64decode(data) if found.group(2) else data
        except binascii.Error:
            continue  # cut short: no picture


def _parts(
    message: email.message.Message,
) -> Iterator[tuple[str, str, email.message.Message]]:
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            return
        kind = part.get_content_type()
        if kind not in _ENDINGS:
            continue
        location = str(part.get("Content-Location") or "").strip()
        key = str(part.get("Content-ID") or "").strip().strip("<>")
        name = _named(location or key, kind)
        for address in (location, f"cid:{key}" if key else ""):
            if address:
                yield address, name, part


def _named(address: str, kind: str) -> str:
    digest = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:16]
    return digest + _ENDINGS[kind]
