"""What an editor keeps in ``content/`` about topics: the vocabulary and, once trained, a model."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from backissue.archive.digests import digest
from backissue.archive.settings import Settings
from backissue.article import Reason, Rejected
from backissue.topics import Judge, Vocabulary, load_model, load_vocabulary


class Topics(NamedTuple):
    """The vocabulary, the file of the model (None: names alone), and a digest of both."""

    vocabulary: Vocabulary
    model: Path | None
    digest: bytes


def read_topics(content: Path, settings: Settings) -> tuple[Topics, tuple[Rejected, ...]]:
    """Return what is there, and why what is there and cannot be used cannot."""
    vocabulary, problems = Vocabulary(()), []
    data = _read(content, settings.vocabulary)
    if isinstance(data, bytes):
        loaded = load_vocabulary(data, settings.vocabulary)
        if isinstance(loaded, Vocabulary):
            vocabulary = loaded
        else:
            problems.append(loaded)
    path, model = content / settings.model, _read(content, settings.model)
    known = b""
    if isinstance(model, bytes):
        known = digest(model)
        if isinstance(torn := load_model(model, settings.model), Rejected):
            problems.append(torn)
            known = b""
    problems += [one for one in (data, model) if isinstance(one, Rejected)]
    topics = Topics(vocabulary, path if known else None, digest(vocabulary.digest, known))
    return topics, tuple(problems)


@lru_cache(maxsize=1)
def judge_of(path: Path, known: bytes) -> Judge | Rejected:
    """Return the judge of a model file, read once for what it is ``known`` to hold."""
    return load_model(path.read_bytes(), path.name)


def _read(content: Path, name: str) -> bytes | Rejected | None:
    """Return the bytes of a file, why it cannot be read, or None where there is none."""
    path = content / name
    if not path.exists():
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        return Rejected(
            reason=Reason.BAD_VOCABULARY,
            where=name,
            detail=error.strerror or str(error),
            hint="Look at the file's permissions.",
        )
