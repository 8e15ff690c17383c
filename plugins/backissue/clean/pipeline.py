"""From a raw file to its articles: the one way that every format takes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from backissue.patterns import pattern

from ..article import Article, Dateline, Found, Origin, Reason, Rejected
from . import dates
from .corrections import read_sidecar
from .dump import read_dump
from .embedded import folder_of
from .encoding import binary_kind, decode
from .formats import ADAPTERS
from .html import read_html
from .language import language_of, script_language
from .markdown import read_markdown
from .records import DEFAULTS, CleanSettings, Draft, Piece, RawFile, Said, Shape
from .sanitise import SAVED_BESIDE, sanitise
from .shape import Shaped, shape

ENDINGS: Final = frozenset({".html", ".htm", ".xhtml", ".txt", ".md", ".markdown"} | set(ADAPTERS))
_LEAST_TEXT: Final = 20  # characters; the shortest true body of the extraction corpus has 150


def ending(name: str) -> str:
    """Return the ending of a path in small letters, with its dot, or ""."""
    last = name.rsplit("/", 1)[-1].lower()
    if last.endswith(".warc.gz"):
        return ".warc.gz"
    return "." + last.rsplit(".", 1)[1] if "." in last[1:] else ""


def clean(raw: RawFile, settings: CleanSettings = DEFAULTS) -> tuple[Article | Rejected, ...]:
    """Read one raw file; return an Article or a Rejected for each piece in it.

    Nothing is raised for bad input. A piece that an editor has hidden is left out, and so is
    what a browser saved beside a page (``story_files/``).
    """
    if SAVED_BESIDE.match(raw.name):
        return ()
    results: list[Article | Rejected] = []
    for piece in open_file(raw, settings):
        if isinstance(piece, Rejected):
            results.append(piece)
            continue
        draft, problem = read_piece(piece, raw, settings)
        if draft.hide:
            continue
        results.append(problem or finish(draft, raw, piece, settings))
    return tuple(results)


def refuse(reason: Reason, where: str, detail: str, hint: str) -> Rejected:
    """Make a Rejected."""
    return Rejected(reason=reason, where=where, detail=detail, hint=hint)


def open_file(raw: RawFile, settings: CleanSettings) -> Iterator[Piece | Rejected]:
    """Check size and kind of a file and yield the pieces in it, one at a time."""
    problem = _unfit(raw, settings)
    if problem is not None:
        yield problem
        return
    kind = ending(raw.name)
    adapter = ADAPTERS.get(kind)
    if adapter is not None:
        yield from adapter(raw.name, raw.data, settings)
        return
    binary = binary_kind(raw.data)
    if binary:
        yield refuse(
            Reason.BINARY,
            raw.name,
            f"this is {binary}, not a page of text",
            f"Save the article itself as a web page or as text in place of this file ({kind}).",
        )
        return
    if _SAVED_AS_ONE.match(raw.data[:200].lstrip()):
        yield from ADAPTERS[".mhtml"](raw.name, raw.data, settings)
        return
    yield Piece(shape=_shape_of(kind, raw.data), data=raw.data)


_SHAPES: Final[dict[str, Shape]] = {".txt": "text", ".md": "markdown", ".markdown": "markdown"}


# What a file is shows in its first bytes, whatever its name ends in.
_SAVED_AS_ONE: Final = pattern(rb"From: <Saved by|Snapshot-Content-Location:|MIME-Version:", re.I)
_PAGE: Final = pattern(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG: Final = pattern(rb"<[a-zA-Z!/?]")


def _shape_of(kind: str, data: bytes) -> Shape:
    """The shape of a file: its ending's, but for a page saved as text and text saved as a page."""
    shape = _SHAPES.get(kind, "html")
    if shape != "html" and _PAGE.match(data[:4000]):
        return "html"
    if shape == "html" and b"\0" not in data[:200] and _TAG.search(data) is None:
        return "text"
    return shape


def _unfit(raw: RawFile, settings: CleanSettings) -> Rejected | None:
    kind = ending(raw.name)
    if kind == ".toml":
        corrected = PurePosixPath(raw.name).stem
        return refuse(
            Reason.BAD_SETTING,
            raw.name,
            f"no file {corrected!r} lies beside it, so there is nothing that it corrects",
            "Give it the whole name of the raw file with .toml behind it, as in story.html.toml, "
            "or delete it.",
        )
    if kind not in ENDINGS:
        known = ", ".join(sorted(ENDINGS))
        return refuse(
            Reason.UNKNOWN_FORMAT,
            raw.name,
            f"files ending in {kind!r} are not read" if kind else "the name has no ending",
            f"Save the article as one of: {known}.",
        )
    if len(raw.data) > settings.max_bytes:
        return refuse(
            Reason.TOO_LARGE,
            raw.name,
            f"the file has {len(raw.data):,} bytes; up to {settings.max_bytes:,} are read",
            "Save the page without its pictures and scripts, or split the file.",
        )
    if not raw.data.strip():
        return refuse(
            Reason.EMPTY,
            raw.name,
            "there is nothing in this file",
            "Save the page again, or delete the file.",
        )
    return None


