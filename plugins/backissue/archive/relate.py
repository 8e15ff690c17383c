"""Further reading, brought up to date for the articles for which it may have changed.

What relating needs of a month is kept in a file of its own, ``related/<month>-<digest>``, which
is mapped into memory, not read. The store says which files hold; a build that dies leaves the
others behind for the next one to remove.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Final

import msgspec

from backissue.archive.digests import code_version, digest
from backissue.archive.intake.derive import recall_features
from backissue.archive.pages.cards import SAME_STORY
from backissue.archive.settings import Settings
from backissue.archive.store.catalogue import Catalogue
from backissue.archive.store.store import Store
from backissue.article import Suggestion
from backissue.related import (
    Block,
    Features,
    State,
    Strings,
    load_block,
    save_block,
    update_reading,
)

TOUCHED: Final = "to relate"
NONE: Final = msgspec.msgpack.encode(())


def note_touched(store: Store, catalogue: Catalogue) -> None:
    """Note which articles have to be related anew, until they were.

    Those that changed in what relating reads of them, and those that are gone.
    """
    touched = {
        key
        for key, old in catalogue.before.items()
        if (new := catalogue.entry(key)) is None
        or old is None
        or (old.derived, old.month) != (new.derived, new.month)
    }
    if touched:
        known = msgspec.msgpack.decode(store.fact(TOUCHED) or NONE, type=set[str])
        store.put_fact(TOUCHED, msgspec.msgpack.encode(sorted(touched | known)))


def relate(store: Store, catalogue: Catalogue, folder: Path, settings: Settings) -> None:
    """Find further reading for the articles that changed and for those that they reach.

    Articles whose list changed are remembered as changed in ``catalogue.before``. ``folder``
    holds the months' files. Nothing else is touched where no article changed.
    """
    version = digest(code_version("related", "numpy"), settings.further)
    names = _names(store)
    whole = all((folder / name).is_file() for name in names.values())
    same_version = whole and store.fact("related") == version
    touched = msgspec.msgpack.decode(store.fact(TOUCHED) or NONE, type=set[str])
    if same_version and not touched:
        return
    names = names if same_version else {}
    blocks = {month: _open(folder / name) for month, name in names.items()}
    months = {key: entry.month for key in touched if (entry := catalogue.entry(key))}
    keys = _keys_by_month(catalogue, blocks, touched, set(months.values()))
    state = State(keys, _Reader(store, catalogue), blocks, months.keys())
    reading = update_reading(state, settings.further)
    gone = sorted(touched - months.keys())
    for key, suggestions in [*((key, ()) for key in gone), *reading.found.items()]:
        told = _same_story(catalogue.further(key))
        if catalogue.put_further(key, suggestions):
            # Its own page names others now, and theirs name it, or no more, as later coverage.
            for other in (key, *sorted(told ^ _same_story(suggestions))):
                if entry := catalogue.entry(other):
                    catalogue.before.setdefault(other, entry)
    kept = {
        month: names[month] if blocks.get(month) is block else _save(folder, month, block)
        for month, block in reading.blocks.items()
    }
    store.put_fact("blocks", msgspec.msgpack.encode(sorted(kept.items())))
    store.put_fact("related", version)
    store.put_fact(TOUCHED, NONE)


def _keys_by_month(
    catalogue: Catalogue, blocks: Mapping[str, Block], touched: Set[str], now: Set[str]
) -> Mapping[str, Sequence[str] | Strings]:
    """Return the keys of all articles by month.

    Those of months that none of the ``touched`` articles was in, nor is in ``now``, are known
    from their blocks: of many thousand articles the catalogue is asked for a few.
    """
    if not blocks:
        return catalogue.keys_by_month()
    stay: dict[str, Sequence[str] | Strings] = {
        month: block.keys
        for month, block in blocks.items()
        if month not in now and not block.keys.has_any(touched)
    }
    moved = {month: catalogue.keys(month) for month in (blocks.keys() | now) - stay.keys()}
    return {month: keys for month, keys in (stay | moved).items() if keys}


def _same_story(suggestions: Iterable[Suggestion]) -> set[str]:
    return {one.key for one in suggestions if one.why == SAME_STORY}


def tidy(store: Store, folder: Path) -> None:
    """Remove the months' files that no longer hold. To be called when the store has moved."""
    held = set(_names(store).values())
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in held:
                path.unlink()


class _Reader:
    """Gives the features of an article by its key."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store, self._catalogue = store, catalogue

    def __call__(self, key: str) -> Features:
        entry = self._catalogue.entry(key)
        if entry is None:
            raise KeyError(key)
        return recall_features(self._store, entry.derived)


def _names(store: Store) -> dict[str, str]:
    kept = store.fact("blocks")
    return dict(msgspec.msgpack.decode(kept, type=list[tuple[str, str]])) if kept else {}


def _open(path: Path) -> Block:
    with path.open("rb") as file:
        return load_block(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))


def _save(folder: Path, month: str, block: Block) -> str:
    data = save_block(block)
    name = f"{month}-{digest(data).hex()}"
    folder.mkdir(parents=True, exist_ok=True)
    making = folder / f"{name}.making"
    making.write_bytes(data)
    making.replace(folder / name)
    return name
