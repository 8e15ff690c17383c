"""Captions and credits: what is said of a picture, and is not the article's own text."""

from __future__ import annotations

from itertools import islice

from .tree import Element, drop, names_of, text_of
from .words import CAPTION, PICTURE


def captions(root: Element) -> None:
    """Mark what belongs to a picture: a caption stays one, a credit or a line that calls itself
    a caption becomes small print. Neither is part of the article's text."""
    for element in list(root.iter("p", "div", "span", "small", "cite", "dd", "em", "figure")):
        if element is root or element.getparent() is None or _within(element, root):
            continue
        names = names_of(element)
        if element.tag == "figure":
            if _empty(element):
                drop(element)
            else:
                _loose_text(element)
        elif names and CAPTION.search(names) and len(text_of(element)) < 600:
            if element.tag in ("div", "span") and _pictured(element):
                element.tag = "figure"
                _loose_text(element)
            else:
                element.tag = "small"
        elif names and PICTURE.search(names) and element.tag in ("span", "div", "p"):
            pictured = element.find(".//img") is not None and element.find(".//p") is None
            if pictured and 0 < len(text_of(element)) < 600:
                element.tag = "figure"
                _loose_text(element)


def _pictured(box: Element) -> bool:
    """A box named after the caption within it: one picture, and little beside it."""
    pictures = list(islice(box.iter("img"), 2))
    return len(pictures) == 1 and next(box.iter("figure", "table", "pre"), None) is None


def _empty(figure: Element) -> bool:
    """Nothing is left of what the caption speaks of: a player, a picture that a script loads."""
    caption = figure.find(".//figcaption")
    return (
        caption is not None
        and len(text_of(figure)) == len(text_of(caption))
        and next(
            figure.iter("img", "table", "pre", "blockquote", "ul", "ol", "code", "picture"), None
        )
        is None
    )


def _within(element: Element, root: Element) -> bool:
    """The element stands in a caption already."""
    up = element.getparent()
    while up is not None and up is not root:
        if up.tag in ("figcaption", "small"):
            return True
        up = up.getparent()
    return False


def _loose_text(figure: Element) -> None:
    """Mark what a picture's box says outside its caption as small print."""
    if any(
        figure.find(f".//{tag}") is not None for tag in ("pre", "table", "blockquote", "ul", "ol")
    ):
        return
    for inner in list(figure):
        loose = inner.tag in ("p", "div", "span", "a", "h3", "h4")
        if loose and inner.find(".//img") is None and inner.find(".//figcaption") is None:
            inner.tag = "small"