def read_piece(
    piece: Piece, raw: RawFile, settings: CleanSettings
) -> tuple[Draft, Rejected | None]:
    """Read one piece into a draft: what an editor says, the container, the page, the path."""
    draft = Draft()
    where = key_of(raw, piece.number)
    text = piece.text
    if piece.data is not None:
        text, encoding = decode(piece.data, piece.said.encoding)
        draft.notes.append(f"read as {encoding}")
        if not piece.number and piece.shape != _SHAPES.get(ending(raw.name), piece.shape):
            draft.notes.append("a web page in spite of the ending of its name")
    corrected = raw.sidecar is not None
    if corrected and (wrong := _correct(raw, piece, draft)):
        return draft, wrong
    _take_said(piece.said, draft)
    if not piece.number:
        draft.folder, draft.pictures = folder_of(raw.name), piece.said.pictures
    problem = None
    body = draft.body
    if piece.shape != "html" and (many := _too_many(text, where, settings)):
        return draft, many
    if piece.shape == "markdown":
        problem = read_markdown(text, where, draft)
    elif piece.shape == "text":
        read_dump(text, draft)
    else:
        problem = read_html(text, where, draft, settings, archived=piece.said.archived)
    if body:
        draft.body = body
    if problem is None:
        if corrected and piece.shape == "markdown":
            _correct(raw, piece, draft)  # over the front matter, which is an editor's too
        _take_path(raw.name, draft)
    return draft, problem


def _too_many(text: str, where: str, settings: CleanSettings) -> Rejected | None:
    """Refuse a text of more lines and cells than anybody reads, before it is read."""
    count, most = text.count("\n") + text.count("|"), settings.max_elements // 2
    if count <= most:
        return None
    return refuse(
        Reason.TOO_LARGE,
        where,
        f"the text has {count:,} lines and cells; up to {most:,} are read",
        "Split the file into the articles, chapters or tables that it holds.",
    )


def _correct(raw: RawFile, piece: Piece, draft: Draft) -> Rejected | None:
    return read_sidecar(raw.sidecar or b"", raw.name, piece.number, draft)


def _take_said(said: Said, draft: Draft) -> None:
    note = "the container says so"
    draft.offer("title", said.title, Origin.CONTAINER, 0.9, note)
    draft.offer("published", dates.parse(said.published), Origin.CONTAINER, 0.95, note)
    draft.offer("updated", dates.parse(said.updated), Origin.CONTAINER, 0.95, note)
    for field in ("authors", "tags", "lang", "canonical", "site", "lead"):
        draft.offer(field, getattr(said, field), Origin.CONTAINER, 0.95, note)
    if said.draft:
        draft.offer("draft", True, Origin.CONTAINER, 0.95, note)


def _take_path(name: str, draft: Draft) -> None:
    in_url = dates.in_url(draft.canonical) if draft.canonical else None
    if in_url:
        # An address with a day is trusted more than a line of text, a month less.
        draft.offer("published", in_url, Origin.URL, 0.62 if in_url.day else 0.41, draft.canonical)
    draft.offer("published", dates.in_slug(draft.canonical), Origin.URL, 0.51, draft.canonical)
    draft.offer("published", dates.in_file_name(name), Origin.FILENAME, 0.4, name)
    filed = dates.in_folder(name)
    draft.offer("published", filed, Origin.FOLDER, 0.3, name)
    _not_of_the_future(draft, filed, name)
    changed = draft.found.get("updated")
    if changed and draft.updated:
        note = "only the day of its last change is said"
        draft.offer("published", draft.updated, changed.origin, 0.25, note)


def _not_of_the_future(draft: Draft, filed: Dateline | None, name: str) -> None:
    """Let the folder's month stand where a line of the text names a day well after it.

    What was filed in a month was out by then: the line tells of an event to come. The month
    after is let pass, for papers are dated ahead.
    """
    found = draft.found.get("published")
    if filed and draft.published and found and found.origin is Origin.VISIBLE:
        shown = draft.published.value
        if shown[:7] > dates.month_after(filed.month):
            note = f"{name}; the text has {shown}, which is after it"
            draft.published = filed
            draft.found["published"] = Found(Origin.FOLDER, 0.3, note)


def key_of(raw: RawFile, number: int) -> str:
    """Return the key of a piece: the file's path, and ``#n`` from the second article on."""
    return f"{raw.name}#{number}" if number > 1 else raw.name


