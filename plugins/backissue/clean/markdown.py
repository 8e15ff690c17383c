"""Markdown with front matter."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from markdown_it import MarkdownIt

from ..article import Origin, Reason, Rejected
from .corrections import apply
from .records import Draft

# Looking for the end of a link takes time quadratic in the brackets that never close.
_MOST_BRACKETS: Final = 5000
_MOST_COLUMNS: Final = 500
_FIRST: Final = re.compile(
    r"\A\s*(?:#[ \t]+([^\n]+?)[ \t]*#*|([^\n#>*-][^\n]*)\n=+)[ \t]*(?:\n|\Z)"
)
_YAML: Final = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TOML: Final = re.compile(r"\A\+\+\+[ \t]*\r?\n(.*?)\r?\n\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_PAIR: Final = re.compile(r"^([A-Za-z][\w -]{0,30}?)\s*:(?:\s+(.*)|\s*)$")
_ITEM: Final = re.compile(r"^\s*-\s+(.*)$")
_CALLOUT: Final = re.compile(
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
        rest = rest[first.end() :]
    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 60})
    if max((line.count("|") for line in rest.splitlines()), default=0) <= _MOST_COLUMNS:
        reader.enable("table")
    if rest.count("[") > _MOST_BRACKETS:
        reader.disable(["link", "image"])
    html = reader.render(rest)
    draft.body = _CALLOUT.sub(r'<aside role="note"><p><strong>\1:</strong> \2</p></aside>', html)
    return None


Front = tuple[dict[str, Any], str, tuple[int, str] | None]


def _front(text: str) -> Front:
    toml = _TOML.match(text)
    if toml:
        try:
            return tomllib.loads(toml.group(1)), text[toml.end() :], None
        except tomllib.TOMLDecodeError as error:
            return {}, text, (1, f"the front matter is no valid TOML: {error}")
    yaml = _YAML.match(text)
    if yaml:
        table, problem = _simple_yaml(yaml.group(1))
        return table, text[yaml.end() :], problem
    return _pelican_lines(text)


def _simple_yaml(block: str) -> tuple[dict[str, Any], tuple[int, str] | None]:
    """Read the part of YAML that front matter uses: scalars, ``[a, b]`` and ``- a`` lists."""
    table: dict[str, Any] = {}
    last = ""
    for number, line in enumerate(block.splitlines(), 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pair, item = _PAIR.match(line), _ITEM.match(line)
        if pair:
            last = pair.group(1).strip().lower()
            table[last] = _scalar(pair.group(2) or "")
        elif item and last:
            before = table[last] if isinstance(table[last], list) else []
            table[last] = [*before, str(_scalar(item.group(1)))]
        elif line[0] in " \t" and last and isinstance(table[last], str):
            table[last] = f"{table[last]} {line.strip()}".lstrip(">| ").strip()
        else:
            return table, (number, f"this line is no front matter: {line.strip()[:60]!r}")
    return {key: value for key, value in table.items() if value != ""}, None


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
