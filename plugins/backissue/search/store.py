"""The months' indexes on disk.

    root/2026-05/current      which parts the month has, and the order of their articles
    root/2026-05/<part>/      some of its articles, complete, never changed (see ``part``)

An article that comes or changes is written into a new part; in the part that had it, it counts
no more. Small parts are written together again when there are many. What is read does not
depend on how a month is cut into parts: numbers, statistics and every exported byte are those
of one index of all its articles.

A part is written under another name, made durable, renamed into place, and only then does
``current`` (replaced by one rename) name it: a reader meets the old month or the new one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from .codec import digest
from .columns import Numbers
from .lexicon import together
from .merging import Run
from .part import Facts, Part, fill
from .record import Record
from .records import SearchDoc
from .whooshed import length_byte

VERSION: Final = "5"
CURRENT: Final = "current"
TIERS: Final = (1, 8, 64, 512)  # parts are alike whose articles number from one to the next
OPEN: Final = 64
SMALL: Final = 4  # times as many articles have the months that older ones are put with
MANY: Final = 8  # so many parts that are alike are written as one


class Listing(msgspec.Struct, frozen=True):
    """What ``current`` says of a month: all that a ranking asks of it.

    ``generation`` is the digest of its articles. The article of number n, in the order of
    dates, then keys, is the one numbered ``places[n]`` in part ``owners[n]`` (int32 columns).
    ``length`` is the sum of the articles' lengths, ``lengths`` a byte for each.
    """

    generation: str
    parts: tuple[str, ...]
    owners: bytes
    places: bytes
    length: int
    lengths: bytes
    dates: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """How many articles the month has."""
        return len(self.lengths)


def order(docs: Iterable[SearchDoc]) -> list[SearchDoc]:
    """Return the documents by date, then key: the numbers they go by."""
    return sorted(docs, key=lambda doc: (doc.date, doc.key))


def write_month(root: Path, month: str, docs: Sequence[SearchDoc]) -> None:
    """Let the index of ``month`` below ``root`` hold just ``docs``."""
    by_key = {doc.key: doc for doc in docs}
    states = {
        doc.key: digest((VERSION.encode(), msgspec.msgpack.encode(doc))).encode() for doc in docs
    }
    new = wanting(root, month, states)
    folder = root / month
    made = [write_part(folder, [by_key[key] for key in new], states)] if new else ()
    settle(root, month, states, made)


def wanting(root: Path, month: str, states: Mapping[str, bytes]) -> list[str]:
    """Return the keys of articles that must be written so that a month can hold ``states``.

    ``states`` are digests of all that is indexed of each article. The answer has those that no
    part holds as they are, and those of small parts that are to become one.
    """
    parts = _facts(root / month)
    held = _held(parts, states)
    live: dict[str, list[str]] = {name: [] for name in parts}
    for key, (name, _) in held.items():
        live[name].append(key)
    new = [key for key in states if key not in held]
    for least, limit in pairwise(TIERS) if new else ():
        small = [keys for keys in live.values() if least <= len(keys) < limit]
        if len(small) >= MANY:
            new += chain.from_iterable(small)
    return sorted(new)


def write_part(folder: Path, given: Iterable[SearchDoc], states: Mapping[str, bytes]) -> str:
    """Write a part of the month in ``folder``, and return its name. It counts once settled."""
    folder.mkdir(parents=True, exist_ok=True)
    docs = order(given)
    name = _name((doc.key, states[doc.key]) for doc in docs)
    if (folder / name).is_dir():
        return name
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
    try:
        fill(draft, docs, [states[doc.key] for doc in docs])
        draft.chmod(0o755)
        for file in draft.iterdir():
            _sync(file)
        _sync(draft)
        draft.rename(folder / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return name


def settle(root: Path, month: str, states: Mapping[str, bytes], made: Iterable[str] = ()) -> None:
    """Let a month hold just ``states``, all of which are in its parts or those just ``made``.

    Raises KeyError where one of them is in no part.
    """
    folder = root / month
    if not states:
        drop_month(root, month)
        return
    parts = {**{name: _read_facts(folder / name) for name in made}, **_facts(folder)}
    listing = _listing(parts, states)
    if _current(folder) != listing:
        pointer = folder / f"{CURRENT}.new"
        pointer.write_bytes(msgspec.msgpack.encode(listing))
        _sync(pointer)
        pointer.replace(folder / CURRENT)
        _sync(folder)
    for old in folder.iterdir():
        if old.is_dir() and old.name not in listing.parts:
            shutil.rmtree(old, ignore_errors=True)


def drop_month(root: Path, month: str) -> None:
    """Remove the index of ``month``, if there is one."""
    folder = root / month
    (folder / CURRENT).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def months(root: Path) -> tuple[str, ...]:
    """Return the months that have an index, oldest first."""
    if not root.is_dir():
        return ()
    return tuple(sorted(entry.name for entry in root.iterdir() if (entry / CURRENT).is_file()))


def groups(counts: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
    """Return how months are put together when they are exported, oldest first.

    ``counts`` are the months' numbers of articles, oldest first. The newest months, as few as
    have OPEN articles together, are one segment, so that an article added to them rewrites its
    files only: mostly that is one month, in its first days with the one before, and an article
    that claims a date far ahead is no month of its own. The months before, back to January of
    the year before, are another, written anew when a month opens; what is older is a third,
    written anew when a year does, where it is no small part of those two together.
    """
    names = list(counts)
    first = len(names)
    held = 0
    while first and held < OPEN:
        first -= 1
        held += counts[names[first]]
    closed = names[:first]
    border = f"{int(closed[-1][:4]) - 1:04d}-01" if closed else ""
    old = tuple(month for month in closed if month < border)
    recent = tuple(month for month in closed if month >= border)
    if SMALL * sum(counts[month] for month in old) < sum(counts[month] for month in recent):
        old, recent = (), old + recent
    return tuple(group for group in (old, recent, tuple(names[first:])) if group)


class Month:
    """An open month: its parts, and the articles of them in the order of their numbers."""

    def __init__(self, folder: Path, listing: Listing) -> None:
        self.month = folder.name
        self.facts = listing
        self.parts = tuple(Part(folder / name) for name in listing.parts)
        self.owners = np.frombuffer(listing.owners, np.int32)
        self.places = np.frombuffer(listing.places, np.int32)

    def doc(self, number: int) -> SearchDoc:
        """Return the document of a number."""
        part = self.parts[int(self.owners[number])]
        return part.docs[int(self.places[number])]

    def numbers(self, part: int, base: int = 0) -> Numbers:
        """Return the numbers (from ``base`` on) of a part's articles; -1 for one that is gone."""
        here = np.flatnonzero(self.owners == part)
        found = np.full(len(self.parts[part].facts.keys), -1, np.int32)
        found[self.places[here]] = here + base
        return found

    def runs(self, base: int) -> list[Run]:
        """Return the columns of the parts, numbered from ``base`` on."""
        return [part.run(self.numbers(at, base)) for at, part in enumerate(self.parts)]

    def states(self) -> list[tuple[str, bytes]]:
        """Return each article's key and the digest of what it is, in the order of numbers."""
        facts = [part.facts for part in self.parts]
        return [(facts[at].keys[place], facts[at].states[place]) for at, place in self._rows()]

    def exact_lengths(self) -> list[int]:
        """Return each article's length, in the order of numbers."""
        lengths = [part.facts.lengths for part in self.parts]
        return [lengths[at][place] for at, place in self._rows()]

    def _rows(self) -> Iterator[tuple[int, int]]:
        return zip(self.owners.tolist(), self.places.tolist(), strict=True)

    def records(self) -> Iterator[tuple[str, Record]]:
        """Yield each article's key and what a browser shows of it, in the order of numbers."""
        keys = [part.facts.keys for part in self.parts]
        shown = [part.shown().records for part in self.parts]
        for owner, place in self._rows():
            yield keys[owner][place], shown[owner][place]

    def words(self) -> dict[str, int]:
        """Return the words that a misspelt one may stand for, with their documents' number."""
        return together(
            part.words(np.flatnonzero(self.numbers(at) < 0).astype(np.int32))
            for at, part in enumerate(self.parts)
        )

    def close(self) -> None:
        """Close the files."""
        for part in self.parts:
            part.close()