def finish(draft: Draft, raw: RawFile, piece: Piece, settings: CleanSettings) -> Article | Rejected:
    """Turn a draft into an Article, or say what is missing, or too much."""
    where = key_of(raw, piece.number)
    shaped = shape(draft.body, draft.canonical, draft.title)
    missing = _too_long(shaped, where, settings) or _missing(draft, shaped, raw.name, where)
    if missing or draft.published is None:
        return missing or no_date(raw.name, where)
    lang = _language(draft, shaped.text or draft.title)
    lead = _own_lead(draft, shaped)
    return Article(
        key=where,
        title=draft.title,
        published=draft.published,
        updated=draft.updated,
        body=shaped.body,
        text=shaped.text,
        lead=lead,
        authors=draft.authors,
        lang=lang,
        tags=draft.tags,
        canonical=draft.canonical,
        site=draft.site,
        slug=draft.slug,
        image=draft.image,
        headings=shaped.headings,
        references=draft.references,
        faq=tuple(type(q)(q.question, sanitise(q.answer), q.lang) for q in draft.faq),
        draft=draft.draft,
        sha256=hashlib.sha256(_bytes(piece, raw)).hexdigest(),
        found=dict(sorted(draft.found.items())),
        corrections=draft.corrections,
    )


def _language(draft: Draft, text: str) -> str:
    """The language that is declared; where its text is in another script, or none is, the text's.

    Templates say "en" of whatever is filled into them.
    """
    declared = draft.found.get("lang")
    if declared is not None:
        written = (
            "" if text.isascii() or declared.origin is Origin.EDITOR else script_language(text)
        )
        if not written or draft.lang[:2].lower() in _WRITTEN.get(written, (written,)):
            return draft.lang
        draft.found["lang"] = Found(
            Origin.GUESS, 0.8, f"the page says {draft.lang}, which its text is not"
        )
        return written
    found = language_of(text)
    note = "by the script and the small words of its text" if found else "nothing says another"
    draft.found["lang"] = Found(Origin.GUESS, 0.7 if found else 0.3, note)
    return found or "en"


# Of the languages of one script, a short text tells the commonest only.
_CYRILLIC: Final = ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg")
_ARABIC: Final = ("ar", "fa", "ur", "ps", "ku", "ug", "sd")
_WRITTEN: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("ru", "uk", "bg", "sr"), _CYRILLIC),
    **dict.fromkeys(("ar", "fa", "ur"), _ARABIC),
    "zh": ("zh", "yue", "cmn", "ja", "ko"),
    "ja": ("ja", "zh"),
    "he": ("he", "iw", "yi"),
    "hi": ("hi", "mr", "ne", "sa"),
    "bn": ("bn", "as"),
}


def _bytes(piece: Piece, raw: RawFile) -> bytes:
    """The bytes that an article came from: its own part of a container, or the whole file."""
    if piece.data is not None:
        return piece.data
    return piece.text.encode("utf-8", "replace") if piece.number else raw.data


def _too_long(shaped: Shaped, where: str, settings: CleanSettings) -> Rejected | None:
    if len(shaped.text) <= settings.max_text:
        return None
    return refuse(
        Reason.TOO_LARGE,
        where,
        f"the article has {len(shaped.text):,} characters; up to {settings.max_text:,} are read",
        "Split the file into the articles or chapters that it holds.",
    )


def _missing(draft: Draft, shaped: Shaped, name: str, where: str) -> Rejected | None:
    if not draft.title:
        return refuse(
            Reason.NO_TITLE,
            where,
            "the page names no title: neither in its head nor as a heading",
            f'Write a file {name}.toml beside it with the line: title = "The title"',
        )
    if len(shaped.text.strip()) < _LEAST_TEXT and "<img" not in shaped.body:
        if draft.truncated:
            return refuse(
                Reason.TRUNCATED,
                where,
                "the file breaks off before the article begins",
                "Save the page again; the download was cut short.",
            )
        return refuse(
            Reason.NO_BODY,
            where,
            "no article text was found in this file",
            "If the page builds its text with scripts, open it in a browser and save it from there "
            "(“Web page, complete”), or save its text as .txt.",
        )
    return None


def no_date(name: str, where: str) -> Rejected:
    """Say that no date was found, and what an editor can do about it."""
    return refuse(
        Reason.NO_DATE,
        where,
        "no date was found in the page, its address, the file's name or its folder",
        "Move the file into a folder named after its month (such as 2026-05/), or write a file "
        f'{name}.toml beside it with the line: date = "2026-05-20"',
    )


def _own_lead(draft: Draft, shaped: Shaped) -> str:
    """The lead, unless the body begins with it."""
    lead = " ".join(draft.lead.split())
    start = _folded(shaped.text[: 3 * len(lead) + 200])
    found = draft.found.get("lead")
    if (
        lead
        and _folded(lead).rstrip("….")[:120] in start
        and not (found and found.origin is Origin.EDITOR)
    ):
        draft.found.pop("lead", None)
        return ""
    return lead


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())
