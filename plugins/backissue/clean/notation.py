"""What the writers of Markdown add to it, brought back to Markdown and HTML.

CommonMark and its tables are read by markdown-it. Footnotes, task lists, definition lists,
call-outs, shortcodes and template tags are what Hugo, Jekyll, Pelican, MkDocs, Obsidian and pandoc
document beside them; left alone they stand in the text as brackets and braces. A plugin gives
footnotes ids and links to them, and neither passes the sanitiser: so the rules are our own.
Nothing within code is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Final

from backissue.patterns import pattern

_FENCE: Final = pattern(r"^[ >]{0,8}(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})([^`]*)$")
_CODE_SPAN: Final = pattern(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_INDENTED: Final = pattern(r"^(?: {4}|\t)")
_LISTED: Final = pattern(r"^\s*(?:[-*+]|\d+[.)])\s")

# --- templates: Hugo's shortcodes, Liquid tags of Jekyll and Hexo
_HIGHLIGHT: Final = pattern(
    r"^\s*(?:\{\{[<%]\s*highlight\s+\"?([\w+#-]*)\"?[^}]*[>%]\}\}|\{%-?\s*(?:highlight|codeblock)\s*"
    r"([\w+#-]*)[^%]*%\})\s*$"
)
_HIGHLIGHT_END: Final = pattern(
    r"^\s*(?:\{\{[<%]\s*/\s*highlight\s*[>%]\}\}|\{%-?\s*end(?:highlight|codeblock)\s*-?%\})\s*$"
)
_SHORTCODE: Final = pattern(r"\{\{[<%]\s*(/?)\s*([\w./-]{1,60})([^\n]{0,500}?)/?[>%]\}\}")
_LIQUID: Final = pattern(
    r"\{%-?\s*((?:end)?(?:include(?:_relative|_cached)?|post_url|link|raw|comment|youtube|vimeo|gist"
    r"|asset_img|asset_link|post_link|img|figure|note|blockquote|quote|pullquote|capture|assign|if"
    r"|unless|for|else|elsif|cq|tabs?|codeblock|highlight))\b([^\n]{0,500}?)-?%\}"
)
_SITE: Final = pattern(r"\{\{\s*(?:site|page)\.[\w.]+(?:\s*\|[^}\n]{0,80})?\s*\}\}")
_ARGUMENT: Final = pattern(r"(?:(\w+)\s*=\s*)?(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=]+))")
_PLAYERS: Final = {
    "youtube": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
    "gist": "https://gist.github.com/",
}
_ID: Final = pattern(r"[\w/-]{4,80}\Z")
# Links to another file of the writer's own: here is no such file.
_SOURCE_LINK: Final = pattern(
    r"(?<!!)\[([^\[\]]{1,500})\]\(\s*<?(?:\{filename\}|\|filename\||\{author\}|\{tag\}|\{category\}"
    r"|\{index\}|\{%-?\s*(?:post_url|link)\b|\{\{[<%]\s*(?:rel)?ref\b)[^)\n]{0,300}\)"
)
_SOURCE_FILE: Final = pattern(r"\{(?:static|attach|filename)\}|\|(?:static|filename|attach)\|")

# --- attributes, lists of contents, comments, anchors
_ATTRIBUTES: Final = pattern(r"(?<=\S)[ \t]*\{:?\s*[#.][^{}\n]{0,80}\}[ \t]*$")
_ATTRIBUTE_LINE: Final = pattern(r"^[ \t>]*\{:?\s*[#.][^{}\n]{0,80}\}[ \t]*$")
_CONTENTS: Final = pattern(
    r"^\s*(?:\[\[?_?TOC_?\]?\]|\{:toc[^}]*\}|(?:[*-]|1\.)\s+(?:TOC|toc)(?=\s*$))\s*$", re.IGNORECASE
)
_COMMENT: Final = pattern(r"%%(?!%).{1,2000}?%%", re.DOTALL)
_ANCHOR: Final = pattern(r"(?<=\S)\s+\^[a-z0-9][a-z0-9-]{2,40}[ \t]*$")
_EMBED: Final = pattern(r"!\[\[([^\[\]|#\n]{1,200}?\.\w{3,4})(?:\|[^\[\]\n]{0,200})?\]\]")
_WIKI: Final = pattern(r"!?\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_ABBREVIATION: Final = pattern(r"^\*\[([^\]]{1,40})\]:[ \t]*(\S.*)$")

# --- marks within a line
_MARKED: Final = pattern(r"(?<![=\w])==(?=[^\s=])([^=\n]{1,300}?)(?<=\S)==(?![=\w])")
_SUB: Final = pattern(r"(?<=[^\W_])~([^\W_]{1,8})~(?!~)")
_SUP: Final = pattern(r"(?<=[^\W_])\^([^\W_]{1,8})\^")

# --- call-outs
_ALERT: Final = pattern(r"^(\s*(?:>\s*)+)\[!(\w+)(?:\|[^\]]*)?\][-+]?[ \t]*(.*)$")
_COLONS: Final = pattern(r"^\s*:{3,}\s*(?:\{?\.?([A-Za-z]\w*)\}?)?\s*(.*?)\s*$")
_ADMONITION: Final = pattern(r"^(?:!!!|\?\?\?\+?)\s+([a-z]+)(?:\s+inline(?:\s+end)?)?\s*(.*?)\s*$")

# --- footnotes
_NOTE: Final = pattern(r"^ {0,3}\[\^([^\]\s]{1,80})\]:[ \t]*(.*)$")
# Called by a label, or said where it is called: [^label], ^[said here, with a [link](…)].
_CALL: Final = pattern(
    r"\[\^([^\]\s]{1,80})\]"
    r"|\^\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\](?:\([^()\n]{0,300}\))?){1,500})\]"
)

# --- what is found in the HTML
_TASK: Final = pattern(r"(<li>(?:\s*<p>)?)\[([ xX])\]\s+")
_TERMS: Final = pattern(
    r"<p>((?:(?!</?p>|\n:).){1,200})(?:\n|</p>\s*<p>)(:[ \t]+(?:(?!</?p>).)+)</p>", re.DOTALL
)
_MORE_TERMS: Final = pattern(r"</dl>\s*<dl>")
_LANGUAGE: Final = pattern(r"(<pre><code>)(?::::+|#!)[\w+#. -]{1,30}\n")


def plain(source: str) -> tuple[str, list[str]]:
    """Return Markdown without the notations that it does not know, and its footnotes.

    The footnotes are Markdown themselves, in the order in which they are called; those that
    nothing calls come last.
    """
    lines = list(_fenced(source.split("\n")))
    lines, notes = _taken_out(lines)
    calls: dict[str, int] = {}
    inline: dict[int, str] = {}

    def called(found: re.Match[str]) -> str:
        label, said = found.groups()
        if said is not None:
            label = f"\n{len(calls)}"  # no label has a line break in it
            inline[len(calls) + 1] = said
        elif label not in notes:
            return found.group()
        return f"<sup>[{calls.setdefault(label, len(calls) + 1)}]</sup>"

    def prose(text: str) -> str:
        text = _words(text)
        return _CALL.sub(called, text) if "[^" in text or "^[" in text else text

    text = _outside_code(lines, prose)
    ordered = [inline.get(number) or notes[label] for label, number in calls.items()]
    ordered += [note for label, note in notes.items() if label not in calls]
    return text, ordered


def finished(html: str, notes: list[str]) -> str:
    """Return HTML made of such Markdown with its task and definition lists and its footnotes."""
    html = _TASK.sub(lambda m: m.group(1) + ("☐ " if m.group(2) == " " else "☑ "), html)
    if "\n: " in html or "<p>: " in html:
        html = _MORE_TERMS.sub("", _TERMS.sub(_defined, html))
    html = _LANGUAGE.sub(r"\1", html)
    if notes:
        html += f"\n<ol>{''.join(f'<li>{note}</li>' for note in notes)}</ol>"
    return html


def _defined(found: re.Match[str]) -> str:
    terms = "".join(f"<dt>{term}</dt>" for term in found.group(1).split("\n") if term.strip())
    told = re.split(r"(?:^|\n):[ \t]+", found.group(2))
    return f"<dl>{terms}{''.join(f'<dd>{one}</dd>' for one in told if one.strip())}</dl>"


def _fenced(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield each line and whether it is code; highlighting tags of templates become fences."""
    fence = ""
    tagged = False
    before_blank = True
    code = False
    for line in lines:
        if tagged:
            tagged = not _HIGHLIGHT_END.match(line)
            yield (line if tagged else "~~~~~~", True)
            continue
        opened = _FENCE.match(line)
        if fence:
            ends = opened and opened.group(1).startswith(fence) and not opened.group(2).strip()
            fence = "" if ends else fence
            yield line, True
            continue
        if opened:
            fence = opened.group(1)
            yield line, True
            continue
        tag = _HIGHLIGHT.match(line)
        if tag:
            tagged = True
            yield f"~~~~~~{tag.group(1) or tag.group(2) or ''}", True
            continue
        if line.strip():
            indented = bool(_INDENTED.match(line)) and not _LISTED.match(line)
            code = indented and (code or before_blank)
            before_blank = False
        else:
            before_blank = True
        yield line, code and bool(line.strip())


