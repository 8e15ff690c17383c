import pytest
from hypothesis import given
from hypothesis import strategies as st

from backissue.article import Reason, Rejected
from backissue.topics import Topic, Vocabulary, load_vocabulary, slugify_topic

GOOD = """
[[topic]]
name = "Artificial intelligence"
aliases = ["AI", "人工智能"]

[[topic]]
name = "AI safety"
aliases = ["AI 安全"]
parent = "Artificial intelligence"
description = "Keeping AI systems
  harmless."

[[topic]]
name = "C++"
""".replace("systems\n ", "systems")


def load(text: str) -> Vocabulary | Rejected:
    return load_vocabulary(text.encode(), "content/topics.toml")


def good(text: str = GOOD) -> Vocabulary:
    vocabulary = load(text)
    assert isinstance(vocabulary, Vocabulary)
    return vocabulary


def test_topics_are_read_with_derived_slugs_and_parents_by_name():
    vocabulary = good()
    assert [topic.slug for topic in vocabulary.topics] == [
        "artificial-intelligence",
        "ai-safety",
        "c-plus-plus",
    ]
    assert vocabulary.by_slug("ai-safety") == Topic(
        "AI safety",
        "ai-safety",
        ("AI 安全",),
        "artificial-intelligence",
        "Keeping AI systems harmless.",
    )
    assert vocabulary.by_slug("nothing") is None


def test_a_topic_is_found_by_any_spelling_of_its_names():
    vocabulary = good()
    for name in ("AI safety", "ai-safety", "AI安全", "Ai_Safety".replace("_", " ")):
        topic = vocabulary.by_name(name)
        assert topic is not None
        assert topic.slug == "ai-safety"
    assert vocabulary.by_name("safety") is None


def test_the_digest_changes_with_every_field():
    digests = {
        good(text).digest
        for text in (
            GOOD,
            GOOD.replace("harmless", "tame"),
            GOOD.replace('"人工智能"', '"人工"'),
            GOOD.replace('parent = "Artificial intelligence"', ""),
        )
    }
    assert len(digests) == 4
    assert good().digest == good().digest


@pytest.mark.parametrize(
    ("text", "line", "said", "hint"),
    [
        ('[[topic]]\nname = "A"\nalias = ["B"]', 3, "alias", 'Did you mean "aliases"?'),
        ('[[topic]]\nname = "A"\n\n[[topic]]\nslug = "b"', 4, "no name", "name ="),
        ('[[topic]]\nname = "A"\n[[topic]]\nname = "a"', 3, "twice", "slug of its own"),
        (
            '[[topic]]\nname = "A"\n[[topic]]\nname = "B"\naliases = ["a"]',
            5,
            'a name of "A" too',
            "line 1",
        ),
        (
            '[[topic]]\nname = "Robotics"\n[[topic]]\nname = "B"\nparent = "Robotic"',
            5,
            "not in the vocabulary",
            'Did you mean "Robotics"?',
        ),
        (
            '[[topic]]\nname = "A"\nparent = "B"\n[[topic]]\nname = "B"\nparent = "A"',
            3,
            "above itself",
            "Remove",
        ),
        ('[[topic]]\nname = "A"\naliases = "B"', 3, "not a list", "brackets"),
        ("[[topic]]\nname = 5", 2, "not a text", "quotation marks"),
        ('[[topic]]\nname = "A"\nslug = "A b"', 3, "no slug", 'slug = "a-b"'),
        ('[[topic]]\nname = "…"', 1, "no slug", "slug"),
        ('[[topic]]\nname = "A"\naliases = ["…"]', 3, "never be found", "letter"),
        ('[[topics]]\nname = "A"', 1, "unknown table", "[[topic]]"),
        ('[topic]\nname = "A"', 1, "not a list of tables", "two brackets"),
        ('[[topic]]\nname = "A', 2, "not TOML", "[[topic]]"),
    ],
)
def test_a_mistake_is_refused_with_its_line_and_what_to_do(text, line, said, hint):
    rejected = load(text)
    assert isinstance(rejected, Rejected)
    assert rejected.reason is Reason.BAD_VOCABULARY
    assert rejected.where == f"content/topics.toml:{line}"
    assert said in rejected.detail
    assert hint in rejected.hint


def test_a_vocabulary_in_another_encoding_is_refused_with_its_line():
    rejected = load_vocabulary('[[topic]]\nname = "é"'.encode("latin-1"), "topics.toml")
    assert isinstance(rejected, Rejected)
    assert rejected.where == "topics.toml:2"
    assert "UTF-8" in rejected.hint


def test_a_byte_order_mark_and_an_empty_file_are_no_mistakes():
    assert good("\ufeff" + GOOD) == good()
    assert good("").topics == ()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("AI safety", "ai-safety"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("R&D", "r-and-d"),
        ("Société Générale", "societe-generale"),
        ("AI 安全", "ai-安全"),
        ("node.js", "node-js"),
        ("…", ""),
    ],
)
def test_slugs(name, slug):
    assert slugify_topic(name) == slug


@given(st.text())
def test_a_slug_is_its_own_slug_and_an_address(name):
    slug = slugify_topic(name)
    assert slugify_topic(slug) == slug
    assert not set(slug) & set("/?#%. _")
    assert len(slug) <= 80


@given(st.binary())
def test_any_bytes_give_a_vocabulary_or_a_reason(data):
    assert isinstance(load_vocabulary(data, "topics.toml"), Vocabulary | Rejected)
