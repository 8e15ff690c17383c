"""Raw files that carry a payload in every place in which an article can carry text."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

Write: TypeAlias = Callable[[str], str]

WORDS: Final = (
    "The committee that looks after the old reading room met on Tuesday and agreed, after a "
    "long and friendly discussion, to keep the lamps where they are and to mend the window. "
)
PARAGRAPH: Final = f"<p>{WORDS * 2}</p>"


class Payload(NamedTuple):
    """What somebody hopes will run: its name in the corpus, and its text."""

    name: str
    text: str


class Carrier(NamedTuple):
    """A raw file: its name below content/, its bytes, and the payload that it carries."""

    file: str
    data: bytes
    payload: Payload


def in_body(payload: str) -> str:
    """Return a page whose article holds the payload as markup."""
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Lamps</title>"
        "<meta name=date content=2026-05-20></head><body><article><h1>Reading room lamps</h1>"
        f"{PARAGRAPH}<p>{WORDS}</p>{payload}{PARAGRAPH}</article></body></html>"
    )


def in_fields(payload: str) -> str:
    """Return a page that says the payload, as text, wherever a page can say something."""
    said = html.escape(payload)
    record = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": payload,
        "author": {"@type": "Person", "name": payload, "url": payload},
        "keywords": [payload],
        "description": payload,
        "datePublished": "2026-05-20",
        "image": payload,
        "url": payload,
    }
    block = json.dumps(record).replace("<", "\\u003c")
    named = "".join(
        f'<meta {key} content="{said}">'
        for key in (
            'property="og:title"',
            'property="og:site_name"',
            'property="og:image"',
            'name="author"',
            'name="keywords"',
            'name="description"',
        )
    )
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>A {said}</title>{named}"
        f'<link rel=canonical href="{said}"><script type="application/ld+json">{block}</script>'
        f"</head><body><article><h1>A {said}</h1><p class=byline>By {said}</p>"
        f'<p><time datetime="2026-05-20">{said}</time></p>{PARAGRAPH}<h2>{said}</h2><p>{WORDS}</p>'
        f"<table><caption>{said}</caption><tr><th>{said}<th>b<tr><td>{said}<td>2</table>"
        f'<figure><img src="{said}" alt="{said}"><figcaption>{said}</figcaption></figure>'
        f'<pre><code class="{said}">{said}</code></pre><p><a href="{said}">{said}</a></p>'
        f"{PARAGRAPH}</article></body></html>"
    )


def in_text(payload: str) -> str:
    """Return a text dump with the payload in every part that a dump has."""
    return (
        f"A {payload}\nMay 2026\n{payload}\n\n{WORDS * 2}\n\n{payload}\n\n{WORDS}\n\n"
        f"| {payload} | b |\n|---|---|\n| {payload} | 2 |\n\n"
        f"Related topics\n{payload}\n\nFurther Reading\n{payload}\n{WORDS}\n"
    )


def in_markdown(payload: str) -> str:
    """Return a Markdown file with the payload in its front matter, as markup and in addresses."""
    said = json.dumps(payload)
    return (
        f"---\ntitle: {json.dumps('A ' + payload)}\ndate: 2026-05-20\nauthor: {said}\n"
        f"tags: [{said}]\nsummary: {said}\n---\n\n{WORDS * 2}\n\n{payload}\n\n{WORDS}\n\n"
        f"[x]({payload}) ![{payload}]({payload}) <{payload}>\n\n{WORDS}\n"
    )


PLACES: Final[dict[str, tuple[str, Write]]] = {
    "body": ("html", in_body),
    "fields": ("htm", in_fields),
    "text": ("txt", in_text),
    "markdown": ("md", in_markdown),
}


def carriers(payloads: Sequence[Payload]) -> Iterator[Carrier]:
    """Yield for each payload a page with it in its body, and one of the other PLACES in turn."""
    others = [place for place in PLACES if place != "body"]
    for number, payload in enumerate(payloads):
        for place in ("body", others[number % len(others)]):
            ending, write = PLACES[place]
            data = write(payload.text).encode("utf-8", "surrogatepass")
            yield Carrier(f"{place}/{number:05d}.{ending}", data, payload)