Lines = list[tuple[str, bool]]


def _taken_out(lines: Lines) -> tuple[Lines, dict[str, str]]:
    """Take footnotes and lines that are for a generator out; mark the titles of call-outs."""
    rest: Lines = []
    notes: dict[str, list[str]] = {}
    open_note: list[str] | None = None
    boxed = False  # within an indented call-out
    for line, code in lines:
        note = None if code else _NOTE.match(line)
        if note:
            open_note = notes.setdefault(note.group(1), [])
            open_note.append(note.group(2))
            continue
        if open_note is not None:
            blank = not line.strip()
            if line[:2] in ("  ", "\t") or line[:1] == "\t" or (blank and open_note[-1:] != [""]):
                open_note.append(line.strip() if not code else line[4:])
                continue
            if open_note[-1] and not blank and not line.startswith(("#", ">", "-", "*", "`", "|")):
                open_note.append(line)  # a paragraph goes on without being indented
                continue
            open_note = None
            rest.append(("", False))
        if boxed and (not line.strip() or _INDENTED.match(line)):
            rest.append((f"> {line[4:] if line.strip() else ''}", False))
            continue
        boxed = False
        if code:
            rest.append((line, True))
            continue
        admonition = _ADMONITION.match(line)
        boxed = admonition is not None
        for one in _line(line, admonition):
            rest.append((one, False))
    return rest, {label: "\n".join(note).strip() for label, note in notes.items()}


