"""The words of the interface in the language of the site, from gettext catalogues.

A theme keeps them beside its templates, ``templates/translations/zh.po``; a site that overrides
templates can put a catalogue beside its own, whose words come first. The text form is read as it
is, so that nobody has to compile anything. English needs none: it is what the templates say.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from backissue.patterns import pattern

FOLDER: Final = "translations"
_LINE: Final = pattern(r'(?:(msgid|msgstr)\s+)?("(?:[^"\\]|\\.)*")\s*')


class CatalogueError(ValueError):
    """A catalogue that cannot be read; says which line and why."""


def translation(places: Iterable[Path], lang: str) -> Callable[[str], str]:
    """Return what translates the interface's words into ``lang`` (a BCP 47 tag).

    ``places`` are folders of templates, the most important first. Words that no catalogue has
    stay as they are. Of ``zh-Hant-TW`` the catalogues ``zh-Hant-TW``, ``zh-Hant`` and ``zh`` are
    used, each for what those before it do not have. Raises CatalogueError.
    """
    words: dict[str, str] = {}
    parts = lang.replace("_", "-").split("-")
    names = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    for place in places:
        for name in names:
            path = place / FOLDER / f"{name}.po"
            if path.is_file():
                held = read_catalogue(path.read_text(encoding="utf-8"), path.name)
                words = {**held, **words}
    return lambda text: words.get(text, text)


def read_catalogue(text: str, name: str) -> dict[str, str]:
    """Return the messages of a catalogue (the PO form of GNU gettext) that are translated.

    Raises CatalogueError for what is no PO file, and for contexts and plurals, which the
    templates do not use.
    """
    return {source: made for source, made in _messages(text, name) if source and made}


def _messages(text: str, name: str) -> Iterator[tuple[str, str]]:
    message = {"msgid": "", "msgstr": ""}
    field = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None or not (found[1] or field):
            raise CatalogueError(f"{name}, line {number}: not understood: {line!r}")
        if found[1] == "msgid":
            yield message["msgid"], message["msgstr"]
            message = {"msgid": "", "msgstr": ""}
        field = found[1] or field
        message[field] += ast.literal_eval(found[2])
    yield message["msgid"], message["msgstr"]
