"""The generators that stand where Pelican's article and static generators stand."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TypeVar, overload

from jinja2 import FileSystemBytecodeCache
from pelican import signals
from pelican.generators import ArticlesGenerator, StaticGenerator

from backissue.archive.addresses import file_of
from backissue.archive.digests import digest
from backissue.archive.edition import Edition, Folders, bring_up_to_date
from backissue.archive.files.file import POLICY
from backissue.archive.files.files import Site
from backissue.archive.inputs import look, raw_folders
from backissue.archive.intake.sources import Found, find_changed
from backissue.archive.pages.cards import card
from backissue.archive.pages.escaping import CACHED, escape_quickly
from backissue.archive.pages.pages import Pages, Section
from backissue.archive.pages.rendering import Made, Make, Renderers
from backissue.archive.pages.stock_theme import StockTheme, is_stock
from backissue.archive.pages.views import Card, Page
from backissue.archive.plan import Plan, planning_version
from backissue.archive.publishing.output import AT_ONCE, OutputFolder
from backissue.archive.publishing.writer import ArchiveWriter
from backissue.archive.searching import FOLDER, SEARCHED
from backissue.archive.settings import Settings, read_settings
from backissue.archive.store.catalogue import Catalogue
from backissue.archive.store.store import Store
from backissue.archive.words import translation
from backissue.archive.workers import Aside, available_cores
from backissue.article import Reason, Rejected
from backissue.topics import Vocabulary

BATCH: Final = 16  # sections planned at once
FILES: Final = 256  # files planned at once
AHEAD: Final = 2  # such batches that wait to be written
LOCAL_BASE: Final = "http://localhost:8000"  # what `pelican --listen` serves; SITEURL is empty

One = TypeVar("One")


class ArchiveGenerator(ArticlesGenerator):  # type: ignore[misc]
    """Stands where Pelican's article generator stands, for an archive of any size."""

    store: Store
    edition: Edition

    def __init__(self, *given: Any, found: Found, aside: Aside[bytes] | None, **named: Any) -> None:
        """Take what Pelican gives its generators, the raw files that changed, and a process
        that waits to make the files of the search, if there is one.
        """
        super().__init__(*given, **named)
        self._found, self._aside = found, aside

    def generate_context(self) -> None:
        """Bring the archive up to date with the content folder."""
        self.archive_settings: Settings = read_settings(self.settings.get("BACKISSUE", {}))
        cache = Path(self.settings["CACHE_PATH"])
        content = Path(self.path)
        look = partial(find_changed, content, raw_folders(self.settings), {})
        self.folders = Folders(content, self._found, look, cache / "index", cache / "related")
        self.store = Store(cache / "store.sqlite")
        templates = cache / "templates"
        templates.mkdir(exist_ok=True)
        self.env.bytecode_cache = FileSystemBytecodeCache(str(templates), CACHED)
        escape_quickly(self.env)
        # Chinese in JSON-LD as it is: three bytes a character, not six.
        self.env.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
        self.edition = bring_up_to_date(
            self.store, self.folders, self.archive_settings, self._aside
        )
        self.articles = _Held(self.store, self.edition.vocabulary, self.settings["DEFAULT_LANG"])
        self._update_context(("articles",))
        words = self.context["_"] = self._words()  # for Pelican's own pages too
        self._stock = StockTheme(self.settings, words) if is_stock(self.env) else None
        signals.article_generator_finalized.send(self)

    def check_disabled_readers(self) -> None:
        """Do nothing: raw files are read by cleaning, not by Pelican's readers."""

    def refresh_metadata_intersite_links(self) -> None:
        """Do nothing: bodies hold no intersite links of Pelican's."""

    def generate_output(self, writer: ArchiveWriter) -> None:
        """Render the pages that show something new, and write the other files."""
        cache, root = Path(self.settings["CACHE_PATH"]), Path(self.output_path)
        how = self.archive_settings
        folder = OutputFolder(root, cache / "spare", how.sync, 1 if how.jobs == 1 else AT_ONCE)
        intact = writer.begin(self.store, folder)
        basis = digest(look(self.settings), planning_version(), self.edition.vocabulary.digest)
        everything = not intact or self.store.fact("published") != basis
        self.everything = everything
        site = Site(
            self.settings["SITENAME"],
            self.settings.get("SITESUBTITLE") or "",
            (self.settings["SITEURL"] or LOCAL_BASE).rstrip("/"),
            self.settings["DEFAULT_LANG"],
            self.settings.get("CSP", POLICY) or "",
        )
        changes = None if everything else self.edition.changes
        plan = Plan(self.store, self.archive_settings, self.edition.vocabulary, site, changes)
        files = self._write_files(writer, plan)
        self._publish(writer, plan, basis, files)
        deque(files, maxlen=0)
        self._publish_search(writer, plan)
        self.plan, self.basis = plan, basis

    def finish(self, writer: ArchiveWriter, facts: dict[str, bytes]) -> None:
        """Show the site to readers, when Pelican's other generators are done too.

        ``facts`` are kept with those of the plan once that is done.
        """
        gone = {*writer.unwanted(self.everything), *self.plan.gone}
        writer.finish(gone, {**self.plan.facts, **facts, "published": self.basis})

    def _write_files(self, writer: ArchiveWriter, plan: Plan) -> Iterator[None]:
        """Write the files that no template renders, some at each step."""
        more = self._stock.files() if self._stock else ()
        for files in _batches(chain(plan.files(Path(self.path)), more), FILES):
            stale = [file for file in files if not writer.is_current(file.path, file.shows)]
            writer.announce(file.path for file in stale)
            for file in stale:
                writer.put(file.path, file.make())
            yield

    def _publish(
        self, writer: ArchiveWriter, plan: Plan, basis: bytes, files: Iterator[None]
    ) -> None:
        """Render the pages that show something new; other processes being at it, write ``files``.

        Which files there are to look at is known once all sections are, but where it is all.
        """
        make = partial(self._make, writer, basis)
        begin = partial(self._begin, make, plan.pages)
        under_way: deque[Iterator[list[Made]]] = deque()
        with Renderers(self._jobs, partial(make, plan.pages), begin) as renderers:
            for sections in _batches(plan.sections(), BATCH):
                # While these are made, the next are looked up and the last are written.
                under_way.append(renderers.make(sections))
                if len(under_way) > AHEAD:
                    if self.everything:
                        next(files, None)
                    self._write(writer, under_way.popleft())
            while under_way:
                self._write(writer, under_way.popleft())

    def _begin(self, make: Callable[[Pages, Section], list[Made]], pages: Pages) -> Make:
        """Return what makes pages in a process that was forked."""
        return partial(make, pages.elsewhere())

    def _make(
        self, writer: ArchiveWriter, basis: bytes, pages: Pages, section: Section
    ) -> list[Made]:
        """Return the pages of a section, those rendered that show something new."""
        # Pelican's signal for what was written comes with what the template was given.
        is_heard = bool(signals.content_written.receivers)
        made = []
        for page in pages.of(section):
            path, shows = file_of(page.address), digest(basis, page.template, page.lang, page.data)
            text = None
            if pages.store.shows(path) != shows:
                name, given = self._view(page)
                text = writer.render(path, self.get_template(name), self.context, given)
            made.append(Made(path, shows, text, page if is_heard else None))
        return made

    def _write(self, writer: ArchiveWriter, batch: Iterable[list[Made]]) -> None:
        """Write the pages that were rendered."""
        stale = []
        for path, shows, text, page in chain.from_iterable(batch):
            writer.want(path, shows)
            if text is not None:
                stale.append((path, text, self._view(page)[1] if page else {}))
        writer.announce(path for path, _, _ in stale)
        for path, text, given in stale:
            writer.write_text(path, text, self.context, given)

    def _view(self, page: Page) -> tuple[str, dict[str, Any]]:
        """Return the template of a page and what that is given beside the context."""
        if self._stock:
            return self._stock.view(page)
        absolute = self.settings["SITEURL"].rstrip("/")
        given = {"page_url": page.address, "absolute": absolute, "lang": page.lang}
        return page.template, {**given, **page.data}

    def _words(self) -> Callable[[str], str]:
        """Return what translates the theme's words into the language of the site."""
        overrides = [Path(place) for place in self.settings["THEME_TEMPLATES_OVERRIDES"]]
        places = [*overrides, Path(self.theme) / "templates"]
        return translation(places, self.settings["DEFAULT_LANG"])

    @property
    def _jobs(self) -> int:
        return self.archive_settings.jobs or available_cores()

    def _publish_search(self, writer: ArchiveWriter, plan: Plan) -> None:
        """Write the files of the static search that are not as they were published."""
        published = self.store.outputs_showing(SEARCHED)
        facts, files, whole = self.edition.searched.result()
        plan.facts.update(facts)
        if self.everything and not whole:  # what was made beside the pages may count on lost files
            files = self.edition.search.files(self.store)
        if files is None:
            for path in published:
                writer.want(path, SEARCHED)
            return
        for name, data in files:
            writer.want(FOLDER + name, SEARCHED)
            if data is not None:
                writer.put(FOLDER + name, data)
        plan.gone += [path for path in published if not writer.is_wanted(path)]


