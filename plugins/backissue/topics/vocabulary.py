"""The topic vocabulary: content/topics.toml, which editors own.

    [[topic]]
    name = "AI safety"
    aliases = ["AI alignment", "AI 安全"]
    parent = "Artificial intelligence"
    description = "Keeping AI systems harmless and under control."

Nothing is published under a topic that is not in it.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

import msgspec

from backissue.article import Reason, Rejected
from backissue.patterns import pattern
from backissue.topics.names import NameIndex, fold

MAX_SLUG: Final = 80
_KEYS: Final = ("name", "slug", "aliases", "parent", "description")
_TEXT_KEYS: Final = ("name", "slug", "parent", "description")
_TABLE: Final = pattern(r"^[ \t]*\[\[[ \t]*topic[ \t]*\]\]", re.M)
_SLUG: Final = pattern(r"[^\W_]+(?:-[^\W_]+)*")
_SPELLED: Final = {"+": " plus ", "#": " sharp ", "&": " and "}


class Topic(msgspec.Struct, frozen=True):
    """A topic: its name, its slug (which never changes), other names, its parent's slug."""

    name: str
    slug: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    description: str = ""


class Vocabulary(msgspec.Struct, frozen=True, dict=True):
    """The topics of a site, in the editor's order."""

    topics: tuple[Topic, ...]

    def by_slug(self, slug: str) -> Topic | None:
        """Return the topic of this slug, or None."""
        return self._slugs.get(slug)

    def by_name(self, name: str) -> Topic | None:
        """Return the topic of this name or alias, without regard to case and hyphens, or None."""
        slug = self.names.whole(name)
        return self._slugs[slug] if slug is not None else None

    @cached_property
    def _slugs(self) -> dict[str, Topic]:
        return {topic.slug: topic for topic in self.topics}

    @cached_property
    def names(self) -> NameIndex:
        """The names and aliases, ready to be looked for."""
        return NameIndex((t.slug, n) for t in self.topics for n in (t.name, *t.aliases))

    @cached_property
    def all_names(self) -> tuple[str, ...]:
        """The names and aliases as the editor wrote them."""
        return tuple(name for topic in self.topics for name in (topic.name, *topic.aliases))

    @cached_property
    def digest(self) -> str:
        """A hash of everything in the vocabulary: equal digests tag alike."""
        return hashlib.sha256(msgspec.json.encode(self.topics)).hexdigest()


def slugify_topic(name: str) -> str:
    """Return the slug of a topic's name: lower case, words joined by hyphens, no accents.

    Letters of every script are kept (``AI 安全`` is ``ai-安全``), ``C++`` is ``c-plus-plus``,
    ``C#`` is ``c-sharp``. Empty where the name has no letter and no digit.
    """
    # Taken apart first: a letter set as a sign (a bold mathematical A) has no small form.
    plain = unicodedata.normalize("NFKD", name).casefold()
    text = unicodedata.normalize("NFKD", plain)
    text = "".join(_SPELLED.get(c, c) for c in text if not unicodedata.combining(c))
    slug = "-".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text)))
    return slug[:MAX_SLUG].rstrip("-")


def load_vocabulary(data: bytes, where: str) -> Vocabulary | Rejected:
    """Read a vocabulary from the TOML of ``content/topics.toml``.

    ``where`` names the file. The slug of a topic is derived from its name where it is not
    given; a parent is named by name or slug. Returns a ``Rejected`` of BAD_VOCABULARY, with
    the line and what to do, where the file cannot be read, a key is unknown or of the wrong
    type, a name is missing or used twice, or a parent is unknown or a circle.
    """
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _bad(where, line, "is not UTF-8", "Save the file as UTF-8.")
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        return _bad_toml(where, source, str(error))
    return _Reader(where, source).read(document)


def _bad(where: str, line: int, detail: str, hint: str) -> Rejected:
    place = f"{where}:{line}" if line else where
    return Rejected(reason=Reason.BAD_VOCABULARY, where=place, detail=detail, hint=hint)


def _bad_toml(where: str, source: str, message: str) -> Rejected:
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line = int(found[1]) if found else source.count("\n") + 1
    detail = re.sub(r" \(at .*\)$", "", message)
    hint = 'Each topic is a table: [[topic]], then lines like name = "AI safety".'
    return _bad(where, line, f"is not TOML: {detail}", hint)


class _WrongError(Exception):
    """What is wrong with a vocabulary, on its way to ``_Reader.read``."""

    def __init__(self, line: int, detail: str, hint: str) -> None:
        super().__init__(detail)
        self.line, self.detail, self.hint = line, detail, hint


