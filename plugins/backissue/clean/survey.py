"""One look at a page: what every element holds, and how much of it reads like an article.

Text is counted in characters without white space at the ends; one of Chinese, Japanese or Korean
counts as several, as many as say the same in Latin letters. Every run of text belongs to its
nearest block; each block has a value, above nought where it reads like prose and below
where it reads like a menu. The value of an element is the sum over its blocks, so that the
best container is the one of greatest value: it loses by taking in furniture and by leaving
out paragraphs.
"""

from __future__ import annotations

from typing import Final

from backissue.patterns import pattern

from .tree import Element, drop, text_of

INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "nobr",
        "picture",
        "source",
        "amp-img",
        "rp",
        "rt",
        "ruby",
    ]
)
PARAGRAPH: Final = 60.0  # the value from which a block is taken for a paragraph of prose
HEADINGS: Final = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_ENDS: Final = pattern(r"[.!?…:;。！？：；”\"’')）»「」』】》।؟۔։]\s*$")
WIDE: Final = pattern("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_MORE: Final = 1.5  # how much more one of these says than a letter


class Survey:
    """The elements of a page in document order, with what they hold."""

    __slots__ = (
        "block",
        "elements",
        "gone",
        "index",
        "last",
        "links",
        "own_links",
        "own_text",
        "own_value",
        "parent",
        "prose",
        "text",
        "value",
    )

    def __init__(self, page: Element) -> None:
        elements = [element for element in page.iter() if isinstance(element.tag, str)]
        index = {element: number for number, element in enumerate(elements)}
        size = len(elements)
        self.elements, self.index = elements, index
        self.parent = parent = [-1] * size
        self.text = [0] * size
        self.links = [0] * size
        self.value = [0.0] * size
        self.block = block = [0] * size
        linked = [False] * size
        tails: dict[int, str] = {}
        own_text, own_links = self.text, self.links
        for number, element in enumerate(elements):
            tag = element.tag
            up = -1
            if number:
                up = parent[number] = index[element.getparent()]
            inside = tag in INLINE and number > 0
            block[number] = block[up] if inside else number
            linked[number] = number > 0 and (linked[up] or (tag == "a" and _leads(element)))
            text = element.text
            if text:
                count = len(text.strip()) if text.isascii() else weight(text)
                if count:
                    here = block[number]
                    own_text[here] += count
                    if linked[number]:
                        own_links[here] += count
                    tails[here] = text
            tail = element.tail
            if tail and number:
                count = len(tail.strip()) if tail.isascii() else weight(tail)
                if count:
                    here = block[up]
                    own_text[here] += count
                    if linked[up]:
                        own_links[here] += count
                    tails[here] = tail
        self._values(tails)
        self.own_text, self.own_links = list(own_text), list(own_links)
        self.own_value = list(self.value)
        self.prose = [value if value >= PARAGRAPH else 0.0 for value in self.value]
        self.gone = bytearray(size)
        self._sums()

    def _values(self, tails: dict[int, str]) -> None:
        for number, last in tails.items():
            self.value[number] = worth(
                self.elements[number].tag, self.text[number], self.links[number], last
            )

    def _sums(self) -> None:
        """Add every element's counts to its parent's, from the end of the page to its start."""
        parent, text, links, value = self.parent, self.text, self.links, self.value
        prose = self.prose
        self.last = last = list(range(len(parent)))
        for number in range(len(parent) - 1, 0, -1):
            up = parent[number]
            text[up] += text[number]
            links[up] += links[number]
            value[up] += value[number]
            prose[up] += prose[number]
            last[up] = max(last[up], last[number])

    def remove(self, number: int) -> None:
        """Drop an element from the tree and from the sums of everything around it."""
        if self.gone[number]:
            return
        if self.block[number] != number:
            self._thin(number)
        text, links, value = self.text[number], self.links[number], self.value[number]
        prose = self.prose[number]
        up = self.parent[number]
        while up >= 0:
            self.text[up] -= text
            self.links[up] -= links
            self.value[up] -= value
            self.prose[up] -= prose
            up = self.parent[up]
        end = self.last[number] + 1
        self.gone[number:end] = b"\x01" * (end - number)
        drop(self.elements[number])

    def _thin(self, number: int) -> None:
        """Take the words of an inline element out of the sums of its block and all around it."""
        element, here = self.elements[number], self.block[number]
        text = _size(element)
        if not text:
            return
        up = number
        while up != here and self.elements[up].tag != "a":
            up = self.parent[up]
        links = text if up != here else sum(map(_size, element.iter("a")))
        drop(element)
        left, linked = self.own_text[here] - text, self.own_links[here] - links
        block = self.elements[here]
        before = self.own_value[here]
        value = worth(block.tag, left, linked, text_of(block)[-1:]) if left > 0 else 0.0
        prose = (value if value >= PARAGRAPH else 0.0) - (before if before >= PARAGRAPH else 0.0)
        self.own_text[here], self.own_links[here], self.own_value[here] = left, linked, value
        while here >= 0:
            self.text[here] -= text
            self.links[here] -= links
            self.value[here] += value - before
            self.prose[here] += prose
            here = self.parent[here]

    def alive(self, root: int) -> list[int]:
        """Return the elements of ``root`` that are still there, in document order."""
        gone = self.gone
        return [number for number in range(root, self.last[root] + 1) if not gone[number]]

    def blocks(self, root: int) -> list[int]:
        """Return the blocks of ``root`` that hold text of their own, in document order."""
        own, gone = self.own_text, self.gone
        return [n for n in range(root, self.last[root] + 1) if own[n] and not gone[n]]


def _leads(link: Element) -> bool:
    """A link leads elsewhere; but a heading's link to itself is its text."""
    up = link.getparent()
    return up.tag not in HEADINGS or not (link.get("href") or "").startswith("#")


def _size(element: Element) -> int:
    """Return the number of characters in an element as the survey counts them."""
    return sum(weight(text) for text in element.itertext())


def weight(text: str) -> int:
    """Return how much a text says, in Latin letters."""
    count = len(text.strip())
    if count and not text.isascii():
        count += int(_MORE * len(WIDE.findall(text)))
    return count


def worth(tag: str, text: int, links: int, last: str) -> float:
    """Return what a block of ``text`` characters, ``links`` of them linked, says of its place.

    The numbers were set by trial on the tuning half of the extraction corpus.
    """
    share = links / text if text else 0.0
    if tag in HEADINGS:
        return -10.0 if share > 0.6 else 4.0
    if tag == "pre":
        return float(min(text, 600))
    if share > 0.5:
        return -(8.0 + min(links, 120) * 0.6)
    if text >= 80:
        return (text - 2 * links) * (0.6 if tag in ("li", "td", "dd") else 1.0)
    if _ENDS.search(last):
        return 0.7 * (text - 2 * links)
    return 0.0 if tag in ("li", "td", "th", "dt", "dd", "figcaption", "p") else -6.0