class WholeStaticGenerator(StaticGenerator):  # type: ignore[misc]
    """Pelican's static generator, writing through the archive's writer."""

    def generate_output(self, writer: ArchiveWriter) -> None:
        """Publish the theme's static files and those of the content folder."""
        base = Path(self.settings["THEME_STATIC_DIR"])
        for place in self.settings["THEME_STATIC_PATHS"]:
            root = Path(self.theme) / place
            for path in sorted(root.rglob("*")):
                if path.is_file() and self._include_path(path.as_posix(), extensions=False):
                    writer.put((base / path.relative_to(root)).as_posix(), path.read_bytes())
        for static in self.staticfiles:
            place = Path(self.path) / static.source_path
            if place.is_file():
                writer.put(static.save_as, place.read_bytes())
                continue
            # Pelican lists what its pages link to, whether it is there or not.
            writer.refused.append(
                Rejected(
                    reason=Reason.UNREADABLE,
                    where=place.relative_to(self.path).as_posix(),
                    detail="a page links to this file, and there is no such file",
                    hint="Put it there, or put the link right.",
                )
            )


class _Held(Sequence[Card]):
    """The articles of the archive, newest first, read only as far as somebody looks."""

    def __init__(self, store: Store, vocabulary: Vocabulary, lang: str) -> None:
        self._catalogue, self._vocabulary, self._lang = Catalogue(store.db), vocabulary, lang
        self._count = sum(self._catalogue.months().values())
        self._path, self._process = store.path, os.getpid()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Card: ...
    @overload
    def __getitem__(self, place: slice) -> list[Card]: ...
    def __getitem__(self, place: int | slice) -> Card | list[Card]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        if place < 0:
            place += self._count
        if not 0 <= place < self._count:
            raise IndexError(place)
        if os.getpid() != self._process:
            # A connection must not be used on both sides of a fork.
            self._catalogue, self._process = Catalogue(Store(self._path).db), os.getpid()
        (entry,) = self._catalogue.slice(self._count - 1 - place, 1)
        return card(entry, self._vocabulary, self._lang)


def _batches(items: Iterable[One], size: int) -> Iterator[list[One]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
