import random

from hypothesis import given
from hypothesis import strategies as st

from backissue.related import related_topics
from backissue.related.cooccurrence import over_chance

ARTICLES = {
    **{f"pair{n}": ("claude", "safety") for n in range(5)},
    **{f"popular{n}": ("ai",) for n in range(40)},
    **{f"both{n}": ("ai", "claude") for n in range(2)},
    **{f"chips{n}": ("ai", "chips", "factories") for n in range(3)},
    "once": ("rare", "rarer"),
}


def test_topics_that_meet_more_than_by_chance_are_related():
    related = related_topics(ARTICLES)
    assert related["claude"] == ("safety",)
    assert related["safety"] == ("claude",)
    assert related["chips"] == ("factories",)


def test_popularity_alone_and_a_single_meeting_relate_nothing():
    related = related_topics(ARTICLES)
    assert "ai" not in related["claude"]
    assert related["rare"] == ()


def test_the_limit_keeps_the_strongest():
    topics = {f"{n}": ("a", *(f"t{m}" for m in range(n))) for n in range(2, 9)}
    topics.update({f"x{n}": ("other",) for n in range(50)})
    assert len(related_topics(topics, 3)["a"]) == 3
    assert related_topics(topics, 3)["a"] == related_topics(topics, 6)["a"][:3]


def test_the_ratio_is_dunnings():
    # 2 * sum of n ln(n/expected) of (10, 10, 10, 70) by hand.
    assert abs(over_chance(10, 20, 20, 100) - 12.071) < 0.001
    assert over_chance(4, 20, 20, 100) == 0.0


@given(
    st.dictionaries(st.text(max_size=3), st.lists(st.sampled_from("abcde")).map(tuple)),
    st.integers(),
)
def test_the_order_of_articles_and_topics_does_not_matter(articles, seed):
    pairs = [(key, tuple(reversed(slugs))) for key, slugs in articles.items()]
    random.Random(seed).shuffle(pairs)
    assert related_topics(dict(pairs)) == related_topics(articles)
