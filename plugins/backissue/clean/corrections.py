"""What an editor sets by hand: a ``<file>.toml`` beside the raw file, or front matter."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from typing import Any, Final

from backissue.patterns import pattern

from ..article import Correction, Found, Image, Origin, Question, Reason, Reference, Rejected
from . import dates
from .records import Draft
from .sanitise import safe_url

# The names an editor may write, and the field that each sets.
NAMES: Final = {
    "title": "title",
    "date": "published",
    "published": "published",
    "updated": "updated",
    "modified": "updated",
    "author": "authors",
    "authors": "authors",
    "lang": "lang",
    "language": "lang",
    "tags": "tags",
    "lead": "lead",
    "summary": "lead",
    "description": "lead",
    "slug": "slug",
    "canonical": "canonical",
    "url": "canonical",
    "site": "site",
    "image": "image",
    "draft": "draft",
    "hide": "hide",
    "references": "references",
    "faq": "faq",
    "correction": "corrections",
    "corrections": "corrections",
    "body": "body",
}
_CORRECTED: Final = pattern(r"(\d{4}-[\d-]+)\s*(?::\s|：)\s*(.+)", re.DOTALL)
_LANG: Final = pattern(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_SLUG: Final = pattern(r"^[^\W_]+(?:[-_.][^\W_]+)*$")
_LINE: Final = pattern(r"\(at line (\d+)")


class WrongValueError(ValueError):
    """A correction that cannot be taken as it stands: what was seen, and what to write."""

    def __init__(self, key: str, seen: str, hint: str) -> None:
        super().__init__(key)
        self.key, self.seen, self.hint = key, seen, hint


def read_sidecar(data: bytes, name: str, number: int, draft: Draft) -> Rejected | None:
    """Apply the sidecar of ``name`` to ``draft``; return what is wrong with it, or None.

    ``number`` picks the table ``["#2"]`` for the second article of a container; keys at the
    top hold for all of them.
    """
    where = f"{name}.toml"
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _bad(where, "the file is not UTF-8 text", "Save it again as UTF-8.")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _LINE.search(str(error))
        place = f"{where}:{line.group(1)}" if line else where
        return _bad(
            place,
            f"this is no valid TOML: {error}",
            'Write one field a line, text in quotes: title = "A title".',
        )
    parts = [{key: value for key, value in table.items() if not key.startswith("#")}]
    own = table.get(f"#{number}") if number else None
    if isinstance(own, dict):
        parts.append(own)
    for part in parts:
        wrong = apply(part, draft, Origin.EDITOR, f"set in {where.rsplit('/', 1)[-1]}")
        if wrong:
            return _bad(f"{where}: {wrong.key}", wrong.seen, wrong.hint)
    return None


def _bad(where: str, detail: str, hint: str) -> Rejected:
    return Rejected(reason=Reason.BAD_SETTING, where=where, detail=detail, hint=hint)


def apply(
    table: dict[str, Any], draft: Draft, origin: Origin, note: str, *, strict: bool = True
) -> WrongValueError | None:
    """Set the fields that ``table`` names; an editor's word is always the surest.

    Unknown names are refused with the nearest known one; with ``strict=False`` (front matter,
    which other tools fill too) they are passed over.
    """
    for key, value in table.items():
        name = str(key).strip().lower()
        field = NAMES.get(name)
        if field is None:
            if strict:
                near = difflib.get_close_matches(name, sorted(NAMES), 1)
                known = (
                    f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(NAMES))}."
                )
                return WrongValueError(str(key), f"no field is called {key!r}", known)
            continue
        try:
            read = _READERS[field](name, value)
        except WrongValueError as wrong:
            return wrong
        # Set even where it is empty: an editor may clear a field.
        setattr(draft, field, read)
        draft.found[field] = Found(origin, 1.0, note)
    return None


def _text(key: str, value: Any) -> str:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return " ".join(str(value).split())
    raise WrongValueError(key, f"{value!r} is no text", f'Write {key} = "…".')


def _date(key: str, value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        value = value.isoformat()
    found = dates.parse(str(value)) if isinstance(value, str | int) else None
    if found is None:
        raise WrongValueError(
            key, f"{value!r} is no date", f'Write {key} = "2026-05-20" or "2026-05".'
        )
    return found


def _list(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"\s*[,，;；、]\s*", value)
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return tuple(dict.fromkeys(" ".join(str(p).split()) for p in value if str(p).strip()))
    raise WrongValueError(key, f"{value!r} is no list of names", f'Write {key} = ["One", "Two"].')


def _flag(key: str, value: Any) -> bool:
    if isinstance(value, str) and value.strip().lower() in ("true", "yes", "on", "1"):
        return True
    if isinstance(value, str) and value.strip().lower() in ("false", "no", "off", "0", ""):
        return False
    if isinstance(value, bool):
        return value
    raise WrongValueError(key, f"{value!r} is neither true nor false", f"Write {key} = true.")


def _language(key: str, value: Any) -> str:
    text = _text(key, value)
    if not _LANG.match(text):
        raise WrongValueError(key, f"{text!r} is no language", 'Write lang = "en" or lang = "zh".')
    return text.replace("_", "-")


def _slug(key: str, value: Any) -> str:
    text = _text(key, value)
    if text and not _SLUG.match(text):
        raise WrongValueError(
            key,
            f"{text!r} cannot stand in an address",
            'Use letters, digits and hyphens: slug = "a-new-chip".',
        )
    return text


def _address(key: str, value: Any) -> str:
    text = _text(key, value)
    if text and not re.match(r"https?://[^\s/]", text):
        raise WrongValueError(key, f"{text!r} is no web address", f'Write {key} = "https://…".')
    return text


def _image(key: str, value: Any) -> Image | None:
    if isinstance(value, str):
        return Image(safe_url(value)) if safe_url(value) else None
    if isinstance(value, dict) and isinstance(value.get("src"), str):
        alt, caption = str(value.get("alt", "")), str(value.get("caption", ""))
        return Image(safe_url(value["src"]), alt, caption)
    raise WrongValueError(key, f"{value!r} is no picture", 'Write image = "photo.jpg".')


def _references(key: str, value: Any) -> tuple[Reference, ...]:
    out = []
    for entry in value if isinstance(value, list) else [None]:
        if not isinstance(entry, dict) or not isinstance(entry.get("title"), str):
            hint = 'Write [[references]] and below it title = "…" and url = "https://…".'
            raise WrongValueError(key, "an entry has no title", hint)
        url = _address(key, entry.get("url", ""))
        out.append(Reference(entry["title"], str(entry.get("excerpt", "")), url))
    return tuple(out)


def _faq(key: str, value: Any) -> tuple[Question, ...]:
    out = []
    for entry in value if isinstance(value, list) else [None]:
        if not isinstance(entry, dict) or not isinstance(entry.get("question"), str):
            hint = 'Write [[faq]] and below it question = "…" and answer = "…".'
            raise WrongValueError(key, "an entry has no question", hint)
        lang = _language(key, entry.get("lang", "en"))
        out.append(Question(entry["question"], str(entry.get("answer", "")), lang))
    return tuple(out)


def _corrections(key: str, value: Any) -> tuple[Correction, ...]:
    """Read tables of a date and a note, or lines ``2026-05-22: note`` of front matter."""
    hint = f'Write [[{key}]] and below it date = "2026-05-22" and note = "What was wrong."'
    out = []
    for entry in value if isinstance(value, list) else [value]:
        said = entry
        if isinstance(entry, str) and (line := _CORRECTED.fullmatch(entry.strip())):
            said = {"date": line.group(1), "note": line.group(2)}
        if not isinstance(said, dict):
            raise WrongValueError(key, f"{said!r} is no date and note", hint)
        if unknown := sorted(said.keys() - {"date", "note"}):
            raise WrongValueError(key, f"an entry has a date and a note, no {unknown[0]!r}", hint)
        note = _text(key, said.get("note", ""))
        if not note or "date" not in said:
            missing = "date" if note else "note"
            raise WrongValueError(key, f"an entry has no {missing}", hint)
        out.append(Correction(_date("date", said["date"]), note))
    return tuple(sorted(out))


def _body(key: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise WrongValueError(key, f"{value!r} is no text", 'Write body = """<p>…</p>""".')


_READERS: Final = {
    "title": _text,
    "published": _date,
    "updated": _date,
    "authors": _list,
    "lang": _language,
    "tags": _list,
    "lead": _text,
    "slug": _slug,
    "canonical": _address,
    "site": _text,
    "image": _image,
    "draft": _flag,
    "hide": _flag,
    "references": _references,
    "faq": _faq,
    "corrections": _corrections,
    "body": _body,
}
