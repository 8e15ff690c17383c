"""Text dumps of published pages: the seed's shape in its variations.

A dump has a title, a month, tags run together, a lead, a body, and behind it what the page
showed around the article: related topics with counts, the archive's count, further reading
run together, a block of questions and answers. Any of them may be missing.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

from backissue.patterns import pattern

from ..article import Origin, Question
from . import credits, dates
from .blocks import has_cjk, inline, is_heading, to_blocks, to_html
from .records import Draft
from .runtogether import split_references, split_tags
from .words import points

_RELATED: Final = pattern(
    r"^(related topics?|相关(?:话题|专题|主题|标签|议题))\s*[:：]?$", re.IGNORECASE
)
_ARCHIVE: Final = pattern(
    r"^(archives?|归档|存档|时间归档|月度归档|文章归档)\s*[:：]?$", re.IGNORECASE
)
_FURTHER: Final = pattern(
    r"^(further reading|read more|related (?:articles|reading|stories)|more reading"
    r"|延伸阅读|扩展阅读|拓展阅读|相关阅读|更多阅读|相关文章|推荐阅读)\s*[:：]?$",
    re.IGNORECASE,
)
_FAQ: Final = pattern(
    r"^(faqs?|frequently asked questions|common questions|q\s*&\s*a"
    r"|常见问题(?:解答)?|常见问答|问答|热门问题)\s*[:：]?$",
    re.IGNORECASE,
)
COUNTED: Final = pattern(
    r"(\d[\d,]*)\s*(?:related articles?|related stories|related posts|篇相关文章|篇相关报道"
    r"|篇文章|相关文章)",
    re.IGNORECASE,
)
_PUBLISHED: Final = pattern(
    r"\d\s*(?:published articles?|published posts|articles? published|篇已发布(?:文章)?|篇文章"
    r"|已发布)",
    re.IGNORECASE,
)
_TAGGED: Final = pattern(r"(?:Archive|归档|存档)\s*[:：]\s*(.{4,30})$", re.IGNORECASE)
_BANNER: Final = 4  # words of a site's name
_MENU: Final = pattern(r"\s*[|·•›>]\s*|\t+|\s{2,}")
# Lines by themselves that a page's furniture leaves in a dump of it. (A source or a credit stays.)
_CREDIT: Final = pattern(r"\W*(?:source|photo|image|picture|credit)", re.IGNORECASE)
_ALONE: Final = 160  # characters
_SECTIONS: Final = ("related", "archive", "further", "faq")


class Dump:
    """The parts of a dump as lines: head, body, and the sections behind the body."""

    def __init__(self) -> None:
        self.head: list[str] = []
        self.lead = ""
        self.body: list[str] = []
        self.sections: dict[str, list[str]] = {}


def read_dump(text: str, draft: Draft) -> None:
    """Read a text dump into ``draft``: fields and ``draft.body`` (HTML, not yet sanitised)."""
    dump = _parts(text.splitlines())
    _read_head(dump, draft)
    _read_tags(dump, draft)
    draft.offer("lead", dump.lead, Origin.VISIBLE, 0.9, "the line below the dateline")
    if "further" in dump.sections:
        entries = split_references(dump.sections["further"], text)
        draft.offer("references", entries, Origin.VISIBLE, 0.9, "Further Reading")
    if "faq" in dump.sections:
        faq = _faq(dump.sections["faq"])
        draft.offer("faq", faq, Origin.VISIBLE, 0.9, "questions at the end")
    for name in ("related", "archive"):
        draft.cut(" ".join(dump.sections.get(name, ())), f"the page's own box: {name}")
    draft.body = to_html(to_blocks(_without_pointers(dump.body, draft)))


def _without_pointers(lines: list[str], draft: Draft) -> list[str]:
    """Leave out the lines by themselves that share, advertise, or point to other pages."""
    kept = []
    for number, line in enumerate(lines):
        text = " ".join(line.split())
        if 0 < len(text) < _ALONE and points(text) and not _CREDIT.match(text):
            above = lines[number - 1].strip() if number else ""
            below = lines[number + 1].strip() if number + 1 < len(lines) else ""
            if not above and not below:
                draft.cut(text, "points elsewhere")
                continue
        kept.append(line)
    return kept


def _parts(lines: list[str]) -> Dump:
    dump = Dump()
    marks = _marks(lines)
    end = marks[0][0] if marks else len(lines)
    for number, (start, name) in enumerate(marks):
        stop = marks[number + 1][0] if number + 1 < len(marks) else len(lines)
        kept = [line.strip() for line in lines[start + 1 : stop] if line.strip()]
        dump.sections.setdefault(name, []).extend(kept)
    at = _head_end(lines[:end], dump)
    dump.body = [line.rstrip() for line in lines[at:end]]
    return dump


def _marks(lines: list[str]) -> list[tuple[int, str]]:
    """The headings of the sections behind the body, from the first that is surely one."""
    marks = []
    after = _following(lines)
    for number, line in enumerate(lines):
        text = line.strip()
        if len(text) > 40 or not text:
            continue
        following = after[number]
        if _RELATED.match(text) and COUNTED.search(following):
            marks.append((number, "related"))
        elif _ARCHIVE.match(text) and _PUBLISHED.search(following):
            marks.append((number, "archive"))
        elif _FURTHER.match(text) and following:
            marks.append((number, "further"))
        elif _FAQ.match(text) and following and _asks(following):
            marks.append((number, "faq"))
    # A heading of that name in the middle of a body is the author's own: what follows a
    # section must be another one or the end.
    last = 0
    for at, (number, name) in enumerate(marks):
        stop = marks[at + 1][0] if at + 1 < len(marks) else len(lines)
        if name != "faq" and _body_like(lines[number + 1 : stop]):
            last = at + 1
    return marks[last:]


def _following(lines: list[str]) -> list[str]:
    """For each line, the next one below it that says something, or ""."""
    after = [""] * len(lines)
    for number in range(len(lines) - 1, 0, -1):
        after[number - 1] = lines[number].strip() or after[number]
    return after


def _body_like(lines: list[str]) -> bool:
    """Headings over paragraphs: an article goes on here."""
    blocks = [line.strip() for line in lines if line.strip()]
    return (
        any(
            is_heading(line) and len(following) > 240 and not is_heading(following)
            for line, following in itertools.pairwise(blocks)
        )
        and len(blocks) > 3
    )


def _head_end(lines: list[str], dump: Dump) -> int:
    """Read title, dateline, tags and lead; return where the body begins."""
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines):
        return at
    at = _behind_banner(lines, at)
    dump.head.append(lines[at].strip().lstrip("#").strip())
    at += 1
    dated = False
    while at < len(lines):
        line = lines[at].strip()
        if not line:
            at += 1
            continue
        if not _is_head(line, dump.head[0]):
            break
        dump.head.append(line)
        dated = True
        at += 1
    # The lead stands right below the dateline, and a blank line below it.
    if dated and at < len(lines) and lines[at - 1].strip():
        line = lines[at].strip()
        alone = at + 1 == len(lines) or not lines[at + 1].strip()
        if alone and len(line) > 40 and line[0] not in "|-*•" and not is_heading(line):
            dump.lead = line
            at += 1
    return at


def _behind_banner(lines: list[str], at: int) -> int:
    """Return where the title stands: behind the site's name and the menu right below it, if any."""
    if at + 2 >= len(lines) or len(lines[at].split()) > _BANNER:
        return at
    entries = [one for one in _MENU.split(lines[at + 1].strip()) if one]
    if len(entries) < 3 or any(len(one) > 20 or re.search(r"\d", one) for one in entries):
        return at
    below = at + 2
    while below < len(lines) and not lines[below].strip():
        below += 1
    return below if below < len(lines) else at


