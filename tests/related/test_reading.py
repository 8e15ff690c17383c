import random

import msgspec
import pytest

from backissue.article import Article, Dateline, TopicMatch
from backissue.related import Features, features, further_reading
from backissue.related.terms import terms
from backissue.related.titlenames import title_names

BATTERY = "A solid state battery with a ceramic separator charges an electric car in ten minutes."
ROCKET = "The reusable rocket landed on its barge after lifting forty satellites into orbit."
GLOSS = {
    "battery": BATTERY + " The maker of the battery says the factory in Ohio opens in spring.",
    "recall": BATTERY.replace("ten", "twelve") + " A recall of the battery follows a fire.",
    "rocket": ROCKET + " Engineers will inspect the booster and its engines.",
    "launch": ROCKET.replace("forty", "sixty") + " A second launch is planned for the autumn.",
    "zh1": "固态电池厂商宣布新工厂投产，电动汽车充电只需十分钟。",
    "zh2": "电动汽车的固态电池召回，厂商称充电时起火。",
}


def piece(key: str, month: str = "2026-05", **fields) -> Features:
    topics = tuple(TopicMatch(slug, 0.9) for slug in fields.pop("topics", ()))
    text = fields.pop("text", GLOSS.get(key, ""))
    article = Article(
        key=key,
        title=fields.pop("title", key),
        published=Dateline(month),
        body="",
        text=text,
        **fields,
    )
    return features(article, topics)


def archive() -> list[Features]:
    return [piece(key) for key in GLOSS]


def first(found, key):
    return found[key][0].key if found[key] else None


def test_articles_about_the_same_thing_come_first():
    found = further_reading(archive())
    assert first(found, "battery") == "recall"
    assert first(found, "launch") == "rocket"
    assert first(found, "zh1") == "zh2"


def test_an_article_never_suggests_itself_or_its_duplicate():
    copies = [*archive(), piece("copy", text=GLOSS["battery"], title="battery")]
    found = further_reading(copies)
    assert all(key not in [s.key for s in them] for key, them in found.items())
    assert "copy" not in [s.key for s in found["battery"]]
    assert "battery" not in [s.key for s in found["copy"]]


def test_only_articles_up_to_its_own_month_are_suggested():
    articles = [piece("battery", "2026-04"), piece("recall", "2026-05"), piece("rocket", "2026-04")]
    found = further_reading(articles)
    assert "recall" not in [s.key for s in found["battery"]]
    assert first(found, "recall") == "battery"


def test_a_later_month_changes_nothing_that_was_there():
    before = further_reading(archive())
    after = further_reading([*archive(), piece("later", "2026-06", text=BATTERY + ROCKET)])
    assert {key: after[key] for key in before} == before


def test_the_order_of_articles_does_not_matter():
    articles = archive()
    expected = further_reading(articles)
    random.Random(7).shuffle(articles)
    assert further_reading(articles) == expected


def test_the_limit_holds_and_scores_descend():
    found = further_reading([piece(f"{n}", text=BATTERY + f" No {n} of many") for n in range(9)], 3)
    for suggestions in found.values():
        scores = [s.score for s in suggestions]
        assert len(suggestions) <= 3
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)


def test_shared_topics_are_said_to_be_the_reason():
    articles = [
        piece("battery", "2026-03", topics=("cars", "energy")),
        piece("recall", "2026-05", topics=("energy", "cars", "safety")),
        *(piece(key) for key in ("rocket", "launch")),
    ]
    (suggestion, *_) = further_reading(articles)["recall"]
    assert suggestion.why == "also on energy and cars"


@pytest.mark.parametrize(
    ("sites", "why"), [(("One", "One"), "same series"), (("One", "Two"), "same story")]
)
def test_parts_of_a_series_are_no_story_but_two_publishers_titles_may_be(sites, why):
    articles = [
        piece(key, title=f"The energy week, no. {n}", site=site)
        for n, (key, site) in enumerate(zip(("battery", "recall"), sites, strict=True))
    ]
    (suggestion,) = further_reading([*articles, piece("rocket"), piece("launch")])["recall"][:1]
    assert suggestion.key == "battery"
    assert suggestion.why == why


def test_a_rare_name_in_both_titles_is_said_to_be_the_reason():
    text = "Engineers at Voltera say so. The factory of Voltera opens in spring, they say."
    articles = [
        piece("battery", title="Voltera opens a Factory", text=f"{BATTERY} {text}"),
        piece("recall", title="Fire at Voltera", text=f"{GLOSS['recall']} {text} It was the end."),
        *(piece(f"{n}", title=f"Number {n}", text=f"Nothing about it {n}") for n in range(40)),
    ]
    days = ("2026-05-01", "2026-05-28")  # too far apart for one story
    pair = (
        msgspec.structs.replace(one, date=day) for one, day in zip(articles[:2], days, strict=True)
    )
    apart = [*pair, *articles[2:]]
    assert [s.why for s in further_reading(apart)["recall"]][:1] == ["both about Voltera"]


@pytest.mark.parametrize(
    ("sites", "why"), [(("One", "One"), "same publisher"), (("One", "Two"), ""), (("", ""), "")]
)
def test_where_words_are_all_the_strongest_shared_ones_are_named(sites, why):
    pair = [
        piece(
            key,
            day,
            title=f"Number {key}",
            text=f"{GLOSS[key]} Wombats. Wombats eat. {rest}",
            site=site,
        )
        for key, day, rest, site in (
            ("battery", "2026-05-01", "In the north it is cold", sites[0]),
            ("recall", "2026-05-28", "Southern rivers carry little water", sites[1]),
        )
    ]
    others = [piece(f"{n}", title=f"Number {n}", text=f"Nothing {n}") for n in range(40)]
    found = {s.key: s for s in further_reading([*pair, *others])["recall"]}["battery"]
    assert found.why == why
    assert set(terms("wombats eat")) <= set(found.shares)


def test_parts_of_a_column_are_of_one_series_whatever_they_are_about():
    articles = [
        piece(key, title=f"The Energy Corner: {rest}", site="One")
        for key, rest in (("battery", "what a separator does"), ("recall", "fires"))
    ]
    (suggestion,) = further_reading([*articles, piece("rocket"), piece("launch")])["recall"][:1]
    assert suggestion.why == "same series"


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        ("Rust in Space", "We like Rust. With Rust, the Rust team says.", ("Rust",)),
        ("A Guide to Rust", "See the Guide, a Guide and a guide to rust.", ()),
        ("用 Firefox 上网", "浏览器 Firefox 很快，而 Firefox 是免费的。", ("Firefox",)),
        (
            "App Engine at Acme",
            "On App Engine, the App Engine of Acme, for Acme.",
            ("App Engine", "Acme"),
        ),
        ("", "", ()),
    ],
)
def test_names_of_a_title_are_what_the_text_never_writes_small(title, text, names):
    assert title_names(title, text) == names


def test_an_article_with_nothing_in_common_gets_nothing():
    found = further_reading([piece("battery"), piece("rocket"), piece("empty", text="", title="?")])
    assert found["empty"] == ()


def test_no_articles_give_no_suggestions():
    assert further_reading([]) == {}


def test_a_key_used_twice_is_an_error():
    with pytest.raises(ValueError, match="same key"):
        further_reading([piece("battery"), piece("battery")])


def test_features_survive_storage():
    made = piece("battery", topics=("cars",))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Features) == made
