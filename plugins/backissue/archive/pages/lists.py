"""Numbered lists: a full page never changes again, and a link to it stays true.

Pages hold ``size`` articles each and are numbered from the oldest, 1, 2, 3 …; only full
ones have a number. The list's own address shows what came after the last full page, and
that page too while the rest is short.
"""

from __future__ import annotations

import msgspec

from backissue.archive.addresses import numbered


class Span(msgspec.Struct, frozen=True):
    """One page of a list: its address, its articles (places from the oldest), its neighbours."""

    address: str
    number: int
    start: int
    count: int
    newest: bool
    older: str
    newer: str


def spans(address: str, count: int, size: int) -> list[Span]:
    """Return the pages of the list at ``address`` that holds ``count`` articles."""
    full, rest = divmod(count, size)
    shown_full = 1 if full and rest < size // 2 else 0
    start = (full - shown_full) * size
    last_hidden = full - shown_full
    pages = [
        Span(
            address=numbered(address, number),
            number=number,
            start=(number - 1) * size,
            count=size,
            newest=False,
            older=numbered(address, number - 1) if number > 1 else "",
            newer=numbered(address, number + 1) if number < full else address,
        )
        for number in range(1, full + 1)
    ]
    newest = Span(
        address=address,
        number=full + 1,
        start=start,
        count=count - start,
        newest=True,
        older=numbered(address, last_hidden) if last_hidden else "",
        newer="",
    )
    return [*pages, newest]
