import gzip
import random

import msgspec
import pytest

from backissue.related.corpus import (
    Record,
    cross_validated,
    fold,
    plain_text,
    rank_corpus,
    read_corpus,
    train,
)
from backissue.related.trees import Growth

SUBJECTS = [f"subject{n}" for n in range(12)]
WORDS = [f"word{n}" for n in range(80)]


def record(number: int) -> Record:
    """An article about a subject; it links to the one before on the same subject."""
    luck = random.Random(number)
    subject = SUBJECTS[number % 12]
    words = luck.choices(WORDS, k=25) + [subject, f"{subject}s", f"the{subject}"] * 2
    luck.shuffle(words)
    return Record(
        id=f"{number:03}",
        title=f"News of {subject} {number}",
        date=f"2026-{1 + number // 20:02}-{1 + number % 20:02}",
        body=f"<h2>{words[0]}</h2><p>{' '.join(words)}</p>",
        source="paper",
        links=(f"{number - 12:03}",) if number >= 12 else (),
    )


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [record(number) for number in range(96)]


def subject(key: str) -> int:
    return int(key) % 12


def test_a_corpus_is_ranked_by_subject_and_never_suggests_itself(records):
    found = rank_corpus(records)
    assert sorted(found) == [record.id for record in records]
    assert all(key not in ranked for key, ranked in found.items())
    right = sum(subject(ranked[0]) == subject(key) for key, ranked in found.items())
    assert right > 80


def test_before_only_what_was_published_up_to_the_day_is_ranked(records):
    date = {record.id: record.date for record in records}
    for key, ranked in rank_corpus(records, before=True).items():
        assert all(date[other] <= date[key] for other in ranked)


def test_the_order_of_records_and_their_links_do_not_matter(records):
    shuffled = [msgspec.structs.replace(record, links=()) for record in records]
    random.Random(1).shuffle(shuffled)
    assert rank_corpus(shuffled) == rank_corpus(records)


def test_cross_validation_ranks_every_article_and_finds_what_it_links_to(records):
    growth = Growth(trees=20, depth=3, rate=0.2)
    groupings = (lambda record: fold(record.id), lambda record: record.title[-1])
    linked = [record for record in records if record.links]
    for found in cross_validated(records, True, growth, groupings):
        assert sum(record.links[0] in found[record.id][:4] for record in linked) > len(linked) / 2


def test_training_gives_both_forests(records):
    learned = train(records, Growth(trees=4, depth=2, rate=0.2))
    assert len(learned.earlier.trees) == len(learned.all.trees) == 4


def test_a_corpus_is_read_from_lines_also_compressed(tmp_path, records):
    lines = b"\n".join(msgspec.json.encode(record) for record in records)
    (tmp_path / "a.jsonl").write_bytes(lines)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    assert read_corpus(tmp_path / "a.jsonl") == read_corpus(tmp_path / "a.jsonl.gz") == records


def test_the_text_of_a_body_keeps_its_blocks_apart():
    lines = plain_text("<p>One</p><ul><li>Two</li><li>Three</li></ul>").split()
    assert lines == ["One", "Two", "Three"]
    assert plain_text("  ") == ""


def test_folds_are_those_of_the_scorer():
    assert [fold(key) for key in ("a", "b", "c")] == ["2", "1", "0"]
