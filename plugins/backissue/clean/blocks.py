"""Lines of text to HTML: headings by their rhythm, lists, pipe tables, call-outs, code."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from backissue.patterns import pattern

_BULLET: Final = pattern(r"^(\s*)(?:[-*•·–‣▪●]|[-*]\s*\[[ x]\])\s+(?=\S)")
_NUMBER: Final = pattern(r"^(\s*)(\d{1,3})(?:[.)]\s+|[、．]\s*)(?=\S)")
_ROW: Final = pattern(r"^\s*\|.*\|\s*$")
_RULE: Final = pattern(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_CODE: Final = pattern(r"(`+)(.+?)\1")
# The words with which newsrooms open a call-out, in both languages.
_CALLOUT: Final = pattern(
    r"^\**((?:Data|Key|Main|Editor(?:'|’)?s?|Bottom[- ]Line)\s+(?:Takeaways?|Points?|Note"
    r"|Insight)"
    r"|Takeaways?|Editor's Note|Bottom Line|数据要点|数据洞察|数据解读|核心要点|关键要点|要点"
    r"|编者按)"
    r"\s*\**\s*[:：]\**\s*(?=\S)",
    re.IGNORECASE,
)
# Headings of a closing section, which never belong below the section before it.
_CLOSING: Final = pattern(
    r"\b(verdict|conclusions?|predictions?|outlook|takeaways?|summary|final thoughts|"
    r"what(?:'|’)s next|the bottom line|wrapping up|looking ahead)\b|结论|总结|展望|结语|预测"
    r"|判断|小结",
    re.IGNORECASE,
)
_END: Final = pattern(r"[.!。！;；:：,，、…]['\"”’」』)）]*$")
# A heading is a line by itself: the longest in the seed has 61 characters, headlines of the
# extraction corpus have under 110; a Chinese one is a third as long.
HEADING_LENGTH: Final = 110
HEADING_LENGTH_ZH: Final = 40
_CJK: Final = pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def has_cjk(text: str, least: int = 1) -> bool:
    """Say whether ``text`` holds at least ``least`` Chinese, Japanese or Korean characters."""
    return len(_CJK.findall(text)) >= least


def inline(text: str) -> str:
    """Escape a line of text; backticks become ``<code>``."""
    out, at = [], 0
    for found in _CODE.finditer(text):
        out.append(escape(text[at : found.start()], quote=False))
        out.append(f"<code>{escape(found.group(2).strip(), quote=False)}</code>")
        at = found.end()
    return "".join(out) + escape(text[at:], quote=False)


def is_heading(line: str) -> bool:
    """Say whether a block of one line reads as a heading: short, bare and without a full stop."""
    text = line.strip()
    limit = HEADING_LENGTH_ZH if has_cjk(text, len(text) // 3 + 1) else HEADING_LENGTH
    return (
        0 < len(text) <= limit
        and not _END.search(text)
        and not _BULLET.match(text)
        and not _ROW.match(text)
        and not _CALLOUT.match(text)
        and any(char.isalpha() for char in text)
        and not (text[0].islower() and " " in text)
    )


def to_blocks(lines: list[str]) -> list[list[str]]:
    """Part lines at blank lines; hard-wrapped paragraphs become one line again."""
    blocks: list[list[str]] = [[]]
    fence = False
    for line in lines:
        if line.strip().startswith("```"):
            fence = not fence
        if line.strip() or fence:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block]
    if _hard_wrapped(blocks):
        blocks = [_unwrapped(block) for block in blocks]
    return blocks


def _plain(line: str) -> bool:
    return not (_BULLET.match(line) or _NUMBER.match(line) or _ROW.match(line))


def _hard_wrapped(blocks: list[list[str]]) -> bool:
    """Most blocks of several plain lines break them at about the same width."""
    inner = [line for block in blocks for line in block[:-1] if _plain(line)]
    longest = max((len(line) for block in blocks for line in block), default=0)
    if len(inner) < 4 or longest > 100:
        return False
    full = sum(1 for line in inner if len(line) >= 0.7 * longest)
    return full >= 0.8 * len(inner)


def _unwrapped(block: list[str]) -> list[str]:
    out: list[str] = []
    for line in block:
        if out and _plain(line) and not line.startswith(("    ", "\t")) and not _ROW.match(out[-1]):
            glue = "" if has_cjk(out[-1][-1:]) else " "
            out[-1] = out[-1].rstrip() + glue + line.strip()
        else:
            out.append(line)
    return out


def to_html(blocks: list[list[str]]) -> str:
    """Return the HTML of ``blocks``; every line of a block that is no list, table or code is one
    paragraph or heading."""
    units: list[Unit] = []
    for number, block in enumerate(blocks):
        beside = blocks[max(0, number - 1) : number] + blocks[number + 1 : number + 2]
        listed = any(_NUMBER.match(other[0]) for other in beside)
        for kind, lines in _units(block, listed=listed):
            if kind == "list" and len(block) == 1 and units and units[-1][0] == "list":
                units[-1][1].extend(lines)  # a list whose items stand apart
            else:
                units.append((kind, lines))
    levels = _levels(units)
    out = []
    for number, (kind, lines) in enumerate(units):
        if kind == "line":
            out.append(_line(lines[0], levels.get(number, 0)))
        elif kind == "table":
            out.append(_table(lines))
        elif kind == "code":
            out.append(f"<pre><code>{escape(chr(10).join(lines), quote=False)}</code></pre>")
        else:
            out.append(_list(lines))
    return "\n".join(out)


Unit = tuple[str, list[str]]


def _units(block: list[str], *, listed: bool) -> list[Unit]:
    """Cut a block into runs of one kind.

    A numbered line by itself is an item where its neighbours are numbered too (``listed``),
    and a numbered heading where it stands over a paragraph.
    """
    units: list[Unit] = []
    alone = len(block) == 1
    fence: list[str] | None = None
    for line in block:
        if line.strip().startswith("```"):
            if fence is None:
                fence = []
                units.append(("code", fence))
            else:
                fence = None
            continue
        if fence is not None:
            fence.append(line)
        elif _ROW.match(line) or (_RULE.match(line) and units and units[-1][0] == "table"):
            _grow(units, "table", line)
        elif _BULLET.match(line) or (
            _NUMBER.match(line) and (listed or not alone or not is_heading(line))
        ):
            _grow(units, "list", line)
        else:
            units.append(("line", [line]))
    return units


def _grow(units: list[Unit], kind: str, line: str) -> None:
    if units and units[-1][0] == kind:
        units[-1][1].append(line)
    else:
        units.append((kind, [line]))


def _levels(units: list[Unit]) -> dict[int, int]:
    """Tell headings and their levels: a heading followed by a heading is its parent."""
    heads = [kind == "line" and is_heading(lines[0]) for kind, lines in units]
    # The last line of an article heads nothing.
    while heads and heads[-1]:
        heads.pop()
    levels: dict[int, int] = {}
    below = 2
    for number, head in enumerate(heads):
        if not head:
            continue
        parent = number + 1 < len(heads) and heads[number + 1]
        first = number > 0 and heads[number - 1]
        if parent and not first:
            levels[number], below = 2, 3
        elif first:
            levels[number] = min(6, levels[number - 1] + 1)
            below = levels[number]
        elif _CLOSING.search(units[number][1][0]):
            levels[number], below = 2, 2
        else:
            levels[number] = below
    return levels


def _line(line: str, level: int) -> str:
    text = line.strip()
    if level:
        return f"<h{level}>{inline(text)}</h{level}>"
    found = _CALLOUT.match(text)
    if found:
        label = escape(found.group(1), quote=False)
        mark = "：" if has_cjk(label) else ":"
        space = "" if has_cjk(label) else " "
        rest = inline(text[found.end() :])
        return f'<aside role="note"><p><strong>{label}{mark}</strong>{space}{rest}</p></aside>'
    return f"<p>{inline(text)}</p>"


def _table(lines: list[str]) -> str:
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]
        for line in lines
        if not _RULE.match(line)
    ]
    headed = len(lines) > 1 and bool(_RULE.match(lines[1]))
    if not rows:
        return ""
    out = ["<table>"]
    if headed:
        cells = "".join(f'<th scope="col">{_cell(cell)}</th>' for cell in rows.pop(0))
        out.append(f"<thead><tr>{cells}</tr></thead>")
    out.append("<tbody>")
    for row in rows:
        out.append("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>")
    return "".join([*out, "</tbody></table>"])


def _cell(cell: str) -> str:
    return inline(cell.replace("\\|", "|"))


def _list(lines: list[str]) -> str:
    """A list from its lines; deeper indents are lists inside the item before them."""
    out: list[str] = []
    stack: list[tuple[int, str]] = []
    for line in lines:
        bullet, number = _BULLET.match(line), _NUMBER.match(line)
        found = bullet or number
        if found is None:
            continue
        indent = len(found.group(1).expandtabs(4))
        tag = "ul" if bullet else "ol"
        while stack and (
            indent < stack[-1][0] - 1 or (indent <= stack[-1][0] + 1 and stack[-1][1] != tag)
        ):
            out.append(f"</li></{stack.pop()[1]}>")
        if stack and indent <= stack[-1][0] + 1:
            out.append("</li>")
        else:
            start = f' start="{int(number.group(2))}"' if number and number.group(2) != "1" else ""
            out.append(f"<{tag}{start}>")
            stack.append((indent, tag))
        out.append(f"<li>{inline(line[found.end() :].strip())}")
    while stack:
        out.append(f"</li></{stack.pop()[1]}>")
    return "".join(out)
