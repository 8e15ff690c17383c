"""The page of an article, and what it shows beside the article itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from backissue.archive.dates import date_name
from backissue.archive.files.pictures import HEIGHT, WIDTH, picture_path
from backissue.archive.intake.beside import Picture
from backissue.archive.intake.derive import recall_derived
from backissue.archive.pages.cards import SAME_STORY, card, month_ref, topic_refs
from backissue.archive.pages.translations import translations
from backissue.archive.pages.views import (
    Answered,
    ArticleView,
    Card,
    Corrected,
    MainPicture,
    Page,
    StoryRef,
)
from backissue.archive.settings import Settings
from backissue.archive.store.catalogue import Catalogue, Entry, title_key
from backissue.archive.store.recall import recall_article
from backissue.archive.store.store import Store
from backissue.archive.stories import Stories, story_address
from backissue.article import Article
from backissue.related import Spellings, mentions
from backissue.topics import Vocabulary

MORE_TOPICS: Final = 4
LATER: Final = 4
WIDE: Final = 600  # pixels; networks show a narrower picture small or not at all

Beyond = Mapping[str, tuple[str, ...]]


class ArticlePages:
    """Makes the pages of articles."""

    def __init__(
        self, store: Store, catalogue: Catalogue, settings: Settings, vocabulary: Vocabulary
    ) -> None:
        self.store, self.catalogue = store, catalogue
        self.stories = Stories(self.catalogue)
        self.settings = settings
        self.vocabulary = vocabulary
        self._spellings = Spellings()

    def page(self, entry: Entry, beyond: Beyond) -> Page:
        """Return the page of an article; ``beyond`` names topics related to a topic."""
        article = recall_article(self.store, entry.article)
        lang = article.lang
        own = entry.brief.topics
        more = [slug for topic in own for slug in beyond.get(topic, ()) if slug not in own]
        before, after = self.catalogue.neighbours(entry.place)
        later = self._later(entry)
        return Page(
            "article",
            entry.url,
            lang,
            {
                "title": article.title,
                "article": self._view(entry, article),
                "month": month_ref(entry.month, lang),
                "related_topics": topic_refs(
                    (*own, *list(dict.fromkeys(more))[:MORE_TOPICS]), self.vocabulary
                ),
                "story": self._story(entry),
                "further_reading": self._further(entry, article, later),
                "later_coverage": tuple(card(one, self.vocabulary, lang) for one in later),
                "previous": card(before, self.vocabulary, lang) if before else None,
                "next": card(after, self.vocabulary, lang) if after else None,
            },
        )

    def _view(self, entry: Entry, article: Article) -> ArticleView:
        derived = recall_derived(self.store, entry.derived)
        updated = article.updated
        picture, size = self._card(entry, derived.pictures)
        return ArticleView(
            title=article.title,
            url=entry.url,
            lead=article.lead,
            body=derived.body.html,
            toc=derived.body.toc,
            dateline=date_name(article.published, article.lang),
            iso=article.published.value,
            updated=date_name(updated, article.lang) if updated else "",
            updated_iso=updated.value if updated else "",
            authors=article.authors,
            lang=article.lang,
            topics=topic_refs(entry.brief.topics, self.vocabulary),
            site=article.site,
            canonical=article.canonical,
            image=_main(entry, article, derived.pictures),
            faq=tuple(
                Answered(question.question, answer, question.lang)
                for question, answer in zip(article.faq, derived.answers, strict=True)
            ),
            sha256=article.sha256,
            source_name=entry.source,
            words=derived.body.words,
            minutes=derived.body.minutes,
            translations=translations(entry, article, self.catalogue.namesakes(entry), self._slug),
            picture=picture,
            picture_size=size,
            modified_iso=article.modified.value if article.modified else "",
            corrections=tuple(
                Corrected(date_name(one.date, article.lang), one.date.value, one.note)
                for one in article.corrections
            ),
        )

    def _story(self, entry: Entry) -> StoryRef | None:
        """Return the story of an article. How many articles that has, its timeline tells."""
        head = self.catalogue.entry(self.stories.head(entry.key))
        return StoryRef(head.brief.title, story_address(head), head.brief.lang) if head else None

    def _card(self, entry: Entry, pictures: Sequence[Picture]) -> tuple[str, tuple[int, int]]:
        """Return what others show beside a link: a picture of its own, or else one drawn for it."""
        for one in pictures:
            if one.width >= WIDE:
                return entry.url + one.name, (one.width, one.height)
        return (picture_path(entry.url) if self.settings.pictures else ""), (WIDTH, HEIGHT)

    def _slug(self, entry: Entry) -> str:
        return recall_article(self.store, entry.article).slug

    def _later(self, entry: Entry) -> tuple[Entry, ...]:
        """Return the articles that told the story further: the earliest, so that they stay."""
        found = (
            self.catalogue.entry(key) for key in self.catalogue.suggesting(entry.key, SAME_STORY)
        )
        later = [one for one in found if one and is_later(one.date, entry.date)]
        return tuple(sorted(later, key=lambda one: one.place)[:LATER])

    def _further(
        self, entry: Entry, article: Article, later: tuple[Entry, ...]
    ) -> tuple[Card, ...]:
        """Return what the page itself names, then what we found, then what nobody holds.

        What we found is not said twice: it may be among the ``later`` articles already.
        """
        cards: list[Card] = []
        elsewhere: list[Card] = []
        seen = {entry.title_key}
        for reference in article.references:
            if (key := title_key(reference.title)) in seen:
                continue
            seen.add(key)
            held = self.catalogue.titled(key)
            if held:
                cards.append(card(held, self.vocabulary, article.lang))
            else:
                elsewhere.append(Card(title=reference.title, excerpt=reference.excerpt))
        suggestions = self.catalogue.further(entry.key)
        texts = (article.title, article.lead, article.text)
        words = mentions(texts, [one.shares for one in suggestions], spellings=self._spellings)
        for suggestion, shared in zip(suggestions, words, strict=True):
            other = self.catalogue.entry(suggestion.key)
            if other is None or other in later or other.title_key in seen:
                continue
            if len(cards) >= self.settings.further:
                break
            seen.add(other.title_key)
            cards.append(card(other, self.vocabulary, article.lang, suggestion.why, shared))
        return (*cards, *elsewhere)


def _main(entry: Entry, article: Article, pictures: Sequence[Picture]) -> MainPicture | None:
    """Return the picture that an editor gave an article, where its body does not show it too."""
    image = article.image
    if image is None or f'src="{escape(image.src)}"' in article.body:
        return None
    for one in pictures:
        if one.asked == image.src:
            src = entry.url + one.name
            return MainPicture(src, image.alt, image.caption, one.width, one.height)
    return None


def is_later(date: str, than: str) -> bool:
    """Return whether a date is later than another in the precision in which both are known.

    Of two articles of one month, one of which knows no day, neither is the later one; nor of
    two of a day, where one knows no time.
    """
    length = min(len(date), len(than))
    return date[:length] > than[:length]
