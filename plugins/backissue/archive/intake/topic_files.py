"""What an editor keeps in ``content/`` about topics: the vocabulary and, once trained, a model."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from backissue.archive.digests import digest
from backissue.archive.failures import CannotBuildError
from backissue.archive.settings import Settings
from backissue.article import Reason, Rejected
from backissue.topics import Judge, Vocabulary, load_model, load_vocabulary


class ModelFile(NamedTuple):
    """The file of a model, and the digest of what it held when the build began."""

    path: Path
    known: bytes


class Topics(NamedTuple):
    """The vocabulary, the model (None: names alone), and a digest of both."""

    vocabulary: Vocabulary
    model: ModelFile | None
    digest: bytes


class ModelChangedError(CannotBuildError):
    """The model was replaced while the site was built."""


def read_topics(content: Path, settings: Settings) -> tuple[Topics, tuple[Rejected, ...]]:
    """Return what is there, and why what is there and cannot be used cannot."""
    vocabulary, problems = Vocabulary(()), []
    data, trained = _read(content, settings.vocabulary), _read(content, settings.model)
    problems += [one for one in (data, trained) if isinstance(one, Rejected)]
    if isinstance(data, bytes):
        loaded = load_vocabulary(data, settings.vocabulary)
        if isinstance(loaded, Vocabulary):
            vocabulary = loaded
        else:
            problems.append(loaded)
    model: ModelFile | None = None
    if isinstance(trained, bytes):
        model = ModelFile(content / settings.model, digest(trained))
        judge = judge_of(model)
        if isinstance(judge, Rejected):
            problems.append(judge)
            model = None
    topics = Topics(vocabulary, model, digest(vocabulary.digest, model.known if model else b""))
    return topics, tuple(problems)


@lru_cache(maxsize=1)
def judge_of(model: ModelFile) -> Judge | Rejected:
    """Return the judge of a model; a process reads its file once.

    Raises ModelChangedError where it does not hold what it did: nothing that another model says
    may be kept as what this one said.
    """
    data = model.path.read_bytes()
    if digest(data) != model.known:
        raise ModelChangedError(f"{model.path.name} was replaced during the build: build again.")
    return load_model(data, model.path.name)


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