def _line(line: str, admonition: re.Match[str] | None) -> Iterator[str]:
    """Yield what a line says to readers."""
    if admonition:
        title = admonition.group(2).strip("\"'") or admonition.group(1).capitalize()
        yield from ("", f"> **{title}**", ">")
        return
    if _CONTENTS.match(line) or _ATTRIBUTE_LINE.match(line):
        return
    alert = _ALERT.match(line)
    if alert:
        quote, kind, title = alert.groups()
        yield from (f"{quote}**{title or kind.capitalize()}**", quote)
        return
    colons = _COLONS.match(line)
    if colons:
        title = colons.group(2) or (colons.group(1) or "").capitalize()
        yield from ("", f"**{title}**" if title else "", "")
        return
    abbreviation = _ABBREVIATION.match(line)
    if abbreviation:
        yield from (f"{abbreviation.group(1)}: {abbreviation.group(2)}", "")
        return
    yield line


def _outside_code(lines: Lines, change: Callable[[str], str]) -> str:
    """Change the runs of lines that are no code, but for the code within their lines."""
    out: list[str] = []
    run: list[str] = []

    def flush() -> None:
        if run:
            out.append(_around_spans("\n".join(run), change))
            run.clear()

    for line, code in lines:
        if code:
            flush()
            out.append(line)
        else:
            run.append(line)
    flush()
    return "\n".join(out)


def _around_spans(text: str, change: Callable[[str], str]) -> str:
    if "`" not in text:
        return change(text)
    parts: list[str] = []
    at = 0
    for found in _CODE_SPAN.finditer(text):
        if "\n\n" in found.group():
            continue
        parts += [change(text[at : found.start()]), found.group()]
        at = found.end()
    return "".join([*parts, change(text[at:])])


def _words(text: str) -> str:
    """Bring the notations within a text back to Markdown or HTML."""
    if "{" in text:
        text = _SOURCE_LINK.sub(r"\1", text)
        text = _SOURCE_FILE.sub("", text)
        text = _SHORTCODE.sub(_shortcode, text)
        text = _SITE.sub("", _LIQUID.sub(_liquid, text))
        text = re.sub(_ATTRIBUTES.pattern, "", text, flags=re.MULTILINE)
    if "[[" in text:
        text = _EMBED.sub(lambda m: f"![](<{m.group(1).strip()}>)", text)
        text = _WIKI.sub(lambda m: m.group(2) or m.group(1).rsplit("/", 1)[-1], text)
    if "%%" in text:
        text = _COMMENT.sub("", text)
    if "==" in text:
        text = _MARKED.sub(r"<mark>\1</mark>", text)
    if "^" in text:
        text = re.sub(_ANCHOR.pattern, "", text, flags=re.MULTILINE)
        text = _SUP.sub(r"<sup>\1</sup>", text)
    return _SUB.sub(r"<sub>\1</sub>", text) if "~" in text else text


def _arguments(said: str) -> tuple[dict[str, str], list[str]]:
    named: dict[str, str] = {}
    plain_ones: list[str] = []
    for found in _ARGUMENT.finditer(said[:1000]):
        value = found.group(2) or found.group(3) or found.group(4) or ""
        if found.group(1):
            named[found.group(1)] = value
        else:
            plain_ones.append(value)
    return named, plain_ones


def _shortcode(found: re.Match[str]) -> str:
    closing, name, said = found.groups()
    return "" if closing else _tag(name, said)


def _liquid(found: re.Match[str]) -> str:
    return _tag(found.group(1), found.group(2))


def _tag(name: str, said: str) -> str:
    """Return what a template tag would have shown: a picture, a link to a player; else nothing."""
    named, plain_ones = _arguments(said)
    if name in _PLAYERS:
        key = named.get("id") or "/".join(plain_ones[:2] if name == "gist" else plain_ones[:1])
        link = f'<a href="{_PLAYERS[name]}{escape(key)}">{name.capitalize()}</a>'
        return f"<small>{link}</small>" if _ID.match(key) else ""
    if name in ("figure", "img", "image", "asset_img"):
        source = named.get("src") or next((one for one in plain_ones if "." in one), "")
        told = named.get("caption") or named.get("title") or ""
        if not source:
            return ""
        picture = f'<img src="{escape(source)}" alt="{escape(named.get("alt", ""))}">'
        caption = f"<figcaption>{escape(told)}</figcaption>" if told else ""
        return f"<figure>{picture}{caption}</figure>"
    return ""
