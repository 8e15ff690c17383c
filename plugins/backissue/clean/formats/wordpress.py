"""What WordPress stores in place of HTML: blocks, shortcodes, and paragraphs that are blank lines.

https://codex.wordpress.org/Shortcode_API and wpautop() in its formatting.php.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from backissue.patterns import pattern

_CAPTION: Final = pattern(
    r"\[(?:wp_)?caption\b[^\]]{0,400}\]\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*?)"
    r"\[/(?:wp_)?caption\]",
    re.IGNORECASE | re.DOTALL,
)
_CODE: Final = pattern(
    r"\[(code|sourcecode)\b[^\]]{0,200}\](.*?)\[/\1\]", re.IGNORECASE | re.DOTALL
)
_EMBED: Final = pattern(
    r"\[(?:embed|youtube|video|audio)\b[^\]]{0,200}\]\s*(https?://[^\s\[\]<>\"]+)\s*\[/\w+\]"
    r"|<figure[^>]*\bwp-block-embed\b[^>]*>\s*<div[^>]*>\s*(https?://[^\s<>\"]+)\s*</div>"
    r"(?:\s*</figure>)?",
    re.IGNORECASE,
)
# A shortcode of any plug-in has a name and values; "[1]" and "array[0]" are the author's.
_OTHER: Final = pattern(
    r"\[(?:[a-z][\w-]*(?:\s+[\w-]+=(?:\"[^\"\]]*\"|'[^'\]]*'|[^\s\"'\]]+))+\s*/?|gallery|/[a-z][\w-]*"
    r"|/?(?:vc|et_pb|fusion|av)_\w+)\]",
    re.IGNORECASE,
)
_COMMENT: Final = pattern(r"<!--\s*/?wp:.*?-->\s?", re.DOTALL)
_PRE: Final = pattern(r"(<pre\b.*?</pre>)", re.IGNORECASE | re.DOTALL)
_BLOCK: Final = pattern(
    r"</?(?:address|article|aside|blockquote|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|pre"
    r"|p|section|table|tbody|td|tfoot|th|thead|tr|ul)\b",
    re.IGNORECASE,
)


def unfold(body: str) -> str:
    """Return the HTML that WordPress would make of blocks and shortcodes in a stored post."""
    body = _COMMENT.sub("", body)
    body = _CODE.sub(lambda m: f"\n\n<pre><code>{_code(m.group(2))}</code></pre>\n\n", body)
    body = _CAPTION.sub(
        lambda m: (
            f"\n\n<figure>{m.group(1)}<figcaption>{m.group(2).strip()}</figcaption></figure>\n\n"
        ),
        body,
    )
    body = _EMBED.sub(_linked, body)
    return "".join(
        part if number % 2 else _OTHER.sub("", part) for number, part in enumerate(_PRE.split(body))
    )


def _code(text: str) -> str:
    """Code that an editor typed: what looks like markup there is code, unless it was escaped."""
    text = text.strip("\r\n")
    return text if re.search(r"&(?:lt|gt|amp|quot|#\d+);", text) else escape(text, quote=False)


def _linked(found: re.Match[str]) -> str:
    address = escape(found.group(1) or found.group(2))
    # As of players in frames (media.py): part of the article, none of its text.
    return f'\n\n<p><small><a href="{address}">{address}</a></small></p>\n\n'


def paragraphs(body: str) -> str:
    """Return ``body`` with the paragraphs that its blank lines mean, and breaks for line ends."""
    out = []
    for number, part in enumerate(_PRE.split(body)):
        if number % 2:
            out.append(part)
            continue
        for block in re.split(r"\n\s*\n", part.replace("\r\n", "\n")):
            text = block.strip()
            if text and not _BLOCK.match(text):
                text = f"<p>{text.replace(chr(10), '<br>')}</p>"
            out.append(text)
    return "\n".join(one for one in out if one)