def _is_head(line: str, title: str) -> bool:
    if line == title or _TAGGED.search(line):
        return len(line) < 600
    return bool(credits.read_line(line))


def _read_head(dump: Dump, draft: Draft) -> None:
    if not dump.head:
        return
    draft.offer("title", dump.head[0], Origin.VISIBLE, 0.9, "the first line")
    for line in dump.head[1:]:
        if not _TAGGED.search(line):
            credits.take(credits.read_line(line), draft)
    for line in dump.head[1:] + dump.sections.get("archive", []):
        tagged = _TAGGED.search(line)
        month = tagged.group(1) if tagged else _PUBLISHED.split(line)[0]
        draft.offer("published", dates.parse(month[:16]), Origin.VISIBLE, 0.7, "the archive line")


def _read_tags(dump: Dump, draft: Draft) -> None:
    line = ""
    for head in dump.head[1:]:
        tagged = _TAGGED.search(head)
        if tagged:
            line = head[: tagged.start()].strip()
    counted = " ".join(dump.sections.get("related", ()))
    known = " ".join([*dump.head[:1], dump.lead, *dump.body])
    tags = split_tags(line, counted, known)
    draft.offer("tags", tags, Origin.VISIBLE, 0.85, "the line of tags, taken apart")


def _asks(line: str) -> bool:
    return bool(re.search(r"[?？]\s*$", line)) or bool(re.match(r"^(?:Q|问)\s*\d*\s*[:：.]", line))


def _faq(lines: list[str]) -> tuple[Question, ...]:
    out: list[Question] = []
    question, answer = "", list[str]()

    def close() -> None:
        if question:
            html = "".join(f"<p>{inline(line)}</p>" for line in answer)
            out.append(Question(question, html, "zh" if has_cjk(question, 2) else "en"))

    for line in lines:
        if _asks(line):
            close()
            question, answer = re.sub(r"^(?:Q|问)\s*\d*\s*[:：.]\s*", "", line), []
        else:
            answer.append(re.sub(r"^(?:A|答)\s*\d*\s*[:：.]\s*", "", line))
    close()
    return tuple(out)
