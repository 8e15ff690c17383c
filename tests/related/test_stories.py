import random

from backissue.article import Suggestion
from backissue.related import Thread, later_coverage, story_threads

DATES = {"a": "2026-05-01", "b": "2026-05-03", "c": "2026-05-09", "d": "2026-06", "e": "2026-06-02"}


def say(key: str, score: float, why: str = "same story") -> Suggestion:
    return Suggestion(key, score, why)


READING = {
    "a": (say("b", 0.9),),
    "b": (say("a", 0.9),),
    "c": (say("b", 0.8),),
    "d": (say("a", 0.95, "also on chips"),),
    "e": (say("a", 0.5), say("d", 0.4, "")),
}


def test_later_articles_that_name_an_earlier_one_follow_it_up_the_best_first():
    later = later_coverage(READING, DATES)
    assert [one.key for one in later["a"]] == ["d", "b", "e"]
    assert later["b"] == (say("c", 0.8),)
    assert "e" not in later


def test_a_follower_beyond_the_limit_changes_nothing():
    before = later_coverage(READING, DATES, 2)
    weaker = {**READING, "f": (say("a", 0.1),)}
    assert later_coverage(weaker, {**DATES, "f": "2026-07"}, 2) == before


def test_an_earlier_article_is_no_later_coverage():
    assert "c" not in [one.key for one in later_coverage(READING, DATES).get("b", ())][1:]
    assert later_coverage({"a": (say("b", 0.9),)}, DATES) == {}


def test_three_articles_on_one_event_are_a_thread_by_date():
    assert story_threads(READING, DATES) == (Thread("a", ("a", "b", "c", "e")),)


def test_two_are_not_and_other_reasons_join_nothing():
    reading = {"a": (say("b", 0.9),), "d": (say("a", 0.9, "also on chips"),)}
    assert story_threads(reading, DATES) == ()


def test_the_order_of_articles_does_not_matter():
    pairs = list(READING.items())
    for seed in range(5):
        random.Random(seed).shuffle(pairs)
        assert story_threads(dict(pairs), DATES) == story_threads(READING, DATES)
        assert later_coverage(dict(pairs), DATES) == later_coverage(READING, DATES)
