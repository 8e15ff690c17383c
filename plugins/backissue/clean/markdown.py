"""Markdown with front matter."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any, Final

from markdown_it import MarkdownIt

from backissue.patterns import pattern

from ..article import Origin, Reason, Rejected
from . import credits
from .corrections import NAMES, apply
from .notation import finished, plain
from .records import Draft
from .titles import fold

# Looking for the end of a link takes time quadratic in the brackets that never close.
_MOST_BRACKETS: Final = 5000
_MOST_COLUMNS: Final = 500
_FIRST: Final = pattern(r"\A\s*(?:#[ \t]+([^\n]+?)[ \t]*#*|([^\n#>*-][^\n]*)\n=+)[ \t]*(?:\n|\Z)")
_YAML: Final = pattern(r"\A\s*---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TOML: Final = pattern(r"\A\+\+\+[ \t]*\r?\n(.*?)\r?\n\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_PAIR: Final = pattern(r"^([A-Za-z][\w -]{0,30}?)\s*:(?:\s+(.*)|\s*)$")
_ITEM: Final = pattern(r"^\s*-\s+(.*)$")
_NAMED: Final = pattern(r"^name:\s+")
_FOLDED: Final = pattern(r"^[>|][+-]?\d?\s+")
_NOTHING: Final = ("", "null", "~", "[]", ">", "|")
_BLOCK: Final = pattern(r"[^\s][^\n]*(?:\n[ \t]*\S[^\n]*)*")
_ABOVE: Final = 2  # blocks between the title and a byline
_NO_STANDFIRST: Final = ("#", "```", "~~~", "|", "-", "+")
_CALLOUT: Final = pattern(
    r"<p>(?:<strong>)?(Data Takeaway|Key Takeaway|数据要点"
    r"|要点)\s*[:：](?:</strong>)?\s*(.*?)</p>",
    re.DOTALL,
)


def read_markdown(text: str, name: str, draft: Draft) -> Rejected | None:
    """Read Markdown into ``draft``: its front matter and its body; return what is wrong, or None.

    Front matter is YAML's simple form (``key: value``, lists), TOML between ``+++``, or
    Pelican's own ``Key: value`` lines above the first blank one.
    """
    table, rest, problem = _front(text)
    table = _ours(table)
    if problem:
        return Rejected(
            reason=Reason.BAD_SETTING,
            where=f"{name}:{problem[0]}",
            detail=problem[1],
            hint="Write the front matter as key: value, one a line, between two lines of ---.",
        )
    wrong = apply(table, draft, Origin.EDITOR, "set in the front matter", strict=False)
    if wrong:
        return Rejected(
            reason=Reason.BAD_SETTING,
            where=f"{name}: {wrong.key}",
            detail=wrong.seen,
            hint=wrong.hint.replace(" = ", ": "),
        )
    # ``html`` is on because archived Markdown holds HTML; sanitising comes last for all.
    first = _FIRST.match(rest)
    if first and "title" not in draft.found:
        title = re.sub(r"[*_`]+", "", first.group(1) or first.group(2)).strip()
        draft.offer("title", title, Origin.VISIBLE, 0.8, "its first heading")
    if first and fold(first.group(1) or first.group(2)) == fold(draft.title):
        rest = _behind_credits(rest[first.end() :], draft)
    source, notes = plain(rest)
    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 60}).enable("strikethrough")
    if max((line.count("|") for line in source.splitlines()), default=0) <= _MOST_COLUMNS:
        reader.enable("table")
    if source.count("[") > _MOST_BRACKETS:
        reader.disable(["link", "image"])
    html = finished(reader.render(source), [_note(reader.render(note)) for note in notes])
    draft.body = _CALLOUT.sub(r'<aside role="note"><p><strong>\1:</strong> \2</p></aside>', html)
    return None


def _behind_credits(text: str, draft: Draft) -> str:
    """Take the lines of credit below the title; return what stands behind them.

    A line or two, such as a standfirst or a picture, may stand above a byline.
    """
    above: list[str] = []
    at = 0
    for block in _BLOCK.finditer(text):
        found = credits.read_block(block.group().splitlines())
        if found and (not above or any(one.field == "authors" for one in found)):
            credits.take(found, draft)
            draft.cut(block.group(), "byline and dateline")
            at = block.end()
        elif at or len(above) == _ABOVE or block.group().startswith(_NO_STANDFIRST):
            break
        else:
            above.append(block.group())
    return "\n\n".join([*above, text[at:]]) if at else text


def _note(html: str) -> str:
    """A footnote that is one paragraph stands in its item without one."""
    html = html.strip()
    one = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return html[3:-4] if one else html


# Other names of our fields, in the order of their trust, as generators, note takers and clippers
# write them (Hugo, Jekyll, Hexo, Pelican, Obsidian's web clipper).
_OTHERS: Final = {
    "date": ("publishdate", "pubdate", "date_published", "published_at", "created", "created_at"),
    "updated": ("lastmod", "last_modified_at", "last_modified", "updated_at", "date_modified"),
    "authors": ("byline", "creator", "creators", "by"),
    "canonical": ("canonical_url", "canonicalurl", "source", "original_url", "link", "permalink"),
    "tags": ("keywords", "categories", "category", "topics"),
    "lead": ("excerpt", "subtitle", "dek", "abstract"),
    "site": ("publisher", "publication", "site_name"),
    "image": ("cover", "thumbnail", "featured_image", "cover_image"),
    "title": ("headline",),
}
_ADDRESS: Final = pattern(r"https?://[^\s/]")
_LANGUAGE: Final = pattern(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*\Z")
_WIKI: Final = pattern(r"^\[\[(?:[^|\]]*\|)?([^\]]*)\]\]$")


def _ours(table: dict[str, Any]) -> dict[str, Any]:
    """Name the values of front matter as we do; what only its generator understands goes."""
    known = {str(key).strip().lower(): value for key, value in table.items()}
    fields = {NAMES[name] for name in known if name in NAMES}
    for name, others in _OTHERS.items():
        given = next((other for other in others if known.get(other)), None)
        if given is not None and NAMES[name] not in fields:
            known[name] = known[given]
    if str(known.get("published")).lower() in ("true", "false"):  # Jekyll's word for a draft
        known.setdefault("draft", str(known.pop("published")).lower() == "false")
    if known.get("date") and "published" in known:
        known.pop("published")
    for name in ("canonical", "url"):  # a generator's own path is no address
        if name in known and not _ADDRESS.match(str(known[name])):
            del known[name]
    for name in ("lang", "language"):
        if name in known and not _LANGUAGE.match(str(known[name])):
            del known[name]
    if isinstance(known.get("image"), dict) and "src" not in known["image"]:
        del known["image"]
    for name, value in known.items():
        if isinstance(value, list):
            known[name] = [_named(one) for one in value]
    return known


def _named(value: Any) -> Any:
    """An entry of a list: itself, what a link of a note taker shows, or the name in a table."""
    if isinstance(value, dict) and "name" in value:
        return value["name"]
    linked = _WIKI.match(value) if isinstance(value, str) else None
    return linked.group(1) if linked else value


Front = tuple[dict[str, Any], str, tuple[int, str] | None]


def _front(text: str) -> Front:
    if text.lstrip()[:1] == "{":
        table, rest = _json(text)
        if table:
            return table, rest, None
    toml = _TOML.match(text)
    if toml:
        try:
            return tomllib.loads(toml.group(1)), text[toml.end() :], None
        except tomllib.TOMLDecodeError as error:
            return {}, text, (1, f"the front matter is no valid TOML: {error}")
    yaml = _YAML.match(text)
    if yaml and _PAIR.match(next((x for x in yaml.group(1).splitlines() if _says(x)), "")):
        table, problem = _simple_yaml(yaml.group(1))
        return table, text[yaml.end() :], problem
    return _pelican_lines(text)


def _json(text: str) -> tuple[dict[str, Any], str]:
    """Read front matter in JSON: an object with a title or a date, at the top."""
    start = len(text) - len(text.lstrip())
    try:
        table, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return {}, text  # a text that begins with a brace
    known = isinstance(table, dict) and not {"title", "date"}.isdisjoint(table)
    return (table, text[end:]) if known else ({}, text)


def _says(line: str) -> bool:
    """A line of YAML that is neither blank nor a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _simple_yaml(block: str) -> tuple[dict[str, Any], tuple[int, str] | None]:
    """Read the part of YAML that front matter uses: scalars, ``[a, b]`` and ``- a`` lists."""
    table: dict[str, Any] = {}
    last = ""
    for number, line in enumerate(block.splitlines(), 2):
        if not _says(line):
            continue
        pair, item = _PAIR.match(line), _ITEM.match(line)
        if pair:
            last = pair.group(1).strip().lower()
            table[last] = _scalar(pair.group(2) or "")
        elif item and last:
            before = table[last] if isinstance(table[last], list) else []
            said = _NAMED.sub("", item.group(1))
            table[last] = [*before, str(_scalar(said))]
        elif line[0] in " \t" and last and isinstance(table[last], str):
            table[last] = _FOLDED.sub("", f"{table[last]} {line.strip()}").strip()
        elif line[0] in " \t" and last:
            continue  # more of a list's table than its name
        elif line.strip() == "]" and last:
            table[last] = f"{table[last]}]"
        else:
            return table, (number, f"this line is no front matter: {line.strip()[:60]!r}")
    flows = {k: _scalar(v) for k, v in table.items() if isinstance(v, str) and v[:1] == "["}
    table.update(flows)
    return {key: value for key, value in table.items() if value not in _NOTHING}, None


def _scalar(value: str) -> Any:
    text = value.strip()
    if text.startswith("[") and text.endswith("]"):
        parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^,]+", text[1:-1])
        return [part.strip().strip("\"'") for part in parts if part.strip()]
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return re.sub(r"\s+#\s.*$", "", text)


def _pelican_lines(text: str) -> Front:
    """``Title: …`` lines at the very top, as Pelican's own Markdown files have them."""
    table: dict[str, Any] = {}
    at = 0
    for line in text.splitlines(keepends=True):
        pair = _PAIR.match(line.strip())
        if not pair:
            break
        table[pair.group(1).strip().lower()] = (pair.group(2) or "").strip()
        at += len(line)
    if "title" not in table and "date" not in table:
        return {}, text, None
    return {key: value for key, value in table.items() if value}, text[at:], None
