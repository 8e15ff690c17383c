"""The pages of stories: the timeline of each, and the lists of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from backissue.archive.dates import date_name, month_name
from backissue.archive.pages.cards import card, most, tallies, topic_ref
from backissue.archive.pages.views import Card, MonthRef, Page, StoryLine, StoryRef
from backissue.archive.store.catalogue import Catalogue, Entry
from backissue.archive.stories import STORIES, Stories, stories_address, story_address
from backissue.topics import Vocabulary

LATEST: Final = 40  # stories on the page that leads to all
THREAD: Final = 4  # articles of each there
TOPICS: Final = 4


class StoryPages:
    """Makes the pages of stories, in the language of the site."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary, lang: str) -> None:
        self.catalogue = catalogue
        self.stories = Stories(catalogue)
        self.vocabulary = vocabulary
        self.lang = lang
        self._refs = {topic.slug: topic_ref(topic) for topic in vocabulary.topics}

    def story(self, head: str) -> Iterator[Page]:
        """Yield the timeline of a story, if there is one with this head: oldest first."""
        entries = self.stories.entries(head)
        first = self.catalogue.entry(head)
        if first is None or not entries:
            return
        topics = Counter(topic for entry in entries for topic in entry.brief.topics)
        shared = {topic: count for topic, count in topics.items() if 2 * count > len(entries)}
        ref = _ref(first)
        yield Page(
            "story",
            ref.url,
            self.lang,
            {
                "title": ref.title,
                "story": ref,
                "articles": tuple(map(self._card, entries)),
                "count": len(entries),
                "topics": tuple(one.ref for one in most(shared, self._refs, TOPICS)),
                "month": self._month(first.month),
            },
        )

    def index(self) -> Page:
        """Return the page of the stories with the newest articles, and of the months of all."""
        counts = self.stories.months()
        return Page(
            "stories",
            STORIES,
            self.lang,
            {
                "title": "Stories",
                "month": None,
                "stories": tuple(self._line(head, THREAD) for head in self.stories.latest(LATEST)),
                "months": tallies(counts, {one: self._month(one) for one in counts})[::-1],
                "count": sum(counts.values()),
            },
        )

    def month(self, month: str) -> Page:
        """Return the list of all stories that began in a month, oldest first."""
        heads = self.stories.heads(month)
        return Page(
            "stories",
            stories_address(month),
            self.lang,
            {
                "title": f"Stories, {month_name(month, self.lang)}",
                "month": self._month(month),
                "stories": tuple(self._line(head, 1) for head in heads),
                "months": (),
                "count": len(heads),
            },
        )

    def _line(self, head: Entry, thread: int) -> StoryLine:
        entries = self.stories.entries(head.key)
        return StoryLine(
            _ref(head),
            len(entries),
            date_name(entries[0].published, self.lang),
            entries[0].published.day or entries[0].month,
            tuple(self._card(one, brief=True) for one in entries[::-1][:thread]),
        )

    def _card(self, entry: Entry, brief: bool = False) -> Card:
        made = card(entry, self.vocabulary, self.lang)
        # A list shows no more of it, and must not change with more of it.
        return Card(made.title, made.url, "", made.dateline, made.iso, made.lang) if brief else made

    def _month(self, month: str) -> MonthRef:
        return MonthRef(month, month_name(month, self.lang), stories_address(month))


def _ref(head: Entry) -> StoryRef:
    return StoryRef(head.brief.title, story_address(head), head.brief.lang)
