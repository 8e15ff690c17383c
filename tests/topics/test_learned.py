import gzip
import json
import random

import msgspec
import pytest

from backissue.article import Article, Dateline, Rejected
from backissue.topics import Judge, Model, Topic, Vocabulary, load_model, save_model, tag
from backissue.topics.corpus import (
    Record,
    fold,
    read_corpus,
    suggest,
    tag_corpus,
    tag_key,
    train,
    vocabulary_of,
)

VOCABULARY = Vocabulary(
    (
        Topic("Energy", "energy"),
        Topic("Space", "space"),
        Topic("Money", "money"),
        Topic("Law", "law"),
    )
)
WORDS = {
    "energy": ["battery", "grid", "solar", "turbine", "charge", "volt", "cell", "heat", "wind"],
    "space": ["rocket", "orbit", "satellite", "launch", "booster", "crew", "lander", "moon"],
    "money": ["fund", "bank", "loan", "share", "bond", "profit", "stake", "sale", "price"],
}
FILLER = ["week", "company", "said", "plan", "new", "team", "report", "year", "work", "people"]


def article(key: int, *about: str, named: bool = False) -> Article:
    luck = random.Random(key)
    words = luck.choices(FILLER, k=20)
    for one in about:
        words += luck.choices(WORDS[one], k=12) + ([one.title()] * 2 if named else [])
    luck.shuffle(words)
    return Article(
        key=f"{key:03}",
        title="Report",
        published=Dateline(f"2026-{1 + key % 5:02}"),
        body="",
        text=" ".join(words),
    )


def lessons() -> tuple[list[Article], dict[str, frozenset[str]]]:
    articles, topics = [], {}
    for n in range(80):
        about = (("energy",), ("space",), ("money",), ("money", "space"))[n % 4]
        articles.append(article(n, *about))
        topics[articles[-1].key] = frozenset(about)
    return articles, topics


@pytest.fixture(scope="module")
def model() -> Model:
    made = train(*lessons(), VOCABULARY)
    assert made is not None
    return made


def slugs(one: Article, judge: Judge | None) -> set[str]:
    return {match.slug for match in tag(one, VOCABULARY, judge)}


def test_topics_are_learned_where_no_name_is_found(model):
    judge = Judge(model)
    assert slugs(article(100, "energy"), None) == set()
    assert slugs(article(100, "energy"), judge) == {"energy"}
    assert slugs(article(101, "space"), judge) == {"space"}


def test_an_article_of_two_topics_has_both(model):
    assert slugs(article(102, "money", "space"), Judge(model)) == {"money", "space"}


def test_the_evidence_says_that_it_was_learned(model):
    (match,) = tag(article(103, "space"), VOCABULARY, Judge(model))
    assert "tagged articles" in match.evidence[-1]
    assert 0 < match.score <= 1


def test_a_model_is_stored_and_read_again(model):
    again = load_model(save_model(model), "topics.model")
    assert isinstance(again, Judge)
    one = article(104, "energy")
    assert tag(one, VOCABULARY, again) == tag(one, VOCABULARY, Judge(model))


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_a_torn_model_is_refused_with_what_to_do(model, cut):
    rejected = load_model(save_model(model)[:cut], "content/topics.model")
    assert isinstance(rejected, Rejected)
    assert rejected.where == "content/topics.model"
    assert "topics train" in rejected.hint


def test_a_model_whose_tables_do_not_fit_is_refused(model):
    torn = msgspec.structs.replace(model, given=model.given[:-1])
    assert isinstance(load_model(save_model(torn), "topics.model"), Rejected)


def test_a_model_of_another_edition_is_refused(model):
    older = msgspec.structs.replace(model, weights=model.weights[1:])
    rejected = load_model(save_model(older), "topics.model")
    assert isinstance(rejected, Rejected)
    assert "Train it again" in rejected.hint


def test_the_order_of_articles_does_not_matter(model):
    articles, topics = lessons()
    random.Random(3).shuffle(articles)
    assert train(articles, topics, VOCABULARY) == model


def test_a_topic_that_the_vocabulary_has_lost_is_not_given(model):
    smaller = Vocabulary(VOCABULARY.topics[:1])
    matches = tag(article(105, "energy", "space"), smaller, Judge(model))
    assert {match.slug for match in matches} <= {"energy"}


def test_a_topic_that_came_after_the_model_is_found_by_its_name(model):
    one = msgspec.structs.replace(article(106, "energy"), title="Law and order")
    assert "law" in slugs(one, Judge(model))


def test_few_tagged_articles_teach_nothing():
    articles, topics = lessons()
    assert train(articles[:8], topics, VOCABULARY) is None


def corpus() -> list[Record]:
    articles, topics = lessons()
    return [
        Record(a.key, a.title, a.published.value, f"<p>{a.text}</p>", tags=tuple(topics[a.key]))
        for a in articles
    ]


def test_a_corpus_is_tagged_by_folds_and_by_names_alone():
    records = corpus()
    assert [topic.name for topic in vocabulary_of(records).topics] == ["energy", "money", "space"]
    learned = tag_corpus(records, 5)
    right = sum(set(learned[record.id]) == set(record.tags) for record in records)
    assert right >= 70
    assert sum(map(len, tag_corpus(records).values())) == 0


def test_a_corpus_is_read_from_lines_also_compressed(tmp_path):
    lines = b"\n".join(msgspec.json.encode(record) for record in corpus()) + b"\n"
    (tmp_path / "a.jsonl").write_bytes(lines)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    assert read_corpus(tmp_path / "a.jsonl") == read_corpus(tmp_path / "a.jsonl.gz") == corpus()
    (tmp_path / "bad.jsonl").write_text(json.dumps({"id": 5}))
    with pytest.raises(msgspec.DecodeError):
        read_corpus(tmp_path / "bad.jsonl")


def test_folds_are_those_of_the_scorer():
    # crc32 of the id, modulo 5.
    assert [fold(key) for key in ("a", "b", "c")] == [2, 1, 0]


def test_declared_tags_that_the_vocabulary_lacks_are_suggested():
    articles = [
        msgspec.structs.replace(article(0), tags=("Robotics", "energy")),
        msgspec.structs.replace(article(1), tags=("robotics", "gardening")),
    ]
    assert suggest(articles, VOCABULARY) == [("Robotics", 2), ("gardening", 1)]


def test_a_tag_is_given_as_it_is_used_the_most_used_of_those_of_one_slug():
    tags = ["_grid"] * 6 + ["volt 1.5"] * 5 + ["volt 1-5"] * 6
    records = [
        Record(str(n), "Grid, volt 1.5", "2026-05", "<p>Grid at volt 1.5.</p>", tags=(one,))
        for n, one in enumerate(tags)
    ]
    assert [topic.name for topic in vocabulary_of(records).topics] == ["grid", "volt 1 5"]
    assert set(tag_corpus(records)["0"]) == {"-grid", "volt-1-5"}
    assert tag_key("-grid") == tag_key("_grid") != tag_key("grid")
