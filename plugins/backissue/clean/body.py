"""The article within a page."""

from __future__ import annotations


from .meta import Meta
from .records import Draft
from .tree import Element, serialise, drop, names_of, text_of


def find_body(tree: Element, meta: Meta, draft: Draft, title: str) -> None:
    """Find the article in ``tree`` and put its HTML into ``draft.body``."""
    for element in list(
        tree.iter("script", "style", "nav", "noscript", "form", "iframe", "footer", "aside")
    ):
        drop(element)
    scores: dict[Element, float] = {}
    for p in tree.iter("p", "pre", "blockquote"):
        size = len(text_of(p))
        parent = p.getparent()
        if size > 25 and parent is not None:
            scores[parent] = scores.get(parent, 0) + size
            if parent.getparent() is not None:
                scores[parent.getparent()] = scores.get(parent.getparent(), 0) + size / 2
    body = max(scores, key=lambda e: scores[e], default=tree.find("body"))
    if body is None:
        return
    for h in list(body.iter("h1")):
        drop(h)
    draft.body = serialise(body)
    _ = (meta, title, names_of)
