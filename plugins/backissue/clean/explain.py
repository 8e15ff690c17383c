"""What cleaning took as what, from where, and what it cut and why: for people."""

from __future__ import annotations

import itertools
from html import escape
from typing import Final

import msgspec

from ..article import Article, Found, Origin, Rejected
from .pipeline import finish, key_of, open_file, read_piece
from .records import DEFAULTS, FIELDS, CleanSettings, Cut, Draft, RawFile
from .survey import WIDE

_MOST: Final = 200  # pieces of a container that are explained


class Field(msgspec.Struct, frozen=True):
    """One field of an article: its name, its value as text, and where it was found."""

    name: str
    value: str
    found: Found | None


class Account(msgspec.Struct, frozen=True):
    """What became of one piece: its fields, its text, what was cut, or why it was refused."""

    key: str
    fields: tuple[Field, ...]
    text: str
    body: str
    cuts: tuple[Cut, ...]
    notes: tuple[str, ...]
    refused: Rejected | None


class Explanation(msgspec.Struct, frozen=True):
    """What became of a file: an account of each piece in it."""

    name: str
    pieces: tuple[Account, ...]


def explain(raw: RawFile, settings: CleanSettings = DEFAULTS) -> Explanation:
    """Clean a file and say how; like ``clean``, it raises nothing for bad input."""
    accounts: list[Account] = []
    for piece in open_file(raw, settings):
        if len(accounts) >= _MOST:
            break
        if isinstance(piece, Rejected):
            accounts.append(Account(piece.where, (), "", "", (), (), piece))
            continue
        draft, problem = read_piece(piece, raw, settings)
        result = problem or finish(draft, raw, piece, settings)
        accounts.append(_account(key_of(raw, piece.number), draft, result))
    return Explanation(raw.name, tuple(accounts))


def _account(key: str, draft: Draft, result: Article | Rejected) -> Account:
    article = result if isinstance(result, Article) else None
    source: object = article or draft
    found = article.found if article else draft.found
    fields = tuple(
        Field(name, _value(getattr(source, name)), found.get(name))
        for name in FIELDS
        if getattr(source, name) or name in found
    )
    notes = (*draft.notes, *(("an editor hides it",) if draft.hide else ()))
    return Account(
        key=key,
        fields=fields,
        text=article.text if article else "",
        body=article.body if article else "",
        cuts=tuple(draft.cuts),
        notes=notes,
        refused=result if isinstance(result, Rejected) else None,
    )


def _value(value: object) -> str:
    """Return a field's value as a line for people."""
    if isinstance(value, tuple):
        return " · ".join(_value(part) for part in value)
    for name in ("value", "src", "question", "title"):
        inner = getattr(value, name, None)
        if isinstance(inner, str):
            return inner
    return "yes" if value is True else str(value) if value else "–"


def explain_text(explanation: Explanation) -> str:
    """Return an explanation as plain lines, for a terminal."""
    lines = []
    for account in explanation.pieces:
        lines.append(account.key)
        if account.refused is not None:
            refused = account.refused
            lines += [
                f"  refused: {refused.reason.value}: {refused.detail} ({refused.where})",
                f"  what to do: {refused.hint}",
            ]
        lines += [f"  {note}" for note in account.notes]
        for field in account.fields:
            lines.append(f"  {field.name + ':':<12}{_short(field.value, 90)}")
            if field.found is not None:
                lines.append(f"  {'':<12}{_origin(field.found)}")
        if account.text:
            size = how_long(account.text)
            lines.append(f"  {'text:':<12}{size}, begins “{_short(account.text, 70)}”")
        if account.cuts:
            lines.append(f"  cut ({len(account.cuts)}):")
            for told, alike in itertools.groupby(account.cuts):
                times = sum(1 for _ in alike)
                again = f" ({times} times)" if times > 1 else ""
                lines.append(f"    {_short(told.text, 64)!r}: {told.why}{again}")
        lines.append("")
    lines.append(_how_to_correct(explanation.name))
    return "\n".join(lines)


def how_long(text: str) -> str:
    """Return the length of a text in words; in characters where most of it is Chinese or alike."""
    wide = len(WIDE.findall(text))
    if 3 * wide > len(text):
        return f"{wide:,} characters"
    return f"{len(text.split()):,} words"


def _how_to_correct(name: str) -> str:
    """Say where an editor puts right what is wrong here."""
    file = name.rsplit("/", 1)[-1]
    return (
        f'To put a field right, write {file}.toml beside the file: title = "…" (docs/cleaning.md)'
    )


# What an editor would call the places that the code calls by their formats.
_ORIGINS: Final = {
    Origin.EDITOR: "the editor",
    Origin.CONTAINER: "the file around it",
    Origin.JSONLD: "the page's data (JSON-LD)",
    Origin.MICRODATA: "marks in the page (microdata)",
    Origin.META: "the page's head",
    Origin.URL: "the address",
}


def _origin(found: Found) -> str:
    note = f" ({_short(found.note, 60)})" if found.note else ""
    return f"from: {_ORIGINS.get(found.origin, found.origin.value)}, {found.sure:.0%} sure{note}"


def _short(text: str, most: int) -> str:
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else line[: most - 1] + "…"


_STYLE: Final = (
    "body{font:16px/1.5 Georgia,serif;max-width:48em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse}td,th{border-bottom:1px solid #ccc;padding:.3em .6em;"
    "text-align:left;vertical-align:top}.cut{background:#e4e4e4;color:#555;padding:.2em .6em;"
    "margin:.3em 0}.cut b{color:#a33}.refused{background:#fbe9e7;padding:.6em}small{color:#666}"
)


def explain_html(explanation: Explanation) -> str:
    """Return an explanation as a page of its own; what was cut is shaded. Safe to open."""
    parts = [
        "<!DOCTYPE html><html lang=en><meta charset=utf-8>",
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">",
        f"<title>{escape(explanation.name)}</title><style>{_STYLE}</style>",
        f"<h1>{escape(explanation.name)}</h1>",
    ]
    for account in explanation.pieces:
        parts += _section(account, named=account.key != explanation.name)
    parts.append(f"<p><small>{escape(_how_to_correct(explanation.name))}</small></p>")
    return "\n".join(parts) + "\n</html>\n"


def _section(account: Account, *, named: bool) -> list[str]:
    parts = [f"<section><h2>{escape(account.key)}</h2>" if named else "<section>"]
    if account.refused is not None:
        refused = account.refused
        parts.append(
            f"<p class=refused><strong>{escape(refused.reason.value)}</strong>: "
            f"{escape(refused.detail)}<br>{escape(refused.hint)}</p>"
        )
    parts += [f"<p><small>{escape(note)}</small></p>" for note in account.notes]
    parts.append("<table><tr><th>field</th><th>value</th><th>from</th></tr>")
    for field in account.fields:
        origin = escape(_origin(field.found)) if field.found else ""
        value = escape(_short(field.value, 400))
        parts.append(
            f"<tr><th>{field.name}</th><td>{value}</td><td><small>{origin}</small></td></tr>"
        )
    parts.append("</table>")
    if account.cuts:
        parts.append(f"<h3>Cut ({len(account.cuts)})</h3>")
        parts += [
            f"<p class=cut>{escape(cut.text)} <b>{escape(cut.why)}</b></p>" for cut in account.cuts
        ]
    # The body was sanitised; the page's own policy lets nothing be fetched or run.
    parts += ["<h3>Kept</h3>", f"<article>{account.body}</article></section>"]
    return parts
