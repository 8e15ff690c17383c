"""What the theme's tests render: every kind of page, with little and with much in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backissue.archive.intake.body import TocLine
from backissue.archive.pages.views import (
    Answered,
    ArticleView,
    Card,
    Corrected,
    Day,
    Group,
    MainPicture,
    MonthRef,
    Mover,
    StoryLine,
    StoryRef,
    Tally,
    TopicRef,
    Year,
)

THEME = Path(__file__).resolve().parents[2] / "themes" / "broadsheet"

# StrictUndefined: a template that asks for more than it is promised fails.
ENVIRONMENT = Environment(
    loader=FileSystemLoader(THEME / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True)
class StaticPage:
    title: str = "About this archive"
    content: str = "<p>Kept since <em>2024</em>.</p><h2>How it is made</h2><p>By hand.</p>"
    lang: str = "en"
    url: str = "about/"


PICTURE = MainPicture(
    "2026/05/rich/laboratory.png", "A laboratory by night", "The laboratory by night", 800, 500
)


def topic(name: str, description: str = "") -> TopicRef:
    slug = name.lower().replace(" ", "-")
    return TopicRef(name, slug, f"topics/{slug}/", description)


def month(key: str) -> MonthRef:
    return MonthRef(key, f"Month {key}", f"{key[:4]}/{key[5:]}/")


def tally(ref: TopicRef | MonthRef, count: int, most: int) -> Tally:
    return Tally(ref, count, count / most)


MAY = month("2026-05")
TOPICS = tuple(topic(f"Topic {n}", f"All about {n}" if n % 2 else "") for n in range(30))
MONTHS = tuple(
    tally(month(f"{year}-{number:02d}"), 100 * number, 1200)
    for year in (2024, 2025)
    for number in range(3, 13)
)

BODY = """<p>First, as <a href="https://example.com/paper">a paper</a> says.</p>
<h2 id="s-one">One</h2><h3 id="s-two">Two</h3>
<div class="table" tabindex="0" role="region" aria-label="Table 1"><table><thead><tr>
<th>A rather long name of a column</th><th>A rather long name of another one</th>
<th>A rather long name of a third</th><th>A rather long name of a fourth</th></tr></thead>
<tbody><tr><td>1</td><td>2</td><td>3</td><td>4</td></tr></tbody></table></div>
<aside role="note"><p><strong>Note:</strong> mind this.</p></aside>
<pre><code>one_very_long_line_of_code_that_has_no_place_to_break_and_is_wider_than_a_telephone()</code></pre>
<blockquote><p>Quoted.</p></blockquote><p lang="zh">一段中文。</p>"""

BARE = ArticleView(
    title="Bare",
    url="2026/05/bare/",
    lead="",
    body="<p>One line.</p>",
    toc=(),
    dateline="May 2026",
    iso="2026-05",
    updated="",
    updated_iso="",
    authors=(),
    lang="en",
    topics=(),
    site="",
    canonical="",
    image=None,
    faq=(),
    sha256="",
    source_name="",
    words=2,
    minutes=1,
)
RICH = msgspec.structs.replace(
    BARE,
    title="A Laboratory Joins Another: An Era Ends",
    url="2026/05/rich/",
    lead="A researcher has changed sides.",
    body=BODY,
    toc=(TocLine(2, "s-one", "One"), TocLine(3, "s-two", "Two")),
    dateline="20 May 2026",
    iso="2026-05-20",
    updated="22 May 2026",
    updated_iso="2026-05-22",
    modified_iso="2026-05-24",
    corrections=(
        Corrected("23 May 2026", "2026-05-23", "An earlier version had the wrong name."),
        Corrected("24 May 2026", "2026-05-24", "And the wrong day."),
    ),
    authors=("Ada Example", "Lin Example"),
    topics=TOPICS[:3],
    site="The Example Wire",
    canonical="https://example.com/2026/rich",
    image=PICTURE,
    picture=PICTURE.src,
    picture_size=(PICTURE.width, PICTURE.height),
    faq=(
        Answered("这是什么？", "<p>一个<strong>例子</strong>。</p>", "zh"),
        Answered("Is it certain?", "<p>No.</p>", "en"),
    ),
    sha256="9f" * 32,
    source_name="2026-05/rich.html",
)
CHINESE = msgspec.structs.replace(
    RICH,
    title="研究者加入实验室",
    url="2026/05/zh/",
    lead="一位研究者更换了东家。",
    body="<p>正文<em>强调</em>。</p>",
    toc=(),
    dateline="2026年5月20日",
    lang="zh",
)


def card(number: int, **changes: Any) -> Card:
    made = Card(
        title=f"Story {number}",
        url=f"2026/05/story-{number}/",
        excerpt=f"What happened in story {number}",
        dateline=f"{number % 28 + 1} May 2026",
        iso=f"2026-05-{number % 28 + 1:02d}",
        lang="en",
        topics=TOPICS[:2],
        why="also on Topic 0",
        site="The Example Wire",
    )
    return msgspec.structs.replace(made, **changes)


STORY = StoryRef("A Laboratory Opens", "stories/2026/05/a-laboratory-opens/", "en")
CHINESE_CARD = card(90, title="内核调度器", excerpt="为何花了四年。", lang="zh")
REFERENCE = Card(title="Held by nobody", excerpt="A plain reference")
CARDS = (*(card(n) for n in range(12)), CHINESE_CARD, REFERENCE)


def article_data(article: ArticleView, **changes: Any) -> dict[str, Any]:
    data = {
        "title": article.title,
        "article": article,
        "month": MAY,
        "related_topics": (),
        "further_reading": (),
        "later_coverage": (),
        "story": None,
        "previous": None,
        "next": None,
    }
    return {**data, **changes}


LINES = tuple(
    StoryLine(ref, 6, "3 May 2026", "2026-05-03", CARDS[10:13])
    for ref in (STORY, StoryRef("内核调度器", "stories/2026/05/nei-he/", "zh"))
)


def stories_data(**changes: Any) -> dict[str, Any]:
    return {"title": "Stories", "month": None, "stories": (), "months": (), "count": 2, **changes}


def month_data(**changes: Any) -> dict[str, Any]:
    data = {
        "title": MAY.name,
        "month": MAY,
        "count": 0,
        "articles": (),
        "page": 1,
        "is_newest": True,
        "older": "",
        "newer": "",
        "top_topics": (),
        "days": (),
        "risen": (),
        "previous_month": None,
        "next_month": None,
    }
    return {**data, **changes}


def topic_data(**changes: Any) -> dict[str, Any]:
    data = {
        "title": TOPICS[0].name,
        "topic": TOPICS[0],
        "count": 0,
        "latest": (),
        "months": (),
        "related_topics": (),
    }
    return {**data, **changes}


def topic_month_data(**changes: Any) -> dict[str, Any]:
    kept = ("title", "month", "count", "articles", "page", "is_newest", "older", "newer")
    data = {name: value for name, value in month_data().items() if name in kept}
    return {**data, "topic": TOPICS[0], **changes}


def front_data(**changes: Any) -> dict[str, Any]:
    data = {
        "title": "",
        "lead": None,
        "latest": (),
        "months": (),
        "topics": (),
        "movers": (),
        "movers_month": None,
        "count": 0,
    }
    return {**data, **changes}


COUNTED = tuple(tally(ref, 60 - n, 60) for n, ref in enumerate(TOPICS))
DAYS = tuple(Day(day, f"2026-05-{day:02d}", day, MAY.url) for day in range(1, 29))
MOVERS = (Mover(TOPICS[0], 31, 2.1, MONTHS[-12:]), Mover(TOPICS[1], 3, 0.0, MONTHS[-12:]))
DAILY = tuple(sorted(CARDS[:-1], key=lambda one: one.iso, reverse=True))
ROUND = {"previous": CHINESE_CARD, "next": card(91)}
LISTS = {
    "related_topics": TOPICS[:7],
    "further_reading": CARDS[-4:],
    "later_coverage": CARDS[:2],
    "story": STORY,
}
PAGED = {"page": 3, "older": "2026/05/page/2/", "newer": "2026/05/"}

# name: (template, address, language, data)
PAGES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "bare article": ("article", BARE.url, "en", article_data(BARE)),
    "rich article": ("article", RICH.url, "en", article_data(RICH, **LISTS, **ROUND)),
    "Chinese article": ("article", CHINESE.url, "zh", article_data(CHINESE, **LISTS, **ROUND)),
    "empty month": ("month", MAY.url, "en", month_data()),
    "newest page of a month": (
        "month",
        MAY.url,
        "en",
        month_data(
            count=2659,
            articles=DAILY,
            older="2026/05/page/26/",
            page=27,
            top_topics=COUNTED[:8],
            days=DAYS,
            risen=MOVERS,
            previous_month=month("2026-04"),
            next_month=month("2026-06"),
        ),
    ),
    "full page of a month": (
        "month",
        "2026/05/page/3/",
        "en",
        month_data(articles=DAILY, is_newest=False, **PAGED),
    ),
    "empty topic": ("topic", TOPICS[0].url, "en", topic_data()),
    "rich topic": (
        "topic",
        TOPICS[1].url,
        "en",
        topic_data(
            topic=TOPICS[1], count=194, latest=CARDS, months=MONTHS, related_topics=TOPICS[2:9]
        ),
    ),
    "empty month of a topic": (
        "topic_month",
        "topics/topic-0/2026/05/",
        "en",
        topic_month_data(),
    ),
    "full page of a topic's month": (
        "topic_month",
        "topics/topic-0/2026/05/page/3/",
        "en",
        topic_month_data(articles=CARDS, is_newest=False, **PAGED),
    ),
    "no topics": ("topics", "topics/", "en", {"title": "Topics", "topics": (), "groups": ()}),
    "thirty topics": (
        "topics",
        "topics/",
        "en",
        {
            "title": "Topics",
            "topics": COUNTED,
            "groups": (
                Group(COUNTED[0], COUNTED[1:5]),
                *(Group(one, ()) for one in COUNTED[5:]),
            ),
        },
    ),
    "empty archive": ("archive", "archive/", "en", {"title": "Archive", "years": (), "count": 0}),
    "full archive": (
        "archive",
        "archive/",
        "en",
        {
            "title": "Archive",
            "years": (Year("2025", MONTHS[10:]), Year("2024", MONTHS[:10])),
            "count": 31908,
        },
    ),
    "empty front": ("index", "", "en", front_data()),
    "full front": (
        "index",
        "",
        "en",
        front_data(
            lead=msgspec.structs.replace(CARDS[0], more=(card(92), CHINESE_CARD), story=STORY.url),
            latest=CARDS[1:],
            months=MONTHS[::-1],
            topics=COUNTED[:12],
            movers=MOVERS,
            movers_month=MAY,
            count=31908,
        ),
    ),
    "story": (
        "story",
        STORY.url,
        "en",
        {
            "title": STORY.title,
            "story": STORY,
            "articles": (*DAILY[:3], CHINESE_CARD),
            "count": 4,
            "topics": TOPICS[:2],
            "month": MAY,
        },
    ),
    "no stories": ("stories", "stories/", "en", stories_data()),
    "stories": ("stories", "stories/", "en", stories_data(stories=LINES, months=MONTHS)),
    "stories of a month": (
        "stories",
        "stories/2026/05/",
        "en",
        stories_data(stories=LINES, month=MAY),
    ),
    "not found": ("404", "404.html", "en", {"title": "Not found"}),
    "page": ("page", "about/", "en", {"page": StaticPage()}),
}


def site_context(address: str, lang: str) -> dict[str, Any]:
    """Return what the archive tells every page at ``address``."""
    depth = address.count("/")
    return {
        "SITENAME": "The Sample",
        "SITESUBTITLE": "News, kept",
        "SITEURL": "/".join([".."] * depth) or ".",
        "DEFAULT_LANG": "en",
        "page_url": address,
        "absolute": "",
        "lang": lang,
        "_": str,
    }


def render(template: str, address: str, lang: str, data: dict[str, Any], **more: Any) -> str:
    """Render a template as the archive does, with relative addresses."""
    context = {**site_context(address, lang), **data, **more}
    return ENVIRONMENT.get_template(f"{template}.html").render(context)


def rendered(name: str, **more: Any) -> BeautifulSoup:
    """Return one of PAGES, parsed."""
    return BeautifulSoup(render(*PAGES[name], **more), "html.parser")