def open_months(root: Path) -> Iterator[Month]:
    """Yield the months below ``root``, oldest first, each as it is at that moment."""
    for month in months(root):
        opened = _open(root / month)
        if opened is not None:
            yield opened


def _open(folder: Path) -> Month | None:
    # A publish can take a part away between reading its name and opening it; it has
    # put other names in place by then.
    for _ in range(20):
        listing = _current(folder)
        if listing is None:
            return None
        try:
            return Month(folder, listing)
        except FileNotFoundError:
            if _current(folder) == listing and not (folder / listing.parts[0]).is_dir():
                raise
    raise OSError(f"{folder}: its index changes faster than it can be opened")


def _current(folder: Path) -> Listing | None:
    try:
        data = (folder / CURRENT).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return msgspec.msgpack.decode(data, type=Listing)
    except msgspec.DecodeError:
        return None  # of an older version: written anew


def _facts(folder: Path) -> dict[str, Facts]:
    listing = _current(folder)
    return {name: _read_facts(folder / name) for name in (listing.parts if listing else ())}


def _read_facts(folder: Path) -> Facts:
    return msgspec.msgpack.decode((folder / "facts.msgpack").read_bytes(), type=Facts)


def _held(parts: Mapping[str, Facts], states: Mapping[str, bytes]) -> dict[str, tuple[str, int]]:
    """Return for each article that a part holds as it is wanted, the part and its number there."""
    return {
        key: (name, place)
        for name, facts in reversed(list(parts.items()))
        for place, (key, state) in enumerate(zip(facts.keys, facts.states, strict=True))
        if states.get(key) == state
    }


def _listing(parts: Mapping[str, Facts], states: Mapping[str, bytes]) -> Listing:
    held = _held(parts, states)
    rows = [(parts[held[key][0]].dates[held[key][1]], key, *held[key]) for key in states]
    rows.sort()
    names = sorted({name for _, _, name, _ in rows})
    number = {name: at for at, name in enumerate(names)}
    lengths = [parts[name].lengths[place] for _, _, name, place in rows]
    return Listing(
        generation=_name((key, states[key]) for _, key, _, _ in rows),
        parts=tuple(names),
        owners=np.array([number[name] for _, _, name, _ in rows], np.int32).tobytes(),
        places=np.array([place for _, _, _, place in rows], np.int32).tobytes(),
        length=sum(lengths),
        lengths=bytes(map(length_byte, lengths)),
        dates=tuple((date, sum(1 for _ in some)) for date, some in groupby(row[0] for row in rows)),
    )


def _name(held: Iterable[tuple[str, bytes]]) -> str:
    """Return the name of a part or a month that holds articles (key, digest), in this order."""
    return digest((VERSION.encode(), msgspec.msgpack.encode(list(held))))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