class _Reader:
    """Checks a parsed document and turns it into a vocabulary."""

    def __init__(self, where: str, source: str) -> None:
        self._where = where
        self._source = source
        self._tables = [found.start() for found in _TABLE.finditer(source)]

    def read(self, document: Mapping[str, Any]) -> Vocabulary | Rejected:
        try:
            tables = self._topic_tables(document)
            topics = [self._topic(number, table) for number, table in enumerate(tables)]
            self._check_unique(topics)
            return Vocabulary(self._with_parents(topics))
        except _WrongError as wrong:
            return _bad(self._where, wrong.line, wrong.detail, wrong.hint)

    def _line(self, number: int, key: str = "") -> int:
        """Return the line of table ``number``, or of a key in it; 0 where it is not found."""
        if number >= len(self._tables):
            return 0
        start = self._tables[number]
        after = self._tables[number + 1] if number + 1 < len(self._tables) else len(self._source)
        if key:
            found = re.compile(rf"^[ \t]*\"?{re.escape(key)}\"?[ \t]*=", re.M).search(
                self._source, start, after
            )
            start = found.start() if found else start
        return self._source.count("\n", 0, start) + 1

    def _topic_tables(self, document: Mapping[str, Any]) -> list[Any]:
        for key in document:
            if key != "topic":
                found = re.search(rf"^[ \t]*\[*[ \t]*{re.escape(key)}\b", self._source, re.M)
                line = self._source.count("\n", 0, found.start()) + 1 if found else 0
                raise _WrongError(line, f'unknown table or key "{key}"', "Did you mean [[topic]]?")
        tables = document.get("topic", [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise _WrongError(
                1, '"topic" is not a list of tables', "Write [[topic]], in two brackets."
            )
        return tables

    def _topic(self, number: int, table: Mapping[str, Any]) -> Topic:
        for key, value in table.items():
            self._check_key(number, key, value)
        name = " ".join(str(table.get("name", "")).split())
        if not name:
            hint = 'Give it a name: name = "AI safety".'
            raise _WrongError(self._line(number), "a topic has no name", hint)
        slug = table.get("slug", "") or slugify_topic(name)
        if not _SLUG.fullmatch(slug) or slug != slug.lower() or len(slug) > MAX_SLUG:
            hint = f'Use lower-case letters, digits and hyphens: slug = "{slugify_topic(slug)}".'
            raise _WrongError(self._line(number, "slug"), f'"{slug}" of "{name}" is no slug', hint)
        aliases = tuple(" ".join(alias.split()) for alias in table.get("aliases", ()))
        for alias in (name, *aliases):
            if not fold(alias):
                hint = "A name needs at least one letter or digit."
                line = self._line(number, "aliases" if alias in aliases else "name")
                raise _WrongError(line, f'"{alias}" can never be found in a text', hint)
        description = " ".join(table.get("description", "").split())
        return Topic(name, slug, aliases, table.get("parent", "").strip(), description)

    def _check_key(self, number: int, key: str, value: object) -> None:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.5)
            keys = ", ".join(_KEYS)
            hint = f'Did you mean "{near[0]}"?' if near else f"The keys of a topic are {keys}."
            raise _WrongError(self._line(number, key), f'unknown key "{key}"', hint)
        if key in _TEXT_KEYS and not isinstance(value, str):
            hint = f'Write it in quotation marks: {key} = "…".'
            raise _WrongError(self._line(number, key), f'"{key}" is not a text', hint)
        if key == "aliases" and not (
            isinstance(value, list) and all(isinstance(alias, str) for alias in value)
        ):
            hint = 'Write them in brackets: aliases = ["AGI", "通用人工智能"].'
            raise _WrongError(self._line(number, key), '"aliases" is not a list of texts', hint)

    def _check_unique(self, topics: list[Topic]) -> None:
        slugs: dict[str, int] = {}
        names: dict[str, int] = {}
        for number, topic in enumerate(topics):
            first = slugs.setdefault(topic.slug, number)
            if first != number:
                detail = f'the slug "{topic.slug}" is used twice, first on line {self._line(first)}'
                raise _WrongError(
                    self._line(number), detail, "Remove one, or give it a slug of its own."
                )
            for name in (topic.name, *topic.aliases):
                first = names.setdefault(fold(name), number)
                if first != number:
                    detail = f'"{name}" is a name of "{topics[first].name}" too'
                    key = "name" if name == topic.name else "aliases"
                    hint = f"Keep it here or on line {self._line(first)}, not in both."
                    raise _WrongError(self._line(number, key), detail, hint)

    def _with_parents(self, topics: list[Topic]) -> tuple[Topic, ...]:
        known = {fold(topic.name): topic.slug for topic in topics}
        known.update({topic.slug: topic.slug for topic in topics})
        parents: dict[str, str] = {}
        for number, topic in enumerate(topics):
            if not topic.parent:
                continue
            slug = known.get(topic.parent) or known.get(fold(topic.parent))
            if slug is None:
                names = [other.name for other in topics]
                near = difflib.get_close_matches(topic.parent, names, n=1)
                hint = f'Did you mean "{near[0]}"?' if near else "Add a [[topic]] of that name."
                detail = f'the parent "{topic.parent}" of "{topic.name}" is not in the vocabulary'
                raise _WrongError(self._line(number, "parent"), detail, hint)
            parents[topic.slug] = slug
        for number, topic in enumerate(topics):
            if _in_circle(topic.slug, parents):
                detail = f'"{topic.name}" is above itself'
                raise _WrongError(
                    self._line(number, "parent"), detail, "Remove one of the parents."
                )
        return tuple(msgspec.structs.replace(t, parent=parents.get(t.slug, "")) for t in topics)


def _in_circle(slug: str, parents: Mapping[str, str]) -> bool:
    at, steps = parents.get(slug, ""), 0
    while at and at != slug and steps <= len(parents):
        at, steps = parents.get(at, ""), steps + 1
    return at == slug
