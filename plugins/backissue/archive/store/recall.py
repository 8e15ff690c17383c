"""An article as the store keeps it, read without all that makes one."""

from __future__ import annotations

import msgspec

from backissue.archive.store.store import Store
from backissue.article import Article

decode_article = msgspec.msgpack.Decoder(Article).decode


def recall_article(store: Store, key: bytes) -> Article:
    """Return the article kept under ``key``. Raises KeyError where there is none."""
    value = store.recall("article", key)
    if value is None:
        raise KeyError(key.hex())
    return decode_article(value)
